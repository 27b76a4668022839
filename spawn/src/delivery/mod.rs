//! Delivery: which events a subscriber gets next, and what becomes of one that fails.
//!
//! [`lane`] and, for events that find their instance by a route, [`dispatch`] decide, without I/O; [`subscription`] reads what the
//! log holds.

mod dispatch;
mod lane;
mod place;
mod subscription;

pub(crate) use self::dispatch::Dispatch;
pub(crate) use self::lane::{Keyed, Lane, Next, Verdict};
pub(crate) use self::place::Place;
pub(crate) use self::subscription::{Delivery, Subscription, key, read};

/// How many of something there can be: a handful in a simulation, whose histories are short.
fn limit(most: usize) -> usize {
    #[cfg(test)]
    if crate::simulation::is_running() {
        return most.min(4);
    }
    most
}
