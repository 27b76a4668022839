//! Making an actor ready for a clause: its state in memory, and what the clause would see saved.

use std::pin::Pin;
use std::sync::Arc;

use parking_lot::Mutex;

use super::cell::{ActorClaim, Cell};
use super::job::{ClauseInfo, Job, Work};
use super::run::{Ran, Request, Source, Started};
use super::unwind::{Panic, catch};
use crate::actor::{Actor, ActorId, Kind};
use crate::dispatch::{Durable, Run};
use crate::error::{Error, ErrorKind, Result};
use crate::message::TypeName;
use crate::metadata::Metadata;
use crate::parcel::Parcel;
use crate::store::{Cursor, StoredActor, SubscriptionId};

/// How many commits of an actor may be outstanding before it waits for them.
const MOST_UNSAVED: u32 = 1_024;

impl<A: Actor> ActorClaim<A> {
    /// Makes the actor ready if that takes no waiting; `None` if it does.
    pub(super) fn prepare_in_place(
        &mut self,
        clause: ClauseInfo,
        source: &Source,
    ) -> Option<Result<()>> {
        if self.has_to_wait(clause, source) {
            return None;
        }
        if self.state().is_some() {
            return Some(Ok(()));
        }
        let waits_for_init =
            A::TABLE.init.as_ref().is_some_and(|init| matches!(init.run, Run::Async(_)));
        if waits_for_init || A::TABLE.state.is_some() && !self.loads_in_place() {
            return None;
        }
        let stored = match &A::TABLE.state {
            Some(_) => self.env().store.load(&self.shared().id).map_err(Error::from),
            None => Ok(None),
        };
        self.set_active(true);
        let activated = stored.and_then(|stored| self.begin(stored)).and_then(|()| {
            if const { A::TABLE.init.is_none() } {
                return Ok(());
            }
            let Some(init) = &A::TABLE.init else { return Ok(()) };
            match self.start_work(&mut Work::new(init_request(), Job::new(init, ()))) {
                Started::Settled(settled) => {
                    let ran = self.conclude(settled);
                    self.end_init(ran)
                }
                Started::Waiting(_) => Err(Error::stopped()),
            }
        });
        Some(activated.map_err(|cause| self.not_activated(cause)))
    }

    /// Whether the clause has to wait for commits, whatever the actor's state.
    fn has_to_wait(&self, clause: ClauseInfo, source: &Source) -> bool {
        let shared = self.shared();
        if A::TABLE.state.is_none() {
            return matches!(source, Source::Keyed(_)) || shared.unsaved() >= MOST_UNSAVED;
        }
        let is_unsaved = shared.has_unsaved() || shared.is_deferred();
        let sees_only_saved = clause.is_async && is_unsaved;
        sees_only_saved
            || shared.has_failed()
            || matches!(source, Source::Keyed(_))
            || shared.unsaved() >= MOST_UNSAVED
    }

    /// Whether there is a state, and it is what is saved.
    pub(super) fn is_at_rest(&mut self) -> bool {
        self.shared().is_saved() && self.state().is_some()
    }

    /// The claim of an actor that is no pool, and is idle and at rest; or passive, if [`make_at_once`](Self::make_at_once) is all that it takes.
    pub(crate) fn at_rest(cell: Arc<Cell<A>>) -> std::result::Result<Self, Arc<Cell<A>>> {
        let mut claim = Self::try_soon(cell)?;
        if claim.is_at_rest() || claim.is_made_at_once() {
            claim.shared().set_brief(true);
            return Ok(claim);
        }
        let cell = Arc::clone(claim.cell());
        claim.release();
        Err(cell)
    }

    /// Whether the actor is passive, and activating it is to make a state and nothing else.
    fn is_made_at_once(&mut self) -> bool {
        let is_simple = const { A::TABLE.state.is_none() && A::TABLE.init.is_none() };
        is_simple && self.shared().is_saved() && self.state().is_none()
    }

    /// Makes the state of an actor that [`at_rest`](Self::at_rest) has claimed, if it is passive.
    #[inline]
    pub(crate) fn make_at_once(&mut self) -> Result<()> {
        if self.state().is_some() {
            return Ok(());
        }
        self.set_active(true);
        self.begin(None).map_err(|cause| self.not_activated(cause))
    }

    /// Whether a stored state can be had without waiting, and nothing has to be caught up with.
    fn loads_in_place(&self) -> bool {
        self.env().store.is_immediate() && !self.catches_up()
    }

