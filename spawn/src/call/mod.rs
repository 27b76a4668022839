//! A call: a builder, and the future of its response.

mod begin;
mod course;
mod link;
mod rare;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use tokio::task::coop;

use self::course::Course;
pub(crate) use self::link::link;
use crate::actor::Actor;
use crate::client::{Origin, Target};
use crate::dispatch::{Handler, Payload, Run};
use crate::error::{Error, ErrorKind, Result};
use crate::flow::Address;
use crate::metadata::Metadata;
use crate::parcel::Parcel;
use crate::runtime::{Job, Source};
use crate::schedule::Due;
use crate::store::CallId;

/// A call of an action, made by a method of a [`Client`](crate::Client).
///
/// It does nothing until it is awaited. Awaiting it gives the response; [`cast`](Call::cast) does not wait for one.
///
/// # Errors
/// What the action returned ([`ErrorKind::Action`]), that it panicked, that it took too long, and the other kinds of [`ErrorKind`].
///
/// # Cancel safety
/// A call that is dropped before it was first polled did nothing. Dropped later, the action runs to its end all the same, or is
/// not run at all if the call still waited for room in a full mailbox.
///
/// # Examples
///
/// ```
/// # use spawn::prelude::*;
/// # use std::time::{Duration, SystemTime};
/// # #[message(name = "calls.Counter")] pub struct Counter { count: i64 }
/// # #[actor] impl Counter { #[action] fn add(&mut self, by: i64) -> i64 { self.count += by; self.count } }
/// # async fn example(system: System) -> spawn::Result<()> {
/// let counter = system.actor::<Counter>();
/// let count = counter.add(2).timeout(Duration::from_secs(1)).metadata("trace", "42").await?;
/// counter.add(1).cast().await?;
/// # Ok(()) }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<A: Actor, P: 'static, R: 'static> {
    /// The payload, and then the response.
    job: Job<A, P, R>,
    course: Course<A>,
}

/// What can be chosen for a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) metadata: Metadata,
    pub(crate) fail_when_full: bool,
    /// Where the call comes from, if not from a caller.
    pub(crate) source: Option<Source>,
}

impl<A: Actor, P: 'static, R: 'static> Call<A, P, R> {
    pub(crate) fn new(
        target: Target<A>,
        handler: &'static Handler<A, P, R>,
        payload: P,
        origin: Option<Arc<Origin>>,
    ) -> Self {
        Self { job: Job::new(handler, payload), course: Course::new(target, origin) }
    }

    pub(crate) fn with(mut self, options: CallOptions) -> Self {
        self.course.set(options);
        self
    }

    /// How long to wait for the response, from the first poll on; the wait for room in a full mailbox counts. The default is the
    /// actor's `ask_timeout`.
    ///
    /// After that the call fails with [`ErrorKind::Timeout`], and may still take effect. A call that is answered at its first poll,
    /// as by an idle actor whose action does not wait, never times out.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.course.timeout = Some(timeout);
        self
    }

    /// Adds a pair of text that travels with the call, see [`Metadata`]. A value that the key had, such as one that was carried
    /// along from another call, is replaced.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.course.extra().metadata.insert(key, value);
        self
    }

    /// Fails with [`ErrorKind::Overloaded`] if the mailbox is full, instead of waiting for room.
    pub fn fail_when_full(mut self) -> Self {
        self.course.fail_when_full = true;
        self
    }

    /// Makes a repeated call harmless: the first response to a call of this action with this key is kept with the state, for a
    /// day, and a later call with the key gets it without running the action again. An error is not kept.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[message(name = "doc_keys.Wallet")] pub struct Wallet { cents: i64 }
    /// # #[actor(name = "doc_wallet")] impl Wallet { #[action] fn add(&mut self, by: i64) -> i64 { self.cents += by; self.cents } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Wallet,)>().start().await?;
    /// let wallet = system.actor::<Wallet>();
    /// assert_eq!(wallet.add(5).idempotency_key("order-7").await?, 5);
    /// // The caller did not get the response, and asks again.
    /// assert_eq!(wallet.add(5).idempotency_key("order-7").await?, 5);
    /// # Ok(()) }
    /// ```
    pub fn idempotency_key(mut self, key: impl Into<Arc<str>>) -> Self {
        self.course.extra().source = Some(Source::Keyed(key.into()));
        self
    }

    /// Does not wait for the response: the future is ready when the actor has the message.
    ///
    /// That the action fails or panics, or that the actor cannot be activated, is logged and is no error of the cast. What keeps the
    /// message from the actor is: there is no such actor, the mailbox is full and the call is not to wait, no room was made before
    /// the timeout, the system has stopped.
    pub fn cast(self) -> Cast<A, P, R> {
        Cast(self)
    }
}

