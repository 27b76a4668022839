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
//! | [`run`] | one run of a clause: activation, the call, undoing a failed one |
//! | [`ask`], [`reply`] | a call that waits, and where its response is put |
//! | [`lane`] | events that wait for an actor |
//! | [`instances`] | the instances of one actor, by id |
//! | [`passivation`] | idle actors leave memory |
//!
//! Invariants:
//! - a state is touched only under the claim, or by the one future that an `async` action moved it into;
//! - that future belongs to the holder of the claim, never to the caller: a caller who goes away cancels nothing;
//! - whoever holds the claim and is done releases it, or leaves a task that will.

mod ask;
mod cell;
pub(crate) mod claim;
mod instances;
mod lane;
pub(crate) mod passivation;
mod reply;
mod run;
mod unwind;

pub(crate) use self::ask::{Ask, AskSheet, finish, log_unasked};
pub(crate) use self::cell::{ActorClaim, AnyCell, Cell, Room};
pub(crate) use self::instances::{
    AnyInstances, Census, Factory, Instances, Invoke, Responding, Wake,
};
pub(crate) use self::lane::Delivery;
pub(crate) use self::run::{Ran, Request};
pub(crate) use self::unwind::{Catch, catch};
