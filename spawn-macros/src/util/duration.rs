//! Durations as they are written: `"30s"`, `"250ms"`, or a number of milliseconds.

use std::time::Duration;

/// The units, from the longest.
pub(crate) const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// The longest duration: some 100 years, so that adding one to a clock stays within its range.
const LONGEST: Duration = Duration::from_hours(24 * 36_525);

/// What is wrong with a duration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NoNumber,
    Negative,
    NoUnit,
    Unit(String),
    /// As in `1.5s`.
    Fraction,
    TooLong,
}

/// Reads `"30s"`.
pub(crate) fn parse(text: &str) -> Result<Duration, Fault> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number = number.replace('_', "");
    if number.is_empty() {
        return Err(if unit.starts_with('-') { Fault::Negative } else { Fault::NoNumber });
    }
    if unit.is_empty() {
        return Err(Fault::NoUnit);
    }
    if unit.starts_with(['.', ',']) {
        return Err(Fault::Fraction);
    }
    let Some((_, length)) = UNITS.iter().find(|(name, _)| *name == unit.trim_start()) else {
        return Err(Fault::Unit(unit.to_owned()));
    };
    let number: u64 = number.parse().map_err(|_| Fault::TooLong)?;
    from_millis(number.checked_mul(*length).ok_or(Fault::TooLong)?)
}

/// Checks a number of milliseconds.
pub(crate) fn from_millis(millis: u64) -> Result<Duration, Fault> {
    Some(Duration::from_millis(millis)).filter(|it| *it <= LONGEST).ok_or(Fault::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        assert_eq!(parse("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse("2 h"), Ok(Duration::from_hours(2)));
        assert_eq!(parse("1_000ms"), Ok(Duration::from_secs(1)));
        assert_eq!(parse("30"), Err(Fault::NoUnit));
        assert_eq!(parse("s"), Err(Fault::NoNumber));
        assert_eq!(parse("-1s"), Err(Fault::Negative));
        assert_eq!(parse(""), Err(Fault::NoNumber));
        assert_eq!(parse("1x"), Err(Fault::Unit("x".to_owned())));
        assert_eq!(parse("1.5s"), Err(Fault::Fraction));
        assert_eq!(parse("99999999999h"), Err(Fault::TooLong));
        assert_eq!(parse("99999999999999999999999h"), Err(Fault::TooLong));
    }
}
