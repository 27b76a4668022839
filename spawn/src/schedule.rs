//! Calls that wait in the store: effects, and calls for a later time.

use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::actor::ActorId;
use crate::clock;
use crate::dead_letter;
use crate::error::{Error, ErrorKind, Result};
use crate::metadata::Metadata;
use crate::parcel::Parcel;
use crate::retry::Retry;
use crate::runtime::Source;
use crate::store::{CallId, CallRow, Consumed, NewCall};
use crate::system::{Core, Env, System};

/// When a call is to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Due {
    Now,
    After(Duration),
    At(SystemTime),
}

impl Due {
    /// As it is stored.
    pub(crate) fn at(self, now: u64) -> u64 {
        match self {
            Self::Now => NewCall::AT_ONCE,
            Self::After(delay) => now.saturating_add(clock::millis(delay)),
            Self::At(time) => {
                clock::millis(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
            }
        }
    }
}

/// The calls of a system that wait, by when they are due. What they are is in the store.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    waiting: Mutex<Waiting>,
    news: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    due: BTreeSet<(u64, CallId)>,
    /// Calls that are being made.
    running: usize,
    /// How many of these were begun a moment ago.
    begun: usize,
}

impl Schedule {
    pub(crate) fn add(&self, due: u64, id: CallId) {
        self.waiting.lock().due.insert((due, id));
        self.news.notify_one();
    }

    /// Lets the runner look around.
    pub(crate) fn wake(&self) {
        self.news.notify_one();
    }

    /// Whether no call is due or being made.
    pub(crate) fn is_idle(&self, now: u64) -> bool {
        let waiting = self.waiting.lock();
        waiting.running == 0 && waiting.due.first().is_none_or(|(due, _)| *due > now)
    }

    /// Takes a call that is due, or says when the next one is.
    fn take(&self, now: u64) -> Result<CallId, Option<u64>> {
        let mut waiting = self.waiting.lock();
        match waiting.due.first().copied() {
            Some((due, _)) if due <= now && waiting.begun >= MOST_BEGUN => Err(None),
            Some((due, id)) if due <= now => {
                waiting.due.pop_first();
                waiting.running += 1;
                waiting.begun += 1;
                Ok(id)
            }
            next => Err(next.map(|(due, _)| due)),
        }
    }

    /// A call has ended, or takes long.
    fn no_longer_new(&self) {
        self.waiting.lock().begun -= 1;
        self.news.notify_one();
    }

    fn done(&self) {
        self.waiting.lock().running -= 1;
    }
}

/// How many calls are begun at once. One that takes long makes room for others, so that an actor which does not answer holds up nobody
/// else's calls: how many wait for it, its mailbox bounds.
const MOST_BEGUN: usize = 1_024;

/// What is long.
const LONG: Duration = Duration::from_secs(1);

/// How many calls are read at once when a system starts.
const PAGE: usize = 1_024;

/// How long to wait before a call is made again that failed for a reason which is not its own.
const PAUSE: u64 = 1_000;

/// Takes over the calls that wait in the store.
pub(crate) async fn load(env: &Env) -> Result<()> {
    let mut after = CallId::default();
    loop {
        let rows = env.read(move |store| store.calls(after, PAGE)).await?;
        for row in &rows {
            env.schedule.add(due(row, env.clock.now()), row.id);
        }
        match rows.last() {
            Some(last) if rows.len() == PAGE => after = last.id,
            _ => return Ok(()),
        }
    }
}

/// When a call is due, that an earlier run has left.
///
/// The pause before another attempt is no longer for a clock that was set back.
fn due(row: &CallRow, now: u64) -> u64 {
    match row.attempts {
        0 => row.call.due,
        attempts => row.call.due.min(now + clock::millis(Retry::DEFAULT.backoff.delay(attempts))),
    }
}

/// Makes the calls that are due, until the system is gone.
pub(crate) async fn run(core: Weak<Core>, env: Arc<Env>) {
    while !env.is_closed() {
        match env.schedule.take(env.clock.now()) {
            Ok(id) => {
                let Some(core) = core.upgrade() else { return };
                env.handle.spawn(async move {
                    let env = Arc::clone(&core.env);
                    let mut made = Box::pin(make(core, id));
                    let soon = tokio::time::timeout(LONG, &mut made).await;
                    env.schedule.no_longer_new();
                    if soon.is_err() {
                        made.await;
                    }
                    env.schedule.done();
                });
            }
            Err(next) => {
                let news = env.schedule.news.notified();
                match next {
                    Some(due) => {
                        let _elapsed = tokio::time::timeout_at(env.clock.instant(due), news).await;
                    }
                    None => news.await,
                }
            }
        }
    }
}

