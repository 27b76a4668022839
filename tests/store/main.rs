//! The stores: what every one has to do, and what a file is for.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod conforms;
