//! What goes into a transaction, and what its outcome means: the decisions of the pipeline, without I/O.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::event::Position;
use crate::store::{CallId, DeadLetterId, StoreError, Verdict};

/// The most commits in one transaction: as many as there are callers where a thousand wait.
const MOST_COMMITS: usize = 4_096;

/// A transaction that holds as many bytes as this is not given more.
const ENOUGH_BYTES: usize = 8 << 20;

/// What became of something that was submitted.
pub(crate) type Outcome = Result<Verdict, Failure>;

/// Why a commit did not take effect.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// The store refused it: the actor is at another revision, or what it builds on was not saved.
    Stale,
    /// The store refused it: what it consumes is gone.
    Gone,
    /// The store failed.
    Store(Arc<StoreError>),
    /// The system stopped before.
    Stopped,
}

/// What waits for the outcome of a commit.
pub(crate) trait Waiter {
    /// Whether it builds on something that was not saved, so that it must not be written either.
    fn is_void(&self) -> bool {
        false
    }

    /// Its commit was not saved, and what builds on it is void from here on.
    fn fail(&self) {}
}

impl Waiter for () {}

/// What waits for its turn, and is released after it.
#[derive(Debug)]
pub(crate) struct Entry<T> {
    /// About how many bytes its commit adds to a transaction; `None` if it has no commit, and only waits for those before it.
    pub(crate) size: Option<usize>,
    pub(crate) waiter: T,
}

/// What has to be done next.
#[derive(Debug)]
pub(crate) enum Step<'g, T> {
    /// Nothing.
    Wait,
    /// Commit what these have to commit as the batch of this number, and tell [`Group::written`].
    Write { number: u64, batch: &'g [Entry<T>] },
    /// Open the store again, and tell [`Group::recovered`].
    Recover,
}

/// The state of the pipeline.
#[derive(Debug)]
pub(crate) struct Group<T> {
    waiting: VecDeque<Entry<T>>,
    /// The number of the batch that is being written, or else of the last one that took effect.
    number: u64,
    phase: Phase,
    batch: Vec<Entry<T>>,
}

#[derive(Debug)]
enum Phase {
    Idle,
    Writing,
    /// The outcome of the batch is unknown; the verdicts hold if it took effect.
    Unknown {
        verdicts: Vec<Verdict>,
        error: Arc<StoreError>,
    },
}

impl<T: Waiter> Group<T> {
    /// `number` is that of the last batch that took effect.
    pub(crate) fn new(number: u64) -> Self {
        Self { waiting: VecDeque::new(), number, phase: Phase::Idle, batch: Vec::new() }
    }

    pub(crate) fn submit(&mut self, entry: Entry<T>) {
        self.waiting.push_back(entry);
    }

    /// Takes over many at once.
    pub(crate) fn submit_all(&mut self, entries: &mut VecDeque<Entry<T>>) {
        if self.waiting.is_empty() {
            // Whoever submits is not kept waiting while thousands are moved.
            std::mem::swap(&mut self.waiting, entries);
        } else {
            self.waiting.append(entries);
        }
    }

