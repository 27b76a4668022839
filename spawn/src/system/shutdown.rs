//! The end of a system.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::{System, SystemBuilder};
use crate::actor::ActorId;
use crate::error::{Error, ErrorKind, Result};
use crate::runtime::inside;

/// How long a shutdown may take that a signal asks for, unless the builder says otherwise: less than the 30 seconds after which those
/// who run containers kill.
pub(super) const TIMEOUT: Duration = Duration::from_secs(25);

/// How long the store may take to be closed, after the deadline: what was acknowledged before is being written.
const CLOSING: Duration = Duration::from_secs(5);

/// What became of a shutdown that had a deadline; from [`System::shutdown_within`].
///
/// `Display` says it for people: one line, and one for each that did not finish.
#[derive(Clone, Debug)]
pub struct Shutdown {
    took: Duration,
    unfinished: Vec<Unfinished>,
    is_closed: bool,
}

/// Somebody who had not finished at the deadline of a shutdown.
#[derive(Clone, Debug)]
pub struct Unfinished {
    name: String,
    actor: Option<ActorId>,
    action: Option<&'static str>,
    running: Option<Duration>,
    waiting: usize,
}

impl Shutdown {
    /// How long it took.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// Whether everything finished, and the store was closed.
    pub fn is_complete(&self) -> bool {
        self.unfinished.is_empty() && self.is_closed
    }

    /// Who had not finished at the deadline. What they do afterwards is not saved, and whoever waits for it is told.
    pub fn unfinished(&self) -> &[Unfinished] {
        &self.unfinished
    }

    /// Whether the store was closed in order. If not, the disk did not answer for five seconds after the deadline; what was
    /// acknowledged is saved all the same.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }
}

impl Unfinished {
    /// An actor that has not finished.
    pub(crate) fn actor_of(
        id: &ActorId,
        running: Option<(Option<&'static str>, Option<Duration>)>,
        waiting: usize,
    ) -> Self {
        let (action, running) = running.unwrap_or_default();
        Self { name: id.to_string(), actor: Some(id.clone()), action, running, waiting }
    }

    fn external(name: &str) -> Self {
        Self { name: name.to_owned(), actor: None, action: None, running: None, waiting: 0 }
    }

    /// The id of the actor, or the name of the external subscriber: its own, or that of its type.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The actor; `None` for an external subscriber.
    pub fn actor(&self) -> Option<&ActorId> {
        self.actor.as_ref()
    }

    /// The action that runs. One that holds on to its thread, since it is no `async` action or has not come to its first `.await`, is
    /// known only where somebody watches: a recorder of metrics, or a subscriber that wants the spans. Others are not noted, and this is
    /// `None`, as it is of an actor that waits for the store.
    pub fn action(&self) -> Option<&str> {
        self.action
    }

    /// How long the action had been running, if it has come to its first `.await`.
    pub fn running_for(&self) -> Option<Duration> {
        self.running
    }

    /// How many calls waited for the actor, and were not made. Their callers are told that the system has stopped.
    pub fn waiting(&self) -> usize {
        self.waiting
    }
}

impl fmt::Display for Shutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { took, unfinished, is_closed } = self;
        write!(f, "ended in {took:.1?}")?;
        if !is_closed {
            f.write_str("; the store could not be closed")?;
        }
        if !unfinished.is_empty() {
            write!(f, "; {} did not finish:", unfinished.len())?;
        }
        unfinished.iter().try_for_each(|it| write!(f, "\n  {it}"))
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.action {
            Some(action) => write!(f, "`{action}` of {}", self.name)?,
            None => f.write_str(&self.name)?,
        }
        if let Some(running) = self.running {
            write!(f, ", for {running:.1?}")?;
        }
        match self.waiting {
            0 => Ok(()),
            1 => f.write_str(", 1 call waits"),
            more => write!(f, ", {more} calls wait"),
        }
    }
}

impl SystemBuilder {
    /// How long the shutdown may take that [`System::run_until_signal`] begins; 25 seconds without it, less than the 30 after which
    /// those who run containers kill.
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.shutdown_timeout = timeout;
        self
    }
}

impl System {
    /// Stops the system in order: refuses calls from outside, waits until no message is in flight, ends the streams, forgets
    /// the actors. Calls that actions make are answered until then.
    ///
    /// It waits without a limit: for an action that never ends, for ever. [`shutdown_within`](System::shutdown_within) has one.
    ///
    /// An action cannot wait for it, since it waits for the action, and neither can an external subscriber. An action that is to end
    /// the system leaves that to a task: `tokio::spawn(ctx.system().shutdown())`, which ends it when the action has ended.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`] if it had stopped before; [`ErrorKind::Deadlock`] if an action or an external subscriber awaits it, and
    /// then the system goes on.
    ///
    /// # Cancel safety
    /// A shutdown that is dropped leaves a system that refuses calls.
    pub async fn shutdown(self) -> Result<()> {
        self.begin_shutdown()?;
        self.settled().await;
        self.close().await
    }

