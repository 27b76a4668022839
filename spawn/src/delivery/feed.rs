//! The events that many lanes get, each kept once, and not once in each lane.
//!
//! A feed is a list that grows at its end. Who follows it keeps the [`Point`] up to which it has had the events; what everybody has
//! passed is freed, since nothing refers to it any more. Now and then a feed [begins again](Feed::begin_again), so that one who takes his time with an
//! event does not keep all that come after it. Who has had everything says so and *rests*: whoever adds the next event is told
//! of all that rest, and of nobody else.

use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

/// Events of type `T` for followers of type `F`.
pub(crate) struct Feed<T, F> {
    state: Mutex<State<T, F>>,
}

struct State<T, F> {
    end: Arc<Point<T>>,
    resting: Vec<F>,
}

/// A point between two events of a feed.
#[derive(Debug)]
pub(crate) struct Point<T> {
    /// How many events are before it.
    number: u64,
    /// The event after it, and the point after that.
    next: OnceLock<(T, Arc<Self>)>,
}

impl<T> Point<T> {
    fn new(number: u64) -> Arc<Self> {
        Arc::new(Self { number, next: OnceLock::new() })
    }

    /// How many events are before it.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Whether an event comes after it.
    pub(super) fn has_next(&self) -> bool {
        self.next.get().is_some()
    }

    /// The event after it, and the point after that.
    pub(super) fn next(&self) -> Option<&(T, Arc<Self>)> {
        self.next.get()
    }
}

impl<T> Drop for Point<T> {
    /// Drops the points after it that nobody else refers to, one after the other: a list that drops itself needs a stack as long as it.
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some((event, point)) = next {
            drop(event);
            next = Arc::into_inner(point).and_then(|mut point| point.next.take());
        }
    }
}

impl<T, F> Default for Feed<T, F> {
    fn default() -> Self {
        Self { state: Mutex::new(State { end: Point::new(0), resting: Vec::new() }) }
    }
}

impl<T, F> Feed<T, F> {
    /// Adds an event. Gives those who rest, and do not from here on, and how many events there are now.
    pub(crate) fn push(&self, event: T) -> (Vec<F>, u64) {
        let mut state = self.state.lock();
        let number = state.end.number + 1;
        let end = Point::new(number);
        let before = std::mem::replace(&mut state.end, Arc::clone(&end));
        let _is_new = before.next.set((event, end));
        let room = Vec::with_capacity(state.resting.len());
        let resting = std::mem::replace(&mut state.resting, room);
        drop(state);
        // Freed here, if nobody follows.
        drop(before);
        (resting, number)
    }

    /// Where the next event will be, for a follower who begins, and who may rest at once.
    pub(crate) fn join(&self, resting: Option<F>) -> Arc<Point<T>> {
        let mut state = self.state.lock();
        state.resting.extend(resting);
        Arc::clone(&state.end)
    }

    /// Begins again: what is added from here on is not kept by anybody who keeps an earlier point. Those who follow have to be
    /// [told](super::Lane::keep_up).
    pub(crate) fn begin_again(&self) -> Arc<Point<T>> {
        let mut state = self.state.lock();
        state.end = Point::new(state.end.number);
        Arc::clone(&state.end)
    }

    /// Lets a follower rest who has had everything up to `point`; `false` if that is not everything.
    pub(crate) fn rest(&self, point: &Point<T>, follower: impl FnOnce() -> F) -> bool {
        let mut state = self.state.lock();
        let is_at_end = !point.has_next();
        if is_at_end {
            state.resting.push(follower());
        }
        is_at_end
    }

    /// Forgets those who rest but these.
    pub(crate) fn keep_resting(&self, is_kept: impl FnMut(&F) -> bool) {
        self.state.lock().resting.retain(is_kept);
    }
}

/// Some events of a feed, one after the other.
#[derive(Debug)]
pub(crate) struct Stretch<T> {
    from: Arc<Point<T>>,
    length: usize,
}