    /// What has to be done next. What only waited for others, and need not any more, is given to `release`.
    pub(crate) fn step(&mut self, release: impl FnMut(T, Outcome)) -> Step<'_, T> {
        if matches!(self.phase, Phase::Idle) {
            self.gather(&mut failing(release));
        }
        match self.phase {
            Phase::Idle => Step::Wait,
            Phase::Writing => Step::Write { number: self.number, batch: &self.batch },
            Phase::Unknown { .. } => Step::Recover,
        }
    }

    fn gather(&mut self, release: &mut impl FnMut(T, Outcome)) {
        let (mut commits, mut bytes) = (0, 0);
        while commits < MOST_COMMITS && bytes < ENOUGH_BYTES {
            let Some(entry) = self.waiting.pop_front() else { break };
            match entry.size {
                _ if entry.waiter.is_void() => release(entry.waiter, Err(Failure::Stale)),
                Some(size) => {
                    commits += 1;
                    bytes += size;
                    self.batch.push(entry);
                }
                None if commits == 0 => release(entry.waiter, Ok(Verdict::nothing())),
                None => self.batch.push(entry),
            }
        }
        if commits > 0 {
            self.number += 1;
            self.phase = Phase::Writing;
        }
    }

    /// Takes the outcome of the write, and releases what it decides.
    pub(crate) fn written(
        &mut self,
        outcome: Result<Vec<Verdict>, StoreError>,
        release: impl FnMut(T, Outcome),
    ) {
        match outcome {
            Ok(verdicts) => self.end(&Ok(verdicts), release),
            Err(StoreError::Unknown { doing, verdicts, cause }) => {
                let error = Arc::new(StoreError::failed(doing, cause));
                self.phase = Phase::Unknown { verdicts, error };
            }
            Err(error) => self.end(&Err(Arc::new(error)), release),
        }
    }

    /// Takes the number of the last batch that took effect, and releases what it decides.
    pub(crate) fn recovered(&mut self, last: u64, release: impl FnMut(T, Outcome)) {
        if let Phase::Unknown { verdicts, error } = std::mem::replace(&mut self.phase, Phase::Idle)
        {
            let outcome = if last == self.number { Ok(verdicts) } else { Err(error) };
            self.end(&outcome, release);
        }
    }

    fn end(
        &mut self,
        outcome: &Result<Vec<Verdict>, Arc<StoreError>>,
        release: impl FnMut(T, Outcome),
    ) {
        let mut release = failing(release);
        self.phase = Phase::Idle;
        if outcome.is_err() {
            self.number -= 1;
        }
        let mut verdicts = outcome.iter().flatten();
        for Entry { size, waiter } in self.batch.drain(..) {
            let outcome = match outcome {
                Ok(_) if size.is_none() && waiter.is_void() => Err(Failure::Stale),
                Ok(_) if size.is_none() => Ok(Verdict::nothing()),
                Ok(_) => match verdicts.next() {
                    Some(Verdict::Stale { .. }) => Err(Failure::Stale),
                    Some(Verdict::Gone) => Err(Failure::Gone),
                    Some(verdict) => Ok(*verdict),
                    None => Err(Failure::Store(Arc::new(StoreError::failed(
                        "committing",
                        "the store gave fewer verdicts than there were commits",
                    )))),
                },
                Err(error) => Err(Failure::Store(Arc::clone(error))),
            };
            release(waiter, outcome);
        }
    }

    /// Gives up everything that waits.
    pub(crate) fn abandon(&mut self, release: impl FnMut(T, Outcome)) {
        let mut release = failing(release);
        self.phase = Phase::Idle;
        for entry in self.batch.drain(..).chain(self.waiting.drain(..)) {
            release(entry.waiter, Err(Failure::Stopped));
        }
    }
}

/// Sees to it that what builds on a failure is known to be void before anything else is decided, whenever that is released.
fn failing<T: Waiter>(mut release: impl FnMut(T, Outcome)) -> impl FnMut(T, Outcome) {
    move |waiter, outcome| {
        if outcome.is_err() {
            waiter.fail();
        }
        release(waiter, outcome);
    }
}

