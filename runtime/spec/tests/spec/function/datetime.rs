//! `core::datetime`.

use super::check;

/// 2019-06-04 13:43:02.123456789 UTC
const TIME: &str = "1559655782123456789";
/// The last time of 64 bits.
const LAST: &str = "18446744073709551615";

#[track_caller]
fn of(name: &str, time: &str, expected: &str) {
    check(&format!("core::datetime::{name}"), &format!("[{time}]"), expected);
}

#[test]
fn a_time_has_parts() {
    for (name, part, last, first) in [
        ("year", "2019", "2554", "1970"),
        ("month", "6", "7", "1"),
        ("day", "4", "21", "1"),
        ("hour", "13", "23", "0"),
        ("minute", "43", "34", "0"),
        ("second", "2", "33", "0"),
        ("millisecond", "123", "709", "0"),
        ("microsecond", "123456", "709551", "0"),
        ("nanosecond", "123456789", "709551615", "0"),
        ("subsecond", "123456789", "709551615", "0"),
        ("without_subseconds", "1559655782", "18446744073", "0"),
    ] {
        of(name, TIME, part);
        of(name, LAST, last);
        of(name, "0", first);
        of(name, "-1", "-1 is no time: a time is counted in nanoseconds since 1970, not negative");
    }
}

#[test]
fn a_time_is_rounded() {
    of("to_nearest_microsecond", TIME, "1559655782123457000");
    of("to_nearest_millisecond", TIME, "1559655782123000000");
    of("to_nearest_second", TIME, "1559655782000000000");
    of("to_nearest_millisecond", "1559655782987654321", "1559655782988000000");
    of("to_nearest_second", "499999999", "0");
    of("to_nearest_second", "500000000", "1000000000");
    of("to_nearest_microsecond", "18446744073709551499", "18446744073709551000");
    of("to_nearest_second", LAST, "18446744073709551615, rounded up, does not fit into 64 bits");
}

#[track_caller]
fn format(time: &str, format: &str, expected: &str) {
    check("core::datetime::format", &format!("[{time}, \"{format}\"]"), expected);
}

