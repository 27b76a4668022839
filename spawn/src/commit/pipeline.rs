//! The one writer: carries out what the [`Group`] decides.

#[cfg(test)]
mod simulated;

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};
use tokio::runtime::Handle;

use super::exit::{Decided, Exit};
use super::group::{Entry, Failure, Group, Outcome, Step, Waiter};
use crate::observe::Meters;
use crate::store::{Commit, Store, StoreError, Verdict};

/// A commit, and what is let out when its outcome is known.
pub(crate) trait Release: Waiter + Send + 'static {
    /// The commit; `None` if it only waits for what was submitted before.
    fn commit(&self) -> Option<&Commit>;

    /// Called once, in the order of submission; it must not wait.
    fn release(self: Box<Self>, outcome: Outcome);
}

pub(super) type Boxed = Box<dyn Release>;

impl Waiter for Boxed {
    fn is_void(&self) -> bool {
        (**self).is_void()
    }

    fn fail(&self) {
        (**self).fail();
    }
}

/// Takes commits, and releases what waits for them.
pub(crate) struct Pipeline {
    shared: Arc<Shared>,
    mode: Mode,
}

enum Mode {
    /// The store never waits: who has a commit carries it out.
    InPlace(Mutex<Group<()>>),
    /// A thread writes.
    Thread(Mutex<Option<thread::JoinHandle<()>>>),
    /// A task writes, in simulated time.
    #[cfg(test)]
    Simulated(crate::simulation::Fate),
}

struct Shared {
    store: Arc<dyn Store>,
    queue: Mutex<Queue>,
    news: Condvar,
    exit: Arc<Exit>,
    /// Whether the last batch failed.
    unhealthy: AtomicBool,
    meters: Option<Arc<Meters>>,
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<Entry<Boxed>>,
    closed: bool,
}

/// How long the writer stays awake for the next commit, if the last one was alone and came as soon as that.
const LINGER: Duration = Duration::from_micros(100);

/// How long to wait before the store is opened again, after that failed.
const RECOVERY_PAUSE: Duration = Duration::from_millis(200);

impl Pipeline {
    /// `number` is that of the last batch that took effect.
    ///
    /// What is let out is let out on the runtime of `handle`.
    pub(crate) fn new(
        store: Arc<dyn Store>,
        number: u64,
        system: &str,
        handle: Handle,
        meters: Option<Arc<Meters>>,
    ) -> std::io::Result<Self> {
        let immediate = store.is_immediate();
        let shared = Arc::new(Shared {
            store,
            queue: Mutex::default(),
            news: Condvar::new(),
            exit: Exit::new(handle),
            unhealthy: AtomicBool::new(false),
            meters,
        });
        #[cfg(test)]
        if let Some(fate) = shared.store.simulated() {
            let writes = Arc::clone(&shared);
            tokio::spawn(simulated::run(writes, Group::new(number), fate.clone()));
            return Ok(Self { shared, mode: Mode::Simulated(fate) });
        }
        let mode = if immediate {
            Mode::InPlace(Mutex::new(Group::new(number)))
        } else {
            let writes = Arc::clone(&shared);
            let thread = thread::Builder::new().name(format!("spawn-commit-{system}"));
            Mode::Thread(Mutex::new(Some(thread.spawn(move || writes.run(Group::new(number)))?)))
        };
        Ok(Self { shared, mode })
    }

    /// Submits a commit, or what only waits for those before it.
    pub(crate) fn submit(&self, release: Boxed) {
        if let Some(mut writer) = self.in_place() {
            let outcome = match release.commit() {
                Some(commit) => writer.commit(commit),
                None => Ok(Verdict::nothing()),
            };
            if outcome.is_err() {
                release.fail();
            }
            // What is released may have something to submit.
            drop(writer);
            release.release(outcome);
            return;
        }
        let size = release.commit().map(Commit::size);
        let mut queue = self.shared.queue.lock();
        if queue.closed {
            drop(queue);
            release.fail();
            release.release(Err(Failure::Stopped));
            return;
        }
        let is_alone = self.shared.exit.announce(size.unwrap_or_default());
        queue.entries.push_back(Entry { size, waiter: release });
        drop(queue);
        self.shared.news.notify_one();
        if is_alone {
            self.shared.exit.stay_awake();
        }
        #[cfg(test)]
        if let Mode::Simulated(fate) = &self.mode {
            fate.news().notify_one();
        }
    }

