//! Calls that answer in an action's place: the links of a chain that is piped or forwarded.
//!
//! The next link is made when what the action did is saved, by whoever waits for the response: in place, as any call. Where nobody
//! waits (an event, an effect, a cast, a caller who went away) it is left to the runtime, as a cast.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::any_instances::{AnyInstances, Invoke};
use super::cell::{ActorClaim, Shared};
use super::job::{AnyJob, Work};
use super::run::{Request, Source};
use super::waiting::Wait;
use crate::actor::{Actor, ActorId};
use crate::call::CallOptions;
use crate::client::{Origin, Piped};
use crate::dispatch::Input;
use crate::error::{Error, ErrorKind, Result};
use crate::flow::{Answered, Onward};
use crate::parcel::Parcel;
use crate::system::{Env, System};

/// What a run came to: a response, which stays in the [`Job`](super::job), or the next link.
pub(crate) type Answer = Answered<(), Next>;

/// A link that is under way.
pub(crate) type Link = Pin<Box<dyn AnyLink>>;

/// A call of a link.
pub(crate) trait AnyLink: Future<Output = Result<Answered<Parcel, Next>>> + Send {
    /// What is left to do when nobody waits for the response any more; `None` if the actor has the message.
    fn abandon(self: Pin<Box<Self>>) -> Option<Pin<Box<dyn Future<Output = Result<()>> + Send>>>;
}

/// A link that is to be made.
pub(crate) struct Next {
    env: Arc<Env>,
    /// Taken when it is made.
    call: Option<Call>,
    /// Whether what the action did is saved.
    is_released: bool,
}

struct Call {
    instances: Arc<dyn AnyInstances>,
    target: ActorId,
    action: String,
    payload: Parcel,
    origin: Origin,
    options: CallOptions,
}

impl Next {
    fn begin(mut self) -> Option<Link> {
        let mut call = self.call.take()?;
        // The one who waits for the chain says how long.
        call.options.timeout.get_or_insert(std::time::Duration::MAX);
        let (instances, invoke) = call.into_invoke();
        Some(instances.link(invoke))
    }
}

impl Call {
    fn into_invoke(self) -> (Arc<dyn AnyInstances>, Invoke) {
        let invoke = Invoke {
            instance: self.target.instance().map(str::to_owned),
            action: self.action,
            payload: Input::Parcel(self.payload),
            origin: Some(Arc::new(self.origin)),
            options: self.options,
            cast: false,
        };
        (self.instances, invoke)
    }
}

impl Answer {
    /// What the run did is saved.
    pub(crate) fn release(mut self) -> Self {
        if let Self::Onward(next) = &mut self {
            next.is_released = true;
        }
        self
    }
}

/// Nobody waits for the response.
impl Drop for Next {
    fn drop(&mut self) {
        if let Some(mut call) = self.call.take().filter(|_| self.is_released) {
            call.origin.stop_waiting();
            let (instances, invoke) = call.into_invoke();
            leave(&self.env, instances.invoke(Invoke { cast: true, ..invoke }));
        }
    }
}

/// How many casts may be left to the runtime: each may wait for room in a mailbox until it times out.
const MOST_LEFT: usize = 16_384;

/// Leaves a cast to the runtime.
fn leave<T: Send + 'static>(env: &Arc<Env>, cast: Pin<Box<dyn Future<Output = Result<T>> + Send>>) {
    if env.left.count() >= MOST_LEFT {
        let message = "too many casts wait for room in a mailbox already; it is not made";
        return super::log_unasked(&Error::new(ErrorKind::Overloaded, message));
    }
    let left = env.left.begin();
    env.spawn(async move {
        if let Err(error) = cast.await {
            super::log_unasked(&error);
        }
        drop(left);
    });
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.call {
            Some(call) => write!(f, "Next({}.{})", call.target, call.action),
            None => f.write_str("Next"),
        }
    }
}

/// The rest of a chain, one link after the other, on behalf of who waits for its response.
pub(crate) struct Chain {
    env: Arc<Env>,
    link: Option<Link>,
}

impl Chain {
    pub(crate) fn new(next: Next) -> Self {
        Self { env: Arc::clone(&next.env), link: next.begin() }
    }

    pub(crate) fn env(&self) -> &Arc<Env> {
        &self.env
    }
}

