//! `core::datetime`: times, as integers of nanoseconds since 1970 (UTC), and spans of time in nanoseconds. Formats are
//! those of the crate `chrono` (`%Y-%m-%d`, …), which does the calendar's work; the clock is not here, `today` asks the
//! runtime.

mod duration;
mod text;

pub use duration::{
    from_human_format, with_days, with_hours, with_microseconds, with_milliseconds, with_minutes,
    with_nanoseconds, with_seconds, with_weeks, with_years,
};
pub use text::{format, iso8601, parse};

use chrono::{DateTime, Datelike, Timelike, Utc};

use super::context::row;
use super::macros::pure;
use super::{Class, ContextValue, FunctionRow, Misfit};
use crate::op::OpError;
use crate::value::Value;

pub(super) const MODULE: &str = "core::datetime";

pub(super) static ROWS: &[FunctionRow] = &[
    pure!(datetime::day(Integer) ->? Integer, "the day of the month, from 1", constants = time_fits),
    pure!(datetime::format(Integer, String) ->? String, "the time, written as the format says", constants = format_fits),
    pure!(datetime::from_human_format(String) ->? Integer, "the span of time, such as `3 minutes 2 seconds`, in ns"),
    pure!(datetime::hour(Integer) ->? Integer, "the hour, from 0 to 23", constants = time_fits),
    pure!(datetime::iso8601(Integer) ->? String, "the time as `2019-06-04T13:43:02.123456789+00:00`", constants = time_fits),
    pure!(datetime::microsecond(Integer) ->? Integer, "the microseconds within the second", constants = time_fits),
    pure!(datetime::millisecond(Integer) ->? Integer, "the milliseconds within the second", constants = time_fits),
    pure!(datetime::minute(Integer) ->? Integer, "the minute, from 0 to 59", constants = time_fits),
    pure!(datetime::month(Integer) ->? Integer, "the month, from 1 to 12", constants = time_fits),
    pure!(datetime::nanosecond(Integer) ->? Integer, "the nanoseconds within the second", constants = time_fits),
    pure!(datetime::parse(String, String) ->? Integer, "the time that the first text names in the format of the second",
        constants = parse_fits),
    pure!(datetime::second(Integer) ->? Integer, "the second, from 0 to 59", constants = time_fits),
    pure!(datetime::subsecond(Integer) ->? Integer, "the nanoseconds since the last full second", constants = time_fits),
    pure!(datetime::to_nearest_microsecond(Integer) ->? Integer, "the time, rounded to full microseconds", constants = time_fits),
    pure!(datetime::to_nearest_millisecond(Integer) ->? Integer, "the time, rounded to full milliseconds", constants = time_fits),
    pure!(datetime::to_nearest_second(Integer) ->? Integer, "the time, rounded to full seconds", constants = time_fits),
    row(MODULE, "today", Class::Integer, ContextValue::Nanotime, "the time now, by the system clock"),
    pure!(datetime::with_days(Integer) ->? Integer, "so many days, in ns"),
    pure!(datetime::with_hours(Integer) ->? Integer, "so many hours, in ns"),
    pure!(datetime::with_microseconds(Integer) ->? Integer, "so many microseconds, in ns"),
    pure!(datetime::with_milliseconds(Integer) ->? Integer, "so many milliseconds, in ns"),
    pure!(datetime::with_minutes(Integer) ->? Integer, "so many minutes, in ns"),
    pure!(datetime::with_nanoseconds(Integer) ->? Integer, "so many nanoseconds"),
    pure!(datetime::with_seconds(Integer) ->? Integer, "so many seconds, in ns"),
    pure!(datetime::with_weeks(Integer) ->? Integer, "so many weeks, in ns"),
    pure!(datetime::with_years(Integer) ->? Integer, "so many years of 365 days, in ns"),
    pure!(datetime::without_subseconds(Integer) ->? Integer, "the full seconds since 1970", constants = time_fits),
    pure!(datetime::year(Integer) ->? Integer, "the year", constants = time_fits),
];

const SECOND: u64 = 1_000_000_000;

/// A time as its nanoseconds.
fn time(ns: i128) -> Result<u64, OpError> {
    u64::try_from(ns).map_err(|_| {
        // an integer of the language is never above the greatest u64
        OpError::new(format!("{ns} is no time: a time is counted in nanoseconds since 1970, not negative"))
    })
}

/// A time for the calendar.
fn moment(ns: i128) -> Result<DateTime<Utc>, OpError> {
    let ns = time(ns)?;
    let seconds = i64::try_from(ns / SECOND).expect("a u64 of nanoseconds has few seconds");
    let rest = u32::try_from(ns % SECOND).expect("less than a second of nanoseconds");
    Ok(DateTime::from_timestamp(seconds, rest)
        .expect("all times of 64 bits are in the calendar: they end in 2554"))
}