    /// The right to commit at once, if the store never waits. While it is held nobody else commits.
    pub(crate) fn in_place(&self) -> Option<InPlace<'_>> {
        match &self.mode {
            Mode::InPlace(group) => Some(InPlace { group: group.lock(), shared: &self.shared }),
            Mode::Thread(_) => None,
            #[cfg(test)]
            Mode::Simulated(_) => None,
        }
    }

    /// Whether everything that was submitted has been released.
    pub(crate) fn is_idle(&self) -> bool {
        self.shared.exit.is_idle()
    }

    /// Whether so much waits to be written that nobody should add to it.
    pub(crate) fn is_full(&self) -> bool {
        self.shared.exit.is_full()
    }

    /// Resolves when there is room.
    ///
    /// In a box, since a future that is a part of another one is compiled with it.
    pub(crate) fn room(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.shared.exit.room())
    }

    /// Whether the last batch took effect.
    pub(crate) fn is_healthy(&self) -> bool {
        !self.shared.unhealthy.load(Ordering::Acquire)
    }

    /// Writes what waits, then ends the writer. Waits for the disk.
    pub(crate) fn close(&self) {
        self.shared.queue.lock().closed = true;
        self.shared.news.notify_one();
        let Mode::Thread(writer) = &self.mode else { return };
        if let Some(writer) = writer.lock().take() {
            // A release may drop the last handle to the system, on the writer's own thread.
            if writer.thread().id() != thread::current().id() && writer.join().is_err() {
                tracing::error!("the commit pipeline panicked");
            }
        }
    }
}

/// The right to commit at once.
pub(crate) struct InPlace<'p> {
    group: MutexGuard<'p, Group<()>>,
    shared: &'p Shared,
}

impl InPlace<'_> {
    pub(crate) fn commit(&mut self, commit: &Commit) -> Outcome {
        self.group.submit(Entry { size: Some(0), waiter: () });
        let mut now = Now { commit, outcome: Err(Failure::Stopped) };
        self.shared.work(&mut self.group, &mut now);
        now.outcome
    }
}

/// Where the commits of a batch are, and where what is decided goes.
trait Way<T> {
    /// The commits of `batch`, in its order.
    fn write(&self, batch: &[Entry<T>], write: impl FnOnce(&[&Commit]) -> Written) -> Written;
    fn decide(&mut self, waiter: T, outcome: Outcome);
    /// Nothing else is decided for now.
    fn let_out(&mut self);
}

type Written = Result<Vec<Verdict>, StoreError>;

/// A commit that is written at once.
struct Now<'c> {
    commit: &'c Commit,
    outcome: Outcome,
}

impl Way<()> for Now<'_> {
    fn write(&self, _: &[Entry<()>], write: impl FnOnce(&[&Commit]) -> Written) -> Written {
        write(&[self.commit])
    }

    fn decide(&mut self, (): (), outcome: Outcome) {
        self.outcome = outcome;
    }

    fn let_out(&mut self) {}
}

/// What leaves in batches.
struct Batches<'p> {
    decided: Decided,
    exit: &'p Arc<Exit>,
}

impl Way<Boxed> for Batches<'_> {
    fn write(&self, batch: &[Entry<Boxed>], write: impl FnOnce(&[&Commit]) -> Written) -> Written {
        let commits: Vec<&Commit> =
            batch.iter().filter_map(|entry| entry.waiter.commit()).collect();
        write(&commits)
    }

    fn decide(&mut self, waiter: Boxed, outcome: Outcome) {
        self.decided.push_back((waiter, outcome));
    }

    fn let_out(&mut self) {
        self.exit.let_out(&mut self.decided);
    }
}

