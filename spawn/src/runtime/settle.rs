//! What a run came to: undone, or made into a commit, and let out when that is saved.

use std::cell::RefCell;
use std::mem;
use std::sync::Arc;

use bytes::Bytes;

use super::cell::{ActorClaim, Cell};
use super::job::{AnyJob, ClauseInfo};
use super::onward::Answer;
use super::run::{Ended, Ran, Request, Source, saves_nothing};
use super::unwind::Panic;
use crate::actor::{Actor, ActorId};
use crate::commit::{self, Draft, Outbox, Release, Waiter};
use crate::delivery;
use crate::dispatch::{Durable, Failure, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::flow::{Answered, Flow};
use crate::observe::{self, Watch};
use crate::parcel::Parcel;
use crate::store::{self, ActorWrite, AnswerKey, Commit, Consumed, Cursor, Encoded, Revision};
use crate::system::Env;
use crate::tags::{self, Tags};

/// How long the answer to a call with an idempotency key is kept, in milliseconds: a day.
const ANSWERS_KEPT: u64 = 24 * 60 * 60 * 1_000;

/// The response of a run, and what has to be saved before it may be let out.
pub(super) struct Settled {
    pub(super) response: Result<Answer>,
    pub(super) draft: Option<Box<Draft>>,
}

impl<A: Actor> ActorClaim<A> {
    /// Undoes what a failed run left, or takes what a successful one came to as the state from here on. Most leave a response and
    /// nothing else.
    #[inline]
    pub(super) fn settle(
        &mut self,
        job: &dyn AnyJob<A>,
        clause: ClauseInfo,
        ended: Ended<A>,
        request: &Request,
        watch: Option<&Watch>,
    ) -> Settled {
        if matches!(ended, Ok(None)) && saves_nothing::<A>(clause) && request.source.is_free() {
            return Settled { response: Ok(Answered::Here(())), draft: None };
        }
        self.settle_anyhow(job, clause, ended, request, watch)
    }

    #[inline(never)]
    fn settle_anyhow(
        &mut self,
        job: &dyn AnyJob<A>,
        clause: ClauseInfo,
        ended: Ended<A>,
        request: &Request,
        watch: Option<&Watch>,
    ) -> Settled {
        let error = match ended {
            Ok(left) => match self.try_settle(job, clause, left, request) {
                Ok(settled) => return settled,
                Err(error) => {
                    if clause.mutates {
                        self.undo();
                    }
                    error
                }
            },
            Err(Panic(message)) => {
                self.undo_panic();
                Error::new(ErrorKind::Panic, format!("panicked: {message}"))
            }
        };
        self.failed(error, clause.action, request, watch)
    }

    /// Tells of a run that has failed.
    #[cold]
    #[inline(never)]
    fn failed(
        &self,
        error: Error,
        action: &'static str,
        request: &Request,
        watch: Option<&Watch>,
    ) -> Settled {
        Settled::failed(error, A::TABLE.name, &self.shared().id, action, request, watch)
    }

    fn try_settle(
        &mut self,
        job: &dyn AnyJob<A>,
        clause: ClauseInfo,
        left: Option<Box<Outcome<A, ()>>>,
        request: &Request,
    ) -> Result<Settled> {
        let Outcome { response, state, flow } = left.map_or_else(|| Outcome::done(()), |it| *it);
        let response = response.map_err(Failure::into_error)?;
        let answer = match response {
            Answered::Here(()) => Answered::Here(()),
            Answered::Onward(onward) => {
                Answered::Onward(self.next(clause.action, *onward, request)?)
            }
        };
        let kept = match &request.source {
            Source::Keyed(key) => {
                let response = match &answer {
                    Answered::Here(()) => job.keep()?,
                    Answered::Onward(next) => next.to_parcel()?,
                };
                Some(Box::new(self.answer(clause.action, key, &response)?))
            }
            _ => None,
        };
        let draft = self.leave(clause.mutates, state, flow, request, kept)?;
        Ok(Settled { response: Ok(answer), draft })
    }

    /// Takes what a run has left beside its response.
    fn leave(
        &mut self,
        mutates: bool,
        state: Option<A>,
        mut flow: Option<Box<Flow>>,
        request: &Request,
        answer: Option<Box<store::Answer>>,
    ) -> Result<Option<Box<Draft>>> {
        let may_have_changed = mutates || state.is_some();
        let tags = flow.as_mut().and_then(|flow| flow.tags.take());
        let tags = tags.map(|tags| self.changed_tags(tags)).transpose()?.flatten();
        let outbox = flow.map(|flow| self.outbox(*flow, request)).transpose()?;
        let outbox = outbox.filter(|outbox| !outbox.is_empty());
        if let Some(state) = state {
            *self.state() = Some(state);
        }
        self.draft(may_have_changed, tags, outbox, request, answer)
    }

    fn outbox(&self, flow: Flow, request: &Request) -> Result<Outbox> {
        Outbox::new(self.env(), flow, Some(&self.shared().id), &request.metadata)
    }

    fn answer(&self, action: &'static str, key: &str, response: &Parcel) -> Result<store::Answer> {
        kept_answer(self.env(), self.answer_key(action, key), response)
    }

    pub(super) fn answer_key(&self, action: &str, key: &str) -> AnswerKey {
        answer_key(&self.shared().id, action, key)
    }

    /// Makes a commit of what has to be saved, and takes it as saved from here on: what comes after it builds on it. `None` if
    /// nothing has to be saved and nothing leaves.
    ///
    /// # Errors
    /// If the state is too large.
    fn draft(
        &mut self,
        may_have_changed: bool,
        tags: Option<Arc<Tags>>,
        mut outbox: Option<Outbox>,
        request: &Request,
        answer: Option<Box<store::Answer>>,
    ) -> Result<Option<Box<Draft>>> {
        let state = if const { A::TABLE.state.is_some() }
            && may_have_changed
            && let Some(durable) = &A::TABLE.state
        {
            self.changed_state(durable)?
        } else {
            None
        };
        let cursor = match &request.source {
            Source::Event(event, subscription) => delivery::key(event, *subscription),
            _ => None,
        };
        let mut consumed = match &request.source {
            Source::Stored(id, _) => Some(Consumed::Call(*id)),
            Source::Letter(id, _) => Some(Consumed::DeadLetter(*id)),
            _ => None,
        };
        // A stateless actor's cursor goes with what it publishes, or follows at the end of its turn.
        let cursor = if A::TABLE.state.is_none() {
            if const { A::TABLE.hears() }
                && let Some(cursor) = cursor
            {
                self.body().kept().cursor = Some(cursor);
                if outbox.is_some() && self.shared().instances.router().is_none() {
                    self.body().kept().submitted = Some(cursor);
                    consumed = Some(self::consumed(self.shared().id.to_string(), cursor));
                }
            }
            None
        } else {
            cursor
        };
        // The dispatch of an actor with routes waits for its instances' cursors.
        let is_awaited = cursor.is_some() && self.shared().instances.router().is_some();
        let stays = outbox.is_none()
            && consumed.is_none()
            && tags.is_none()
            && answer.is_none()
            && !is_awaited;
        if stays && state.is_none() && cursor.is_none() {
            return Ok(None);
        }
        if const { A::TABLE.snapshot_timeout.is_some() }
            && let Some(later) = A::TABLE.snapshot_timeout
            && stays
        {
            let kept = self.body().kept();
            kept.cursor = cursor.or(kept.cursor);
            self.defer(later);
            return Ok(None);
        }
        let mut commit = self.new_commit();
        if let Some(outbox) = &mut outbox {
            outbox.write(&mut commit);
        }
        commit.consumed = consumed;
        commit.answer = answer;
        if const { A::TABLE.state.is_some() } {
            let kept = self.body().kept();
            kept.tags = tags.clone().or(kept.tags.take());
            commit.actor = Some(ActorWrite { tags, ..self.write_actor(state, cursor) });
        }
        Ok(Some(Box::new(Draft { commit, outbox })))
    }

    pub(super) fn new_commit(&self) -> Commit {
        self.env().new_commit()
    }

    /// The actor's part of a commit, with what was deferred; the state and cursor are taken as saved from here on.
    pub(super) fn write_actor(
        &mut self,
        state: Option<Encoded>,
        cursor: Option<Cursor>,
    ) -> ActorWrite {
        let actor = self.shared().id.clone();
        let deferred = self.take_deferred();
        let state = state.or(deferred);
        let kept = self.body().kept();
        let expected = kept.revision;
        if state.is_some() {
            kept.revision = Revision(expected.0 + 1);
        }
        kept.cursor = cursor.or(kept.cursor);
        let moved = kept.cursor != kept.submitted;
        kept.submitted = kept.cursor;
        let cursor = kept.cursor.filter(|_| moved);
        ActorWrite { actor, expected, state, keep: A::TABLE.revisions, cursor, tags: None }
    }

    /// The tags, if they are not those that the actor has set before.
    fn changed_tags(&mut self, tags: Tags) -> Result<Option<Arc<Tags>>> {
        if A::TABLE.state.is_none() {
            return Err(has_no_tags());
        }
        tags::check(&tags)?;
        let is_same = self.body().tags().is_some_and(|it| **it == tags);
        Ok((!is_same).then(|| Arc::new(tags)))
    }

    /// The state, encoded, if it is not what was saved last; it counts as saved from here on.
    ///
    /// # Errors
    /// If it is too large.
    fn changed_state(&mut self, durable: &Durable<A>) -> Result<Option<Encoded>> {
        thread_local! {
            static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        let sizes = self.env().sizes;
        let body = self.body();
        let Some(state) = body.state.as_ref() else { return Ok(None) };
        SCRATCH.with_borrow_mut(|scratch| {
            scratch.clear();
            (durable.encode)(state, scratch);
            let kept = body.kept.get_or_insert_default();
            if *scratch == *kept.saved {
                return Ok(None);
            }
            sizes.check_state(scratch.len())?;
            // The memory of the last one, unless its commit is still on its way.
            let bytes = match mem::take(&mut kept.saved).try_into_mut() {
                Ok(mut memory) => {
                    memory.clear();
                    memory.extend_from_slice(scratch);
                    memory.freeze()
                }
                Err(_) => Bytes::copy_from_slice(scratch),
            };
            kept.saved = bytes.clone();
            Ok(Some(Encoded { type_name: (durable.full_name)(), bytes }))
        })
    }

    /// Brings a durable state back to what was saved last. A stateless actor's is left as it is.
    fn undo(&mut self) {
        if const { A::TABLE.state.is_none() } {
            return;
        }
        let Some(durable) = &A::TABLE.state else { return };
        let saved = self.body().kept().saved.clone();
        match (durable.decode)(saved) {
            Ok(state) => *self.state() = Some(state),
            Err(error) => {
                tell_of_undo(&self.shared().id, &error);
                self.drop_state();
            }
        }
    }

    /// Nobody knows how a panic left the state: a durable one is undone, another is made again from the start.
    fn undo_panic(&mut self) {
        if const { A::TABLE.state.is_some() } {
            self.undo();
        } else {
            self.drop_state();
        }
    }

    /// Says whether a response can be let out. A store that never waits is written at once.
    #[inline]
    pub(super) fn conclude(&mut self, settled: Settled) -> Ran {
        let Settled { response, draft } = settled;
        let Some(draft) = draft else {
            // It may rest on what earlier runs left, and that is not saved yet.
            let waits = A::TABLE.state.is_some() && A::TABLE.snapshot_timeout.is_none();
            let rests_on_unsaved = waits && self.shared().has_unsaved();
            return if rests_on_unsaved {
                Ran::Held(response, None)
            } else {
                Ran::Done(response.map(Answer::release))
            };
        };
        match self.write_in_place(draft) {
            Ok(written) => {
                Ran::Done(response.and_then(|response| written.map(|()| Answer::release(response))))
            }
            Err(draft) => Ran::Held(response, Some(draft)),
        }
    }

    /// Writes the commit and lets out what it has, if the store never waits; gives it back if it does.
    fn write_in_place(&self, draft: Box<Draft>) -> std::result::Result<Result<()>, Box<Draft>> {
        let env = self.env();
        let Some(mut writer) = env.pipeline.in_place() else { return Err(draft) };
        let outcome = writer.commit(&draft.commit);
        match &outcome {
            // Under the writer's lock, so that the events are seen in the order of the log.
            Ok(verdict) => {
                if let Some(outbox) = draft.outbox {
                    outbox.let_out(env, *verdict);
                }
            }
            Err(_) if A::TABLE.state.is_some() => self.shared().note_failure(),
            Err(_) => {}
        }
        drop(writer);
        Ok(outcome.map(drop).map_err(|failure| not_saved(failure, &self.shared().id)))
    }

    /// Submits the commit; `then` is called when it is known whether it has taken effect, and so whether everything that this
    /// run rests on has.
    pub(crate) fn hold(
        &self,
        draft: Option<Box<Draft>>,
        then: impl FnOnce(Result<()>) + Send + 'static,
    ) {
        self.submit(draft, A::TABLE.state.is_some(), then);
    }

    /// As [`hold`](Self::hold), for what an event came to: it is not saved if what an earlier event came to could not be, whether the
    /// actor has a state or not.
    pub(super) fn hold_event(
        &self,
        draft: Option<Box<Draft>>,
        then: impl FnOnce(Result<()>) + Send + 'static,
    ) {
        self.submit(draft, true, then);
    }

    fn submit(
        &self,
        draft: Option<Box<Draft>>,
        builds_on_others: bool,
        then: impl FnOnce(Result<()>) + Send + 'static,
    ) {
        let cell = Arc::clone(self.cell());
        cell.begin_saving();
        self.env().pipeline.submit(Box::new(Held { cell, draft, builds_on_others, then }));
    }
}

impl Settled {
    fn failed(
        error: Error,
        actor: &'static str,
        id: &ActorId,
        action: &'static str,
        request: &Request,
        watch: Option<&Watch>,
    ) -> Self {
        let error = error.at(id, action);
        observe::warn_of(&error, &observe::Run { actor, id, action, source: &request.source });
        if let Some(watch) = watch {
            watch.fail(&error);
        }
        Self { response: Err(error), draft: None }
    }
}

impl Failure {
    fn into_error(self) -> Error {
        match self {
            Self::Payload(error) => error,
            Self::Returned(error) => Error::new(ErrorKind::Action, "failed").caused_by(error),
        }
    }
}

fn answer_key(actor: &ActorId, action: &str, key: &str) -> AnswerKey {
    AnswerKey { actor: actor.clone(), action: action.to_owned(), key: key.to_owned() }
}

fn kept_answer(env: &Env, key: AnswerKey, response: &Parcel) -> Result<store::Answer> {
    let at = env.clock.now();
    let response = env
        .sizes
        .check_payload(response.to_encoded()?, || "the response that is kept".to_owned())?;
    Ok(store::Answer { key, response, at, expires: at.saturating_add(ANSWERS_KEPT) })
}

#[cold]
fn tell_of_undo(actor: &ActorId, error: &Error) {
    tracing::error!(%actor, ?error, "a state could not be undone");
}

#[cold]
fn has_no_tags() -> Error {
    let message = "an actor that is `stateful = false` has the tags of its definition only, since others could not be saved";
    Error::new(ErrorKind::InvalidName, message)
}

/// What waits for a commit of an actor.
struct Held<A: Actor, F> {
    cell: Arc<Cell<A>>,
    draft: Option<Box<Draft>>,
    /// Whether it is not to be saved if an earlier one was not, and the later ones if it is not.
    builds_on_others: bool,
    then: F,
}

impl<A: Actor, F> Waiter for Held<A, F> {
    fn is_void(&self) -> bool {
        self.builds_on_others && self.cell.has_failed()
    }

    fn fail(&self) {
        if self.builds_on_others {
            self.cell.note_failure();
        }
    }
}

impl<A: Actor, F: FnOnce(Result<()>) + Send + 'static> Release for Held<A, F> {
    fn commit(&self) -> Option<&Commit> {
        self.draft.as_ref().map(|draft| &draft.commit)
    }

    fn release(self: Box<Self>, outcome: commit::Outcome) {
        let Self { cell, draft, then, .. } = *self;
        let saved = let_out(&cell.instances.env, &cell.id, draft, outcome);
        cell.end_saving();
        then(saved);
    }
}

/// Lets out what was saved.
fn let_out(
    env: &Arc<Env>,
    actor: &ActorId,
    draft: Option<Box<Draft>>,
    outcome: commit::Outcome,
) -> Result<()> {
    match outcome {
        Ok(verdict) => {
            if let Some(outbox) = draft.and_then(|draft| draft.outbox) {
                outbox.let_out(env, verdict);
            }
            Ok(())
        }
        Err(failure) => Err(not_saved(failure, actor)),
    }
}

/// The error that a caller gets, which the log has as well.
#[cold]
fn not_saved(failure: commit::Failure, actor: &ActorId) -> Error {
    let error = failure.into_error(actor);
    if error.kind() != ErrorKind::Stopped {
        tracing::warn!(target: "spawn", %actor, ?error, "a commit was not saved");
    }
    error
}

/// What a subscriber without a state of its own has consumed.
pub(super) fn consumed(subscriber: String, cursor: Cursor) -> Consumed {
    Consumed::Events { subscriber, cursor }
}

impl commit::Failure {
    /// The error that a caller gets.
    pub(crate) fn into_error(self, actor: &ActorId) -> Error {
        match self {
            Self::Stale => Error::new(
                ErrorKind::Stale,
                format!(
                    "{actor} was saved by someone else meanwhile, or an earlier change of it was not saved; it changed nothing"
                ),
            ),
            Self::Gone => Error::new(
                ErrorKind::Stale,
                format!("what {actor} was given had been handled before; it changed nothing"),
            ),
            Self::Store(cause) => Error::new(
                ErrorKind::Storage,
                format!("what {actor} did could not be saved; it changed nothing"),
            )
            .caused_by(cause),
            Self::Stopped => Error::stopped(),
        }
    }
}
