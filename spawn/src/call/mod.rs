//! A call: a builder, and the future of its response.

mod begin;
mod link;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use tokio::task::coop;
use tokio::time::{Instant, Sleep};

use self::begin::{Begun, at_once, begin};
pub(crate) use self::link::link;
use crate::actor::Actor;
use crate::client::{Origin, Target};
use crate::dispatch::{Handler, Payload, Run};
use crate::error::{Error, ErrorKind, Result};
use crate::flow::{Address, Answered};
use crate::metadata::Metadata;
use crate::observe;
use crate::parcel::Parcel;
use crate::runtime::{self, Answer, AskSheet, Cell, Chain, Patience, Request, Room, Source, Wait};
use crate::schedule::{self, Due};
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
    handler: &'static Handler<A, P, R>,
    options: CallOptions,
    stage: Stage<A, P, R>,
    /// Set when the first poll did not finish.
    deadline: Deadline,
}

/// When a call times out.
enum Deadline {
    /// It has not waited yet.
    Unset,
    /// Then; it is reminded to set a timer if it waits for long.
    Noted(Instant),
    Timer(Pin<Box<Sleep>>),
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

enum Stage<A: Actor, P: 'static, R: 'static> {
    /// Not tried yet.
    New { target: Target<A>, payload: P, origin: Option<Arc<Origin>> },
    /// The mailbox is full.
    Full(Box<Full<A, P>>),
    /// The actor has it.
    Asked { cell: Arc<Cell<A>>, sheet: Arc<AskSheet<A, P, R>> },
    /// Another actor is to answer.
    Onward(Box<Chain>),
    /// The response was given out, or is being worked for.
    Done,
}

/// A call that waits for room in a mailbox.
struct Full<A: Actor, P> {
    cell: Arc<Cell<A>>,
    /// There from when it begins to wait.
    room: Option<Room>,
    request: Request<P>,
    wait: Option<Wait>,
}

impl<A: Actor, P: 'static, R: 'static> Stage<A, P, R> {
    /// The actor, if it was found and has not answered yet.
    fn cell(&self) -> Option<&Cell<A>> {
        match self {
            Self::Full(full) => Some(&full.cell),
            Self::Asked { cell, .. } => Some(cell),
            Self::New { .. } | Self::Onward(_) | Self::Done => None,
        }
    }
}

impl<A: Actor, P: 'static, R: 'static> Call<A, P, R> {
    pub(crate) fn new(
        target: Target<A>,
        handler: &'static Handler<A, P, R>,
        payload: P,
        origin: Option<Arc<Origin>>,
    ) -> Self {
        let metadata = origin.as_ref().map(|origin| origin.metadata.clone()).unwrap_or_default();
        let options = CallOptions { metadata, ..CallOptions::default() };
        Self {
            handler,
            options,
            stage: Stage::New { target, payload, origin },
            deadline: Deadline::Unset,
        }
    }

    pub(crate) fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// How long to wait for the response, from the first poll on; the wait for room in a full mailbox counts. The default is the
    /// actor's `ask_timeout`.
    ///
    /// After that the call fails with [`ErrorKind::Timeout`], and may still take effect. A call that is answered at its first poll,
    /// as by an idle actor whose action does not wait, never times out.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Adds a pair of text that travels with the call, see [`Metadata`]. A value that the key had, such as one that was carried
    /// along from another call, is replaced.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.metadata.insert(key, value);
        self
    }

