//! Delivery: which events a subscriber gets next, and what becomes of one that fails.
//!
//! [`lane`] and, for events that find their instance by a route, [`dispatch`] decide, without I/O; [`feed`] holds the events that many
//! lanes get, and [`subscription`] reads what the log holds.

mod dispatch;
mod feed;
mod lane;
mod place;
mod subscription;

pub(crate) use self::dispatch::Dispatch;
pub(crate) use self::feed::{Events, Feed, Stretch};
pub(crate) use self::lane::{Keyed, Lane, Missed, Next, Verdict, growth};
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
