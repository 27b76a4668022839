//! The events that wait for one subscriber.
//!
//! Events come from memory as they are committed. A lane holds so many and no more: what does not fit is not lost, since it is in
//! the log; the lane is *behind* then, and reads on from there when it has handled what it holds. A new lane is behind, so that
//! a start is nothing special.
//!
//! Transient events are in no log: what does not fit is counted and gone. Those that all instances of an actor get wait in a
//! [`Feed`](super::Feed), which the lane follows: it takes them out of there when it is their turn, in its order, or as soon as something else that waits
//! comes after them, or they are many.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use super::feed::{Point, Stretch};
use super::limit;
use crate::event::Position;
use crate::retry::Retry;
use crate::store::{Cursor, SubscriptionId};

/// How many events a lane holds.
const CAPACITY: usize = 1_024;

/// After how many events of a feed those who follow it [look after themselves](Lane::keep_up).
pub(crate) fn growth() -> u64 {
    (limit(CAPACITY) as u64 / 8).max(1)
}

/// Something that waits in a lane.
pub(crate) trait Keyed {
    /// Its place among the durable events of the subscriber; `None` if it is transient.
    fn key(&self) -> Option<Cursor>;
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<T> {
    /// Hand this over; it was tried so often before. Then say how that ended.
    Deliver { item: T, failed: u32 },
    /// Read the log after the subscriber's cursor, or after this if it is greater, and [`fill`](Lane::fill) the lane.
    Read { after: Cursor },
    /// Nothing, until the pause of a failed event is over.
    Paused,
    /// Nothing, until something is offered.
    Empty,
}

/// What becomes of an event that failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict<T> {
    /// It comes again after this pause; then call [`Lane::unpause`].
    Retry(Duration),
    /// It is given up.
    GiveUp { item: T, attempts: u32 },
}

/// Transient events that did not fit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Missed {
    /// How many, since they were counted last.
    pub(crate) more: u64,
    /// How many since the lane is there, if it is time to tell of them: at the first, and when they have doubled.
    pub(crate) to_tell: Option<u64>,
}

/// The events that wait, the oldest first.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own, in any combination")]
pub(crate) struct Lane<T> {
    waiting: VecDeque<T>,
    /// Where it is in the feed, if it follows one: what is there comes after `waiting`.
    follows: Option<Arc<Point<T>>>,
    /// Whether whoever adds to the feed will see that the lane has something to do. Not any more, once something was added: that who has done that comes to
    /// [say so](Self::rouse) may be after it was handled.
    rests: bool,
    /// How many it holds.
    capacity: usize,
    /// Whether the log has events that are not in `waiting`.
    behind: bool,
    /// The greatest key that ever waited here since the lane was last reset.
    last: Cursor,
    /// How often the first one has failed.
    failed: u32,
    paused: bool,
    /// Whether the lane was reset since the last event was handed over: that event comes again from the log, with those before it
    /// whose commits have failed, and must not come before them.
    is_void: bool,
    /// Whether someone is on the way to handle what waits.
    scheduled: bool,
    /// Whether the cursor that was to be saved last was not.
    has_lost_cursor: bool,
    /// Transient events that did not fit, and how many of them were [counted](Self::take_missed) and told of.
    missed: u64,
    missed_and_counted: u64,
    missed_and_told: u64,
}

impl<T> Default for Lane<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            follows: None,
            rests: false,
            capacity: limit(CAPACITY),
            behind: false,
            last: Cursor::default(),
            failed: 0,
            paused: false,
            is_void: false,
            scheduled: false,
            has_lost_cursor: false,
            missed: 0,
            missed_and_counted: 0,
            missed_and_told: 0,
        }
    }
}

impl<T: Keyed + Clone> Lane<T> {
    /// Adds an event; `true` if nobody is on the way and the caller has to see to it.
    pub(crate) fn offer(&mut self, item: T) -> bool {
        self.take_over();
        match item.key() {
            None => return self.add_transient(item) && self.schedule(),
            Some(key) if self.behind || key <= self.last => return false,
            Some(_) if self.waiting.len() >= self.capacity => {
                self.behind = true;
                return self.schedule();
            }
            Some(key) => self.last = key,
        }
        self.waiting.push_back(item);
        self.schedule()
    }

    /// Whether there was room for it.
    fn add_transient(&mut self, item: T) -> bool {
        let fits = self.waiting.len() < self.capacity;
        if fits {
            self.waiting.push_back(item);
        } else {
            self.missed += 1;
        }
        fits
    }

    /// Takes what the feed has for it.
    #[inline]
    fn take_over(&mut self) {
        if self.has_news() {
            self.take_over_news();
        }
    }

    fn take_over_news(&mut self) {
        let Some(mut point) = self.follows.take() else { return };
        self.rests = false;
        while let Some((item, next)) = point.next() {
            self.add_transient(item.clone());
            point = Arc::clone(next);
        }
        self.follows = Some(point);
    }