impl Future for Chain {
    type Output = Result<Parcel>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Parcel>> {
        loop {
            let Some(link) = &mut self.link else { return Poll::Ready(Err(Error::stopped())) };
            let answer = ready!(link.as_mut().poll(cx));
            self.link = None;
            match answer {
                Ok(Answered::Here(response)) => return Poll::Ready(Ok(response)),
                Ok(Answered::Onward(next)) => self.link = next.begin(),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

/// The caller went away, and the chain goes on.
impl Drop for Chain {
    fn drop(&mut self) {
        if let Some(rest) = self.link.take().and_then(AnyLink::abandon) {
            leave(&self.env, rest);
        }
    }
}

/// Of more links than this a chain is not made, so that one which goes through ever new instances ends.
const MOST_LINKS: usize = 256;

impl<A: Actor> ActorClaim<A> {
    /// The link that the action `from` asks for, if it can be made.
    ///
    /// # Errors
    /// If there is no such actor or action, it does not take the payload, or the chain comes back to where it was.
    pub(super) fn next(
        &self,
        from: &'static str,
        onward: Onward,
        request: &Request,
    ) -> Result<Box<Next>> {
        let Shared { id, instances, .. } = self.shared();
        Next::new(Arc::clone(&instances.env), &instances.system(), (id, from), onward, request)
    }

    /// What was kept of an earlier call with the same key: its response, or who was asked for one.
    pub(super) fn again(&self, work: &mut Work<dyn AnyJob<A>>, kept: Parcel) -> Result<Answer> {
        let Work { job, request } = work;
        match Onward::from_parcel(&kept, request.metadata.clone())? {
            Some(onward) => {
                let next = self.next(job.clause().action, onward, request);
                next.map(|next| Answered::Onward(next).release())
            }
            None => job.restore(kept).map(Answered::Here),
        }
    }
}

impl Next {
    fn new(
        env: Arc<Env>,
        system: &System,
        from: (&ActorId, &'static str),
        onward: Onward,
        request: &Request,
    ) -> Result<Box<Self>> {
        onward.check()?;
        let Onward { address, payload, mut options, .. } = onward;
        let (target, action) = address.resolve()?;
        let instances = system.instances_by_name(target.name())?;
        let action = instances.accepts(&target, &action, &payload)?;
        let piped = Piped::after(request.origin.as_ref(), from.0, from.1);
        piped.check(&target, action, MOST_LINKS)?;
        // Whoever waits for this action would wait for the next one: better known before anything is saved.
        drop(Wait::begin(piped.waiter(), &target)?);
        options.metadata = request.metadata.with(&options.metadata);
        if options.source.is_none()
            && let Source::Keyed(_) = &request.source
        {
            options.source = Some(request.source.clone());
        }
        let origin = Origin {
            caller: from.0.clone(),
            metadata: options.metadata.clone(),
            run: None,
            piped: Some(Box::new(piped)),
        };
        let call = Call { instances, target, action: action.to_owned(), payload, origin, options };
        Ok(Box::new(Self { env, call: Some(call), is_released: false }))
    }

    /// As it is kept for a call that is repeated.
    pub(super) fn to_parcel(&self) -> Result<Parcel> {
        match &self.call {
            Some(call) => Onward::to_parcel(&call.target, &call.action, &call.payload),
            None => Ok(Parcel::new(())),
        }
    }
}

impl Piped {
    /// The chain that has come to the action of this actor.
    fn after(origin: Option<&Arc<Origin>>, actor: &ActorId, action: &'static str) -> Self {
        let (mut steps, waiter) = match origin {
            Some(origin) => match &origin.piped {
                Some(piped) => (piped.steps.clone(), piped.waiter.clone()),
                None => (Vec::new(), Some(Arc::clone(origin))),
            },
            None => Default::default(),
        };
        steps.push((actor.clone(), action));
        Self { steps, waiter }
    }

    fn check(&self, target: &ActorId, action: &'static str, most: usize) -> Result<()> {
        let comes_back = self.steps.iter().any(|step| step.0 == *target && step.1 == action);
        if !comes_back && self.steps.len() < most {
            return Ok(());
        }
        let last = (target.clone(), action);
        let names =
            self.steps.iter().chain([&last]).map(|(actor, action)| format!("{actor}.{action}"));
        let names: Vec<_> = names.collect();
        let message = match (comes_back, names.as_slice()) {
            (false, [first, .., last]) => {
                format!("the chain from {first} to {last} has more than {most} links")
            }
            _ => format!("the chain would come back to where it was: {}", names.join(" -> ")),
        };
        Err(Error::new(ErrorKind::Cycle, message))
    }

    fn waiter(&self) -> Option<&Arc<Origin>> {
        self.waiter.as_ref()
    }
}
