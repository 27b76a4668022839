//! How long to wait before something is tried again.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// A pause that doubles, up to a limit, with a jitter of a fifth so that many do not come back at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Backoff {
    /// The pause after the first attempt.
    pub(crate) base: Duration,
    /// The longest pause, before the jitter.
    pub(crate) most: Duration,
}

/// How often something is tried, and how long to wait in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often, the first time included.
    pub(crate) attempts: u32,
    pub(crate) backoff: Backoff,
}

impl Retry {
    /// Ten times, with pauses from 100 ms up to 30 s.
    pub const DEFAULT: Self = Self {
        attempts: 10,
        backoff: Backoff { base: Duration::from_millis(100), most: Duration::from_secs(30) },
    };

    /// How often, the first time included.
    #[must_use]
    pub const fn attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// The pause after the first attempt; each one after it is twice as long.
    #[must_use]
    pub const fn backoff(mut self, first: Duration) -> Self {
        self.backoff.base = first;
        self
    }

    /// The longest pause.
    #[must_use]
    pub const fn max_backoff(mut self, longest: Duration) -> Self {
        self.backoff.most = longest;
        self
    }
}

impl Backoff {
    /// The pause after the attempt `attempt`, which counts from 1.
    pub(crate) fn delay(self, attempt: u32) -> Duration {
        let doubled = self.base.saturating_mul(1 << attempt.saturating_sub(1).min(31));
        let percent = 80 + any_number() % 41;
        #[expect(clippy::cast_possible_truncation, reason = "at most 120")]
        let percent = percent as u32;
        doubled.min(self.most) * percent / 100
    }
}

fn any_number() -> u64 {
    #[cfg(test)]
    if let Some(number) = crate::simulation::number() {
        return number;
    }
    // A fresh `RandomState` gives a random number.
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_limit() {
        let backoff = Backoff { base: Duration::from_millis(100), most: Duration::from_secs(30) };
        for (attempt, middle) in [(1, 100), (2, 200), (5, 1_600), (10, 30_000), (u32::MAX, 30_000)]
        {
            let delay = backoff.delay(attempt).as_millis();
            assert!((middle * 8 / 10..=middle * 12 / 10).contains(&delay), "{attempt}: {delay}");
        }
    }
}
