//! Spans of time, in nanoseconds: from numbers of one unit, and from words.

use crate::op::OpError;

/// Nanoseconds of each unit. A year has 365 days; a month has no fixed length and is none.
const UNITS: &[(&str, i128)] = &[
    ("nanosecond", 1),
    ("microsecond", 1_000),
    ("millisecond", 1_000_000),
    ("second", SECOND),
    ("minute", 60 * SECOND),
    ("hour", HOUR),
    ("day", 24 * HOUR),
    ("week", 7 * 24 * HOUR),
    ("year", 365 * 24 * HOUR),
];
const SECOND: i128 = 1_000_000_000;
const HOUR: i128 = 3600 * SECOND;

/// The span that words tell: numbers and units in turn, as in `1 day 2 hours`. Units that stand twice add up.
///
/// # Errors
/// Anything else than whole numbers, each with a unit; a span beyond 64 bits.
pub fn from_human_format(text: &str) -> Result<i128, OpError> {
    let mut words = text.split_whitespace().peekable();
    if words.peek().is_none() {
        return Err(OpError::new(
            "a span of time is needed, such as `3 minutes 2 seconds`, not an empty text",
        ));
    }
    let mut ns: i128 = 0;
    while let Some(number) = words.next() {
        let Ok(count) = number.parse::<u64>() else {
            return Err(OpError::new(format!(
                "`{number}` stands where a whole number should, as in `3 minutes 2 seconds`"
            )));
        };
        let Some(unit) = words.next() else {
            return Err(OpError::new(format!("`{number}` has no unit behind it: {}", units())));
        };
        ns = in_range(ns + i128::from(count) * length(unit)?, || format!("`{text}`"))?;
    }
    Ok(ns)
}

/// The length of a unit, in the singular or the plural.
fn length(unit: &str) -> Result<i128, OpError> {
    let one = unit.strip_suffix('s').unwrap_or(unit);
    if one == "month" {
        return Err(OpError::new("a month has no fixed length: write days"));
    }
    UNITS
        .iter()
        .find(|(name, _)| *name == one)
        .map(|(_, length)| *length)
        .ok_or_else(|| OpError::new(format!("`{unit}` is no unit of time: {}", units())))
}

fn units() -> String {
    let names: Vec<&str> = UNITS.iter().map(|(name, _)| *name).collect();
    format!("there are {}, and their plurals", names.join(", "))
}

fn in_range(ns: i128, what: impl Fn() -> String) -> Result<i128, OpError> {
    if ns > i128::from(u64::MAX) {
        return Err(OpError::new(format!("{} is more nanoseconds than fit into 64 bits", what())));
    }
    Ok(ns)
}

fn span(count: i128, unit: &str) -> Result<i128, OpError> {
    if count < 0 {
        return Err(OpError::new(format!("{count} is negative; a span of time is not")));
    }
    in_range(count * length(unit)?, || format!("{count} {unit}s"))
}

/// So many days, in nanoseconds.
///
/// # Errors
/// A negative number, or a span beyond 64 bits.
pub fn with_days(count: i128) -> Result<i128, OpError> {
    span(count, "day")
}

/// So many hours, in nanoseconds.
///
/// # Errors
/// A negative number, or a span beyond 64 bits.
pub fn with_hours(count: i128) -> Result<i128, OpError> {
    span(count, "hour")
}

/// So many microseconds, in nanoseconds.
///
/// # Errors
/// A negative number, or a span beyond 64 bits.
pub fn with_microseconds(count: i128) -> Result<i128, OpError> {
    span(count, "microsecond")
}

/// So many milliseconds, in nanoseconds.
///
/// # Errors
/// A negative number, or a span beyond 64 bits.
pub fn with_milliseconds(count: i128) -> Result<i128, OpError> {
    span(count, "millisecond")
}

/// So many minutes, in nanoseconds.
///
/// # Errors
/// A negative number, or a span beyond 64 bits.
pub fn with_minutes(count: i128) -> Result<i128, OpError> {
    span(count, "minute")
}

/// So many nanoseconds.
///
/// # Errors
/// A negative number.
pub fn with_nanoseconds(count: i128) -> Result<i128, OpError> {
    span(count, "nanosecond")
}

/// So many seconds, in nanoseconds.
///
/// # Errors
/// A negative number, or a span beyond 64 bits.
pub fn with_seconds(count: i128) -> Result<i128, OpError> {
    span(count, "second")
}

/// So many weeks, in nanoseconds.
///
/// # Errors
/// A negative number, or a span beyond 64 bits.
pub fn with_weeks(count: i128) -> Result<i128, OpError> {
    span(count, "week")
}

/// So many years of 365 days, in nanoseconds.
///
/// # Errors
/// A negative number, or a span beyond 64 bits.
pub fn with_years(count: i128) -> Result<i128, OpError> {
    span(count, "year")
}
