//! The text of an event: what is JSON is an event, nothing else is, and it goes through a flow with a log on disk as it came.

use foreshock::{Embedded, Value};

use crate::Target;

mod flow {
    foreshock::pipeline! {
        pub(super) flow Kept;
        define onramp lines from stdin with codec = "json" end;
        define offramp gone from blackhole end;
        define pipeline kept
            define qos::wal operator log with read_count = 1, dir = "wal" end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;
        define binding all links
            /onramp/lines/01/out => /pipeline/kept/01/in,
            /pipeline/kept/01/out => /offramp/gone/01/in
        end;
        create binding /binding/all/01;
    }
}

/// An event as text.
pub const TARGET: Target = Target {
    name: "json",
    run,
    longest: 8 * 1024,
    words: &[
        b"{",
        b"}",
        b"[",
        b"]",
        b"\"",
        b":",
        b",",
        b"null",
        b"true",
        b"-0",
        b"-0.0",
        b"0.1",
        b"1e308",
        b"1e309",
        b"5e-324",
        b"1E+2",
        b"9223372036854775807",
        b"9223372036854775808",
        b"18446744073709551615",
        b"18446744073709551616",
        b"-9223372036854775809",
        b"\\u0000",
        b"\\ud83d\\ude00",
        b"\\ud800",
        b"\\udc00",
        b"\\/",
        b"\\\"",
        b"\x7f",
        b"\xc3\xa4",
        b"\xff",
        b"\xef\xbb\xbf",
        b" \n",
        b"[[[[[[[[",
    ],
};

/// The body of the target.
pub fn run(data: &[u8]) {
    let ours = Value::parse(data);
    let theirs = serde_json::from_slice::<serde_json::Value>(data);
    assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?}, {:?}", ours.err(), theirs.err());
    let (value, theirs) = match (ours, theirs) {
        (Ok(value), Ok(theirs)) => (value, theirs),
        (Err(error), Err(place)) => {
            let lines = data.split(|byte| *byte == b'\n').count();
            assert!(place.line() <= lines && place.column() <= data.len() + 1, "{error}");
            assert!(error.to_string().contains("column "), "{error}");
            return;
        }
        _ => return,
    };
    let text = value.to_string();
    assert!(!text.contains(|c: char| c < ' '), "an event is one line: {text:?}");
    assert_eq!(
        Value::parse(text.as_bytes()).as_ref(),
        Ok(&value),
        "what is written is read as it was: {text}"
    );
    let again: serde_json::Value = serde_json::from_str(&text).expect("it is JSON to others too");
    assert_eq!(again, theirs, "nothing is added or lost: {text}");
    check_flow(value, &text);
}

fn check_flow(value: Value, text: &str) {
    let mut kept = Embedded::<flow::kept::Kept>::new();
    kept.push("in", value.clone()).expect("an empty flow has room for any event");
    let output = kept.next_output().expect("it comes out");
    assert_eq!(output.event, value, "it comes out as it came in: {text}");
    kept.ack(output.delivery);
    assert_eq!((kept.next_output(), kept.pending()), (None, 0));
}
