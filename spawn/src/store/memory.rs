//! A store in memory.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque, hash_map::RandomState};
use std::fmt;
use std::hash::BuildHasher;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use hashbrown::HashMap;
use parking_lot::Mutex;

use super::row::{
    ActorWrite, Answer, AnswerKey, CallId, CallRow, Commit, Consumed, Cursor, DeadLetterId,
    DeadLetterRow, Encoded, Epoch, EventRow, Lapse, NewSubscription, Opened, Parking, Revision,
    RevisionRow, StoredActor, SubscriptionId, SubscriptionRow, TagQuery, Trim, Trimmed, Verdict,
};
use super::{Store, StoreError, Survey, check_number};
use crate::actor::ActorId;
use crate::event::Position;
use crate::tags::Tags;

/// Data in memory: gone with the last clone.
///
/// Clones have the same data, but each is opened and closed for itself: a test stops one system and starts another on a clone, or
/// starts the second beside the first, whose commits are refused from then on.
///
/// # Examples
///
/// ```
/// use spawn::store::{Memory, Store};
///
/// let memory = Memory::new();
/// let first = memory.open("shop")?;
/// let second = memory.clone().open("shop")?;
/// assert!(second.epoch > first.epoch);
/// assert_eq!(second.identity, first.identity);
/// # Ok::<(), spawn::store::StoreError>(())
/// ```
#[derive(Default)]
pub struct Memory {
    data: Arc<Mutex<Data>>,
    open: AtomicBool,
}

impl Memory {
    /// A store with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }
}

