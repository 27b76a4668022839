//! The time of a system: milliseconds since 1970 that never go back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Reads the calendar once, when the system starts, and goes on by the timer's own clock: a calendar that is set meanwhile moves
/// nothing, and a test that pauses time pauses this one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    began: Instant,
    calendar: Duration,
}

impl Clock {
    pub(crate) fn new() -> Self {
        // A calendar before 1970 counts as 1970.
        #[cfg(test)]
        if crate::simulation::is_running() {
            return Self { began: Instant::now(), calendar: Duration::from_hours(24) };
        }
        #[cfg(feature = "testing")]
        let now = set::get();
        #[cfg(not(feature = "testing"))]
        let now = SystemTime::now();
        Self { began: Instant::now(), calendar: now.duration_since(UNIX_EPOCH).unwrap_or_default() }
    }

    pub(crate) fn now(&self) -> u64 {
        millis(self.calendar + self.began.elapsed())
    }

    /// When the system started.
    #[cfg(feature = "admin")]
    pub(crate) fn began(&self) -> u64 {
        millis(self.calendar)
    }

    /// What `at` (since 1970) is on the timer's clock; the past is now.
    pub(crate) fn instant(&self, at: u64) -> Instant {
        let now = Instant::now();
        now + Duration::from_millis(at.saturating_sub(self.now()))
    }
}

/// A calendar that a test has set.
#[cfg(feature = "testing")]
pub(crate) mod set {
    use std::cell::Cell;
    use std::time::SystemTime;

    thread_local! {
        static CALENDAR: Cell<Option<SystemTime>> = const { Cell::new(None) };
    }

    pub(crate) fn set(at: SystemTime) {
        CALENDAR.set(Some(at));
    }

    pub(super) fn get() -> SystemTime {
        CALENDAR.get().unwrap_or_else(SystemTime::now)
    }
}

/// As a whole number; what is beyond its range is the end of it.
pub(crate) fn millis(duration: Duration) -> u64 {
    // A division of 128 bits would be most of what a look at the clock costs.
    duration.as_secs().saturating_mul(1_000).saturating_add(duration.subsec_millis().into())
}

/// The calendar time of `at` milliseconds since 1970.
pub(crate) fn calendar(at: u64) -> SystemTime {
    UNIX_EPOCH.checked_add(Duration::from_millis(at)).unwrap_or(UNIX_EPOCH)
}
