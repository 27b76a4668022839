//! Delivery: which events a subscriber gets next, and what becomes of one that fails. Decisions without I/O.

mod lane;

pub(crate) use self::lane::{Keyed, Lane, Next, Verdict};