#[test]
fn a_time_is_written() {
    of("iso8601", TIME, r#""2019-06-04T13:43:02.123456789+00:00""#);
    of("iso8601", "0", r#""1970-01-01T00:00:00.000000000+00:00""#);
    of("iso8601", LAST, r#""2554-07-21T23:34:33.709551615+00:00""#);
    format(TIME, "%Y-%m-%d %H:%M:%S", r#""2019-06-04 13:43:02""#);
    format(TIME, "%A %e. %B %y, %3f, %j, %s, %%", r#""Tuesday  4. June 19, 123, 155, 1559655782, %""#);
    format(TIME, "%c %z %Z", r#""Tue Jun  4 13:43:02 2019 +0000 UTC""#);
    format(TIME, "größer", r#""größer""#);
    format(TIME, "", r#""""#);
}

#[test]
fn a_format_means_something() {
    let wrong = "`%Q` is no format of a time: it has a `%` that means nothing";
    format(TIME, "%Q", wrong);
    check("core::datetime::parse", r#"["1970", "%Q"]"#, wrong);
    format(TIME, "at %", "`at %` is no format of a time: it has a `%` that means nothing");
    // for reading only
    format(TIME, "%#z", "a time cannot be written with the format `%#z`");
    format("-1", "%Y", "-1 is no time: a time is counted in nanoseconds since 1970, not negative");
}

#[track_caller]
fn parse(text: &str, format: &str, expected: &str) {
    check("core::datetime::parse", &format!("[\"{text}\", \"{format}\"]"), expected);
}

#[test]
fn a_time_is_read() {
    parse("2019-06-04 13:43:02", "%Y-%m-%d %H:%M:%S", "1559655782000000000"); // without an offset: UTC
    parse("2019-06-04 13:43:02.123456789", "%Y-%m-%d %H:%M:%S%.f", TIME);
    parse("2019-06-04 13:43", "%Y-%m-%d %H:%M", "1559655780000000000");
    parse("2019-06-04 15:43:02 +0200", "%Y-%m-%d %H:%M:%S %z", "1559655782000000000");
    parse("2019-06-04T13:43:02.123456789+00:00", "%Y-%m-%dT%H:%M:%S%.f%:z", TIME);
    parse("2019-06-04T13:43:02+00:00", "%+", "1559655782000000000");
    parse("1559655782", "%s", "1559655782000000000");
    parse("1970-01-01 00:00:00", "%F %T", "0");
    parse("2554-07-21T23:34:33.709551615+00:00", "%+", LAST);
}

#[test]
fn a_date_alone_is_its_first_moment() {
    parse("2019-06-04", "%Y-%m-%d", "1559606400000000000");
    parse("2019-06-04 +0200", "%Y-%m-%d %z", "1559599200000000000");
}

#[test]
fn a_text_that_does_not_fit_is_refused() {
    let does_not_fit = |text: &str, format: &str, reason: &str| {
        parse(text, format, &format!("`{text}` does not fit the format `{format}`: {reason}"));
    };
    does_not_fit("2019-06", "%Y-%m-%d", "it ends too early");
    does_not_fit("2019-06-04x", "%Y-%m-%d", "it goes on behind what the format reads");
    does_not_fit("2019/06/04", "%Y-%m-%d", "something else stands in it than the format says");
    does_not_fit("2019-13-04", "%Y-%m-%d", "a number in it is out of range");
    does_not_fit("2019-02-30", "%Y-%m-%d", "a number in it is out of range");
    does_not_fit("Monday 2019-06-04", "%A %Y-%m-%d", "there is no such time");
    does_not_fit("12:30", "%H:%M", "`%H:%M` does not tell enough for a time");
    does_not_fit("2019-06-04 13", "%Y-%m-%d %H", "`%Y-%m-%d %H` does not tell enough for a time");
    parse("2019 CET", "%Y %Z", "the name of a time zone (`%Z`) cannot be read: use an offset (`%z`)");
}

#[test]
fn times_are_those_of_64_bits() {
    parse("1969-12-31 23:59:59", "%F %T", "`1969-12-31 23:59:59` is before 1970, where times begin");
    parse("1970-01-01 +0100", "%F %z", "`1970-01-01 +0100` is before 1970, where times begin");
    parse("2555-01-01", "%F", "`2555-01-01` is too late: times of 64 bits end in the year 2554");
    parse("+262142-01-01", "%F", "`+262142-01-01` is too late: times of 64 bits end in the year 2554");
}

#[test]
fn a_time_that_was_written_is_read_again() {
    for time in ["0", "1", TIME, LAST] {
        let text = super::call("core::datetime::iso8601", &format!("[{time}]"));
        check("core::datetime::parse", &format!("[{text}, \"%+\"]"), time);
    }
}

#[test]
fn spans_have_units() {
    for (unit, one) in [
        ("nanosecond", "1"),
        ("microsecond", "1000"),
        ("millisecond", "1000000"),
        ("second", "1000000000"),
        ("minute", "60000000000"),
        ("hour", "3600000000000"),
        ("day", "86400000000000"),
        ("week", "604800000000000"),
        ("year", "31536000000000000"),
    ] {
        of(&format!("with_{unit}s"), "1", one);
        of(&format!("with_{unit}s"), "0", "0");
        of(&format!("with_{unit}s"), "-1", "-1 is negative; a span of time is not");
        of("from_human_format", &format!("\"1 {unit}\""), one);
        of("from_human_format", &format!("\"1 {unit}s\""), one);
        if unit != "nanosecond" {
            let error = format!("{LAST} {unit}s is more nanoseconds than fit into 64 bits");
            of(&format!("with_{unit}s"), LAST, &error);
        }
    }
    of("with_nanoseconds", LAST, LAST);
    of("with_years", "584", "18417024000000000000");
}

#[test]
fn spans_are_told_in_words() {
    of("from_human_format", r#""3 minutes 2 seconds""#, "182000000000");
    of("from_human_format", r#""  1 day\t1 day ""#, "172800000000000");
    of("from_human_format", r#""0 seconds""#, "0");
}

#[test]
fn other_words_are_no_span() {
    let units = "there are nanosecond, microsecond, millisecond, second, minute, hour, day, week, year, and their plurals";
    of(
        "from_human_format",
        r#""""#,
        "a span of time is needed, such as `3 minutes 2 seconds`, not an empty text",
    );
    of("from_human_format", r#""3""#, &format!("`3` has no unit behind it: {units}"));
    of("from_human_format", r#""3 fortnights""#, &format!("`fortnights` is no unit of time: {units}"));
    of("from_human_format", r#""2 months""#, "a month has no fixed length: write days");
    for number in ["three", "1.5", "-1", "3minutes", "1,"] {
        of(
            "from_human_format",
            &format!("\"1 day {number} hours\""),
            &format!("`{number}` stands where a whole number should, as in `3 minutes 2 seconds`"),
        );
    }
    of(
        "from_human_format",
        r#""584 years 400 days""#,
        "`584 years 400 days` is more nanoseconds than fit into 64 bits",
    );
}
