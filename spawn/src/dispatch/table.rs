//! The dispatch table: made by the macro, one for each actor, a constant of the program.

use std::any::{self, TypeId};
use std::borrow::Cow;
use std::fmt;
use std::mem::{self, ManuallyDrop};
use std::panic::Location;
use std::time::Duration;

use bytes::Bytes;

use super::handler::{Begun, Codec, Failure, Handler, Outcome, Run};
use super::payload::{Accepts, Input, Payload};
use super::reply::{Response, ResponseName, Returns};
use crate::actor::Kind;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::flow::Answered;
use crate::grammar;
use crate::message::{TypeName, full_name};
use crate::parcel::Parcel;
use crate::retry::Retry;
use crate::suggest;

/// One clause of the action `ACTION` (its place in the table), for the payload `P`.
///
/// That it is a trait makes the compiler refuse a second clause for a type, also when one of the two is written as an alias. `C` is
/// the client: were the same type an actor twice, that would be an error of its own, and not one for each clause as well.
#[diagnostic::on_unimplemented(message = "this action of `{Self}` has no clause for `{P}`")]
pub trait Clause<C, const ACTION: usize, P>: Sized + 'static {
    /// What the method returns.
    type Returned: Returns<Actor = Self>;

    /// The method.
    const HANDLER: Handler<Self, P, Response<Self::Returned>>;

    /// Which instance gets an event.
    const ROUTE: Option<fn(&P) -> String> = None;

    /// The method, if it takes nothing but an event by reference and does not wait.
    const LOOK: Option<Look<Self, P, Response<Self::Returned>>> = None;
}

/// Calls a method that only looks at an event, and so needs none of its own.
pub type Look<A, P, R> = fn(&mut A, &P) -> Outcome<A, R>;

/// Everything that the macro knows of an actor.
#[derive(Debug)]
pub struct Table<A: 'static> {
    /// The actor's name.
    pub name: &'static str,
    /// The name of the Rust type.
    pub type_name: fn() -> &'static str,
    /// Where the attribute stands.
    pub location: &'static Location<'static>,
    /// How many there are.
    pub kind: Kind,
    /// How many members of a pool stay.
    pub min_pool_size: u32,
    /// How many messages a pool or a task actor handles at once; `None` for the kind's default.
    pub max_pool_size: Option<u32>,
    /// How the state is saved; `None` for `stateful = false`.
    pub state: Option<Durable<A>>,
    /// `Default`, if the type has it.
    pub make: Option<fn() -> A>,
    /// `#[init]`.
    pub init: Option<Handler<A, (), ()>>,
    /// The actions, in the order in which they were written.
    pub actions: &'static [ActionEntry<A>],
    /// The entries of `channels = [..]`, in the order in which they were written.
    pub channels: &'static [ChannelEntry],
    /// What the runtime calls by the clock.
    pub timers: &'static [TimerEntry],
    /// The channels that stand as literals in a `Broadcast` of the `impl` block, each once.
    pub publishes: &'static [&'static str],
    /// What the actions borrow beside the context.
    pub resources: &'static [ResourceEntry],
    /// After how long without a message the actor leaves memory.
    pub deactivate_timeout: Duration,
    /// How long a call waits for its response.
    pub ask_timeout: Duration,
    /// How many calls may wait in the mailbox.
    pub mailbox: u32,
    /// How an event that fails comes again.
    pub retry: Retry,
    /// How often the state is saved, where a response does not wait for that; `None` if it does.
    pub snapshot_timeout: Option<Duration>,
    /// How many revisions of the state are kept.
    pub revisions: u16,
    /// The tags of an actor that has set no others.
    pub tags: &'static [(&'static str, &'static str)],
}

/// An action: a name, and a clause for each type of payload.
#[derive(Debug)]
pub struct ActionEntry<A: 'static> {
    /// The name, in snake case.
    pub name: &'static str,
    /// The clauses, in the order in which they were written.
    pub clauses: &'static [ClauseEntry<A>],
}