    /// Handles what it has missed, if there may be something. In a box, since a future that is a part of another one is compiled with
    /// it, whether it is ever made or not.
    fn catching_up(&mut self) -> Option<Pin<Box<dyn Future<Output = Result<()>> + Send + '_>>> {
        if const { A::TABLE.hears() } && self.catches_up() {
            return Some(Box::pin(async {
                self.catch_up().await;
                self.activate().await.map(drop)
            }));
        }
        None
    }

    /// Whether the events that it missed while it was passive come before its next message.
    fn catches_up(&self) -> bool {
        let instances = &self.shared().instances;
        let reads = A::TABLE.kind == Kind::Unnamed && !instances.subscriptions().is_empty();
        reads && instances.router().is_none()
    }

    /// Makes the actor ready. Gives what was kept of the answer instead if the call was answered before.
    pub(super) async fn prepare(
        &mut self,
        clause: ClauseInfo,
        source: Source,
    ) -> Result<Option<Parcel>> {
        let (mut began_again, mut has_waited) = (false, false);
        // A loop, since the future of each `activate` that stands here is compiled and dropped by itself.
        loop {
            began_again |= self.activate().await?;
            if has_waited {
                break;
            }
            if !matches!(source, Source::Event(..))
                && let Some(caught_up) = self.catching_up()
            {
                caught_up.await?;
            }
            if !self.has_to_wait(clause, &source) {
                break;
            }
            self.save_deferred();
            self.shared().all_saved().await;
            has_waited = true;
        }
        if began_again && matches!(source, Source::Event(..)) {
            // The events before this one have to come again first.
            return Err(Error::new(ErrorKind::Stale, "an earlier event was not saved"));
        }
        match &source {
            Source::Keyed(key) => self.answered(clause.action, key).await,
            _ => Ok(None),
        }
    }

    /// The answer that was given to an earlier call with the same key.
    async fn answered(&mut self, action: &'static str, key: &str) -> Result<Option<Parcel>> {
        let key = self.answer_key(action, key);
        let answer = self.env().answer(key).await?;
        Ok(answer.map(|it| Parcel::encoded(&it.type_name, it.bytes)))
    }

    /// Sees to it that the state in memory is what is saved, or builds on it; `true` if it had to begin again since a commit
    /// had failed.
    pub(super) async fn activate(&mut self) -> Result<bool> {
        let failed = self.shared().has_failed();
        if failed {
            self.shared().all_saved().await;
            if self.shared().is_deferred() {
                tell_of_loss(&self.shared().id);
            }
            if A::TABLE.state.is_some() {
                self.drop_state();
            }
            self.shared().forget_failure();
            self.body().kept().cursor = None;
            if !self.shared().instances.subscriptions().is_empty() {
                self.restart_lane();
            }
        }
        if self.state().is_none() {
            self.set_active(true);
            if let Err(cause) = self.load().await {
                return Err(self.not_activated(cause));
            }
        }
        self.load_cursor().await?;
        Ok(failed)
    }

    /// Reads how far an actor is that has no state to keep it with; a call can have activated it without.
    async fn load_cursor(&mut self) -> Result<()> {
        if self.body().cursor().is_some() || !self.reads_events() {
            return Ok(());
        }
        if self.shared().instances.router().is_some() {
            // Without a state there is no place for a cursor: what comes again is handled again.
            self.body().kept().cursor = Some(Cursor::default());
            return Ok(());
        }
        let subscriber = self.shared().id.to_string();
        let cursor = self.env().cursor(subscriber).await?;
        let cursor = Some(cursor.unwrap_or_default());
        let kept = self.body().kept();
        kept.cursor = cursor;
        kept.submitted = cursor;
        Ok(())
    }

    async fn load(&mut self) -> Result<()> {
        let id = self.shared().id.clone();
        let stored = match &A::TABLE.state {
            Some(_) => self.env().load(id).await?,
            None => None,
        };
        let is_new = stored.is_none();
        self.begin(stored)?;
        if self.catches_up() && !is_new {
            self.restart_lane();
        }
        match self.init() {
            Some(initialized) => initialized.await,
            None => Ok(()),
        }
    }

    /// Runs `#[init]`, if there is one. In a box as [`catching_up`](Self::catching_up) is.
    fn init(&mut self) -> Option<Pin<Box<dyn Future<Output = Result<()>> + Send + '_>>> {
        if const { A::TABLE.init.is_none() } {
            return None;
        }
        let init = A::TABLE.init.as_ref()?;
        Some(Box::pin(async move {
            let work = Mutex::new(Work::new(init_request(), Job::new(init, ())));
            let started = self.start_work(&mut *work.lock());
            let settled = match started {
                Started::Settled(settled) => settled,
                Started::Waiting(watch) => self.wait(&work, watch).await,
            };
            let ran = self.conclude(settled);
            self.end_init(ran)
        }))
    }

    /// Whether it has durable subscriptions.
    fn reads_events(&self) -> bool {
        !self.shared().instances.subscriptions().is_empty()
    }

    fn end_init(&mut self, ran: Ran) -> Result<()> {
        match ran {
            Ran::Done(ended) => ended.map(drop),
            Ran::Held(ended, draft) => {
                self.hold(draft, drop);
                ended.map(drop)
            }
            Ran::Suspended(_) => Ok(()),
        }
    }

    /// Takes a stored state, or makes a new one.
    fn begin(&mut self, stored: Option<StoredActor>) -> Result<()> {
        let is_new = stored.is_none();
        let (revision, encoded, cursor, tags) = match stored {
            Some(stored) => (stored.revision, stored.state, stored.cursor, stored.tags),
            None => Default::default(),
        };
        let (state, saved) = match (&A::TABLE.state, encoded) {
            (Some(durable), Some(encoded)) => {
                let state = decode(durable, &encoded.type_name, encoded.bytes.clone());
                let state = state.map_err(|cause| {
                    let message = format!(
                        "revision {revision} of {}, a {}, cannot be read",
                        self.shared().id,
                        encoded.type_name
                    );
                    Error::new(ErrorKind::Decode, message).caused_by(cause)
                })?;
                (state, encoded.bytes)
            }
            (Some(durable), None) => {
                let state = self.make()?;
                let mut saved = Vec::new();
                (durable.encode)(&state, &mut saved);
                (state, saved.into())
            }
            (None, _) => (self.make()?, bytes::Bytes::new()),
        };
        let head = self.env().channels.head();
        let is_routed = self.shared().instances.router().is_some();
        if let Some(meters) = &self.shared().instances.meters {
            meters.activations.increment(1);
        }
        let body = self.body();
        body.state = Some(state);
        if A::TABLE.state.is_some() {
            let kept = body.kept();
            kept.revision = revision;
            kept.saved = saved;
            kept.tags = tags;
            // An instance that begins to exist gets the events from here on.
            let from_now = is_new && A::TABLE.kind == Kind::Unnamed && !is_routed;
            let now = Cursor { position: head, subscription: SubscriptionId(u64::MAX) };
            kept.cursor = Some(if from_now { now } else { cursor.unwrap_or_default() });
            kept.submitted = if from_now { None } else { kept.cursor };
        }
        self.run_timers();
        Ok(())
    }

    fn make(&self) -> Result<A> {
        let id = &self.shared().id;
        catch(|| self.shared().instances.make(id)).map_err(|panic| not_made(id, &panic))
    }

    fn not_activated(&mut self, cause: Error) -> Error {
        self.drop_state();
        not_activated(&self.shared().id, cause)
    }

    /// Forgets the state; the next message activates the actor again.
    pub(super) fn drop_state(&mut self) {
        let state = self.take_state();
        if let Err(Panic(message)) = catch(|| drop(state)) {
            tell_of_drop(&self.shared().id, &message);
        }
        self.body().forget_saved();
        self.shared().set_timers(None);
        self.shared().set_deferred(false);
        self.set_active(false);
    }
}

