//! What `check` and `graph` answer.

use std::ffi::OsString;

use super::*;
use crate::program::arguments::{CheckFormat, Command};
use crate::program::tell;

/// The answer to a command line.
fn ask(line: &str) -> String {
    let mut builder = Builder::new(&ONE_CLEAN);
    let words = ["demo"].into_iter().chain(line.split_whitespace()).map(OsString::from);
    builder.arguments(words).unwrap_or_else(|usage| panic!("{line}: {usage}"));
    assert!(builder.only_asks(), "{line}");
    let command = builder.what_arguments_say().command;
    tell::answer(builder.program(), builder.settings(), command).expect("it is a question")
}

fn check(line: &str, expected: &[&str]) {
    let answer = ask(line);
    for part in expected {
        assert!(answer.contains(part), "{line}: no `{part}` in\n{answer}");
    }
}

#[test]
fn the_settings_in_force_are_told_with_their_origin() {
    check(
        "check --set offramp.ws0.ack_timeout=500",
        &[
            "Demo 1.2.3\n",
            "\n  offramp.ws0 (ws)\n",
            "\n    url              written     \"ws://localhost:8080/\"\n",
            "\n    ack_timeout      overridden  500 ms\n",
            "\n    window_events    default     256 events\n",
            "\n    description      default     not set\n",
            "\n  flow\n    drain_timeout    default     10000 ms\n",
        ],
    );
    check("--set flow.drain_timeout=7 check", &["drain_timeout    overridden  7 ms"]);
    // The one behind is the last one.
    check(
        "--set flow.drain_timeout=7 check --set flow.drain_timeout=8",
        &["drain_timeout    overridden  8 ms"],
    );
}

#[test]
fn the_promises_are_those_of_the_settings_in_force() {
    let weak = "    no log between onramp.metronome and offramp.ws0: what is not confirmed can be lost
    help: put a `qos::wal` before offramp.ws0\n";
    check(
        "check",
        &[
            "\nInstances\n  onramp/metronome/01 (metronome)\n  offramp/ws0/01 (ws)\n",
            "\n  onramp/metronome/01/out → offramp/ws0/01\n    best effort, up to the websocket endpoint\n",
            "    way: onramp/metronome/01/out → offramp/ws0/01\n",
            weak,
        ],
    );
    check("check --set offramp.ws0.ack=written", &["    best effort, up to the socket that took its bytes"]);
}

#[test]
fn for_machines_the_answer_is_one_line_of_json() {
    let line = ask("check --format json --set offramp.ws0.keepalive=9");
    assert!(line.ends_with("}\n") && line.lines().count() == 1, "{line}");
    let json: serde_json::Value = serde_json::from_str(&line).expect("it is JSON");
    assert_eq!(json["flow"], "Demo");
    assert_eq!(json["version"], "1.2.3");
    let setting = |definition: &str, key: &str| {
        let all = json["settings"].as_array().expect("a list").iter();
        let mut found = all.filter(|setting| setting["definition"] == definition && setting["key"] == key);
        (found.next().expect("it is there").clone(), found.count())
    };
    let expected = serde_json::json!({
        "definition": "offramp.ws0", "row": "ws", "key": "keepalive", "value": 9, "unit": "ms", "origin": "overridden"
    });
    assert_eq!(setting("offramp.ws0", "keepalive"), (expected, 0));
    assert_eq!(setting("offramp.ws0", "description").0["value"], serde_json::Value::Null);
    assert_eq!(setting("flow", "breaker_after").0["origin"], "default");
    let instances = serde_json::json!([
        { "path": "onramp/metronome/01", "row": "metronome" }, { "path": "offramp/ws0/01", "row": "ws" }
    ]);
    assert_eq!(json["instances"], instances);
    let promises = serde_json::json!([{
        "from": "onramp/metronome/01/out",
        "to": "offramp/ws0/01",
        "failed": false,
        "promise": "best_effort",
        "up_to": "the websocket endpoint",
        "required": null,
        "kept_by": [],
        "way": [{ "path": "offramp/ws0/01", "operators": [] }],
        "weakness": {
            "what": "no log between onramp.metronome and offramp.ws0",
            "help": "put a `qos::wal` before offramp.ws0"
        }
    }]);
    assert_eq!(json["promises"], promises);
    assert_eq!(json["notes"], serde_json::json!([]));
}

