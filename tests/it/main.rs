//! The behaviour of `spawn`, by subject.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod activation;
mod calls;
mod channels;
mod context;
mod dispatch;
mod externals;
mod failures;
mod flows;
mod kit;
mod mailbox;
mod messages;
mod stress;
mod systems;