    /// As [`shutdown`](System::shutdown), but waits no longer than `deadline`, and says who has not finished by then. It may take up to five
    /// seconds more if the store is slow to close.
    ///
    /// From its first poll on, calls from outside fail with [`ErrorKind::Stopped`], and timers do not tick. Actions that run
    /// finish, with the calls that they make; so do calls and effects that are due, and events that wait in memory. What is saved
    /// later (`snapshot_timeout`) is saved, streams end, and external subscribers get no more events. After the deadline whatever is left is
    /// cut off: an action that goes on has no effect, its caller is told, and an event or a call that was not handled is handled
    /// after the next start.
    ///
    /// A synchronous action that never returns keeps its thread, and a Tokio runtime waits for its threads when it is dropped, as
    /// at the end of `main`: end with `std::process::exit` where that can happen.
    ///
    /// # Errors
    /// As for [`shutdown`](System::shutdown).
    ///
    /// # Cancel safety
    /// As for [`shutdown`](System::shutdown).
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Default)] pub struct Oven;
    /// #[actor(stateful = false, name = "doc_oven")]
    /// impl Oven {
    ///     #[action]
    ///     async fn bake(&self) {
    ///         std::future::pending::<()>().await;
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Oven,)>().start().await?;
    /// system.actor::<Oven>().bake().cast().await?;
    /// let report = system.shutdown_within(Duration::from_millis(100)).await?;
    /// assert_eq!(report.unfinished()[0].action(), Some("bake"));
    /// println!("{report}");
    /// # Ok(()) }
    /// ```
    pub async fn shutdown_within(self, deadline: Duration) -> Result<Shutdown> {
        self.begin_shutdown()?;
        let began = Instant::now();
        // One that nobody lives to see.
        let never = Duration::from_hours(30 * 365 * 24);
        let settled = timeout_at(began + deadline.min(never), self.settled()).await;
        let unfinished = if settled.is_ok() { Vec::new() } else { self.unfinished() };
        let left = deadline.saturating_sub(began.elapsed());
        let is_closed = match timeout(left.min(never) + CLOSING, self.close()).await {
            Ok(closed) => closed.map(|()| true)?,
            Err(_) => false,
        };
        let report = Shutdown { took: began.elapsed(), unfinished, is_closed };
        if report.is_complete() {
            tracing::info!(system = self.name(), "{report}");
        } else {
            tracing::warn!(system = self.name(), "{report}");
        }
        Ok(report)
    }

    /// That it ended before it was asked to.
    #[cfg(feature = "signal")]
    pub(super) fn nothing_left() -> Shutdown {
        Shutdown { took: Duration::ZERO, unfinished: Vec::new(), is_closed: true }
    }

    fn begin_shutdown(&self) -> Result<()> {
        let core = self.core()?;
        if inside::is_inside(&core.env) {
            let message = "the shutdown waits for the action that awaits it; leave it to a task: \
                           `tokio::spawn(system.shutdown())`";
            return Err(Error::new(ErrorKind::Deadlock, message));
        }
        if core.env.stop() { Ok(()) } else { Err(Error::stopped()) }
    }

    async fn close(&self) -> Result<()> {
        let core = self.core()?;
        if core.env.store.is_immediate() {
            core.close();
            return Ok(());
        }
        // The last commits wait for the disk, and so does the store.
        let (core, handle) = (Arc::clone(core), core.env.handle.clone());
        let closed = handle.spawn_blocking(move || core.close()).await;
        closed.map_err(|_| Error::new(ErrorKind::Storage, "closing the store panicked"))
    }

    /// Who works, or has something waiting.
    fn unfinished(&self) -> Vec<Unfinished> {
        let Ok(core) = self.core() else { return Vec::new() };
        let mut all = Vec::new();
        core.instances().for_each(|instances| instances.unfinished(&mut all));
        let externals = core.env.externals.lock();
        all.extend(
            externals.iter().filter(|it| it.is_in_hand()).map(|it| Unfinished::external(it.name())),
        );
        let readers = core.env.readers.lock();
        let busy = readers.iter().filter(|reader| reader.is_in_hand());
        all.extend(busy.map(|reader| Unfinished::external(reader.name())));
        all
    }
}
