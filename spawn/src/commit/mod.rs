//! The commit pipeline: what an action came to is made to last, and only then let out.
//!
//! | part | does |
//! | --- | --- |
//! | [`group`] | decides what goes into a transaction and what its outcome means; a state machine without I/O |
//! | [`pipeline`] | carries that out: a thread that writes, or the caller in place where the store never waits |
//! | [`exit`] | releases what was decided, on the runtime |
//! | [`outbox`] | what leaves an actor with its commit |
//!
//! Invariants:
//! - what was submitted is released in the order in which it was submitted, once, with the outcome of its own commit;
//! - nothing is released before the outcome of its commit is known;
//! - a sync whose outcome is unknown is never tried again: the store is opened anew and asked.

mod exit;
mod group;
mod outbox;
mod pipeline;

pub(crate) use self::group::{Failure, Outcome, Waiter};
pub(crate) use self::outbox::{Draft, Outbox, let_out_unsaved};
pub(crate) use self::pipeline::{Pipeline, Release};
