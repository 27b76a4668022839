//! The behaviour of `spawn`, by subject.

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
