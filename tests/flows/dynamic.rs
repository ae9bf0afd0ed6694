//! `pub pipeline` alone, as a library would use it.

use foreshock::{PushError, Value, pipeline};

pipeline! {
    /// Doubles what is big.
    pub(crate) pipeline Doubled;

    use std::type;

    select { "double": event.n * 2, "kind": type::as_string(event.n) } from in where event.n > 1 into out;
    select event from in/side into out/side;
}

#[test]
fn a_pipeline_alone_takes_and_gives_values() {
    let mut doubled = Doubled::new();
    doubled.push("in", Value::from(serde_json::json!({"n": 2}))).expect("there is room");
    let output = doubled.next_output().expect("it passes the `where`");
    assert_eq!((output.port, output.event.to_string().as_str()), ("out", r#"{"double":4,"kind":"integer"}"#));
    assert_eq!(doubled.next_answer(), None, "it is not answered yet");
    doubled.ack(output.delivery);
    assert_eq!(doubled.next_answer(), Some((0, foreshock::core::Answer::Ack)));
}

#[test]
fn every_input_is_a_port_of_its_own() {
    let mut doubled = Doubled::new();
    doubled.push("side", Value::from(1)).expect("there is room");
    assert_eq!(doubled.next_output().map(|output| output.port), Some("side"));
    assert_eq!(doubled.push("none", Value::from(1)), Err(PushError::NoSuchInput("none".to_owned())));
}

#[test]
fn unanswered_events_are_bounded() {
    let mut doubled = Doubled::new();
    doubled.set_room("side", 2);
    for _ in 0..2 {
        doubled.push("side", Value::from(1)).expect("there is room");
    }
    assert_eq!((doubled.room("side"), doubled.push("side", Value::from(1))), (0, Err(PushError::NoRoom)));
    let first = doubled.next_output().expect("it came out");
    doubled.ack(first.delivery);
    assert_eq!(doubled.room("side"), 1);
}

#[test]
fn what_fails_goes_to_err_with_its_reason() {
    let mut doubled = Doubled::new();
    doubled.push("in", Value::from("no record")).expect("there is room");
    let output = doubled.next_output().expect("it failed");
    assert_eq!(output.port, "err");
    let text = output.event.to_string();
    assert!(text.contains("\"event\":\"no record\"") && text.contains("flows/dynamic.rs, line 11"), "{text}");
}
