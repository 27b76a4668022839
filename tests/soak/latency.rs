//! How long calls took, in a fixed room.

use std::time::Duration;

/// Buckets that are a twentieth wider each.
const BUCKETS: usize = 400;
const WIDER: f64 = 1.05;

pub(crate) struct Latency {
    buckets: [u64; BUCKETS],
    count: u64,
    longest: Duration,
}

impl Default for Latency {
    fn default() -> Self {
        Self { buckets: [0; BUCKETS], count: 0, longest: Duration::ZERO }
    }
}

impl Latency {
    pub(crate) fn note(&mut self, latency: Duration) {
        let micros = latency.as_secs_f64() * 1e6;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, not negative"
        )]
        let bucket = micros.max(1.0).log(WIDER) as usize;
        let bucket = bucket.min(BUCKETS - 1);
        self.buckets[bucket] += 1;
        self.count += 1;
        self.longest = self.longest.max(latency);
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// In milliseconds.
    pub(crate) fn longest(&self) -> f64 {
        self.longest.as_secs_f64() * 1e3
    }

    /// What so many per mille of the calls did not exceed, in milliseconds, up to a twentieth.
    pub(crate) fn quantile(&self, per_mille: u64) -> f64 {
        let rank = (self.count * per_mille).div_ceil(1_000);
        let mut seen = 0;
        for (power, count) in (1..).zip(self.buckets) {
            seen += count;
            if seen >= rank {
                return WIDER.powi(power) / 1e3;
            }
        }
        self.longest()
    }
}
