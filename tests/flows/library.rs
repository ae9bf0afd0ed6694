//! The functions of the library, each called from a flow, with arguments of which nothing is known and with typed ones.
//! What each does with which values is tested beside the registry (`runtime/spec/tests/spec/function/`).

use foreshock::Value;
use foreshock::testing::Harness;

/// Compiles a pipeline that selects an expression, and checks what comes out for each input.
macro_rules! check {
    ($name:ident: [$($target:tt)*] $($input:literal => $expected:expr),* $(,)?) => {
        #[test]
        fn $name() {
            foreshock::pipeline! {
                #[allow(unused_use)]
                pipeline Query;
                use std::array;
                use std::math;
                use std::record;
                use std::string;
                use std::type;
                use core::datetime;
                select $($target)* from in into out;
            }
            for (input, expected) in [$(($input, $expected)),*] {
                let mut query = Harness::<query::Query>::new();
                query.set_ms(5);
                query.push("in", input);
                let outputs = query.outputs().join("; ");
                // without file, line and column, which are those of this file
                let outputs = match outputs.split_once("flows/library.rs, line ") {
                    Some((before, after)) => format!("{before}{}", after.split_once(": ").unwrap_or_default().1),
                    None => outputs.strip_prefix("out ").unwrap_or(&outputs).to_owned(),
                };
                assert_eq!(outputs, expected, "for {input}");
                assert_eq!(query.pending(), 0, "for {input}");
            }
        }
    };
}

