//! The runtime: actors that cost nothing while they are idle.
//!
//! An actor is a [`Cell`]: its id, its state, and a mailbox of one word. It is not a task. Who has a message for it
//! takes the claim and runs it in place if it is idle, and leaves the message in the mailbox if it is not; who held the claim then
//! goes on with the mailbox, in a task that lives as long as there is work.
//!
//! | part | owns |
//! | --- | --- |
//! | [`claim`] | the word: the claim, the mailbox, envelopes (`unsafe` lives there) |
//! | [`cell`] | an actor in memory, and what can be done under its claim |
//! | [`prepare`] | activation: the saved state, `#[init]`, the events that were missed |
//! | [`run`] | one run of a clause |
//! | [`job`] | the part of a run that depends on the types of payload and response |
//! | [`settle`] | what the run came to: undone, or committed and then let out |
//! | [`deferred`] | states that are saved later |
//! | [`onward`] | who answers in an action's place |
//! | [`ask`], [`reply`] | a call that waits, and where its response is put |
//! | [`patience`] | calls that wait and have no timer yet |
//! | [`waits`], [`waiting`] | who waits for whom: a call that would close a circle fails |
//! | [`inside`] | whether an action is what runs |
//! | [`turn`] | the events that wait for an actor, in their turn |
//! | [`handled`] | what becomes of an event: done, again, or a dead letter |
//! | [`behind`] | reading on in the log |
//! | [`rounds`] | a few actors that were woken for an event, one after the other |
//! | [`following`] | events in no log that all instances of an actor get |
//! | [`transient`] | events in no log that leave nothing, many in one go |
//! | [`timers`] | actions that are called by the clock |
//! | [`waking`] | passive instances that are activated for an event |
//! | [`routed`] | an instance that gets its events by a route |
//! | [`router`] | events that find the one instance that they are for |
//! | [`instances`] | the instances of one actor, by id |
//! | [`any_instances`] | those of an actor of any type: calls by name, events, sweeps |
//! | [`pool`] | the members of an actor of which any one takes a message |
//! | [`pool_events`] | events for any one of them |
//! | [`passivation`] | idle actors leave memory |
//!
//! Invariants:
//! - a state is touched only under the claim, or by the one future that an `async` action moved it into;
//! - that future belongs to the holder of the claim, never to the caller: a caller who goes away cancels nothing;
//! - whoever holds the claim and is done releases it, or leaves a task that will.

mod any_instances;
mod ask;
mod behind;
mod cell;
pub(crate) mod claim;
mod deferred;
mod following;
mod handled;
pub(crate) mod inside;
mod instances;
mod job;
mod onward;
pub(crate) mod passivation;
mod patience;
mod pool;
mod pool_events;
mod prepare;
mod reply;
mod rounds;
mod routed;
mod router;
mod run;
mod settle;
mod timers;
mod transient;
mod turn;
mod unwind;
mod waiting;
mod waits;
mod waking;

pub(crate) use self::any_instances::{AnyInstances, Census, Invoke, Responding, Wake};
pub(crate) use self::ask::{AnyAsk, NewAsk, hold, log_unasked};
pub(crate) use self::cell::{ActorClaim, AnyCell, Cell, First, Room};
pub(crate) use self::instances::{Factory, Instances};
pub(crate) use self::job::{AnyJob, Job};
pub(crate) use self::onward::{Answer, AnyLink, Chain, Link, Next};
pub(crate) use self::patience::{LONG, Patience};
pub(crate) use self::rounds::wake;
pub(crate) use self::run::{Ended, Ran, Request, Source};
pub(crate) use self::unwind::{Catch, catch};
pub(crate) use self::waiting::{CallingRun, InPlace, Wait};
pub(crate) use self::waits::Waits;
