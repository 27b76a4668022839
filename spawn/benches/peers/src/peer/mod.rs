//! Who is compared.

pub mod actix;
pub mod kameo;
pub mod ractor;
pub mod spawn;
pub mod tokio;

use std::time::Duration;

use crate::work::{Sample, Work};

/// One of those who do the work.
pub struct Peer {
    pub name: &'static str,
    /// Whether it is an actor library.
    pub is_library: bool,
    /// Does the work for about so long; `None` if it has nothing of the kind.
    pub run: fn(Work, Duration) -> Option<Sample>,
    /// Makes so many idle actors, and keeps them while the closure runs.
    pub idle: Option<fn(u64, &mut dyn FnMut())>,
}

pub const PEERS: [Peer; 6] = [
    Peer { name: "spawn", is_library: false, run: spawn::run, idle: Some(spawn::idle) },
    Peer { name: "kameo", is_library: true, run: kameo::run, idle: Some(kameo::idle) },
    Peer { name: "ractor", is_library: true, run: ractor::run, idle: Some(ractor::idle) },
    Peer { name: "actix", is_library: true, run: actix::run, idle: Some(actix::idle) },
    Peer { name: "tokio mpsc", is_library: false, run: tokio::run, idle: Some(tokio::idle) },
    Peer { name: "tokio broadcast", is_library: false, run: tokio::run_broadcast, idle: None },
];

/// The runtime of everyone but actix, which brings its own.
fn runtime() -> ::tokio::runtime::Runtime {
    ::tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
