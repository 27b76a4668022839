//! What lasts: the promises about saving, in the face of a store that fails, stalls, or ends.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod actors;
mod chains;
mod deferred;
mod delivery;
mod encryption;
mod entries;
mod evolution;
mod externals;
mod faults;
mod faulty;
mod json;
mod listener;
mod pipeline;
mod pools;
mod restart;
mod restore;
mod retention;
mod routing;
mod schedule;
mod spans;
mod subscriptions;
mod tags;
mod waits;
