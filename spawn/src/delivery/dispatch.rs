//! The events of an actor whose instances get them by a route, or of a pool, on their way.
//!
//! One position says how far the dispatch is: everything up to it was handled by the instance that it is for, or will be whatever
//! happens. An instance keeps a cursor of its own with its state, so that what comes twice is handled once. One that cannot go on would
//! hold the dispatch up; it is *parked* instead: it is saved from where on it has to read the log itself, and the dispatch goes on
//! without it.
//!
//! The members of a pool have no cursors and are not parked: each event is dealt with by itself, in any order.

use std::collections::{BTreeMap, VecDeque};

use hashbrown::HashMap;

use super::limit;
use crate::actor::ActorId;
use crate::store::{Cursor, SubscriptionId};

/// How many events may be on their way before the instance of the oldest one is parked.
const CAPACITY: usize = 16_384;

/// What is on its way to the instances of an actor.
#[derive(Debug)]
pub(crate) struct Dispatch {
    /// Everything up to here was looked at.
    seen: Cursor,
    /// The events that were given to an instance and are not handled for sure, the oldest first.
    on_the_way: BTreeMap<Cursor, Option<ActorId>>,
    instances: HashMap<ActorId, Instance>,
    capacity: usize,
    /// The position that was saved last.
    saved: Cursor,
}

#[derive(Debug, Default)]
struct Instance {
    /// Its events in `on_the_way`.
    keys: VecDeque<Cursor>,
    parking: Parking,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Parking {
    #[default]
    None,
    /// It is being saved that it is parked, with the events after this.
    Begun(Cursor),
    /// It reads the events after this from the log itself.
    Parked(Cursor),
}

impl Dispatch {
    /// Goes on where the dispatch was saved, with the instances that were parked then.
    pub(crate) fn new(saved: Cursor, parked: impl IntoIterator<Item = (ActorId, Cursor)>) -> Self {
        let instance =
            |(id, after)| (id, Instance { keys: VecDeque::new(), parking: Parking::Parked(after) });
        Self {
            seen: saved,
            on_the_way: BTreeMap::new(),
            instances: parked.into_iter().map(instance).collect(),
            capacity: limit(CAPACITY),
            saved,
        }
    }

    /// Up to where everything was looked at; the log is read on from there.
    pub(crate) fn seen(&self) -> Cursor {
        self.seen
    }

    /// An event is given to an instance, or to none.
    pub(crate) fn given(&mut self, key: Cursor, instance: Option<&ActorId>) {
        self.seen = self.seen.max(key);
        let Some(id) = instance else { return };
        let instance = match self.instances.get_mut(id) {
            Some(instance) => instance,
            None => self.instances.entry(id.clone()).or_default(),
        };
        // A parked one has it from the log.
        if !matches!(instance.parking, Parking::Parked(_)) {
            instance.keys.push_back(key);
            self.on_the_way.insert(key, Some(id.clone()));
        }
    }

    /// An event is given to any member of a pool.
    pub(crate) fn give_away(&mut self, key: Cursor) {
        self.seen = self.seen.max(key);
        self.on_the_way.insert(key, None);
    }

    /// A member of a pool has dealt with an event, and that is saved.
    pub(crate) fn taken(&mut self, key: Cursor) {
        self.on_the_way.remove(&key);
    }

    /// Whether everything before `key` was dealt with.
    pub(crate) fn is_next(&self, key: Cursor) -> bool {
        self.on_the_way.first_key_value().is_none_or(|(first, _)| *first >= key)
    }

    /// The instance has handled its events up to `key`, and that is saved. `true` if the position may have moved.
    pub(crate) fn handled(&mut self, id: &ActorId, key: Cursor) -> bool {
        let Some(instance) = self.instances.get_mut(id) else { return false };
        let mut moved = false;
        while let Some(first) = instance.keys.front().copied().filter(|first| *first <= key) {
            instance.keys.pop_front();
            self.on_the_way.remove(&first);
            moved = true;
        }
        if instance.keys.is_empty() && instance.parking == Parking::None {
            self.instances.remove(id);
        }
        moved
    }

    /// The instance cannot go on: what to save before the others can go on without it, if that is not being done already.
    pub(crate) fn park(&mut self, id: &ActorId) -> Option<Cursor> {
        let instance = self.instances.get_mut(id)?;
        let first = *instance.keys.front()?;
        if instance.parking != Parking::None {
            return None;
        }
        let after = before(first);
        instance.parking = Parking::Begun(after);
        Some(after)
    }