    /// Follows a feed from here on, if it follows none. `join` gives its end, and lets the lane rest if it is told so.
    pub(crate) fn follow(&mut self, join: impl FnOnce(bool) -> Arc<Point<T>>) {
        if self.follows.is_none() {
            let rests = !self.rests && !self.scheduled && !self.paused;
            self.rests |= rests;
            self.follows = Some(join(rests));
        }
    }

    /// Follows no feed from here on. `true` as for `offer`: what there was for it waits here.
    pub(crate) fn leave_feed(&mut self) -> bool {
        self.take_over();
        self.follows = None;
        !self.waiting.is_empty() && self.schedule()
    }

    /// Looks after itself while the feed grows, which has `number` events now: a lane that has many to come takes those for which it has room. With a
    /// `beginning`, it goes on there, with what was before it in hand. `true` as for `offer`.
    pub(crate) fn keep_up(&mut self, number: u64, beginning: Option<&Arc<Point<T>>>) -> bool {
        let Some(point) = &self.follows else { return false };
        let to_come = self.waiting.len() as u64 + number.saturating_sub(point.number());
        let beginning = beginning.filter(|it| point.number() <= it.number());
        if beginning.is_some() || to_come + growth() >= self.capacity as u64 {
            self.take_over();
        }
        if let Some(beginning) = beginning {
            self.follows = Some(Arc::clone(beginning));
        }
        self.has_something() && self.schedule()
    }

    /// Lets the lane rest, which is [`Next::Empty`], if it follows a feed. `rest` says whether the feed has nothing after this point; if it
    /// has, whoever is on the way still is, and this is `false`.
    #[inline]
    pub(crate) fn rest(&mut self, rest: impl FnOnce(&Point<T>) -> bool) -> bool {
        let (Some(point), false) = (&self.follows, self.rests) else { return true };
        self.rests = rest(point);
        self.scheduled = !self.rests;
        self.rests
    }

    /// It does not rest any more. `true` as for `offer`.
    pub(crate) fn rouse(&mut self) -> bool {
        self.rests = false;
        self.has_something() && self.schedule()
    }

    /// Whether something waits, here or in the feed.
    fn has_something(&self) -> bool {
        !self.waiting.is_empty() || self.has_news()
    }

    /// Whether the feed has something for it.
    fn has_news(&self) -> bool {
        self.follows.as_ref().is_some_and(|point| point.has_next())
    }

    /// The next events, up to so many, if they are in the feed. They are handed over with that; what cannot be, is
    /// [given back](Self::give_back).
    pub(crate) fn next_of_feed(&mut self, most: usize) -> Option<Stretch<T>> {
        if self.paused || self.behind || !self.waiting.is_empty() {
            return None;
        }
        let stretch = Stretch::after(self.follows.as_mut()?, most)?;
        self.rests = false;
        self.is_void = false;
        self.failed = 0;
        Some(stretch)
    }

    /// Takes back what was not handed over but the first `done`.
    pub(crate) fn give_back(&mut self, stretch: &Stretch<T>, done: usize) {
        let mut left: VecDeque<T> = stretch.iter().skip(done).cloned().collect();
        left.append(&mut self.waiting);
        self.waiting = left;
    }

    fn schedule(&mut self) -> bool {
        !self.paused && !mem::replace(&mut self.scheduled, true)
    }

    /// What to do next. Whoever gets [`Next::Empty`] or [`Next::Paused`] is no longer on the way.
    pub(crate) fn next(&mut self) -> Next<T> {
        if self.paused {
            self.scheduled = false;
            return Next::Paused;
        }
        self.take_over();
        if let Some(item) = self.waiting.pop_front() {
            self.is_void = false;
            return Next::Deliver { item, failed: mem::take(&mut self.failed) };
        }
        if mem::take(&mut self.behind) {
            // From here on events are taken from memory again: what is committed before the read begins is read, and what comes
            // after it is offered.
            return Next::Read { after: self.last };
        }
        self.scheduled = false;
        Next::Empty
    }

    /// Takes what was read from the log: events in order, and up to where the log was read, if it was not read to its end.
    pub(crate) fn fill(&mut self, items: impl IntoIterator<Item = T>, stopped_at: Option<Cursor>) {
        let offered = mem::take(&mut self.waiting);
        self.waiting.extend(items);
        let read = self.waiting.back().and_then(Keyed::key).unwrap_or_default();
        for item in offered {
            match item.key() {
                // The log is read on, and has these.
                Some(_) if stopped_at.is_some() => {}
                Some(key) if key <= read => {}
                _ => self.waiting.push_back(item),
            }
        }
        match stopped_at {
            Some(stopped_at) => {
                self.behind = true;
                self.last = stopped_at;
            }
            None => self.last = self.last.max(read),
        }
    }