/// The same data, not opened yet.
impl Clone for Memory {
    fn clone(&self) -> Self {
        Self { data: Arc::clone(&self.data), open: AtomicBool::new(false) }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

struct Data {
    identity: u64,
    epoch: Epoch,
    batch: u64,
    actors: HashMap<ActorId, Saved>,
    /// The keys of `actors`, in order.
    ids: BTreeSet<ActorId>,
    /// In the order of their positions.
    log: VecDeque<EventRow>,
    head: Position,
    subscriptions: Vec<SubscriptionRow>,
    last_subscription: SubscriptionId,
    /// Of subscribers without a state of their own.
    cursors: HashMap<String, Cursor>,
    parked: BTreeMap<ActorId, Cursor>,
    calls: BTreeMap<CallId, CallRow>,
    last_call: CallId,
    answers: HashMap<AnswerKey, Answer>,
    dead_letters: BTreeMap<DeadLetterId, DeadLetterRow>,
    last_dead_letter: DeadLetterId,
    /// How many have it open.
    open: u32,
    /// Whether nobody had it open when it was opened last.
    was_closed: bool,
    notes: BTreeMap<String, Bytes>,
}

impl Default for Data {
    fn default() -> Self {
        Self {
            identity: RandomState::new().hash_one(0),
            epoch: Epoch::default(),
            batch: 0,
            actors: HashMap::new(),
            ids: BTreeSet::new(),
            log: VecDeque::new(),
            head: Position::default(),
            subscriptions: Vec::new(),
            last_subscription: SubscriptionId::default(),
            cursors: HashMap::new(),
            parked: BTreeMap::new(),
            calls: BTreeMap::new(),
            last_call: CallId::default(),
            answers: HashMap::new(),
            dead_letters: BTreeMap::new(),
            last_dead_letter: DeadLetterId::default(),
            open: 0,
            was_closed: true,
            notes: BTreeMap::new(),
        }
    }
}

/// What is kept of an actor.
#[derive(Default)]
struct Saved {
    revision: Revision,
    cursor: Option<Cursor>,
    tags: Option<Arc<Tags>>,
    /// The kept revisions, the newest last.
    states: VecDeque<RevisionRow>,
}

impl Saved {
    fn write(&mut self, write: &ActorWrite, at: u64) {
        if write.cursor.is_some() {
            self.cursor = write.cursor;
        }
        if let Some(tags) = &write.tags {
            self.tags = Some(Arc::clone(tags));
        }
        let Some(state) = &write.state else { return };
        self.revision = Revision(self.revision.0 + 1);
        let mut row = None;
        while self.states.len() >= usize::from(write.keep.max(1)) {
            row = self.states.pop_front();
        }
        // The row that falls out is written over, so that the name of the type needs no new memory.
        let row = match row {
            Some(mut row) => {
                row.revision = self.revision;
                row.state.type_name.clone_from(&state.type_name);
                row.state.bytes = state.bytes.clone();
                row.at = at;
                row
            }
            None => RevisionRow { revision: self.revision, state: state.clone(), at },
        };
        self.states.push_back(row);
    }
}

impl Data {
    fn opened(&self) -> Opened {
        Opened { epoch: self.epoch, head: self.head, batch: self.batch, identity: self.identity }
    }

    /// The place in the log of the first event after `position`.
    fn after(&self, position: Position) -> usize {
        self.log.partition_point(|row| row.position <= position)
    }

    fn commit(&mut self, commit: &Commit) -> Verdict {
        let saved = commit.actor.as_ref().and_then(|write| self.actors.get_mut(&write.actor));
        let found = saved.as_ref().map_or(Revision::default(), |saved| saved.revision);
        let expected = commit.actor.as_ref().map_or(found, |write| write.expected);
        if commit.epoch != self.epoch || expected != found {
            return Verdict::Stale { found };
        }
        let cursor = commit.actor.as_ref().and_then(|write| write.cursor);
        let reached = saved.as_ref().and_then(|saved| saved.cursor);
        if cursor.is_some() && cursor <= reached {
            return Verdict::Gone;
        }
        let is_there = match &commit.consumed {
            None => true,
            Some(Consumed::Events { subscriber, cursor }) => {
                self.cursors.get(subscriber).is_none_or(|reached| reached < cursor)
            }
            Some(Consumed::Call(call) | Consumed::Postponed { call, .. }) => {
                self.calls.contains_key(call)
            }
            Some(Consumed::DeadLetter(id)) => self.dead_letters.contains_key(id),
        };
        let is_answered = commit.answer.as_ref().is_some_and(|answer| {
            self.answers.get(&answer.key).is_some_and(|first| first.expires > answer.at)
        });
        if !is_there || is_answered {
            return Verdict::Gone;
        }

        if let Some(write) = &commit.actor {
            match saved {
                Some(saved) => saved.write(write, commit.at),
                None if write.changes_something() => {
                    let mut saved = Saved::default();
                    saved.write(write, commit.at);
                    self.actors.insert(write.actor.clone(), saved);
                    self.ids.insert(write.actor.clone());
                }
                None => {}
            }
        }
        self.write_rest(commit)
    }

    /// Everything but the actor, of a commit that was found good.
    fn write_rest(&mut self, commit: &Commit) -> Verdict {
        match &commit.consumed {
            None => {}
            Some(Consumed::Events { subscriber, cursor }) => {
                *self.cursors.entry_ref(subscriber.as_str()).or_default() = *cursor;
            }
            Some(Consumed::Call(call)) => drop(self.calls.remove(call)),
            Some(Consumed::Postponed { call, due, attempts }) => {
                if let Some(row) = self.calls.get_mut(call) {
                    row.call.due = *due;
                    row.attempts = *attempts;
                }
            }
            Some(Consumed::DeadLetter(id)) => drop(self.dead_letters.remove(id)),
        }
        if let Some(answer) = &commit.answer {
            self.answers.insert(answer.key.clone(), (**answer).clone());
        }
        match &commit.parking {
            None => {}
            Some(Parking { actor, after: Some(after) }) => {
                self.parked.insert(actor.clone(), *after);
            }
            Some(Parking { actor, after: None }) => {
                self.parked.remove(actor);
            }
        }
        if let Some(Lapse { subscription, up_to }) = commit.lapse
            && let Some(row) = self.subscriptions.iter_mut().find(|row| row.id == subscription)
        {
            row.lapsed = row.lapsed.max(Some(up_to));
        }
        let first = if commit.events.is_empty() { self.head } else { Position(self.head.0 + 1) };
        for event in &commit.events {
            self.head = Position(self.head.0 + 1);
            self.log.push_back(EventRow { position: self.head, event: event.clone() });
        }
        let first_call =
            if commit.calls.is_empty() { CallId(0) } else { CallId(self.last_call.0 + 1) };
        for call in &commit.calls {
            self.last_call = CallId(self.last_call.0 + 1);
            let row = CallRow { id: self.last_call, attempts: 0, call: call.clone() };
            self.calls.insert(self.last_call, row);
        }
        let mut dead_letter = DeadLetterId(0);
        if let Some(letter) = &commit.dead_letter {
            self.last_dead_letter = DeadLetterId(self.last_dead_letter.0 + 1);
            dead_letter = self.last_dead_letter;
            let row = DeadLetterRow { id: dead_letter, letter: (**letter).clone() };
            self.dead_letters.insert(dead_letter, row);
        }
        Verdict::Committed { first, first_call, dead_letter }
    }
}

impl Store for Memory {
    fn open(&self, _system: &str) -> Result<Opened, StoreError> {
        let mut data = self.data.lock();
        data.epoch = Epoch(data.epoch.0 + 1);
        if !self.open.swap(true, Ordering::AcqRel) {
            data.was_closed = data.open == 0;
            data.open += 1;
        }
        Ok(data.opened())
    }

    fn survey(&self, now: u64) -> Result<Survey, StoreError> {
        let data = self.data.lock();
        let mut survey = Survey {
            actors: data.actors.len() as u64,
            calls: data.calls.len() as u64,
            overdue: data.calls.values().filter(|row| row.call.due <= now).count() as u64,
            dead_letters: data.dead_letters.len() as u64,
            parked: data.parked.len() as u64,
            reached: Vec::new(),
            was_closed: data.was_closed,
        };
        for row in &data.subscriptions {
            let of_actor = |id: &ActorId| data.actors.get(id)?.cursor;
            let cursor = data.cursors.get(&row.subscriber).copied();
            let actor = ActorId::parse(&row.subscriber).ok();
            if let Some(cursor) = cursor.or_else(|| actor.as_ref().and_then(of_actor)) {
                survey.reach(row, cursor);
            }
        }
        Ok(survey)
    }

    fn place(&self) -> Cow<'static, str> {
        "memory".into()
    }

    fn is_immediate(&self) -> bool {
        true
    }

    fn commit(&self, number: u64, commits: &[&Commit]) -> Result<Vec<Verdict>, StoreError> {
        if !self.open.load(Ordering::Acquire) {
            return Err(StoreError::closed("committing"));
        }
        let mut data = self.data.lock();
        // The batch of a system whose epoch is over counts for nothing.
        if commits.is_empty() || commits.iter().any(|commit| commit.epoch == data.epoch) {
            check_number(number, data.batch)
                .map_err(|cause| StoreError::failed("committing", cause))?;
            data.batch = number;
        }
        Ok(commits.iter().map(|commit| data.commit(commit)).collect())
    }

    fn recover(&self) -> Result<Opened, StoreError> {
        Ok(self.data.lock().opened())
    }

    fn load(&self, actor: &ActorId) -> Result<Option<StoredActor>, StoreError> {
        Ok(self.data.lock().actors.get(actor).map(|saved| StoredActor {
            revision: saved.revision,
            state: saved.states.back().map(|row| row.state.clone()),
            cursor: saved.cursor,
            tags: saved.tags.clone(),
        }))
    }

    fn history(&self, actor: &ActorId) -> Result<Vec<RevisionRow>, StoreError> {
        let data = self.data.lock();
        Ok(data
            .actors
            .get(actor)
            .map_or(Vec::new(), |saved| saved.states.iter().cloned().collect()))
    }

    fn instances(
        &self,
        name: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ActorId>, StoreError> {
        // No instance has the empty id, and every other one comes after it.
        let after = ActorId::unnamed(name, after.unwrap_or_default());
        let data = self.data.lock();
        let later = data.ids.range((Bound::Excluded(after), Bound::Unbounded));
        Ok(later.take_while(|id| id.name() == name).take(limit).cloned().collect())
    }

    fn find(&self, query: &TagQuery) -> Result<Vec<ActorId>, StoreError> {
        let data = self.data.lock();
        let is_meant = |id: &&ActorId| {
            let is_named = |name: &String| name == id.name();
            match data.actors.get(*id).and_then(|saved| saved.tags.as_deref()) {
                Some(tags) => {
                    query.name.as_ref().is_none_or(is_named)
                        && query.tags.iter().all(|(key, value)| tags.get(key) == Some(value))
                }
                None => id.instance().is_some() && query.untagged.iter().any(is_named),
            }
        };
        let after = query.after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let later = data.ids.range((after, Bound::Unbounded));
        Ok(later.filter(is_meant).take(query.limit).cloned().collect())
    }

    fn read_log(&self, after: Position, limit: usize) -> Result<Vec<EventRow>, StoreError> {
        let data = self.data.lock();
        let start = data.after(after);
        Ok(data.log.range(start..).take(limit).cloned().collect())
    }

    fn register(
        &self,
        subscriptions: &[NewSubscription],
    ) -> Result<Vec<SubscriptionRow>, StoreError> {
        let mut data = self.data.lock();
        for new in subscriptions {
            let exists = data
                .subscriptions
                .iter()
                .any(|row| row.subscriber == new.subscriber && row.pattern == new.pattern);
            if exists {
                continue;
            }
            let oldest = data.log.front().map(|row| Position(row.position.0 - 1));
            data.last_subscription = SubscriptionId(data.last_subscription.0 + 1);
            let since = oldest.filter(|_| new.from_start).unwrap_or(data.head);
            let row = SubscriptionRow {
                id: data.last_subscription,
                subscriber: new.subscriber.clone(),
                pattern: new.pattern.clone(),
                since,
                lapsed: Some(since).filter(|since| new.from_start && since.0 > 0),
            };
            data.subscriptions.push(row);
        }
        Ok(data.subscriptions.clone())
    }

    fn drop_subscription(&self, id: SubscriptionId) -> Result<bool, StoreError> {
        let mut data = self.data.lock();
        let before = data.subscriptions.len();
        data.subscriptions.retain(|row| row.id != id);
        Ok(data.subscriptions.len() < before)
    }

    fn cursor(&self, subscriber: &str) -> Result<Option<Cursor>, StoreError> {
        let data = self.data.lock();
        Ok(data.cursors.get(subscriber).copied())
    }

    fn parked(&self, name: &str) -> Result<Vec<(ActorId, Cursor)>, StoreError> {
        let data = self.data.lock();
        let parked = data.parked.iter().filter(|(id, _)| id.name() == name);
        Ok(parked.map(|(id, after)| (id.clone(), *after)).collect())
    }

    fn answer(&self, key: &AnswerKey, now: u64) -> Result<Option<Encoded>, StoreError> {
        let data = self.data.lock();
        let answer = data.answers.get(key).filter(|answer| answer.expires > now);
        Ok(answer.map(|answer| answer.response.clone()))
    }

    fn calls(&self, after: CallId, limit: usize) -> Result<Vec<CallRow>, StoreError> {
        let data = self.data.lock();
        let later = data.calls.range((Bound::Excluded(after), Bound::Unbounded));
        Ok(later.take(limit).map(|(_, row)| row.clone()).collect())
    }

    fn call(&self, id: CallId) -> Result<Option<CallRow>, StoreError> {
        Ok(self.data.lock().calls.get(&id).cloned())
    }

    fn dead_letters(
        &self,
        after: DeadLetterId,
        limit: usize,
    ) -> Result<Vec<DeadLetterRow>, StoreError> {
        let data = self.data.lock();
        let later = data.dead_letters.range((Bound::Excluded(after), Bound::Unbounded));
        Ok(later.take(limit).map(|(_, row)| row.clone()).collect())
    }

    fn trim(&self, trim: &Trim<'_>) -> Result<Trimmed, StoreError> {
        let mut data = self.data.lock();
        let start = data.after(trim.after);
        let is_old = |row: &&EventRow| row.position <= trim.up_to && row.event.at < trim.before;
        let looked_at = data.log.range(start..).take(trim.limit).take_while(is_old).count();
        let reached = data.log.range(start..start + looked_at).next_back();
        let reached = reached.map_or(trim.after, |row| row.position);
        let before = data.log.len();
        // Rows outside of the range are not asked for.
        data.log.retain(|row| {
            row.position <= trim.after || row.position > reached || !(trim.goes)(&row.event.channel)
        });
        let gone = before - data.log.len();
        Ok(Trimmed { reached, looked_at, gone })
    }

    fn forget_answers(&self, now: u64) -> Result<(), StoreError> {
        self.data.lock().answers.retain(|_, answer| answer.expires > now);
        Ok(())
    }

    fn note(&self, name: &str) -> Result<Option<Bytes>, StoreError> {
        Ok(self.data.lock().notes.get(name).cloned())
    }

    fn set_note(&self, name: &str, note: &[u8]) -> Result<(), StoreError> {
        self.data.lock().notes.insert(name.to_owned(), Bytes::copy_from_slice(note));
        Ok(())
    }

    fn close(&self) {
        if self.open.swap(false, Ordering::AcqRel) {
            self.data.lock().open -= 1;
        }
    }
}