/// Whether a constant first argument is a time.
fn time_fits(arguments: &[Option<&Value>]) -> Result<(), Misfit> {
    match arguments.first() {
        Some(Some(Value::Int(ns))) => {
            time(i128::from(*ns)).map(|_| ()).map_err(|error| Misfit { argument: 0, error })
        }
        _ => Ok(()),
    }
}

fn format_fits(arguments: &[Option<&Value>]) -> Result<(), Misfit> {
    time_fits(arguments)?;
    second_fits(arguments, |format| text::format(0, format).map(|_| ()))
}

fn parse_fits(arguments: &[Option<&Value>]) -> Result<(), Misfit> {
    second_fits(arguments, text::can_parse)
}

/// Checks a constant second argument.
fn second_fits(
    arguments: &[Option<&Value>],
    check: impl Fn(&str) -> Result<(), OpError>,
) -> Result<(), Misfit> {
    match arguments.get(1) {
        Some(Some(Value::String(text))) => check(text).map_err(|error| Misfit { argument: 1, error }),
        _ => Ok(()),
    }
}

/// The day of the month, from 1.
///
/// # Errors
/// Not a time.
pub fn day(ns: i128) -> Result<i128, OpError> {
    Ok(moment(ns)?.day().into())
}

/// The hour, from 0 to 23.
///
/// # Errors
/// Not a time.
pub fn hour(ns: i128) -> Result<i128, OpError> {
    Ok(moment(ns)?.hour().into())
}

/// The microseconds within the second.
///
/// # Errors
/// Not a time.
pub fn microsecond(ns: i128) -> Result<i128, OpError> {
    Ok(subsecond(ns)? / 1_000)
}

/// The milliseconds within the second.
///
/// # Errors
/// Not a time.
pub fn millisecond(ns: i128) -> Result<i128, OpError> {
    Ok(subsecond(ns)? / 1_000_000)
}

/// The minute, from 0 to 59.
///
/// # Errors
/// Not a time.
pub fn minute(ns: i128) -> Result<i128, OpError> {
    Ok(moment(ns)?.minute().into())
}

/// The month, from 1 to 12.
///
/// # Errors
/// Not a time.
pub fn month(ns: i128) -> Result<i128, OpError> {
    Ok(moment(ns)?.month().into())
}

/// The nanoseconds within the second.
///
/// # Errors
/// Not a time.
pub fn nanosecond(ns: i128) -> Result<i128, OpError> {
    subsecond(ns)
}

/// The second, from 0 to 59.
///
/// # Errors
/// Not a time.
pub fn second(ns: i128) -> Result<i128, OpError> {
    Ok(moment(ns)?.second().into())
}

/// The nanoseconds since the last full second.
///
/// # Errors
/// Not a time.
pub fn subsecond(ns: i128) -> Result<i128, OpError> {
    Ok((time(ns)? % SECOND).into())
}

/// The time, rounded to full microseconds; half of one is rounded up.
///
/// # Errors
/// Not a time, or one that rounding makes too great.
pub fn to_nearest_microsecond(ns: i128) -> Result<i128, OpError> {
    nearest_multiple(ns, 1_000)
}

/// The time, rounded to full milliseconds; half of one is rounded up.
///
/// # Errors
/// Not a time, or one that rounding makes too great.
pub fn to_nearest_millisecond(ns: i128) -> Result<i128, OpError> {
    nearest_multiple(ns, 1_000_000)
}

/// The time, rounded to full seconds; half of one is rounded up.
///
/// # Errors
/// Not a time, or one that rounding makes too great.
pub fn to_nearest_second(ns: i128) -> Result<i128, OpError> {
    nearest_multiple(ns, SECOND)
}

fn nearest_multiple(ns: i128, unit: u64) -> Result<i128, OpError> {
    let ns = time(ns)?;
    let down = ns - ns % unit;
    let rounded = if ns % unit < unit.div_ceil(2) { Some(down) } else { down.checked_add(unit) };
    rounded
        .map(i128::from)
        .ok_or_else(|| OpError::new(format!("{ns}, rounded up, does not fit into 64 bits")))
}

/// The full seconds since 1970.
///
/// # Errors
/// Not a time.
pub fn without_subseconds(ns: i128) -> Result<i128, OpError> {
    Ok((time(ns)? / SECOND).into())
}

/// The year.
///
/// # Errors
/// Not a time.
pub fn year(ns: i128) -> Result<i128, OpError> {
    Ok(moment(ns)?.year().into())
}