impl<A: Actor, P: Payload, R: 'static> Call<A, P, R> {
    /// What it is, for someone else to make it.
    pub(crate) fn into_parts(mut self) -> (Address, Parcel, CallOptions) {
        let action = self.job.handler().action;
        let payload = self.job.take_payload().map(Payload::into_parcel);
        self.course.into_parts(action, payload)
    }

    /// Makes the call so much later, and does not wait for it: the future is ready when the call is saved, with an id by which it
    /// can be cancelled ([`System::cancel`](crate::System::cancel)). It is made once, whatever crashes meanwhile.
    ///
    /// Made inside an action, it is saved at once, whatever becomes of the action; an [effect](crate::SideEffect) goes with the
    /// action's commit.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] if it could not be saved.
    pub async fn delay(self, delay: Duration) -> Result<CallId> {
        self.schedule(Due::After(delay)).await
    }

    /// As [`delay`](Call::delay), at a time of the calendar; one that is past is at once.
    ///
    /// # Errors
    /// As for [`delay`](Call::delay).
    pub async fn scheduled_to(self, time: SystemTime) -> Result<CallId> {
        self.schedule(Due::At(time)).await
    }

    async fn schedule(mut self, due: Due) -> Result<CallId> {
        let action = self.job.handler().action.to_owned();
        let payload = self.job.take_payload().ok_or_else(polled_again)?.into_parcel();
        self.course.schedule(action, payload, due).await
    }
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> Call<A, P, R> {
    /// Ready with the response, or when it is in the job; or when the actor has the message, if nobody has `asked` for a response.
    ///
    /// The short way of most calls is gone here: a clause that neither waits nor calls anybody, of an idle actor whose state is there
    /// and saved. It is all that is compiled for each type of payload and response.
    #[inline]
    fn poll_job(&mut self, cx: &mut Context<'_>, asked: bool) -> Poll<Result<Option<R>>> {
        let handler = self.job.handler();
        if let Run::Plain(run) = handler.run
            && self.course.is_at_hand()
        {
            let progress = ready!(coop::poll_proceed(cx));
            if let Some(mut claim) = self.course.claim_at_once() {
                progress.made_progress();
                if let Err(error) = claim.make_at_once() {
                    claim.release();
                    return Poll::Ready(Course::<A>::failed(error, asked).map(|()| None));
                }
                let Some(payload) = self.job.take_payload() else {
                    claim.release();
                    return Poll::Ready(Err(polled_again()));
                };
                return match claim.run_free(handler, run, payload) {
                    Ok(response) => {
                        claim.release();
                        Poll::Ready(Ok(Some(response)))
                    }
                    Err(ended) => {
                        let ended = ended.map(|outcome| self.job.finish(outcome));
                        let ended = self.course.conclude(claim, &mut self.job, ended, asked, cx);
                        ended.map_ok(|()| None)
                    }
                };
            }
        }
        self.course.poll(&mut self.job, asked, cx).map_ok(|()| None)
    }
}

/// A future that is polled after it was ready has nothing to give.
fn polled_again() -> Error {
    Error::new(ErrorKind::Stopped, "the call was polled after it had ended")
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> Future for Call<A, P, R> {
    type Output = Result<R>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<R>> {
        let response = ready!(self.poll_job(cx, true))?;
        Poll::Ready(response.or_else(|| self.job.take_response()).ok_or_else(polled_again))
    }
}

// Nothing in it is pinned: the payload is moved out before it is used.
impl<A: Actor, P: 'static, R: 'static> Unpin for Call<A, P, R> {}

impl<A: Actor, P: 'static, R: 'static> fmt::Debug for Call<A, P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({}.{})", A::TABLE.name, self.job.handler().action)
    }
}

/// A call whose response nobody waits for; see [`Call::cast`].
///
/// # Errors
/// That the actor did not get the message, as [`Call::cast`] lists it.
///
/// # Cancel safety
/// As for [`Call`].
#[must_use = "a cast does nothing until it is awaited"]
#[derive(Debug)]
pub struct Cast<A: Actor, P: 'static, R: 'static>(Call<A, P, R>);

impl<A: Actor, P: Send + 'static, R: Send + 'static> Future for Cast<A, P, R> {
    type Output = Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll_job(cx, false).map_ok(drop)
    }
}
