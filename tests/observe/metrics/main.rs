//! What Prometheus reads, beside what was done.
//!
//! One recorder for all tests: each looks at a system of its own name.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

mod counts;
mod gauges;
mod scrape;
mod shutdown;