    /// Fails with [`ErrorKind::Overloaded`] if the mailbox is full, instead of waiting for room.
    pub fn fail_when_full(mut self) -> Self {
        self.options.fail_when_full = true;
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
        self.options.source = Some(Source::Keyed(key.into()));
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
        let options = std::mem::take(&mut self.options);
        let action = self.handler.action;
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::New { target, payload, .. } => {
                (Address::of(target, action), payload.into_parcel(), options)
            }
            // One that was polled is not moved: it is borrowed by whoever polls it.
            _ => (Address::of::<A>(Err(polled_again().into()), action), Parcel::new(()), options),
        }
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
        let Stage::New { target, payload, origin } =
            std::mem::replace(&mut self.stage, Stage::Done)
        else {
            return Err(polled_again());
        };
        let cell = target?;
        let system = cell.instances.system();
        observe::carry(&mut self.options.metadata, origin.as_deref());
        let caller = origin.map(|origin| origin.caller.clone());
        let metadata = std::mem::take(&mut self.options.metadata);
        let (action, payload) = (self.handler.action.to_owned(), payload.into_parcel());
        schedule::submit(&system, cell.id.clone(), action, payload, due, caller, metadata).await
    }
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> Call<A, P, R> {
    /// Gives the message to the actor, as soon as there is room; `asked` says whether a response is wanted.
    #[inline]
    fn poll_begin(&mut self, cx: &mut Context<'_>, asked: bool) -> Poll<Begun<A, P, R>> {
        if let (Stage::New { target: Ok(cell), .. }, Run::Plain(run), None) =
            (&self.stage, self.handler.run, &self.options.source)
            && cell.is_at_hand()
        {
            let progress = ready!(coop::poll_proceed(cx));
            let stage = std::mem::replace(&mut self.stage, Stage::Done);
            if let Stage::New { target: Ok(cell), payload, origin } = stage {
                let metadata = &mut self.options.metadata;
                match at_once(cell, self.handler, run, payload, origin, metadata, asked) {
                    Ok(begun) => {
                        progress.made_progress();
                        return Poll::Ready(begun);
                    }
                    Err((cell, payload, origin)) => {
                        self.stage = Stage::New { target: Ok(cell), payload, origin };
                    }
                }
            }
        }
        self.poll_begin_anyhow(cx, asked)
    }

    /// As [`poll_begin`](Self::poll_begin), whatever the clause and whatever is in the way.
    #[inline(never)]
    fn poll_begin_anyhow(&mut self, cx: &mut Context<'_>, asked: bool) -> Poll<Begun<A, P, R>> {
        loop {
            if let Stage::Full(full) = &mut self.stage
                && let Some(room) = &mut full.room
                && room.as_mut().poll(cx).is_pending()
            {
                let error = ready!(self.poll_deadline(cx));
                return Poll::Ready(Begun::Done(self.end(Err(error))));
            }
            let progress = ready!(coop::poll_proceed(cx));
            let begun = match std::mem::replace(&mut self.stage, Stage::Done) {
                Stage::New { target: Ok(cell), payload, origin } => {
                    observe::carry(&mut self.options.metadata, origin.as_deref());
                    let metadata = std::mem::take(&mut self.options.metadata);
                    let source = self.options.source.take().unwrap_or(Source::Call);
                    let request = Request { payload, origin, metadata, source };
                    begin(cell, self.handler, request, asked, None)
                }
                Stage::New { target: Err(unreachable), .. } => Begun::Done(Err(unreachable.into())),
                Stage::Full(full) => {
                    let Full { cell, request, wait, .. } = *full;
                    let waited = Arc::clone(&cell);
                    let begun = begin(cell, self.handler, request, asked, wait);
                    waited.stop_waiting_for_room();
                    begun
                }
                Stage::Asked { .. } | Stage::Onward(_) | Stage::Done => {
                    Begun::Done(Err(polled_again()))
                }
            };
            progress.made_progress();
            match begun {
                Begun::Full(full) if self.options.fail_when_full => {
                    let message = "the mailbox is full; try again later, or raise `mailbox`";
                    let error = Error::new(ErrorKind::Overloaded, message);
                    let error = error.at(&full.cell.id, self.handler.action);
                    return Poll::Ready(Begun::Done(Err(error)));
                }
                Begun::Full(mut full) => {
                    full.room = Some(full.cell.wait_for_room());
                    self.stage = Stage::Full(full);
                }
                begun => return Poll::Ready(begun),
            }
        }
    }

    /// Ready with an error when the call took too long; sees to a timer when it is first asked.
    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        let timeout = self.options.timeout.unwrap_or(A::TABLE.ask_timeout);
        let at = match &mut self.deadline {
            Deadline::Timer(timer) => {
                ready!(timer.as_mut().poll(cx));
                return Poll::Ready(self.timed_out(timeout));
            }
            Deadline::Noted(at) => *at,
            Deadline::Unset => {
                // A timeout beyond the clock's range is one that nobody lives to see.
                let never = Duration::from_hours(30 * 365 * 24);
                let now = Instant::now();
                let at = now + timeout.min(never);
                if let Stage::Asked { cell, sheet } = &self.stage
                    && timeout >= runtime::LONG
                {
                    let waiting = Arc::downgrade(sheet);
                    Patience::note(&cell.instances.env, waiting, now, timeout);
                    self.deadline = Deadline::Noted(at);
                    return Poll::Pending;
                }
                at
            }
        };
        let timer = {
            // The caller may be outside of any runtime; the system is in one.
            let _home = match &self.stage {
                Stage::Onward(chain) => Some(chain.env().handle.enter()),
                stage => stage.cell().map(|cell| cell.instances.env.handle.enter()),
            };
            Box::pin(tokio::time::sleep_until(at))
        };
        self.deadline = Deadline::Timer(timer);
        self.poll_deadline(cx)
    }

    fn timed_out(&self, timeout: Duration) -> Error {
        let message = format!("no response within {timeout:?}; whether it takes effect is unknown");
        let error = Error::new(ErrorKind::Timeout, message);
        match self.stage.cell() {
            Some(cell) => error.at(&cell.id, self.handler.action),
            None => error,
        }
    }
}

