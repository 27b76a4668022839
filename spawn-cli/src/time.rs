//! Times as text.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// RFC 3339 in UTC, of milliseconds since 1970; always of the same length.
pub(crate) fn text(at: u64) -> String {
    let second = Duration::from_secs(at / 1_000);
    let second = UNIX_EPOCH.checked_add(second).unwrap_or(UNIX_EPOCH);
    let text = prost_types::Timestamp::from(second).to_string();
    format!("{}.{:03}Z", text.trim_end_matches('Z'), at % 1_000)
}

/// How many seconds ago that was, by the clock of this machine.
pub(crate) fn seconds_since(at: u64) -> f64 {
    let time = UNIX_EPOCH.checked_add(Duration::from_millis(at)).unwrap_or(UNIX_EPOCH);
    SystemTime::now().duration_since(time).unwrap_or_default().as_secs_f64()
}

/// A length of time in its largest unit.
pub(crate) fn span(seconds: f64) -> String {
    let (length, unit) = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min")]
        .into_iter()
        .find(|(length, _)| seconds >= *length)
        .unwrap_or((1.0, "s"));
    format!("{:.1} {unit}", seconds / length)
}