/// A clause without its types.
#[derive(Debug)]
pub struct ClauseEntry<A: 'static> {
    accepts: Accepts,
    pub(crate) handler: Handler<A, Input, Parcel>,
    /// For events, if the method is one that has ended when it returns, and borrows nothing.
    pub(crate) hear: Option<Hear<A>>,
    route: Option<fn(Input) -> Result<String>>,
    response: ResponseName,
}

/// Calls a clause with an event, and gives what it leaves, if that is more than a changed state.
pub(crate) type Hear<A> = fn(&mut A, &Event) -> Option<Box<Outcome<A, Parcel>>>;

/// A subscription that every system with this actor has.
#[derive(Debug)]
pub struct ChannelEntry {
    /// The channel, or a pattern.
    pub pattern: &'static str,
    /// The name of the action.
    pub action: &'static str,
    /// Whether a new subscription begins with the oldest event that is kept.
    pub from_start: bool,
    /// Whether passive instances are activated for an event.
    pub wake_eagerly: bool,
}

impl ChannelEntry {
    /// An entry that begins with the next event and wakes nobody.
    pub const fn new(pattern: &'static str, action: &'static str) -> Self {
        Self { pattern, action, from_start: false, wake_eagerly: false }
    }

    /// `from = start`
    #[must_use]
    pub const fn from_start(self) -> Self {
        Self { from_start: true, ..self }
    }

    /// `wake = eager`
    #[must_use]
    pub const fn wake_eagerly(self) -> Self {
        Self { wake_eagerly: true, ..self }
    }
}

/// An action that the runtime calls by the clock.
#[derive(Debug)]
pub struct TimerEntry {
    /// The name of the action.
    pub action: &'static str,
    /// The time from one call to the next.
    pub every: Duration,
}

/// Something that an action borrows.
#[derive(Clone, Copy)]
pub struct ResourceEntry {
    pub(crate) type_id: TypeId,
    pub(crate) type_name: fn() -> &'static str,
    pub(crate) action: &'static str,
    /// Whether it has to be given to the system; the context has not.
    pub(crate) is_resource: bool,
}

impl fmt::Debug for ResourceEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "&{} in `{}`", (self.type_name)(), self.action)
    }
}

impl ResourceEntry {
    /// The `T` that the action borrows.
    pub const fn of<T: 'static>(action: &'static str, is_resource: bool) -> Self {
        let (type_id, type_name) = (TypeId::of::<T>(), any::type_name::<T>);
        Self { type_id, type_name, action, is_resource }
    }
}

/// How a durable actor's state is saved, loaded and undone.
#[derive(Debug)]
pub struct Durable<A> {
    pub(crate) type_name: TypeName<'static>,
    pub(crate) full_name: fn() -> Cow<'static, str>,
    pub(crate) encode: fn(&A, &mut Vec<u8>),
    pub(crate) decode: fn(Bytes) -> Result<A>,
    pub(crate) pack: fn(&A) -> Parcel,
}

/// What the state of a durable actor is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a durable actor but its state is not a message",
    label = "not a message",
    note = "put `#[message(name = \"package.Name\")]` on the struct, or write `#[actor(stateful = false)]`"
)]
pub trait State: prost::Message + prost::Name + Default + Clone + fmt::Debug + 'static {}

#[diagnostic::do_not_recommend]
impl<M: prost::Message + prost::Name + Default + Clone + fmt::Debug + 'static> State for M {}

/// How the state of `A` is saved, loaded and undone.
pub const fn durable<A: State>() -> Durable<A> {
    Durable {
        type_name: TypeName::named::<A>(),
        full_name: full_name::<A>,
        // A `Vec` has room for everything, which is the one error that there is.
        encode: |state, buffer| state.encode(buffer).unwrap_or_default(),
        decode: |bytes| {
            A::decode(bytes).map_err(|cause| {
                let message = format!("malformed {}", TypeName::named::<A>());
                Error::new(ErrorKind::Decode, message).caused_by(cause)
            })
        },
        pack: |state| Parcel::new(state.clone()),
    }
}