check!(arrays: [[
        array::coalesce(event.a), array::contains(event.a, event.x), array::flatten(event.a), array::is_empty(event.a),
        array::join(event.a, event.s), array::len(event.a), array::push(event.a, event.x), array::zip(event.a, event.a),
        array::unzip(event.pairs),
    ]]
    r#"{"a": [1, null, [2]], "x": 1, "s": ", ", "pairs": [[1, 2], [3, 4]]}"# => concat!(
        r#"[[1,[2]],true,[1,null,2],false,"1, null, [2]",3,[1,null,[2],1],[[1,1],[null,null],[[2],[2]]],"#,
        r#"[[1,3],[2,4]]]"#),
    r#"{"a": [], "x": 1.0, "s": "", "pairs": []}"# => r#"[[],false,[],true,"",0,[1.0],[],[[],[]]]"#);

check!(records: [[
        record::contains(event.r, event.k), record::from_array(event.pairs), record::is_empty(event.r),
        record::keys(event.r), record::len(event.r), record::r#merge(event.r, event.other),
        record::rename(event.r, event.names), record::r#select(event.r, event.keys), record::to_array(event.r),
        record::values(event.r),
    ]]
    r#"{"r": {"a": 1, "b": {"c": 2}}, "k": "b", "pairs": [["x", 1]], "other": {"b": null}, "names": {"a": "b"}, "keys": ["b"]}"# =>
        concat!(r#"[true,{"x":1},false,["a","b"],2,{"a":1,"b":null},{"b":1},{"b":{"c":2}},"#,
            r#"[["a",1],["b",{"c":2}]],[1,{"c":2}]]"#));

check!(numbers: [[
        math::ceil(event.n), math::floor(event.n), math::round(event.n), math::trunc(event.n),
        math::max(event.n, 2), math::min(event.n, 2),
    ]]
    r#"{"n": -1.5}"# => "[-1,-2,-2,-1,2.0,-1.5]",
    r#"{"n": 7}"# => "[7,7,7,7,7,2]",
    r#"{"n": 18446744073709551615}"# =>
        "[18446744073709551615,18446744073709551615,18446744073709551615,18446744073709551615,18446744073709551615,2]");

check!(strings: [[
        string::bytes(event.s), string::capitalize(event.s), string::contains(event.s, event.t),
        string::format("{}!{}", event.s, event.n), string::is_empty(event.s), string::len(event.s),
        string::lowercase(event.s), string::replace(event.s, event.t, "-"), string::split(event.s, event.t),
        string::substr(event.s, event.n, 3), string::trim(event.s), string::trim_end(event.s),
        string::trim_start(event.s), string::uppercase(event.s),
    ]]
    r#"{"s": "öBb ", "t": "B", "n": 1}"# =>
        r#"[5,"ÖBb ",true,"öBb !1",false,4,"öbb ","ö-b ",["ö","b "],"Bb","öBb","öBb","öBb ","ÖBB "]"#);

check!(binaries: [[
        string::into_binary(event.s), string::from_utf8_lossy(string::into_binary(event.s)),
        type::is_binary(string::into_binary(event.s)), type::is_binary(event.s), string::into_binary(event.s) == event.s,
    ]]
    r#"{"s": "foo"}"# => r#"["Zm9v","foo",true,false,true]"#,
    r#"{"s": 1}"# => concat!(
        r#"err {"error":"`event.s`, argument 1 of `string::into_binary`: a string is needed, not an integer","#,
        r#""event":{"s":1}}"#));

check!(types: [[
        type::as_string(event), type::is_array(event), type::is_binary(event), type::is_bool(event), type::is_float(event),
        type::is_integer(event), type::is_null(event), type::is_number(event), type::is_record(event), type::is_string(event),
    ]]
    "null" => r#"["null",false,false,false,false,false,true,false,false,false]"#,
    "18446744073709551615" => r#"["integer",false,false,false,false,false,false,true,false,false]"#,
    "1" => r#"["integer",false,false,false,false,true,false,true,false,false]"#);

check!(times: [[
        datetime::day(event.t), datetime::format(event.t, event.f), datetime::hour(event.t), datetime::iso8601(event.t),
        datetime::microsecond(event.t), datetime::millisecond(event.t), datetime::minute(event.t), datetime::month(event.t),
        datetime::nanosecond(event.t), datetime::parse("2019-06-04", event.f), datetime::second(event.t),
        datetime::subsecond(event.t), datetime::to_nearest_microsecond(event.t), datetime::to_nearest_millisecond(event.t),
        datetime::to_nearest_second(event.t), datetime::without_subseconds(event.t), datetime::year(event.t),
        datetime::today(),
    ]]
    r#"{"t": 1559655782123456789, "f": "%Y-%m-%d"}"# => concat!(
        r#"[4,"2019-06-04",13,"2019-06-04T13:43:02.123456789+00:00",123456,123,43,6,123456789,1559606400000000000,2,"#,
        r#"123456789,1559655782123457000,1559655782123000000,1559655782000000000,1559655782,2019,5000000]"#));

check!(spans: [[
        datetime::from_human_format(event.s), datetime::with_days(event.n), datetime::with_hours(event.n),
        datetime::with_microseconds(event.n), datetime::with_milliseconds(event.n), datetime::with_minutes(event.n),
        datetime::with_nanoseconds(event.n), datetime::with_seconds(event.n), datetime::with_weeks(event.n),
        datetime::with_years(event.n),
    ]]
    r#"{"s": "3 minutes 2 seconds", "n": 2}"# => concat!(
        "[182000000000,172800000000000,7200000000000,2000,2000000,120000000000,2,2000000000,1209600000000000,",
        "63072000000000000]"));

check!(functions_without_use: [[
        core::array::len(event), core::record::r#merge({"a": 1}, {"a": event}), core::math::floor(core::array::len(event) / 2),
        core::string::len("#{event}"), core::type::is_array(event), core::datetime::year(0), std::array::is_empty(event),
    ]]
    "[1, 2, 3]" => r#"[3,{"a":[1,2,3]},1,7,true,1970,false]"#);

check!(calls_inside_strings: ["#{record::`merge`({\"a\": event}, {})} #{array::len([event, 1])} #{record::r#select(event, [])}"]
    r#"{"b": 1}"# => r#""{\"a\":{\"b\":1}} 2 {}""#);

check!(a_wrong_argument_says_which_one: [array::join(event.a, event.s)]
    r#"{"a": "x", "s": ","}"# => concat!(
        r#"err {"error":"`event.a`, argument 1 of `array::join`: a list is needed, not a string","#,
        r#""event":{"a":"x","s":","}}"#),
    r#"{"a": [], "s": 1}"# => concat!(
        r#"err {"error":"`event.s`, argument 2 of `array::join`: a string is needed, not an integer","#,
        r#""event":{"a":[],"s":1}}"#));

check!(what_a_function_refuses_shows_the_call: [datetime::parse(event, "%F")]
    r#""2019-06""# => concat!(
        r#"err {"error":"`datetime::parse(event, \"%F\")`: `2019-06` does not fit the format `%F`: "#,
        r#"it ends too early","event":"2019-06"}"#),
    r#""1969-01-01""# => concat!(
        r#"err {"error":"`datetime::parse(event, \"%F\")`: `1969-01-01` is before 1970, where times begin","#,
        r#""event":"1969-01-01"}"#));

check!(a_record_by_a_wrong_name: [record::rename(event, {"a": event.b})]
    r#"{"a": 1, "b": 2}"# => concat!(
        r#"err {"error":"`record::rename(event, {\"a\": event.b})`: the new name of `a` is a string, not an "#,
        r#"integer","event":{"a":1,"b":2}}"#));

// What is computed at compile time stands beside the same from an event.
check!(folded_arrays: [[
        [array::flatten([1, [2]]), array::join([1, 2], ";"), array::contains([1.0], 1.0)],
        [array::flatten(event.a), array::join(array::flatten(event.a), ";"), array::contains([1.0], event.f)],
    ]]
    r#"{"a": [1, [2]], "f": 1.0}"# => r#"[[[1,2],"1;2",true],[[1,2],"1;2",true]]"#);
check!(folded_records: [[
        [record::rename({"a": 1, "c": 2}, {"a": "b"}), record::from_array([["x", []]])],
        [record::rename(event.r, {"a": "b"}), record::from_array([["x", event.e]])],
    ]]
    r#"{"r": {"a": 1, "c": 2}, "e": []}"# => r#"[[{"b":1,"c":2},{"x":[]}],[{"b":1,"c":2},{"x":[]}]]"#);
check!(folded_times: [[
        [datetime::format(datetime::with_days(1), "%F"), datetime::parse("1970-01-02", "%F")],
        [datetime::format(datetime::with_days(event.n), "%F"), datetime::parse(event.s, "%F")],
    ]]
    r#"{"n": 1, "s": "1970-01-02"}"# => r#"[["1970-01-02",86400000000000],["1970-01-02",86400000000000]]"#);

check!(folded_numbers: [[
        [math::max(1, 2.5), math::floor(-1.5), math::min(9223372036854775807 + 1, 7), math::round(1)],
        [math::max(event.n, 2.5), math::floor(event.f), math::min(event.u - 1, 7), math::round(event.n)],
    ]]
    r#"{"n": 1, "f": -1.5, "u": 18446744073709551615}"# => "[[2.5,-2,7,1],[2.5,-2,7,1]]");
check!(folded_texts: [[
        [string::format("{}-{}", "ä", [1]), string::bytes("ä"), type::as_string(1.0), type::is_binary("")],
        [string::format("{}-{}", event.s, [event.n]), string::bytes(event.s), type::as_string(event.f), type::is_binary(event)],
    ]]
    r#"{"s": "ä", "n": 1, "f": 1.0}"# => r#"[["ä-[1]",2,"float",false],["ä-[1]",2,"float",false]]"#);
check!(constants_that_json_cannot_write: [
        [array::contains([1 / 0], 1 / event), [-1 / 0, 7][event] < -1, array::coalesce([[0 / 0, null, "x"][event]])]
    ]
    "0" => "[true,true,[null]]");

/// Over the metronome's event, whose fields have types.
mod typed {
    foreshock::pipeline! {
        pub(crate) flow Typed;
        define onramp metronome from metronome with interval = 10 end;
        define offramp sink from blackhole end;
        define pipeline query
            use std::array;
            use std::math;
            use std::record;
            use std::string;
            use std::type;
            use core::datetime;
            select {
                "array": [
                    array::len([event.id, 1]), array::contains([1, 7], event.id), array::push([], event.onramp),
                    array::zip([event.id], [event.onramp]), array::join([event.id, event.onramp], "-"),
                ],
                "record": [
                    record::len(event), record::keys(event), record::contains(event, event.onramp),
                    record::r#merge({"a": event.id}, {"b": 1}), record::r#select(event, ["id"]),
                ],
                "floor": math::floor(event.id / 2),
                "most": math::max(event.id, 3) + 1,
                "least": math::min(event.id / 2, 3),
                "string": [string::bytes(event.onramp), string::substr(event.onramp, 0, event.id)],
                "type": [type::as_string(event.id), type::is_integer(event.ingest_ns), type::is_record(event)],
                "time": [
                    datetime::iso8601(event.ingest_ns), datetime::year(event.ingest_ns),
                    datetime::with_seconds(event.id), datetime::format(event.ingest_ns, "%H:%M"),
                    datetime::today() - event.ingest_ns,
                ],
            } from in where math::max(event.id, 1) > 1 and datetime::hour(event.ingest_ns) == 0 into out;
        end;
        define binding default links
            /onramp/metronome/{i}/out => /pipeline/query/{i}/in,
            /pipeline/query/{i}/out => /offramp/sink/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

#[test]
fn typed_arguments() {
    let mut query = Harness::<typed::typed::Query>::new();
    query.set_ms(5);
    query.push("in", r#"{"onramp": "metronome", "id": 0, "ingest_ns": 0}"#);
    query.push("in", r#"{"onramp": "metronome", "id": 7, "ingest_ns": 3000000}"#);
    let expected = concat!(
        r#"out {"array":[2,true,["metronome"],[[7,"metronome"]],"7-metronome"],"#,
        r#""record":[3,["onramp","id","ingest_ns"],false,{"a":7,"b":1},{"id":7}],"#,
        r#""floor":3,"most":8,"least":3.0,"string":[9,"metrono"],"type":["integer",true,true],"#,
        r#""time":["1970-01-01T00:00:00.003000000+00:00",1970,7000000000,"00:00",2000000]}"#,
    );
    assert_eq!(query.outputs(), [expected]);
}

/// A list as deep as text can be, and one too deep to be an event.
#[test]
fn deep_lists_are_flattened() {
    foreshock::pipeline! {
        pipeline Flat;
        use std::array;
        select array::flatten(event) from in into out;
    }
    let mut flat = Harness::<flat::Flat>::new();
    let deep = |depth: usize| format!("{}{}", "[1,".repeat(depth - 1) + "[", "]".repeat(depth));
    flat.push("in", &deep(127));
    assert_eq!(flat.outputs(), [format!("out [{}]", vec!["1"; 126].join(","))]);
    assert!(Value::parse(deep(128).as_bytes()).is_err());
}
