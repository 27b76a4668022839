//! How a system begins and ends, and what it makes of input that is too large or damaged.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bounds;
mod damage;
mod places;
mod recovery;
mod shutdown;
mod sizes;