impl<T> Stretch<T> {
    /// Up to `most` events after `from`, and where they end; `None` if there are none.
    pub(super) fn after(from: &mut Arc<Point<T>>, most: usize) -> Option<Self> {
        let (mut end, mut length) = (&*from, 0);
        while length < most
            && let Some((_, next)) = end.next()
        {
            (end, length) = (next, length + 1);
        }
        if length == 0 {
            return None;
        }
        let end = Arc::clone(end);
        Some(Self { from: std::mem::replace(from, end), length })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The events.
    pub(crate) fn iter(&self) -> Events<'_, T> {
        Events { next: self.from.next(), left: self.length }
    }
}

/// Goes through the events of a stretch.
pub(crate) struct Events<'a, T> {
    next: Option<&'a (T, Arc<Point<T>>)>,
    left: usize,
}

impl<T> Events<'_, T> {
    /// None at all.
    pub(crate) fn none() -> Self {
        Self { next: None, left: 0 }
    }

    /// How many there are still.
    pub(crate) fn left(&self) -> usize {
        self.left
    }
}

impl<'a, T> Events<'a, T> {
    /// The next one, if it is as `is_wanted` says.
    #[inline]
    pub(crate) fn next_if(&mut self, is_wanted: impl FnOnce(&T) -> bool) -> Option<&'a T> {
        let (event, _) = self.next.filter(|_| self.left > 0)?;
        is_wanted(event).then(|| self.next())?
    }
}

impl<'a, T> Iterator for Events<'a, T> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        self.left = self.left.checked_sub(1)?;
        let (event, point) = self.next?;
        self.next = point.next();
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything after `point`, which is moved on to the end.
    fn rest_of<T: Copy>(point: &mut Arc<Point<T>>) -> Vec<T> {
        let stretch = Stretch::after(point, usize::MAX);
        stretch.map_or_else(Vec::new, |stretch| stretch.iter().copied().collect())
    }

    #[test]
    fn who_follows_gets_what_was_added_since_in_stretches() {
        let feed = Feed::<_, ()>::default();
        let mut early = feed.join(None);
        for number in 0..10 {
            assert_eq!(feed.push(number).1, number + 1);
        }
        let mut late = feed.join(None);
        let first = Stretch::after(&mut early, 4).unwrap();
        assert_eq!((first.len(), first.iter().copied().collect()), (4, vec![0, 1, 2, 3]));
        feed.push(10);
        assert_eq!(rest_of(&mut early), (4..=10).collect::<Vec<_>>());
        assert_eq!(rest_of(&mut late), [10]);
        assert!(Stretch::after(&mut late, 4).is_none());
    }

    #[test]
    fn who_rests_is_told_once_and_nobody_rests_who_has_not_had_everything() {
        let feed = Feed::default();
        let mut point = feed.join(Some("joined"));
        assert_eq!(feed.push(1).0, ["joined"]);
        assert!(!feed.rest(&point, || "early"));
        assert_eq!(rest_of(&mut point), [1]);
        assert!(feed.rest(&point, || "rested"));
        assert!(feed.rest(&point, || "forgotten"));
        feed.keep_resting(|it| *it != "forgotten");
        assert_eq!(feed.push(2).0, ["rested"]);
        assert!(feed.push(3).0.is_empty());
    }

    #[test]
    fn what_everybody_has_passed_is_freed_and_a_beginning_is_kept_by_nobody_before_it() {
        let feed = Feed::<_, ()>::default();
        let event = Arc::new(());
        let (kept, mut passed) = (feed.join(None), feed.join(None));
        for _ in 0..100_000 {
            feed.push(Arc::clone(&event));
        }
        drop(Stretch::after(&mut passed, usize::MAX));
        assert_eq!(Arc::strong_count(&event), 100_001, "somebody has not had them");
        let beginning = feed.begin_again();
        for _ in 0..10 {
            feed.push(Arc::clone(&event));
        }
        assert_eq!(Arc::strong_count(&event), 100_011);
        drop(beginning);
        assert_eq!(Arc::strong_count(&event), 100_001, "nobody is there who wants those");
        // One after the other: each would need a part of the stack otherwise.
        drop(kept);
        assert_eq!(Arc::strong_count(&event), 1);
    }
}