impl<A: 'static> Table<A> {
    /// The table of a named actor without actions, which the macro completes.
    pub const fn named(name: &'static str, location: &'static Location<'static>) -> Self {
        Self {
            name,
            type_name: any::type_name::<A>,
            location,
            kind: Kind::Named,
            min_pool_size: 1,
            max_pool_size: None,
            state: None,
            make: None,
            init: None,
            actions: &[],
            channels: &[],
            timers: &[],
            publishes: &[],
            resources: &[],
            deactivate_timeout: Duration::from_secs(10),
            ask_timeout: Duration::from_secs(5),
            mailbox: 1024,
            retry: Retry::DEFAULT,
            snapshot_timeout: None,
            revisions: 16,
            tags: &[],
        }
    }
}

/// The clause of the action `ACTION` for `P`, without its types.
pub const fn clause<A, C, const ACTION: usize, P: Payload>() -> ClauseEntry<A>
where
    A: Clause<C, ACTION, P>,
    C: 'static,
{
    let run = match A::HANDLER.run {
        Run::Plain(_) => Run::Plain(plain::<A, C, P, ACTION>),
        Run::Lent(_) => Run::Lent(lent::<A, C, P, ACTION>),
        Run::Async(_) => Run::Async(waiting::<A, C, P, ACTION>),
    };
    let Handler { action, mutates, .. } = A::HANDLER;
    let handler = Handler { action, mutates, run, codec: Codec::PARCEL };
    let route: Option<fn(Input) -> Result<String>> = match A::ROUTE {
        Some(_) => Some(routed::<A, C, P, ACTION>),
        None => None,
    };
    ClauseEntry { accepts: P::ACCEPTS, handler, hear: None, route, response: A::Returned::RESPONSE }
}

/// As [`clause`], for an action that events come to.
pub const fn heard<A, C, const ACTION: usize, P: Payload>() -> ClauseEntry<A>
where
    A: Clause<C, ACTION, P>,
    C: 'static,
{
    let hear: Option<Hear<A>> = match A::HANDLER.run {
        Run::Plain(_) => Some(hear::<A, C, P, ACTION>),
        Run::Lent(_) | Run::Async(_) => None,
    };
    ClauseEntry { hear, ..clause::<A, C, ACTION, P>() }
}

fn routed<A: Clause<C, ACTION, P>, C, P: Payload, const ACTION: usize>(
    input: Input,
) -> Result<String> {
    let id = |payload: &P| A::ROUTE.map_or_else(String::new, |route| route(payload));
    match &input {
        Input::Event(event) => P::look(event, id),
        Input::Parcel(_) => P::unpack(input).map(|payload| id(&payload)),
    }
}

fn plain<A: Clause<C, ACTION, P>, C, P: Payload, const ACTION: usize>(
    state: &mut A,
    input: Input,
) -> Outcome<A, Parcel> {
    let Run::Plain(run) = A::HANDLER.run else { return wrong_shape() };
    let failed = |error| Outcome::failed(Failure::Payload(error));
    if let (Some(look), Input::Event(event)) = (A::LOOK, &input) {
        return P::look(event, |payload| look(state, payload).map(A::Returned::pack))
            .unwrap_or_else(failed);
    }
    match P::unpack(input) {
        Ok(payload) => run(state, payload).map(A::Returned::pack),
        Err(error) => failed(error),
    }
}

