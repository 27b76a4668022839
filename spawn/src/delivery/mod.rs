//! Delivery: which events a subscriber gets next, and what becomes of one that fails.
//!
//! [`lane`] and, for events that find their instance by a route, [`dispatch`] decide, without I/O; [`subscription`] reads what the
//! log holds.

mod dispatch;
mod lane;
#[cfg(test)]
mod simulation;
mod subscription;

pub(crate) use self::dispatch::Dispatch;
pub(crate) use self::lane::{Keyed, Lane, Next, Verdict};
pub(crate) use self::subscription::{Delivery, Subscription, key, read};
