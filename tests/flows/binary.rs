//! Binaries on all their ways through a flow: made of what is known and of what is not, behind logs and links, compared,
//! patched, kept. In JSON they are base64: of `metronome` it is `bWV0cm9ub21l`, of `foo` `Zm9v`.

use foreshock::testing::Harness;
use foreshock::{Embedded, Record, Value};

const TICK: &str = r#"{"onramp":"metronome","id":7,"ingest_ns":8}"#;

mod dynamic {
    foreshock::pipeline! {
        pub(crate) pipeline Dynamic;
        use std::string;
        use std::type;
        define qos::wal operator log with read_count = 9, max_elements = 9 end;
        create operator log;
        create stream made;
        const foo = string::into_binary("foo");
        const list = [foo, { "b": foo }, 1 / 0];

        select { "b": string::into_binary(event.s), "n": event.n } from in into made;
        select event from made into log;
        select {
            "b": event.b,
            "kind": type::as_string(event.b),
            "is": [type::is_binary(event.b), type::is_string(event.b), event.b == "foo", event.b == foo, foo == event.b],
            "order": [event.b < "g", "g" > event.b, event.b <= foo, event.b >= event.b],
            "text": "#{event.b} #{foo}",
            "back": string::from_utf8_lossy(event.b),
            "const": list,
            "again": patch event of insert "c" => event.b, move "b" => "d", merge "e" => event.b end,
            "merged": merge event of { "n": foo } end,
            "present": present event.b[0] or present event.b.x,
        } from log where event.b != "no" and event.b < "zz" into out having event["kind"] == "bytes";
        select event.b[0] from log where event.b == "index" into out;
        select event.b + "!" from log where event.b == "plus" into out;
        select event.b < event.n from log where event.b == "order" into out;
        select string::len(event.b) from log where event.b == "len" into out;
        select string::from_utf8_lossy(event.n) from log where event.b == "lossy" into out;
    }
}

