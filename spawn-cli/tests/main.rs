//! The program, as a person runs it, on data that a system has written.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod backup;
mod bad;
mod damage;
mod encrypted;
mod kit;
mod reads;
mod running;
mod transcripts;
mod writes;
