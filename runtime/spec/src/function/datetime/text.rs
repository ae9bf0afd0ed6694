//! Times as texts, by a format.

use std::fmt::Write as _;

use chrono::format::{Fixed, Item, ParseError, ParseErrorKind, Parsed, StrftimeItems};
use chrono::{DateTime, NaiveTime, Utc};

use super::{SECOND, moment};
use crate::op::OpError;

/// The time in UTC, written as the format says.
///
/// # Errors
/// Not a time, or not a format in which one can be written.
pub fn format(ns: i128, format: &str) -> Result<String, OpError> {
    let mut text = String::with_capacity(2 * format.len());
    if write!(text, "{}", moment(ns)?.format_with_items(StrftimeItems::new(format))).is_ok() {
        return Ok(text);
    }
    // a part that means nothing, or one that serves only for reading
    meaningful(format)?;
    Err(OpError::new(format!("a time cannot be written with the format `{format}`")))
}

/// The time with nine digits of the second and an offset: `2019-06-04T13:43:02.123456789+00:00`.
///
/// # Errors
/// Not a time.
pub fn iso8601(ns: i128) -> Result<String, OpError> {
    format(ns, "%Y-%m-%dT%H:%M:%S%.9f%:z")
}

/// The time that a text names. Where the format has no offset (`%z`), it is UTC; where it has a date only, its first
/// moment.
///
/// # Errors
/// Not a format; a text that it does not fit; a time before 1970 or too late for 64 bits.
pub fn parse(text: &str, format: &str) -> Result<i128, OpError> {
    readable(format)?;
    let ns = read(text, format).map_err(|error| {
        OpError::new(format!("`{text}` does not fit the format `{format}`: {}", reason(error, format)))
    })?;
    if ns < 0 {
        return Err(OpError::new(format!("`{text}` is before 1970, where times begin")));
    }
    u64::try_from(ns)
        .map(i128::from)
        .map_err(|_| OpError::new(format!("`{text}` is too late: times of 64 bits end in the year 2554")))
}

/// Whether any text can be read with the format.
///
/// # Errors
/// With this no text can.
pub(super) fn can_parse(format: &str) -> Result<(), OpError> {
    readable(format)?;
    // What the format itself writes is as complete as any text can be.
    let Ok(example) = self::format(0, format) else { return Ok(()) };
    match read(&example, format) {
        Err(error) if error.kind() == ParseErrorKind::NotEnough => Err(OpError::new(format!(
            "the format `{format}` names no time: it needs a year, a month and a day"
        ))),
        _ => Ok(()),
    }
}

/// The nanoseconds since 1970, negative before.
fn read(text: &str, format: &str) -> Result<i128, ParseError> {
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, StrftimeItems::new(format))?;
    let has_time = parsed.hour_div_12().is_some()
        || parsed.hour_mod_12().is_some()
        || parsed.minute().is_some()
        || parsed.second().is_some()
        || parsed.nanosecond().is_some()
        || parsed.timestamp().is_some();
    let moment = match parsed.offset() {
        // local time, still to be told as UTC
        offset if !has_time => {
            let midnight = parsed.to_naive_date()?.and_time(NaiveTime::MIN).and_utc();
            return Ok(nanoseconds(midnight) - i128::from(offset.unwrap_or(0)) * i128::from(SECOND));
        }
        Some(_) => parsed.to_datetime()?.to_utc(),
        None => parsed.to_naive_datetime_with_offset(0)?.and_utc(),
    };
    Ok(nanoseconds(moment))
}

fn nanoseconds(moment: DateTime<Utc>) -> i128 {
    i128::from(moment.timestamp()) * i128::from(SECOND) + i128::from(moment.timestamp_subsec_nanos())
}

/// Whether each part of a format means something.
fn meaningful(format: &str) -> Result<(), OpError> {
    if StrftimeItems::new(format).any(|item| item == Item::Error) {
        return Err(OpError::new(format!(
            "`{format}` is no format of a time: it has a `%` that means nothing"
        )));
    }
    Ok(())
}

/// Whether a format may serve for reading.
fn readable(format: &str) -> Result<(), OpError> {
    meaningful(format)?;
    if StrftimeItems::new(format).any(|item| item == Item::Fixed(Fixed::TimezoneName)) {
        return Err(OpError::new("the name of a time zone (`%Z`) cannot be read: use an offset (`%z`)"));
    }
    Ok(())
}

fn reason(error: ParseError, format: &str) -> String {
    match error.kind() {
        ParseErrorKind::NotEnough => format!("`{format}` does not tell enough for a time"),
        ParseErrorKind::Impossible => "there is no such time".to_owned(),
        ParseErrorKind::OutOfRange => "a number in it is out of range".to_owned(),
        ParseErrorKind::TooShort => "it ends too early".to_owned(),
        ParseErrorKind::TooLong => "it goes on behind what the format reads".to_owned(),
        _ => "something else stands in it than the format says".to_owned(),
    }
}
