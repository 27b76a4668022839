//! The behaviour of `spawn`, by subject.
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "`|builder| builder.only::<..>()` reads as what a user writes"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod activation;
mod calls;
mod chains;
mod channels;
mod context;
mod deadlock;
mod dispatch;
mod externals;
mod failures;
mod feed;
mod flows;
mod groups;
mod introspection;
mod json;
mod kit;
mod looks;
mod mailbox;
mod messages;
mod order;
mod pools;
mod replay;
mod routing;
mod stress;
mod systems;
mod tags;
mod timers;