impl Shared {
    fn run(&self, mut group: Group<Boxed>) {
        let mut batches = Batches { decided: Decided::new(), exit: &self.exit };
        let mut lingers = false;
        loop {
            let began = Instant::now();
            if lingers {
                self.linger(began);
            }
            let (closed, is_lone_commit) = {
                let mut queue = self.queue.lock();
                while queue.entries.is_empty() && !queue.closed {
                    self.news.wait(&mut queue);
                }
                let is_alone = queue.entries.len() == 1;
                // A lone caller who makes one call after the other, most likely.
                lingers = is_alone && began.elapsed() < LINGER;
                // What only waits for others says nothing of the store.
                let is_lone_commit = is_alone && queue.entries[0].size.is_some();
                group.submit_all(&mut queue.entries);
                (queue.closed, is_lone_commit)
            };
            let began = Instant::now();
            self.work(&mut group, &mut batches);
            if is_lone_commit {
                self.exit.lone_commit_took(began.elapsed());
            }
            if closed && self.queue.lock().entries.is_empty() {
                return;
            }
        }
    }

    /// Stays awake for a little, since to be woken would take a good part of the time that a commit takes. Whatever else wants the
    /// processor has it meanwhile.
    fn linger(&self, began: Instant) {
        while self.queue.lock().entries.is_empty() && began.elapsed() < LINGER {
            thread::yield_now();
        }
    }

    /// Goes on until nothing waits. If the store cannot be opened again and the system stops, what waits is given up.
    fn work<T: Waiter>(&self, group: &mut Group<T>, way: &mut impl Way<T>) {
        loop {
            let step = group.step(|waiter, outcome| way.decide(waiter, outcome));
            way.let_out();
            match step {
                Step::Wait => return,
                Step::Write { number, batch } => {
                    let outcome = way.write(batch, |commits| self.write(number, commits));
                    if let Err(error) = &outcome {
                        let cause = std::error::Error::source(error);
                        tracing::error!(%error, ?cause, "a commit failed");
                    }
                    self.unhealthy.store(outcome.is_err(), Ordering::Release);
                    group.written(outcome, |waiter, outcome| way.decide(waiter, outcome));
                }
                Step::Recover => match self.store.recover() {
                    Ok(opened) => {
                        group.recovered(opened.batch, |waiter, outcome| {
                            way.decide(waiter, outcome);
                        });
                    }
                    Err(error) => {
                        tracing::error!(%error, "the store cannot be opened again");
                        if self.store.is_immediate() || self.pause() {
                            group.abandon(|waiter, outcome| way.decide(waiter, outcome));
                        }
                    }
                },
            }
        }
    }

    fn write(&self, number: u64, commits: &[&Commit]) -> Written {
        match &self.meters {
            None => self.store.commit(number, commits),
            Some(meters) => meters.transaction(commits, || self.store.commit(number, commits)),
        }
    }

    /// Waits a moment; `true` if the system stops.
    fn pause(&self) -> bool {
        let mut queue = self.queue.lock();
        if !queue.closed {
            self.news.wait_for(&mut queue, RECOVERY_PAUSE);
        }
        queue.closed
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline").field("store", &self.shared.store).finish_non_exhaustive()
    }
}

impl From<StoreError> for crate::error::Error {
    fn from(error: StoreError) -> Self {
        Self::new(crate::error::ErrorKind::Storage, error.to_string()).caused_by(error)
    }
}

impl Commit {
    /// About how many bytes a commit adds to a transaction.
    pub(super) fn size(&self) -> usize {
        let state = self.actor.as_ref().and_then(|actor| actor.state.as_ref());
        let payloads = self
            .events
            .iter()
            .map(|event| &event.payload)
            .chain(self.calls.iter().map(|call| &call.payload))
            .chain(self.answer.as_ref().map(|answer| &answer.response));
        256 + payloads.chain(state).map(|encoded| encoded.bytes.len() + 128).sum::<usize>()
    }
}