    /// Whether it could be saved that the instance is parked.
    pub(crate) fn parked(&mut self, id: &ActorId, is_saved: bool) {
        let Some(instance) = self.instances.get_mut(id) else { return };
        let Parking::Begun(after) = instance.parking else { return };
        if is_saved {
            instance.parking = Parking::Parked(after);
            for key in instance.keys.drain(..) {
                self.on_the_way.remove(&key);
            }
        } else if instance.keys.is_empty() {
            self.instances.remove(id);
        } else {
            instance.parking = Parking::None;
        }
    }

    /// The instance has had everything: it gets its events as the others do from here on. `false` if it was not parked.
    pub(crate) fn unpark(&mut self, id: &ActorId) -> bool {
        let is_parked = self.is_parked(id);
        if is_parked {
            self.instances.remove(id);
        }
        is_parked
    }

    pub(crate) fn is_parked(&self, id: &ActorId) -> bool {
        let instance = self.instances.get(id);
        instance.is_some_and(|instance| matches!(instance.parking, Parking::Parked(_)))
    }

    /// Whether the instance is parked, or is about to be.
    pub(crate) fn has_parking(&self, id: &ActorId) -> bool {
        self.instances.get(id).is_some_and(|instance| instance.parking != Parking::None)
    }

    /// The instances that are parked.
    pub(crate) fn all_parked(&self) -> impl Iterator<Item = &ActorId> {
        self.instances.iter().filter_map(|(id, instance)| {
            matches!(instance.parking, Parking::Parked(_)).then_some(id)
        })
    }

    /// From where an instance has to read the log that lost what it had in memory.
    pub(crate) fn floor(&self, id: &ActorId) -> Cursor {
        match self.instances.get(id) {
            Some(Instance { parking: Parking::Parked(after) | Parking::Begun(after), .. }) => {
                *after
            }
            Some(instance) => instance.keys.front().map_or(self.seen, |first| before(*first)),
            None => self.seen,
        }
    }

    /// The instance that holds the dispatch up, if too many events are on their way.
    pub(crate) fn congested(&self) -> Option<&ActorId> {
        let is_full = self.on_the_way.len() >= self.capacity;
        self.on_the_way.first_key_value().and_then(|(_, id)| id.as_ref()).filter(|_| is_full)
    }

    /// Everything up to here was handled, or its instance is parked.
    pub(crate) fn position(&self) -> Cursor {
        self.on_the_way.first_key_value().map_or(self.seen, |(first, _)| before(*first))
    }

    /// The log is needed from here on.
    pub(crate) fn needed(&self) -> Cursor {
        let parked = self.instances.values().filter_map(|instance| match instance.parking {
            Parking::Parked(after) => Some(after),
            Parking::None | Parking::Begun(_) => None,
        });
        parked.chain([self.position()]).min().unwrap_or_default()
    }

    /// The position, if it has moved since it was saved last, and either so many events or all of them are done since then; it is taken
    /// as saved.
    pub(crate) fn take_position_to_save(&mut self, at_rest: bool) -> Option<Cursor> {
        let position = self.position();
        let is_due = at_rest || position.position.0 >= self.saved.position.0 + EVENTS_PER_COMMIT;
        if !is_due || position == self.saved {
            return None;
        }
        self.saved = position;
        Some(position)
    }

    /// The position that was taken to be saved was not.
    pub(crate) fn lose_position(&mut self) {
        self.saved = Cursor::default();
    }

    /// Whether nothing is on its way and nobody is parked.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.instances.is_empty() && self.on_the_way.is_empty()
    }

    /// Whether everything was handled, and that is not saved.
    pub(crate) fn has_to_save(&self) -> bool {
        self.on_the_way.is_empty() && self.saved != self.seen
    }

    /// The instances that events are on their way to, each for every event.
    pub(crate) fn on_the_way(&self) -> impl Iterator<Item = &ActorId> {
        self.on_the_way.values().flatten()
    }

    /// The event was given up, in a commit that saved the position.
    pub(crate) fn given_up(&mut self, key: Cursor) {
        self.seen = self.seen.max(key);
        self.saved = self.seen;
    }
}

/// How far the dispatch goes before its position is saved.
const EVENTS_PER_COMMIT: u64 = 64;