/// Where the types are known, so that nothing is packed, and nothing dropped, that is not there.
fn hear<A: Clause<C, ACTION, P>, C, P: Payload, const ACTION: usize>(
    state: &mut A,
    event: &Event,
) -> Option<Box<Outcome<A, Parcel>>> {
    let failed = |error| Outcome::failed(Failure::Payload(error));
    let outcome = match (A::LOOK, A::HANDLER.run) {
        (Some(look), _) => P::look(event, |payload| look(state, payload)).unwrap_or_else(failed),
        (None, Run::Plain(run)) => match P::heard(event) {
            Ok(payload) => run(state, payload),
            Err(error) => failed(error),
        },
        _ => wrong_shape(),
    };
    if let Outcome { response: Ok(Answered::Here(_)), state: None, flow: None } = &outcome {
        // To drop an outcome is to ask each of its parts whether it is there.
        if const { !mem::needs_drop::<Response<A::Returned>>() } {
            let _nothing = ManuallyDrop::new(outcome);
        }
        return None;
    }
    Some(Box::new(outcome.map(A::Returned::pack)))
}

fn lent<A: Clause<C, ACTION, P>, C, P: Payload, const ACTION: usize>(
    state: &mut A,
    context: &Context,
    input: Input,
) -> Outcome<A, Parcel> {
    let Run::Lent(run) = A::HANDLER.run else { return wrong_shape() };
    match P::unpack(input) {
        Ok(payload) => run(state, context, payload).map(A::Returned::pack),
        Err(error) => Outcome::failed(Failure::Payload(error)),
    }
}

fn waiting<A: Clause<C, ACTION, P>, C, P: Payload, const ACTION: usize>(
    state: A,
    context: Context,
    input: Input,
) -> Begun<A, Parcel> {
    let Run::Async(run) = A::HANDLER.run else { return Err((state, wrong_shape_failure())) };
    match P::unpack(input) {
        Ok(payload) => {
            let running = run(state, context, payload)?;
            Ok(Box::pin(async move {
                let (state, outcome) = running.await;
                (state, outcome.map(A::Returned::pack))
            }))
        }
        Err(error) => Err((state, Failure::Payload(error))),
    }
}

/// [`clause`] chooses the wrapper by the shape of the handler, so this is not reached.
fn wrong_shape<A, R>() -> Outcome<A, R> {
    Outcome::failed(wrong_shape_failure())
}

fn wrong_shape_failure() -> Failure {
    let message = "the dispatch table and the clause disagree";
    Failure::Payload(Error::new(ErrorKind::UnsupportedPayload, message))
}

/// What an actor does at all. Asked in a `const` block, code for what it does not do is not compiled for it.
impl<A> Table<A> {
    /// Whether events come to it.
    pub(crate) const fn hears(&self) -> bool {
        !self.channels.is_empty()
    }

    /// Whether its events are given out, to the instance of a route or to the member that is idle.
    pub(crate) const fn is_dispatched(&self) -> bool {
        let mut number = 0;
        while number < self.actions.len() {
            if self.actions[number].is_routed() {
                return true;
            }
            number += 1;
        }
        self.kind.is_shared() && self.hears()
    }

    /// Whether events wake passive instances.
    pub(crate) const fn wakes_eagerly(&self) -> bool {
        let mut number = 0;
        while number < self.channels.len() {
            if self.channels[number].wake_eagerly {
                return true;
            }
            number += 1;
        }
        false
    }
}

impl<A> Table<A> {
    /// The action that is spelled `name`, in any of the three spellings.
    pub(crate) fn action(&self, name: &str) -> Result<&'static ActionEntry<A>> {
        for action in self.actions {
            if grammar::same_action(action.name, name) {
                return Ok(action);
            }
        }
        let mut known = Vec::new();
        for action in self.actions {
            known.push(action.name);
        }
        Err(unknown_action(self.name, name, &known))
    }
}

fn unknown_action(actor: &str, name: &str, known: &[&str]) -> Error {
    let hint = suggest::nearest(name, known.iter().copied())
        .map(|near| format!(" did you mean `{near}`?"))
        .unwrap_or_default();
    let message = format!("`{actor}` has no action `{name}`;{hint} it has {}", known.join(", "));
    Error::new(ErrorKind::UnknownAction, message)
}