#[test]
fn a_source_that_begins_anew_in_each_run_is_told_of_below_the_promises() {
    const FILE: InstanceKind = InstanceKind::Onramp { row: "file", replays: false };
    static PROGRAM: Program = Program {
        picture: Picture {
            instances: &[
                Instance { kind: FILE, name: "applog", instance: "01" },
                Instance { kind: InstanceKind::Offramp { row: "ws" }, name: "ws0", instance: "01" },
            ],
            ..PICTURE
        },
        ..program(&[])
    };
    let settings = Settings::new(PROGRAM.definitions);
    let answer = |command| tell::answer(&PROGRAM, &settings, command).expect("it is a question");
    let text = answer(Command::Check(CheckFormat::Text));
    let note =
        "  onramp.applog begins at its first line in each run: all of it is sent again then\n\nAn event that";
    assert!(text.contains(note), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&answer(Command::Check(CheckFormat::Json))).expect("it is JSON");
    assert_eq!(json["notes"], serde_json::json!(["onramp.applog begins at its first line in each run"]));
    assert!(!ask("check").contains("begins"));
}

#[test]
fn the_memory_of_all_buffers_follows_the_settings_in_force() {
    let memory = |line: &str| {
        let json: serde_json::Value = serde_json::from_str(&ask(line)).expect("it is JSON");
        let parts = json["memory"]["parts"].as_array().expect("a list").iter();
        let parts: Vec<(String, u64)> =
            parts.map(|part| (part["path"].to_string(), part["bytes"].as_u64().expect("a number"))).collect();
        assert_eq!(json["memory"]["bytes"], parts.iter().map(|(_, bytes)| bytes).sum::<u64>(), "{line}");
        parts
    };
    let written = memory("check --format json");
    let paths: Vec<&str> = written.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["\"onramp/metronome/01\"", "\"offramp/ws0/01\""]);
    let small = memory(
        "check --format json --set offramp.ws0.window_bytes=1 --set onramp.metronome.max_event_bytes=1",
    );
    assert!(small.iter().zip(&written).all(|(small, written)| small.1 < written.1), "{small:?}, {written:?}");
    check(
        "check",
        &["\nMemory of all buffers, at most\n  onramp/metronome/01  ", "\n  all                  "],
    );
}

#[test]
fn the_forms_of_events_are_told_alone_or_beside_all_else_for_machines() {
    let expected = "Demo 1.2.3

links of 01
  onramp/metronome/01/out → offramp/ws0/01
    encoded: an offramp sends bytes
  conversions
    encode  at onramp/metronome/01/out, once per event: since what is linked takes bytes
";
    assert_eq!(ask("check --plan"), expected);
    let json: serde_json::Value =
        serde_json::from_str(&ask("check --plan --format json")).expect("it is JSON");
    let plan = serde_json::json!({
        "ways": [{
            "part": "links of 01", "from": "onramp/metronome/01/out", "to": "offramp/ws0/01", "form": "encoded",
            "shape": null, "why": "an offramp sends bytes"
        }],
        "conversions": [{
            "part": "links of 01", "change": "encode", "at": "onramp/metronome/01/out", "often": "event",
            "why": "since what is linked takes bytes"
        }]
    });
    assert_eq!(json["plan"], plan);
    assert_eq!(ask("check --plan --format json"), ask("check --format json"));
    assert!(!ask("check").contains("conversions"));
}

#[test]
fn the_picture_is_mermaid_unless_something_else_is_asked_for() {
    let picture = ask("graph");
    assert!(picture.starts_with("flowchart LR\n") && picture.ends_with("  i0 --> i1\n"), "{picture}");
    assert_eq!(ask("graph --format mermaid"), picture);
    let dot = ask("graph --format dot");
    assert!(dot.starts_with("digraph \"Demo\" {\n") && dot.ends_with("  i0 -> i1;\n}\n"), "{dot}");
}

#[test]
fn a_run_is_no_question() {
    let builder = Builder::new(&ONE_CLEAN);
    assert!(!builder.only_asks());
    let command = builder.what_arguments_say().command;
    assert_eq!(tell::answer(builder.program(), builder.settings(), command), None);
}
