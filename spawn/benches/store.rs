//! Commits per second of `Sqlite` and `Memory`, beside a plain loop that inserts the same rows.
//!
//! Each commit is a state of 120 bytes of one of 10,000 actors, and an event of 100 bytes. Not a criterion benchmark: what counts is
//! the rate over many seconds, checkpoints included.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed"
)]

use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use spawn::store::{ActorWrite, Commit, Encoded, Memory, NewEvent, Sqlite, Store};
use spawn::{ActorId, Channel, Metadata};

fn main() {}