#[test]
fn made_of_what_is_not_known() {
    let mut query = Harness::<dynamic::dynamic::Dynamic>::new();
    query.push("in", r#"{"s":"foo","n":1}"#);
    query.push("in", r#"{"s":"no","n":1}"#);
    let outputs = query.outputs();
    assert_eq!(outputs.len(), 1, "{outputs:?}");
    let expected = concat!(
        r#"out {"b":"Zm9v","kind":"bytes","is":[true,false,true,true,true],"order":[true,true,true,true],"#,
        r#""text":"\"Zm9v\" \"Zm9v\"","back":"foo","const":["Zm9v",{"b":"Zm9v"},1.7976931348623157e308],"#,
        r#""again":{"n":1,"c":"Zm9v","d":"Zm9v","e":"Zm9v"},"merged":{"b":"Zm9v","n":"Zm9v"},"present":false}"#,
    );
    assert_eq!(outputs[0], expected);
}

#[test]
fn what_does_not_take_them_fails_for_the_event() {
    for (text, why) in [
        ("index", "only lists and records can be indexed, not a binary"),
        ("plus", "`+` takes two numbers or two strings, not a binary and a string"),
        ("order", "`<` takes two numbers, or two strings or binaries, not a binary and an integer"),
        ("len", "a string is needed, not a binary"),
        ("lossy", "a binary is needed, not an integer"),
    ] {
        let mut query = Harness::<dynamic::dynamic::Dynamic>::new();
        query.push("in", &format!(r#"{{"s":"{text}","n":1}}"#));
        let outputs = query.outputs();
        assert!(
            outputs.iter().any(|output| output.starts_with("err ") && output.contains(why)),
            "{outputs:?}"
        );
    }
}

mod typed {
    foreshock::pipeline! {
        pub(crate) flow Typed;
        define onramp metronome from metronome with interval = 10 end;
        define offramp sink from blackhole end;
        define pipeline first
            use std::string;
            define qos::wal operator log with read_count = 9, max_elements = 9 end;
            create operator log;
            select { "b": string::into_binary(event.onramp), "in": { "c": string::into_binary("foo") }, "id": event.id }
            from in into log;
            select event from log where event.b == "metronome" and event.in.c < event.b into out;
        end;
        define pipeline second
            use std::array;
            use std::string;
            use std::type;
            define qos::wal operator log with read_count = 9, max_bytes = 1000 end;
            create operator log;
            select event from in where type::is_binary(event.b) into log;
            #[allow(never_equal)]
            select [
                event.b, event.in, event.b > event.in.c, event.b == event.id, event.in.c == "foo",
                string::from_utf8_lossy(event.b), "#{event.in.c}", array::contains([event.b], event.b),
                merge event of { "id": event.b } end.id, patch event of copy "b" => "d", erase "in", update "id" => null end,
                type::as_string(event.b), string::format("{}", event.b),
            ] from log into out;
            select event.b from log into out/b;
        end;
        define binding default links
            /onramp/metronome/{i}/out => /pipeline/first/{i}/in,
            /pipeline/first/{i}/out => /pipeline/second/{i}/in,
            /pipeline/second/{i}/out => /offramp/sink/{i}/in,
            /pipeline/second/{i}/b => /offramp/sink/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

#[test]
fn made_of_what_is_known() {
    let mut first = Harness::<typed::typed::First>::new();
    first.push("in", TICK);
    let made = first.take();
    let event = r#"{"b":"bWV0cm9ub21l","in":{"c":"Zm9v"},"id":7}"#;
    assert_eq!((made.len(), made[0].event.to_string()), (1, event.to_owned()));

    let mut second = Harness::<typed::typed::Second>::new();
    Embedded::push(&mut second, "in", made[0].event.clone())
        .expect("it is of the shape that comes over the link");
    assert_eq!(
        second.outputs(),
        [
            concat!(
                r#"out ["bWV0cm9ub21l",{"c":"Zm9v"},true,false,true,"metronome","\"Zm9v\"",true,"bWV0cm9ub21l","#,
                r#"{"b":"bWV0cm9ub21l","id":null,"d":"bWV0cm9ub21l"},"bytes","\"bWV0cm9ub21l\""]"#
            ),
            r#"b "bWV0cm9ub21l""#,
        ]
    );
}

/// Whoever drives a pipeline by hand may bring a string where a flow brings a binary.
#[test]
fn a_string_in_their_place_fails_where_it_is_not_taken() {
    let mut second = Harness::<typed::typed::Second>::new();
    second.push("in", r#"{"b":"bWV0cm9ub21l","in":{"c":"Zm9v"},"id":7}"#);
    assert_eq!(second.outputs(), Vec::<String>::new(), "`where` asks for a binary");
    let fields =
        [("b", Value::Binary(b"ab".to_vec())), ("in", Value::from(Record::new())), ("id", Value::from(7))];
    let unlike = Value::from(fields.into_iter().collect::<Record>());
    let error =
        Embedded::push(&mut second, "in", unlike).expect_err("the inner record has no fields").to_string();
    assert!(error.contains("field `in`: field `c` is missing"), "{error}");
}

mod whole {
    foreshock::pipeline! {
        pub(crate) pipeline Whole;
        use std::string;
        use std::type;
        #[allow(value_in_another_unit)]
        define qos::wal operator log with read_count = 9, max_bytes = 100 end;
        define qos::roundrobin operator share with outputs = ["a"] end;
        create operator log;
        create operator share;
        select string::into_binary(event) from in into log;
        select event from log into share;
        select event from share/a into out;
        select [type::is_binary(event), event == "foo", event] from log into out;
    }
}

#[test]
fn a_whole_event_can_be_one() {
    let mut query = Harness::<whole::whole::Whole>::new();
    query.push("in", "\"foo\"");
    assert_eq!(query.outputs(), [r#"out "Zm9v""#, r#"out [true,true,"Zm9v"]"#]);
}

/// What a log holds is counted as base64, and what is too large is told with the binary itself.
#[test]
fn a_log_counts_their_text() {
    let mut query = Embedded::<whole::whole::Whole>::new();
    let fits = "x".repeat(73); // 100 characters of base64 and two quotes would be too many
    query.push("in", Value::from(fits)).expect("there is room");
    let output = query.next_output().expect("it came out");
    assert_eq!(output.port, "err");
    assert!(
        output.event.to_string().contains("the event has 102 bytes, more than `max_bytes`"),
        "{}",
        output.event
    );
    let Value::Record(told) = output.event else { panic!("an error is told as a record") };
    assert_eq!(told.get("event"), Some(&Value::Binary(vec![b'x'; 73])));
}

#[test]
fn a_program_gives_and_gets_octets() {
    let mut query = Embedded::<octets::octets::Octets>::new();
    query.push("in", Value::Binary(vec![b'a', 255])).expect("there is room");
    let outputs: Vec<Value> = std::iter::from_fn(|| query.next_output().map(|output| output.event)).collect();
    assert_eq!(outputs, [Value::from("a\u{fffd}"), Value::Binary(vec![b'a', 255])]);
}

mod octets {
    foreshock::pipeline! {
        pub(crate) pipeline Octets;
        use std::string;
        select string::from_utf8_lossy(event) from in into out;
        select event from in into out;
    }
}

mod logs {
    foreshock::pipeline! {
        pub(crate) flow Logs;
        define onramp metronome from metronome with interval = 10 end;
        define offramp sink from blackhole end;
        define pipeline query
            use std::string;
            define qos::wal operator large with read_count = 9, max_bytes = 1000 end;
            #[allow(value_in_another_unit)]
            define qos::wal operator small with read_count = 9, max_bytes = 10 end;
            create operator large;
            create operator small;
            select { "b": string::into_binary(event.onramp) } from in into large;
            select event from large into small;
            select event from small into out;
        end;
        define binding default links
            /onramp/metronome/{i}/out => /pipeline/query/{i}/in,
            /pipeline/query/{i}/out => /offramp/sink/{i}/in,
            /pipeline/query/{i}/err => /offramp/sink/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

/// Between two logs that nobody reads there are bytes only, so what is told is read from them.
#[test]
fn what_has_been_json_stays_a_string() {
    let mut query = Harness::<logs::logs::Query>::new();
    query.push("in", TICK);
    let told = query.take().remove(0);
    assert_eq!(told.port, "err");
    let Value::Record(told) = told.event else { panic!("an error is told as a record") };
    let Some(Value::Record(event)) = told.get("event") else { panic!("with its event: {told:?}") };
    assert_eq!(event.get("b"), Some(&Value::from("bWV0cm9ub21l")));
}
