//! The one writer: carries out what the [`Group`] decides.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex, MutexGuard};
use tokio::runtime::Handle;

use super::exit::Exit;
use super::group::{Entry, Failure, Group, Outcome, Step, Waiter};
use crate::store::{Commit, Store, StoreError, Verdict};

/// What is let out when a commit's outcome is known. Called once, in the order of submission; it must not wait.
pub(crate) trait Release: Waiter + Send + 'static {
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
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<Entry<Boxed>>,
    closed: bool,
}

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
    ) -> std::io::Result<Self> {
        let immediate = store.is_immediate();
        let shared = Arc::new(Shared {
            store,
            queue: Mutex::default(),
            news: Condvar::new(),
            exit: Exit::new(handle),
            unhealthy: AtomicBool::new(false),
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

    /// Submits a commit; without one, `release` only waits for what was submitted before.
    pub(crate) fn submit(&self, commit: Option<Commit>, release: Boxed) {
        if let Some(mut writer) = self.in_place() {
            let outcome = commit.map_or_else(|| Ok(Verdict::nothing()), |it| writer.commit(it));
            if outcome.is_err() {
                release.fail();
            }
            // What is released may have something to submit.
            drop(writer);
            release.release(outcome);
            return;
        }
        let mut queue = self.shared.queue.lock();
        if queue.closed {
            drop(queue);
            release.fail();
            release.release(Err(Failure::Stopped));
            return;
        }
        self.shared.exit.announce();
        queue.entries.push_back(Entry { commit, release });
        drop(queue);
        self.shared.news.notify_one();
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
    pub(crate) fn commit(&mut self, commit: Commit) -> Outcome {
        self.group.submit(Entry { commit: Some(commit), release: () });
        let mut decided = None;
        self.shared.work(&mut self.group, &mut decided);
        decided.unwrap_or(Err(Failure::Stopped))
    }
}

/// Where what was decided goes.
trait Way<T> {
    fn decide(&mut self, waiter: T, outcome: Outcome);
    /// Nothing else is decided for now.
    fn let_out(&mut self);
}

impl Way<()> for Option<Outcome> {
    fn decide(&mut self, (): (), outcome: Outcome) {
        *self = Some(outcome);
    }

    fn let_out(&mut self) {}
}

/// A batch on its way out.
struct Leaving<'p> {
    decided: Vec<(Boxed, Outcome)>,
    exit: &'p Arc<Exit>,
}

impl Way<Boxed> for Leaving<'_> {
    fn decide(&mut self, waiter: Boxed, outcome: Outcome) {
        self.decided.push((waiter, outcome));
    }

    fn let_out(&mut self) {
        self.exit.let_out(&mut self.decided);
    }
}

impl Shared {
    fn run(&self, mut group: Group<Boxed>) {
        let mut leaving = Leaving { decided: Vec::new(), exit: &self.exit };
        loop {
            let closed = {
                let mut queue = self.queue.lock();
                while queue.entries.is_empty() && !queue.closed {
                    self.news.wait(&mut queue);
                }
                group.submit_all(&mut queue.entries);
                queue.closed
            };
            self.work(&mut group, &mut leaving);
            if closed && self.queue.lock().entries.is_empty() {
                return;
            }
        }
    }

    /// Goes on until nothing waits. If the store cannot be opened again and the system stops, what waits is given up.
    fn work<T: Waiter>(&self, group: &mut Group<T>, way: &mut impl Way<T>) {
        loop {
            let step = group.step(|waiter, outcome| way.decide(waiter, outcome));
            way.let_out();
            match step {
                Step::Wait => return,
                Step::Write { number, commits } => {
                    let outcome = self.store.commit(number, commits);
                    if let Err(error) = &outcome {
                        let cause = std::error::Error::source(error);
                        tracing::error!(%error, ?cause, "a commit failed");
                    }
                    self.unhealthy.store(outcome.is_err(), Ordering::Release);
                    group.written(outcome, |waiter, outcome| way.decide(waiter, outcome));
                }
                Step::Recover => match self.store.recover() {
                    Ok(opened) => {
                        group.recovered(opened.batch, |waiter, outcome| way.decide(waiter, outcome))
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

/// As [`Shared::run`], but every step takes a time that the seed of the simulation decides.
#[cfg(test)]
mod simulated {
    use super::{Arc, Boxed, Group, Shared, Step};
    use crate::simulation::Fate;

    pub(super) async fn run(shared: Arc<Shared>, mut group: Group<Boxed>, fate: Fate) {
        loop {
            group.submit_all(&mut shared.queue.lock().entries);
            let release = |waiter, outcome| shared.release(waiter, outcome);
            match group.step(release) {
                Step::Wait => {
                    if shared.queue.lock().entries.is_empty() {
                        fate.news().notified().await;
                    }
                }
                Step::Write { number, commits } => {
                    fate.pause().await;
                    let outcome = shared.store.commit(number, commits);
                    fate.pause().await;
                    group.written(outcome, release);
                }
                Step::Recover => {
                    fate.pause().await;
                    if let Ok(opened) = shared.store.recover() {
                        group.recovered(opened.batch, release);
                    }
                }
            }
        }
    }
}
