//! The examples of `spawn`, each run by `cargo run --example NAME`: `hello`, `external_subscriber`, `streams`, and `order_flow`, which
//! has all of it at work.