    /// The read of the log that was to begin `after` failed; it is tried again after a pause, which the caller makes.
    pub(crate) fn read_failed(&mut self, after: Cursor) {
        // What was offered meanwhile comes after events that were not read.
        self.waiting.retain(|item| item.key().is_none());
        self.last = self.last.min(after);
        self.behind = true;
        self.paused = true;
    }

    /// The event that was handed over has failed.
    pub(crate) fn failed(
        &mut self,
        item: T,
        failed_before: u32,
        retry: &Retry,
        retryable: bool,
    ) -> Verdict<T> {
        let attempts = failed_before + 1;
        if self.is_void && item.key().is_some() {
            self.paused = true;
            return Verdict::Retry(Duration::ZERO);
        }
        if !retryable || attempts >= retry.attempts {
            return Verdict::GiveUp { item, attempts };
        }
        self.waiting.push_front(item);
        self.failed = attempts;
        self.paused = true;
        Verdict::Retry(retry.backoff.delay(attempts))
    }

    /// Puts an event back that could not be handed over, for a reason that is not its own; it comes again after a pause, which
    /// the caller makes.
    pub(crate) fn put_back(&mut self, item: T, failed_before: u32) {
        self.paused = true;
        if self.is_void && item.key().is_some() {
            return;
        }
        self.waiting.push_front(item);
        self.failed = failed_before;
    }

    /// The pause is over; `true` if nobody is on the way and the caller has to see to it.
    pub(crate) fn unpause(&mut self) -> bool {
        self.paused = false;
        self.schedule()
    }

    /// The cursor that was to be saved last was not, and whoever goes on saves it again. `true` as for `offer`.
    pub(crate) fn lose_cursor(&mut self) -> bool {
        self.has_lost_cursor = true;
        self.schedule()
    }

    /// Whether a cursor has to be saved, though it has not moved since it was to be saved last.
    pub(crate) fn take_lost_cursor(&mut self) -> bool {
        mem::take(&mut self.has_lost_cursor)
    }

    /// The events that did not fit since this was asked last, if there are any.
    #[inline]
    pub(crate) fn take_missed(&mut self) -> Option<Missed> {
        if self.missed == self.missed_and_counted { None } else { Some(self.count_missed()) }
    }

    #[cold]
    fn count_missed(&mut self) -> Missed {
        let more = self.missed - mem::replace(&mut self.missed_and_counted, self.missed);
        let is_to_tell = self.missed >= 2 * self.missed_and_told;
        if is_to_tell {
            self.missed_and_told = self.missed;
        }
        Missed { more, to_tell: is_to_tell.then_some(self.missed) }
    }

    /// Forgets the durable events that wait, and begins with the subscriber's cursor again. `true` as for `offer`.
    pub(crate) fn reset(&mut self) -> bool {
        self.waiting.retain(|item| item.key().is_none());
        self.behind = true;
        self.is_void = true;
        self.failed = 0;
        self.last = Cursor::default();
        self.schedule()
    }

    /// Keeps everything as it is for a while; the caller makes the pause.
    pub(crate) fn pause(&mut self) {
        self.paused = true;
    }

    /// Whether it waits until a pause is over.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused
    }

    /// Whether nothing waits, and only the one who is on the way does not know yet.
    pub(crate) fn is_done_but_for_its_turn(&self) -> bool {
        self.paused || !self.has_something() && !self.behind
    }

    /// Whether nothing waits, but the feed may have something more in a moment.
    pub(crate) fn may_have_more(&self) -> bool {
        self.follows.is_some() && !self.paused && !self.behind && !self.has_something()
    }

    /// Where the durable events begin that nobody has taken yet, if that is known, and whether one that was taken is being handled.
    pub(crate) fn front(&self) -> Option<(Cursor, bool)> {
        let end = Cursor { position: Position(u64::MAX), subscription: SubscriptionId(u64::MAX) };
        let front = match self.waiting.iter().find_map(Keyed::key) {
            Some(first) => first,
            None if self.behind => return None,
            None => end,
        };
        Some((front, self.scheduled && !self.paused))
    }

    /// How many events wait in memory.
    #[cfg(feature = "admin")]
    pub(crate) fn len(&self) -> usize {
        let (mut point, mut len) = (self.follows.as_ref(), self.waiting.len());
        while let Some((_, next)) = point.and_then(|point| point.next()) {
            (point, len) = (Some(next), len + 1);
        }
        len
    }

    /// Whether everything was handled, as far as that is possible now.
    pub(crate) fn is_idle(&self) -> bool {
        !self.scheduled
    }

    /// Whether everything was handled.
    pub(crate) fn is_done(&self) -> bool {
        !self.has_something() && !self.behind && !self.scheduled && !self.paused
    }
}
