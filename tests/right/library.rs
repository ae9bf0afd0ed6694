//! Every function of every module of the library, called by its short name, by its whole name and from `core`.

use foreshock::testing::Harness;

use crate::check;

foreshock::pipeline! {
    pub(crate) pipeline Lists;
    use std::array;

    select {
        "coalesce": array::coalesce(event.holes),
        "contains": [array::contains(event.list, 2), array::contains(event.list, 2.0), std::array::contains([], 1)],
        "flatten": array::flatten([event.list, [[4], [[5]]], { "k": [6] }]),
        "is_empty": [array::is_empty([]), array::is_empty(event.list)],
        "join": array::join(event.list, ", ") + core::array::join(["a", null, 1.0, [1]], ""),
        "len": array::len(event.list) * 2,
        "push": array::push(event.list, { "x": event.list }),
        "zip": array::zip(event.list, ["a", "b", "c"]),
        "unzip": array::unzip([[1, "a"], [2, "b"]]),
        "nested": array::len(array::push(array::coalesce(event.holes), array::len([]))),
    } from in into out;
}

#[test]
fn lists() {
    check::<lists::Lists>(
        &[r#"in {"list": [1, 2, 3], "holes": [null, 1, null, false]}"#],
        &[concat!(
            r#"out {"coalesce":[1,false],"contains":[true,false,false],"flatten":[1,2,3,4,5,{"k":[6]}],"#,
            r#""is_empty":[true,false],"join":"1, 2, 3anull1.0[1]","len":6,"push":[1,2,3,{"x":[1,2,3]}],"#,
            r#""zip":[[1,"a"],[2,"b"],[3,"c"]],"unzip":[[1,2],["a","b"]],"nested":3}"#,
        )],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline Numbers;
    use std::math;

    const pi = 3.14159;

    select {
        "ceil": [math::ceil(event), math::ceil(-event), std::math::ceil(2)],
        "floor": [math::floor(event), math::floor(-event), core::math::floor(pi)],
        "round": [math::round(event), math::round(-event), math::round(2.4)],
        "trunc": [math::trunc(event), math::trunc(-event), math::trunc(pi * 100)],
        "max": [math::max(1, 2), math::max(3, event), math::max(math::max(1, 5), 4)],
        "min": [math::min(1, 2), math::min(3, event), math::min(event, event)],
    } from in into out;
}

#[test]
fn numbers() {
    check::<numbers::Numbers>(
        &["in 2.5"],
        &[concat!(
            r#"out {"ceil":[3,-2,2],"floor":[2,-3,3],"round":[3,-3,2],"trunc":[2,-2,314],"#,
            r#""max":[2,3.0,5],"min":[1,2.5,2.5]}"#,
        )],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline Records;
    use std::record;

    select {
        "contains": [record::contains(event, "a"), record::contains(event, "z")],
        "from_array": record::from_array([["x", event.a], ["y", 2], ["x", 3]]),
        "is_empty": [record::is_empty({}), record::is_empty(event)],
        "keys": record::keys(event),
        "len": record::len(event),
        "merge": record::r#merge(event, { "b": null, "c": { "d": 1 } }),
        "rename": record::rename(event, { "a": "b", "b": "a", "z": "y" }),
        "select": record::r#select(event, ["c", "a", "z"]),
        "to_array": record::to_array(event),
        "values": std::record::values(event),
        "there and back": record::from_array(record::to_array(event)) == event,
    } from in into out;
}

#[test]
fn records() {
    check::<records::Records>(
        &[r#"in {"a": 1, "b": [2], "c": {"x": 3}}"#],
        &[concat!(
            r#"out {"contains":[true,false],"from_array":{"x":3,"y":2},"is_empty":[true,false],"#,
            r#""keys":["a","b","c"],"len":3,"merge":{"a":1,"b":null,"c":{"d":1}},"rename":{"b":1,"a":[2],"c":{"x":3}},"#,
            r#""select":{"a":1,"c":{"x":3}},"to_array":[["a",1],["b",[2]],["c",{"x":3}]],"#,
            r#""values":[1,[2],{"x":3}],"there and back":true}"#,
        )],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline Strings;
    use std::string;

    select {
        "bytes": string::bytes(event), "len": string::len(event),
        "capitalize": string::capitalize("word"),
        "contains": string::contains(event, "ö"),
        "format": [string::format("{} and {}", event, 1), string::format("{{{}}}", [1]), string::format("none")],
        "binary": [string::into_binary(event), string::from_utf8_lossy(string::into_binary(event))],
        "is_empty": [string::is_empty(""), string::is_empty(event)],
        "case": string::lowercase(event) + string::uppercase(event),
        "replace": string::replace(event, "w", "WW"),
        "split": string::split(event, " "),
        "substr": [string::substr(event, 0, 2), string::substr(event, 3, 100)],
        "trim": [string::trim(event), string::trim_start(event), string::trim_end(event)],
        "inside": "#{string::len(event) + 1}#{string::uppercase(\"x\")}",
    } from in into out;
}

#[test]
fn strings() {
    check::<strings::Strings>(
        &[r#"in " wörd w ""#],
        &[concat!(
            r#"out {"bytes":9,"len":8,"capitalize":"Word","contains":true,"#,
            r#""format":[" wörd w  and 1","{[1]}","none"],"binary":["IHfDtnJkIHcg"," wörd w "],"#,
            r#""is_empty":[true,false],"case":" wörd w  WÖRD W ","replace":" WWörd WW ","#,
            r#""split":["","wörd","w",""],"substr":[" w","rd w "],"trim":["wörd w","wörd w "," wörd w"],"#,
            r#""inside":"9X"}"#,
        )],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline Types;
    use std::type;
    use std::string;

    select [
        type::as_string(event), type::is_null(event), type::is_bool(event), type::is_integer(event),
        type::is_float(event), type::is_number(event), type::is_string(event), type::is_array(event),
        type::is_record(event), type::is_binary(event), std::type::is_binary(string::into_binary("x")),
        core::type::as_string(null),
    ] from in into out;
}

#[test]
fn types() {
    check::<types::Types>(
        &["in 1", "in 1.5", r#"in "s""#, "in []", "in {}", "in null", "in true", "in 18446744073709551615"],
        &[
            r#"out ["integer",false,false,true,false,true,false,false,false,false,true,"null"]"#,
            r#"out ["float",false,false,false,true,true,false,false,false,false,true,"null"]"#,
            r#"out ["string",false,false,false,false,false,true,false,false,false,true,"null"]"#,
            r#"out ["array",false,false,false,false,false,false,true,false,false,true,"null"]"#,
            r#"out ["record",false,false,false,false,false,false,false,true,false,true,"null"]"#,
            r#"out ["null",true,false,false,false,false,false,false,false,false,true,"null"]"#,
            r#"out ["bool",false,true,false,false,false,false,false,false,false,true,"null"]"#,
            r#"out ["integer",false,false,false,false,true,false,false,false,false,true,"null"]"#,
        ],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline Times;
    use core::datetime;

    const moment = datetime::parse("2019-06-04 13:43:02.123456789 +0000", "%Y-%m-%d %H:%M:%S%.f %z");

    select {
        "same": moment == event,
        "date": [datetime::year(event), datetime::month(event), datetime::day(event)],
        "time": [datetime::hour(event), datetime::minute(event), datetime::second(event)],
        "parts": [datetime::millisecond(event), datetime::microsecond(event), datetime::nanosecond(event),
            datetime::subsecond(event), datetime::without_subseconds(event)],
        "nearest": [datetime::to_nearest_millisecond(event), datetime::to_nearest_microsecond(event),
            datetime::to_nearest_second(event)],
        "format": [datetime::format(event, "%H:%M"), datetime::iso8601(event)],
        "human": datetime::from_human_format("3 minutes 2 seconds"),
        "spans": [datetime::with_nanoseconds(1), datetime::with_microseconds(1), datetime::with_milliseconds(1),
            datetime::with_seconds(1), datetime::with_minutes(1), datetime::with_hours(1)],
        "longer": [datetime::with_days(1), datetime::with_weeks(1), datetime::with_years(1)],
        "later": datetime::iso8601(event + datetime::with_hours(11)),
        "now": datetime::today() > event,
    } from in into out;
}

#[test]
fn times() {
    let mut harness = Harness::<times::Times>::new();
    harness.set_ms(1_700_000_000_000);
    harness.push("in", "1559655782123456789");
    let expected = concat!(
        r#"out {"same":true,"date":[2019,6,4],"time":[13,43,2],"#,
        r#""parts":[123,123456,123456789,123456789,1559655782],"#,
        r#""nearest":[1559655782123000000,1559655782123457000,1559655782000000000],"#,
        r#""format":["13:43","2019-06-04T13:43:02.123456789+00:00"],"human":182000000000,"#,
        r#""spans":[1,1000,1000000,1000000000,60000000000,3600000000000],"#,
        r#""longer":[86400000000000,604800000000000,31536000000000000],"#,
        r#""later":"2019-06-05T00:43:02.123456789+00:00","now":true}"#,
    );
    assert_eq!(harness.outputs(), [expected]);
}

foreshock::pipeline! {
    pub(crate) pipeline System;
    use tremor::system;

    select {
        "host": system::hostname(),
        "in": system::ingest_ns(),
        "instance": tremor::system::instance(),
        "now": system::nanotime(),
        "version": system::version() != "",
        "text": "#{system::hostname()}/#{system::instance()}",
    } from in into out;
}

#[test]
fn the_system() {
    let mut harness = Harness::<system::System>::new();
    harness.set_ms(7);
    harness.push("in", "1");
    assert_eq!(
        harness.outputs(),
        [
            r#"out {"host":"test","in":7000000,"instance":"test","now":7000000,"version":true,"text":"test/test"}"#
        ]
    );
}