fn unsupported(action: &str, wanted: &[TypeName<'static>], parcel: &Parcel) -> Error {
    let name = |name: &TypeName<'static>| {
        let is_nothing = *name == TypeName::named::<()>();
        if is_nothing { "no payload".to_owned() } else { name.to_string() }
    };
    let wanted = wanted.iter().map(name).collect::<Vec<_>>().join(" or ");
    let message = format!("`{action}` takes {wanted}, not {}", parcel.type_name());
    Error::new(ErrorKind::UnsupportedPayload, message)
}

impl<A> ActionEntry<A> {
    /// The clause that takes `parcel`.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedPayload`], with the types that would do.
    pub(crate) fn clause(&self, parcel: &Parcel) -> Result<&'static Handler<A, Input, Parcel>> {
        if let Some(handler) = self.find(parcel) {
            return Ok(handler);
        }
        let mut wanted = Vec::new();
        for clause in self.clauses {
            wanted.extend(clause.payload());
        }
        Err(unsupported(self.name, &wanted, parcel))
    }

    /// The clause that takes `parcel`: the one for its type before the one for every type.
    pub(crate) fn find(&self, parcel: &Parcel) -> Option<&'static Handler<A, Input, Parcel>> {
        self.clause_of(parcel).map(|clause| &clause.handler)
    }

    /// Whether its events go to the one instance that they are for.
    pub(crate) const fn is_routed(&self) -> bool {
        let mut number = 0;
        while number < self.clauses.len() {
            if self.clauses[number].route.is_some() {
                return true;
            }
            number += 1;
        }
        false
    }

    /// The id of the instance that an event is for; `None` if no clause takes it.
    ///
    /// # Errors
    /// If the event cannot be decoded.
    pub(crate) fn route(&self, event: &Event) -> Option<Result<String>> {
        let route = self.clause_of(event.payload())?.route?;
        Some(route(Input::Event(event.clone())))
    }

    /// As [`find`](Self::find), the whole entry.
    #[inline]
    pub(crate) fn clause_of(&self, parcel: &Parcel) -> Option<&'static ClauseEntry<A>> {
        if let [only] = self.clauses
            && matches!(only.accepts, Accepts::All)
        {
            return Some(only);
        }
        self.clause_by_type(parcel)
    }

    fn clause_by_type(&self, parcel: &Parcel) -> Option<&'static ClauseEntry<A>> {
        let value_type = parcel.value_type();
        self.clauses
            .iter()
            .find(|clause| matches!(clause.accepts, Accepts::Only(id, _) if Some(id) == value_type))
            .or_else(|| {
                let name = parcel.type_name();
                let by_name = |clause: &&ClauseEntry<A>| clause.payload() == Some(name);
                self.clauses.iter().find(by_name).or_else(|| self.clause_for_json(name))
            })
            .or_else(|| self.clauses.iter().find(|clause| matches!(clause.accepts, Accepts::All)))
    }

    /// JSON of no type is for the clause that takes JSON, if there is one only; a clause for JSON of no type takes all of it.
    fn clause_for_json(&self, name: TypeName<'_>) -> Option<&'static ClauseEntry<A>> {
        let reads =
            |clause: &&ClauseEntry<A>| clause.payload().is_some_and(|wanted| name.reads_as(wanted));
        let mut readers = self.clauses.iter().filter(reads);
        readers.next().filter(|_| readers.next().is_none())
    }
}

impl<A> ClauseEntry<A> {
    /// The message that the clause takes; `None` if it takes every one.
    pub(crate) fn payload(&self) -> Option<TypeName<'static>> {
        match self.accepts {
            Accepts::Only(_, name) => Some(name()),
            Accepts::All => None,
        }
    }

    pub(crate) fn response(&self) -> ResponseName {
        self.response
    }
}
