//! The same messages, written under `#[message]` and generated from a `.proto`: each reads what the other writes, and both write the
//! same bytes.

#![cfg(test)]

mod convert;
mod evolution;
mod ours;
mod random;
mod same_bytes;

/// What `prost-build` made of `interop.proto`.
#[expect(clippy::pedantic, unreachable_pub, unnameable_types, reason = "generated")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/interop.rs"));
}
