//! The admin page's API, over real sockets.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod guard;
mod http;
mod kit;
mod logged;
mod payloads;
mod reads;
mod serving;
mod writes;