/// Makes the call, and sees to what becomes of it.
async fn make(core: Arc<Core>, id: CallId) {
    let env = Arc::clone(&core.env);
    let row = match env.read(move |store| store.call(id)).await {
        Ok(Some(row)) => row,
        // It was cancelled.
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(%id, ?error, "a call that is due has to wait");
            return env.schedule.add(env.clock.now() + PAUSE, id);
        }
    };
    let system = System::from_core(Some(core));
    let CallRow { attempts, call, .. } = row.clone();
    let payload = Parcel::encoded(&call.payload.type_name, call.payload.bytes);
    let (actor, reference) = match call.target.instance() {
        Some(instance) => (instance, Some(call.target.name())),
        None => (call.target.name(), None),
    };
    let mut invocation = system.invoke(actor, &call.action, payload);
    if let Some(reference) = reference {
        invocation = invocation.reference(reference);
    }
    let source = Source::Stored(id, attempts + 1);
    let made = invocation.stored(source, call.caller, call.metadata).await;
    let Err(error) = made else { return };
    if is_not_its_own(&error) {
        if error.kind() != ErrorKind::Stopped {
            env.schedule.add(env.clock.now() + PAUSE, id);
        }
        return;
    }
    failed(&env, row, attempts + 1, &error).await;
}

/// Postpones the call, or puts it among the dead letters.
async fn failed(env: &Arc<Env>, row: CallRow, attempts: u32, error: &Error) {
    let id = row.id;
    let mut commit = env.new_commit();
    let retry = Retry::DEFAULT;
    let mut again = None;
    let mut outbox = None;
    if error.is_worth_trying() && attempts < retry.attempts {
        let due = commit.at.saturating_add(clock::millis(retry.backoff.delay(attempts)));
        commit.consumed = Some(Consumed::Postponed { call: id, due, attempts });
        again = Some(due);
        tracing::warn!(%id, attempts, ?error, "a call is made again");
        if let Some(meters) = &env.meters
            && let Some(subscriber) = meters.subscriber(row.call.target.as_str())
        {
            subscriber.retries.increment(1);
        }
    } else {
        tracing::error!(%id, attempts, ?error, "a call is given up");
        let letter = dead_letter::of_call(row.call, error, attempts, commit.at);
        outbox = dead_letter::announcement(env, &letter, None);
        if let Some(outbox) = &mut outbox {
            outbox.write(&mut commit);
        }
        commit.consumed = Some(Consumed::Call(id));
        commit.dead_letter = Some(Box::new(letter));
    }
    match env.save(Some(commit), outbox).await {
        Ok(_) => {
            if let Some(due) = again {
                env.schedule.add(due, id);
            }
        }
        Err(error) if error.kind() == ErrorKind::Storage => {
            env.schedule.add(env.clock.now() + PAUSE, id);
        }
        // It was cancelled meanwhile, or the system stops.
        Err(_) => {}
    }
}

/// Whether the call had no part in it: it is made again without being counted.
pub(crate) fn is_not_its_own(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Storage
            | ErrorKind::Stale
            | ErrorKind::Activation
            | ErrorKind::Stopped
            | ErrorKind::Overloaded
    )
}

/// Saves a call for later.
pub(crate) async fn submit(
    system: &System,
    target: ActorId,
    action: String,
    payload: Parcel,
    due: Due,
    caller: Option<ActorId>,
    metadata: Metadata,
) -> Result<CallId> {
    let env = &system.core()?.env;
    if env.is_stopping() && caller.is_none() {
        return Err(Error::stopped());
    }
    let mut commit = env.new_commit();
    let due = due.at(commit.at);
    let what = || "its payload".to_owned();
    let payload = payload.to_encoded().and_then(|it| env.sizes.check_payload(it, what));
    let payload = payload.map_err(|error| error.at(&target, action.clone()))?;
    commit.calls.push(NewCall { due, target, action, payload, caller, metadata });
    match env.save(Some(commit), None).await? {
        crate::store::Verdict::Committed { first_call, .. } => {
            env.schedule.add(due, first_call);
            Ok(first_call)
        }
        _ => Err(Error::stopped()),
    }
}