// What is said of an actor is compiled once, and not for each of them.

#[cold]
fn tell_of_loss(actor: &ActorId) {
    tracing::error!(%actor, "what it did since it was saved last is lost");
}

#[cold]
fn tell_of_drop(actor: &ActorId, panic: &str) {
    tracing::error!(%actor, panic, "dropping its state panicked");
}

#[cold]
fn not_made(actor: &ActorId, panic: &Panic) -> Error {
    let message = format!("making the state of {actor} panicked: {}", panic.0);
    Error::new(ErrorKind::Activation, message)
}

#[cold]
fn not_activated(actor: &ActorId, cause: Error) -> Error {
    let message = format!("{actor} could not be activated");
    Error::new(ErrorKind::Activation, message).caused_by(cause)
}

fn init_request() -> Request {
    Request { origin: None, metadata: Metadata::new(), source: Source::Call }
}

fn decode<A: Actor>(durable: &Durable<A>, type_name: &str, bytes: bytes::Bytes) -> Result<A> {
    if durable.type_name != TypeName::parse(type_name) {
        let message = format!(
            "the state of {} is a {}; it was saved as a {type_name}",
            A::TABLE.name,
            durable.type_name
        );
        return Err(Error::new(ErrorKind::Decode, message));
    }
    (durable.decode)(bytes)
}
