//! The examples of `spawn`: `cargo run --example hello`, `cargo run --example order_flow`.