/// A future that is polled after it was ready has nothing to give.
fn polled_again() -> Error {
    Error::new(ErrorKind::Stopped, "the call was polled after it had ended")
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> Future for Call<A, P, R> {
    type Output = Result<R>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<R>> {
        let this = &mut *self;
        if !matches!(this.stage, Stage::Onward(_)) {
            match ready!(this.poll_answer(cx)) {
                Ok(Answered::Here(response)) => return Poll::Ready(Ok(response)),
                Ok(Answered::Onward(next)) => {
                    this.stage = Stage::Onward(Box::new(Chain::new(*next)));
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        let response = match &mut this.stage {
            Stage::Onward(chain) => match Pin::new(&mut **chain).poll(cx) {
                Poll::Ready(response) => response.and_then(this.handler.codec.unpack),
                Poll::Pending => Err(ready!(this.poll_deadline(cx))),
            },
            _ => Err(polled_again()),
        };
        Poll::Ready(this.end(response))
    }
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> Call<A, P, R> {
    /// What the called action itself came to.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<Answer<R>>> {
        if let Stage::New { .. } | Stage::Full(_) = self.stage {
            match ready!(self.poll_begin(cx, true)) {
                Begun::Done(answer) => return Poll::Ready(answer),
                Begun::Asked { cell, sheet } => self.stage = Stage::Asked { cell, sheet },
                Begun::Full(_) => return Poll::Ready(self.end(Err(polled_again()))),
            }
        }
        let answer = match &self.stage {
            Stage::Asked { sheet, .. } => match sheet.reply.poll(cx) {
                Poll::Ready(answer) => answer,
                Poll::Pending => Err(ready!(self.poll_deadline(cx))),
            },
            _ => Err(polled_again()),
        };
        Poll::Ready(self.end(answer))
    }
}

impl<A: Actor, P: 'static, R: 'static> Call<A, P, R> {
    fn end<T>(&mut self, response: Result<T>) -> Result<T> {
        self.stop_waiting();
        self.stage = Stage::Done;
        response
    }

    fn stop_waiting(&self) {
        match &self.stage {
            Stage::Full(full) => full.cell.stop_waiting_for_room(),
            Stage::Asked { sheet, .. } => sheet.end_wait(),
            Stage::New { .. } | Stage::Onward(_) | Stage::Done => {}
        }
    }
}

// Nothing in it is pinned: the payload is moved out before it is used.
impl<A: Actor, P: 'static, R: 'static> Unpin for Call<A, P, R> {}

impl<A: Actor, P: 'static, R: 'static> Drop for Call<A, P, R> {
    fn drop(&mut self) {
        self.stop_waiting();
    }
}

impl<A: Actor, P: 'static, R: 'static> fmt::Debug for Call<A, P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({}.{})", A::TABLE.name, self.handler.action)
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
        let call = &mut self.0;
        let accepted = match ready!(call.poll_begin(cx, false)) {
            Begun::Asked { .. } | Begun::Done(Ok(_)) => Ok(()),
            Begun::Full(_) => Err(polled_again()),
            // What the action did with the message is not the sender's to know.
            Begun::Done(Err(error)) if error.is_from_action() => {
                runtime::log_unasked(&error);
                Ok(())
            }
            Begun::Done(Err(error)) => Err(error),
        };
        Poll::Ready(call.end(accepted))
    }
}