/// The last place before `key`. An id of a subscription is never 0.
fn before(key: Cursor) -> Cursor {
    let subscription = SubscriptionId(key.subscription.0.saturating_sub(1));
    Cursor { subscription, ..key }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Position;

    fn key(position: u64) -> Cursor {
        Cursor { position: Position(position), subscription: SubscriptionId(2) }
    }

    fn just_before(position: u64) -> Cursor {
        before(key(position))
    }

    fn id(name: &str) -> ActorId {
        ActorId::unnamed("saga", name)
    }

    fn dispatch() -> Dispatch {
        Dispatch { capacity: 3, ..Dispatch::new(Cursor::default(), []) }
    }

    #[test]
    fn the_position_is_before_the_oldest_event_on_its_way() {
        let mut dispatch = dispatch();
        dispatch.given(key(1), Some(&id("a")));
        dispatch.given(key(2), Some(&id("b")));
        dispatch.given(key(3), None);
        assert_eq!(dispatch.position(), just_before(1));
        assert!(dispatch.handled(&id("b"), key(2)));
        assert_eq!(dispatch.position(), just_before(1));
        assert!(dispatch.handled(&id("a"), key(1)));
        assert_eq!(dispatch.position(), key(3));
        assert!(!dispatch.handled(&id("a"), key(1)));
        assert!(dispatch.instances.is_empty());
    }

    #[test]
    fn a_parked_instance_does_not_hold_the_others_up() {
        let mut dispatch = dispatch();
        dispatch.given(key(1), Some(&id("a")));
        dispatch.given(key(2), Some(&id("b")));
        assert_eq!(dispatch.park(&id("a")), Some(just_before(1)));
        assert_eq!(dispatch.park(&id("a")), None, "it is being done");
        dispatch.given(key(3), Some(&id("a")));
        assert_eq!(dispatch.position(), just_before(1), "it is not saved yet");
        dispatch.parked(&id("a"), true);
        assert_eq!(dispatch.position(), just_before(2));
        dispatch.given(key(4), Some(&id("a")));
        dispatch.handled(&id("b"), key(2));
        assert_eq!(dispatch.position(), key(4));
        assert_eq!(dispatch.needed(), just_before(1), "the log is still needed from there");
        assert_eq!(dispatch.floor(&id("a")), just_before(1));
        assert!(dispatch.unpark(&id("a")));
        assert!(!dispatch.unpark(&id("a")));
        dispatch.given(key(5), Some(&id("a")));
        assert_eq!(dispatch.position(), just_before(5));
        assert_eq!(dispatch.needed(), just_before(5));
    }

    #[test]
    fn who_could_not_be_parked_holds_the_dispatch_up() {
        let mut dispatch = dispatch();
        dispatch.given(key(1), Some(&id("a")));
        dispatch.park(&id("a"));
        dispatch.parked(&id("a"), false);
        assert_eq!(dispatch.position(), just_before(1));
        assert_eq!(dispatch.park(&id("a")), Some(just_before(1)), "it is tried again");
        assert_eq!(dispatch.park(&id("b")), None, "nothing is on its way to it");
    }

    #[test]
    fn the_oldest_is_to_be_parked_when_too_many_are_on_their_way() {
        let mut dispatch = dispatch();
        for position in 1..=3 {
            assert_eq!(dispatch.congested(), None);
            dispatch.given(key(position), Some(&id(&position.to_string())));
        }
        assert_eq!(dispatch.congested(), Some(&id("1")));
        dispatch.handled(&id("2"), key(2));
        assert_eq!(dispatch.congested(), None);
    }

    #[test]
    fn who_lost_its_events_reads_from_the_first_of_them() {
        let mut dispatch = dispatch();
        dispatch.given(key(1), Some(&id("a")));
        dispatch.given(key(2), Some(&id("a")));
        dispatch.given(key(3), Some(&id("b")));
        dispatch.handled(&id("a"), key(1));
        assert_eq!(dispatch.floor(&id("a")), just_before(2));
        assert_eq!(dispatch.floor(&id("c")), key(3), "nothing was given to it");
    }

    #[test]
    fn the_position_is_saved_now_and_then_and_at_rest() {
        let mut dispatch = dispatch();
        assert!(!dispatch.has_to_save());
        dispatch.given(key(1), Some(&id("a")));
        assert!(!dispatch.is_at_rest());
        dispatch.handled(&id("a"), key(1));
        assert!(dispatch.is_at_rest());
        assert_eq!(dispatch.take_position_to_save(false), None);
        assert!(dispatch.has_to_save());
        assert_eq!(dispatch.take_position_to_save(true), Some(key(1)));
        assert!(!dispatch.has_to_save());
        dispatch.given(key(65), None);
        assert_eq!(dispatch.take_position_to_save(false), Some(key(65)));
        assert_eq!(dispatch.take_position_to_save(true), None);
    }

    #[test]
    fn a_parked_instance_is_known_after_a_restart() {
        let mut dispatch = Dispatch::new(key(9), [(id("a"), key(4))]);
        assert_eq!(dispatch.all_parked().collect::<Vec<_>>(), [&id("a")]);
        assert_eq!((dispatch.position(), dispatch.needed()), (key(9), key(4)));
        dispatch.given(key(10), Some(&id("a")));
        assert_eq!(dispatch.position(), key(10));
        assert!(dispatch.unpark(&id("a")));
    }
}