impl Verdict {
    /// The verdict on what had nothing to commit.
    pub(crate) fn nothing() -> Self {
        let (first, first_call) = (Position::default(), CallId::default());
        Self::Committed { first, first_call, dead_letter: DeadLetterId::default() }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    impl Waiter for u32 {
        fn is_void(&self) -> bool {
            *self >= 1_000_000
        }
    }

    fn committed(first: u64) -> Verdict {
        Verdict::Committed {
            first: Position(first),
            first_call: CallId(0),
            dead_letter: DeadLetterId(0),
        }
    }

    /// A group, and what it released: `Ok` with the position, or `Err` with a word.
    struct Harness {
        group: Group<u32>,
        released: Vec<(u32, Result<u64, &'static str>)>,
    }

    impl Harness {
        fn new() -> Self {
            Self { group: Group::new(7), released: Vec::new() }
        }

        fn submit(&mut self, name: u32, commits: bool) {
            self.group.submit(Entry { size: commits.then_some(100), waiter: name });
        }

        fn step(&mut self) -> Option<(u64, usize)> {
            let released = &mut self.released;
            match self.group.step(|name, outcome| released.push((name, short(outcome)))) {
                Step::Write { number, batch } => {
                    Some((number, batch.iter().filter(|entry| entry.size.is_some()).count()))
                }
                Step::Wait => None,
                Step::Recover => Some((0, 0)),
            }
        }

        fn written(&mut self, outcome: Result<Vec<Verdict>, StoreError>) {
            let released = &mut self.released;
            self.group.written(outcome, |name, outcome| released.push((name, short(outcome))));
        }

        fn recovered(&mut self, last: u64) {
            let released = &mut self.released;
            self.group.recovered(last, |name, outcome| released.push((name, short(outcome))));
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "as a release takes it")]
    fn short(outcome: Outcome) -> Result<u64, &'static str> {
        match outcome {
            Ok(Verdict::Committed { first, .. }) => Ok(first.0),
            Ok(_) => Err("?"),
            Err(Failure::Stale) => Err("stale"),
            Err(Failure::Gone) => Err("gone"),
            Err(Failure::Store(_)) => Err("store"),
            Err(Failure::Stopped) => Err("stopped"),
        }
    }

    #[test]
    fn everything_that_waits_goes_into_one_batch_and_is_released_in_order() {
        let mut harness = Harness::new();
        harness.submit(1, true);
        harness.submit(2, false);
        harness.submit(3, true);
        assert_eq!(harness.step(), Some((8, 2)));
        assert_eq!(harness.released, []);
        harness.written(Ok(vec![committed(10), Verdict::Gone]));
        assert_eq!(harness.released, [(1, Ok(10)), (2, Ok(0)), (3, Err("gone"))]);
        assert_eq!(harness.step(), None);
    }

    #[test]
    fn who_waits_for_nobody_is_released_at_once() {
        let mut harness = Harness::new();
        harness.submit(1, false);
        assert_eq!(harness.step(), None);
        assert_eq!(harness.released, [(1, Ok(0))]);
    }

    #[test]
    fn what_builds_on_something_unsaved_is_not_written() {
        let mut harness = Harness::new();
        harness.submit(1_000_000, true);
        harness.submit(1, true);
        assert_eq!(harness.step(), Some((8, 1)));
        assert_eq!(harness.released, [(1_000_000, Err("stale"))]);
    }

    #[test]
    fn a_failed_batch_fails_its_own_and_keeps_its_number() {
        let mut harness = Harness::new();
        harness.submit(1, true);
        assert_eq!(harness.step(), Some((8, 1)));
        harness.submit(2, true);
        harness.written(Err(StoreError::failed("committing", "disk full")));
        assert_eq!(harness.released, [(1, Err("store"))]);
        assert_eq!(harness.step(), Some((8, 1)), "the number was not used");
        harness.written(Ok(vec![committed(11)]));
        assert_eq!(harness.released.last(), Some(&(2, Ok(11))));
    }

    #[test]
    fn an_unknown_outcome_is_decided_by_what_is_there() {
        for (last, expected) in [(8, Ok(10)), (7, Err("store"))] {
            let mut harness = Harness::new();
            harness.submit(1, true);
            harness.step();
            harness.written(Err(StoreError::unknown("syncing", vec![committed(10)], "EIO")));
            harness.submit(2, true);
            assert_eq!(harness.released, [], "nobody knows yet");
            assert_eq!(harness.step(), Some((0, 0)), "nothing is written before");
            harness.recovered(last);
            assert_eq!(harness.released, [(1, expected)]);
            assert_eq!(harness.step(), Some((last + 1, 1)));
        }
    }

    #[test]
    fn a_batch_is_bounded() {
        let mut harness = Harness::new();
        for name in 0..5_000 {
            harness.submit(name, true);
        }
        assert_eq!(harness.step(), Some((8, MOST_COMMITS)));
    }

    /// Two commits of one actor, the second of which builds on the first.
    struct Of(Rc<Cell<bool>>);

    impl Waiter for Of {
        fn is_void(&self) -> bool {
            self.0.get()
        }

        fn fail(&self) {
            self.0.set(true);
        }
    }

    #[test]
    fn what_builds_on_a_failure_is_void_before_the_failure_is_released() {
        let actor = Rc::default();
        for size in [Some(100), None] {
            let mut group = Group::new(7);
            group.submit(Entry { size: Some(100), waiter: Of(Rc::clone(&actor)) });
            let mut later = Vec::new();
            assert!(matches!(group.step(|_, _| {}), Step::Write { .. }));
            group.submit(Entry { size, waiter: Of(Rc::clone(&actor)) });
            let full = StoreError::failed("committing", "disk full");
            group.written(Err(full), |waiter, outcome| later.push((waiter, outcome)));
            let step = group.step(|waiter, outcome| later.push((waiter, outcome)));
            assert!(matches!(step, Step::Wait), "{size:?}");
            assert!(matches!(later[0].1, Err(Failure::Store(_))));
            assert!(matches!(later[1].1, Err(Failure::Stale)));
            actor.set(false);
        }
    }

    #[test]
    fn who_waits_behind_a_refused_commit_of_its_own_batch_is_refused_as_well() {
        let actor = Rc::default();
        let mut group = Group::new(7);
        group.submit(Entry { size: Some(100), waiter: Of(Rc::clone(&actor)) });
        group.submit(Entry { size: None, waiter: Of(actor) });
        assert!(matches!(group.step(|_, _| {}), Step::Write { .. }));
        let mut refused = 0;
        group.written(Ok(vec![Verdict::Gone]), |_, outcome| refused += u32::from(outcome.is_err()));
        assert_eq!(refused, 2);
    }
}
