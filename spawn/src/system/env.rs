//! What the actors of a system share.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};

use super::resources::Resources;
use crate::actor::ActorId;
use crate::channel::registry::Channels;
use crate::channel::rules::Rules;
use crate::clock::Clock;
use crate::commit::Pipeline;
use crate::error::{Error, ErrorKind, Result};
use crate::observe::Meters;
use crate::reader::Reader;
use crate::runtime::{Patience, Waits};
use crate::schedule::Schedule;
use crate::size::Sizes;
use crate::store::{AnswerKey, Cursor, Encoded, Opened, Store, StoreError, StoredActor};
use crate::stream::EventQueue;

/// How many read from the store at once. A thousand actors that are activated together would otherwise read on a thousand threads,
/// each with a connection of its own.
const READS: usize = 8;

/// What every actor of a system can reach.
pub(crate) struct Env {
    pub(crate) name: String,
    pub(crate) handle: Handle,
    pub(crate) clock: Clock,
    pub(crate) channels: Channels,
    /// Which channels are durable.
    pub(crate) rules: Rules,
    pub(crate) resources: Resources,
    /// How large what is saved may be.
    pub(crate) sizes: Sizes,
    /// How long a shutdown may take that nobody gives a deadline.
    #[cfg_attr(
        not(feature = "signal"),
        expect(dead_code, reason = "for ends that a signal asks for")
    )]
    pub(super) shutdown_timeout: Duration,
    pub(crate) store: Arc<dyn Store>,
    /// The right to read from a store that may wait.
    reads: Arc<Semaphore>,
    /// What the store said when it was opened.
    pub(crate) opened: Opened,
    pub(crate) pipeline: Pipeline,
    pub(crate) schedule: Schedule,
    /// The queues of the external subscribers.
    pub(crate) externals: Mutex<Vec<Arc<EventQueue>>>,
    /// What waits for the external subscribers with a name.
    pub(crate) readers: Mutex<Vec<Arc<Reader>>>,
    /// Which actions wait for which actors.
    pub(crate) waits: Mutex<Waits<ActorId>>,
    /// Calls that wait and have no timer yet.
    pub(crate) patience: Patience,
    /// Calls that were left to the runtime.
    pub(crate) left: Left,
    /// There if somebody records metrics.
    pub(crate) meters: Option<Arc<Meters>>,
    /// [`STOPPING`] and [`METERED`]; nothing of it in most calls.
    unusual: AtomicU8,
    closed: AtomicBool,
    /// Told when nothing is left.
    pub(super) ended: Notify,
}

/// Reads something, if it is there. In a box, since a future is compiled into every one that waits for it, and those are compiled
/// again for each actor.
pub(crate) type Reading<'e, T> = Pin<Box<dyn Future<Output = Result<Option<T>>> + Send + 'e>>;

/// Calls from outside are refused.
const STOPPING: u8 = 1;

/// Actions are counted and measured.
const METERED: u8 = 2;

/// What a system was told when it was put together.
pub(super) struct Settings {
    pub(super) name: String,
    pub(super) resources: Resources,
    pub(super) rules: Rules,
    pub(super) sizes: Sizes,
    pub(super) shutdown_timeout: Duration,
}

impl Env {
    pub(super) fn new(
        settings: Settings,
        store: Arc<dyn Store>,
        opened: Opened,
        meters: Option<Arc<Meters>>,
    ) -> Result<Self> {
        let Settings { name, resources, rules, sizes, shutdown_timeout } = settings;
        let handle = Handle::current();
        let pipeline =
            Pipeline::new(Arc::clone(&store), opened.batch, &name, handle.clone(), meters.clone());
        let pipeline = pipeline.map_err(|cause| {
            Error::new(ErrorKind::Storage, "the thread of the commit pipeline could not be started")
                .caused_by(cause)
        })?;
        Ok(Self {
            name,
            handle,
            clock: Clock::new(),
            channels: Channels::new(opened.head),
            rules,
            resources,
            sizes,
            shutdown_timeout,
            store,
            reads: Arc::new(Semaphore::new(READS)),
            opened,
            pipeline,
            schedule: Schedule::default(),
            externals: Mutex::default(),
            readers: Mutex::default(),
            waits: Mutex::default(),
            patience: Patience::default(),
            left: Left::default(),
            unusual: AtomicU8::new(if meters.is_some() { METERED } else { 0 }),
            meters,
            closed: AtomicBool::new(false),
            ended: Notify::new(),
        })
    }

    /// Reads from the store, in place if that never waits.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        if self.store.is_immediate() {
            return read(&*self.store).map_err(Error::from);
        }
        #[cfg(test)]
        if let Some(fate) = self.store.simulated() {
            fate.pause().await;
            let read = read(&*self.store).map_err(Error::from);
            fate.pause().await;
            return read;
        }
        // Cannot fail: it is never closed.
        let right = Arc::clone(&self.reads).acquire_owned().await;
        let store = Arc::clone(&self.store);
        match self
            .handle
            .spawn_blocking(move || {
                let _right = right;
                read(&*store)
            })
            .await
        {
            Ok(outcome) => outcome.map_err(Error::from),
            Err(_) => Err(Error::stopped()),
        }
    }

    /// What is stored of an actor.
    pub(crate) fn load(&self, id: ActorId) -> Reading<'_, StoredActor> {
        Box::pin(self.read(move |store| store.load(&id)))
    }

    /// How far a subscriber is.
    pub(crate) fn cursor(&self, subscriber: String) -> Reading<'_, Cursor> {
        Box::pin(self.read(move |store| store.cursor(&subscriber)))
    }

    /// The answer that is kept under a key.
    pub(crate) fn answer(&self, key: AnswerKey) -> Reading<'_, Encoded> {
        let now = self.clock.now();
        Box::pin(self.read(move |store| store.answer(&key, now)))
    }

    /// Runs a task on the system's runtime.
    ///
    /// In a box, so that all tasks are of one type: a type of task is some forty functions of the runtime, which would be compiled
    /// again for each actor of a program.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.spawn_boxed(Box::pin(task));
    }

    fn spawn_boxed(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>) {
        self.handle.spawn(task);
    }

    /// Whether this thread is one of the system's own runtime.
    #[inline]
    pub(crate) fn is_home(&self) -> bool {
        Handle::try_current().is_ok_and(|current| current.id() == self.handle.id())
    }

    /// Whether calls from outside are refused.
    #[inline]
    pub(crate) fn is_stopping(&self) -> bool {
        self.unusual.load(Ordering::Acquire) & STOPPING != 0
    }

    /// Whether nothing has to be done in a call but the action itself, as far as the system says.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.unusual.load(Ordering::Acquire) == 0
    }

    /// Whether nothing is left of the system.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Nothing is left.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.schedule.wake();
        self.pipeline.close();
        self.store.close();
        self.ended.notify_waiters();
    }

    /// Refuses calls from outside; `true` if nobody did before.
    pub(crate) fn stop(&self) -> bool {
        self.unusual.fetch_or(STOPPING, Ordering::AcqRel) & STOPPING == 0
    }
}

/// How many calls are made that nobody waits for, and that no mailbox has yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Left(Arc<()>);

impl Left {
    /// One more, until what is returned is dropped.
    pub(crate) fn begin(&self) -> Self {
        self.clone()
    }

    pub(crate) fn count(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }
}
