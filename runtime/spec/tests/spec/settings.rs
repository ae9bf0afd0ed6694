//! Settings at start: defaults, the flow's config, overrides.

mod doubts;
mod on_disk;

use foreshock_spec::{Definition, Kind, Literal, Settings, Value, Variable, is_same_path, shown_value};

static DEFINITIONS: &[Definition] = &[
    Definition {
        path: "onramp.metronome",
        kind: Kind::Onramp,
        row: "metronome",
        config: &[("interval", Literal::Int(1000))],
    },
    Definition {
        path: "offramp.ws0",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Str("ws://localhost:8080/")), ("ack", Literal::Str("written"))],
    },
    Definition {
        path: "pipeline.roundrobin.in_memory_wal",
        kind: Kind::Operator,
        row: "qos::wal",
        config: &[("read_count", Literal::Int(20)), ("max_elements", Literal::Int(1000))],
    },
    Definition {
        path: "pipeline.roundrobin.roundrobin",
        kind: Kind::Operator,
        row: "qos::roundrobin",
        config: &[("outputs", Literal::Strings(&["ws0", "ws1"]))],
    },
];

fn settings() -> Settings {
    Settings::new(DEFINITIONS)
}

#[track_caller]
fn check(path: &str, expected: &str) {
    assert_eq!(settings().get(path).unwrap().to_string(), expected, "{path}");
}

/// Sets by text, as a command line does.
#[track_caller]
fn check_set(path: &str, text: &str, expected: &str) {
    let mut settings = settings();
    settings.set_text(path, text).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(settings.get(path).unwrap().to_string(), expected, "{path}={text}");
}

#[track_caller]
fn check_refused(path: &str, text: &str, expected: &str) {
    let mut settings = settings();
    let error = settings.set_text(path, text).expect_err("this may not be set").to_string();
    assert_eq!(error, expected);
}

#[test]
fn what_the_flow_says_holds_over_the_defaults() {
    check("onramp.metronome.interval", "1000");
    check("onramp.metronome.max_event_bytes", "1048576");
    check("offramp.ws0.ack", "\"written\"");
    check("offramp.ws0.ack_timeout", "5000");
    check("offramp.ws0.codec", "\"json\"");
    check("pipeline.roundrobin.roundrobin.outputs", r#"["ws0","ws1"]"#);
}

#[test]
fn the_documented_defaults_hold() {
    for (key, expected) in [
        ("connect_timeout", "5000"),
        ("backoff_min", "100"),
        ("backoff_max", "10000"),
        ("ack_timeout", "5000"),
        ("keepalive", "15000"),
        ("window_events", "256"),
        ("window_bytes", "1048576"),
        ("max_frame_bytes", "65536"),
    ] {
        check(&format!("offramp.ws0.{key}"), expected);
    }
    check("flow.drain_timeout", "10000");
    check("flow.start_timeout", "2000");
    check("flow.breaker_after", "100");
}

#[test]
fn what_is_not_set_is_null() {
    check("pipeline.roundrobin.in_memory_wal.max_bytes", "null");
}

#[test]
fn an_override_holds_over_the_flow() {
    check_set("onramp.metronome.interval", "10", "10");
    check_set("offramp.ws0.url", "ws://localhost:9000/", "\"ws://localhost:9000/\"");
    check_set("offramp.ws0.ack", "received", "\"received\"");
    check_set("pipeline.roundrobin.in_memory_wal.max_elements", "50", "50");
    check_set("pipeline.roundrobin.in_memory_wal.max_bytes", "5000", "5000");
    check_set("flow.drain_timeout", "500", "500");
}

#[test]
fn an_override_is_one_whatever_value_it_sets() {
    let check = |set: &[(&str, &str)], expected: bool| {
        let mut settings = settings();
        for (path, text) in set {
            // One that is refused overrides nothing.
            let _ = settings.set_text(path, text);
        }
        assert_eq!(settings.is_overridden("offramp.ws0.url"), Ok(expected), "{set:?}");
    };
    check(&[], false);
    check(&[("offramp.ws0.url", "ws://localhost:9000/")], true);
    check(&[("offramp.ws0.url", "ws://localhost:8080/")], true);
    check(&[("offramp.ws0.url", "http://localhost/")], false);
    check(&[("offramp.ws0.ack", "received"), ("onramp.metronome.interval", "1")], false);
    assert!(settings().is_overridden("offramp.ws0.ulr").is_err());
}

#[test]
fn an_override_changes_nothing_else() {
    let mut changed = settings();
    changed.set("offramp.ws0.ack_timeout", 500).unwrap();
    let differing: Vec<String> = settings()
        .tunable()
        .zip(changed.tunable())
        .filter(|((_, _, before), (_, _, after))| before != after)
        .map(|((path, ..), _)| path)
        .collect();
    assert_eq!(differing, ["offramp.ws0.ack_timeout"]);
}

#[test]
fn an_override_that_is_refused_changes_nothing() {
    let mut settings = settings();
    settings.set("offramp.ws0.ack_timeout", 0).expect_err("out of range");
    assert_eq!(settings.get("offramp.ws0.ack_timeout"), Ok(Value::Int(5000)));
}

#[test]
fn the_last_override_holds() {
    let mut settings = settings();
    settings.set("onramp.metronome.interval", 5).unwrap();
    settings.set_text("onramp.metronome.interval", "7").unwrap();
    assert_eq!(settings.get("onramp.metronome.interval"), Ok(Value::Int(7)));
}

const DEFINITIONS_LISTED: &str = "`onramp.metronome`, `offramp.ws0`, `pipeline.roundrobin.in_memory_wal`, \
                                  `pipeline.roundrobin.roundrobin`, `flow`";

#[test]
fn an_unknown_definition_is_answered_with_the_near_one() {
    check_refused(
        "offramp.ws9.url",
        "ws://h",
        &format!(
            "setting `offramp.ws9.url`: the flow has no definition `offramp.ws9`; \
             did you mean `offramp.ws0`? Legal definitions: {DEFINITIONS_LISTED}"
        ),
    );
    check_refused(
        "ws0.url",
        "ws://h",
        &format!(
            "setting `ws0.url`: the flow has no definition `ws0`; \
             did you mean `offramp.ws0`? Legal definitions: {DEFINITIONS_LISTED}"
        ),
    );
    check_refused(
        "something.else",
        "1",
        &format!(
            "setting `something.else`: the flow has no definition `something`; legal definitions: {DEFINITIONS_LISTED}"
        ),
    );
}

#[test]
fn a_path_without_a_key_is_answered_with_the_keys() {
    check_refused(
        "onramp.metronome",
        "1",
        "setting `onramp.metronome`: `onramp.metronome` is no setting by itself; write `onramp.metronome.key`; \
         legal keys: `interval`, `max_event_bytes`, `codec`, `description`",
    );
    check_refused(
        "interval",
        "1",
        &format!(
            "setting `interval`: `interval` is no path of a setting; \
             write `definition.key`, such as `flow.drain_timeout`; legal definitions: {DEFINITIONS_LISTED}"
        ),
    );
}

#[test]
fn an_unknown_key_is_answered_as_in_a_flow() {
    check_refused(
        "onramp.metronome.intervall",
        "1",
        "setting `onramp.metronome.intervall`: there is no key `intervall`; \
         did you mean `interval`? Legal keys: `interval`, `max_event_bytes`, `codec`, `description`",
    );
    check_refused(
        "flow.drain",
        "1",
        "setting `flow.drain`: there is no key `drain`; \
         did you mean `drain_timeout`? Legal keys: `drain_timeout`, `start_timeout`, `breaker_after`",
    );
    check_refused(
        "pipeline.roundrobin.in_memory_wal.flush_on_evnt",
        "true",
        "setting `pipeline.roundrobin.in_memory_wal.flush_on_evnt`: `flush_on_evnt` is not supported yet; remove it; \
         legal keys: `read_count`, `max_elements`, `max_bytes`, `dir`, `sync`, `sync_interval`, `description`",
    );
}

#[test]
fn structure_cannot_be_overridden() {
    check_refused(
        "pipeline.roundrobin.roundrobin.outputs",
        "[\"a\"]",
        "setting `pipeline.roundrobin.roundrobin.outputs`: \
         `outputs` is part of the flow's structure and cannot be changed when it starts; change it in the flow",
    );
    check_refused(
        "onramp.metronome.codec",
        "json",
        "setting `onramp.metronome.codec`: \
         `codec` is part of the flow's structure and cannot be changed when it starts; \
         change it in the flow; what can be changed: `interval`, `max_event_bytes`",
    );
}

#[test]
fn a_wrong_value_is_answered_as_in_a_flow() {
    check_refused(
        "onramp.metronome.interval",
        "soon",
        "setting `onramp.metronome.interval`: `interval` must be an integer, not \"soon\"; \
         give an integer from 1 to 31536000000 (ms)",
    );
    check_refused(
        "pipeline.roundrobin.in_memory_wal.max_elements",
        "0",
        "setting `pipeline.roundrobin.in_memory_wal.max_elements`: `max_elements` must be at least 1, not 0; \
         give an integer from 1 to 2147483648 (events)",
    );
    check_refused(
        "offramp.ws0.url",
        "http://localhost",
        "setting `offramp.ws0.url`: `url` cannot have the scheme `http`; did you mean `ws`? Legal schemes: \
         `ws`, `wss`",
    );
    check_refused(
        "offramp.ws0.ack",
        "recieved",
        "setting `offramp.ws0.ack`: `ack` cannot be `recieved`; \
         did you mean `received`? Legal values: `received`, `written`",
    );
}

#[test]
fn asking_for_what_does_not_exist_is_an_error_too() {
    let error = settings().get("offramp.ws0.ulr").expect_err("no such key");
    assert_eq!(error.path(), "offramp.ws0.ulr");
    assert!(error.to_string().contains("did you mean `url`?"), "{error}");
}

#[test]
fn a_machine_reads_its_settings_by_type() {
    let mut settings = settings();
    settings.set("offramp.ws0.ack_timeout", u64::from(u32::MAX)).unwrap();
    let ws = settings.of(1);
    assert_eq!(ws.path(), "offramp.ws0");
    assert_eq!(ws.str("url"), "ws://localhost:8080/");
    assert_eq!(ws.u64("ack_timeout"), u64::from(u32::MAX));
    let wal = settings.of(2);
    assert_eq!((wal.opt_u64("max_elements"), wal.opt_u64("max_bytes")), (Some(1000), None));
    assert_eq!(settings.of(3).strings("outputs"), ["ws0", "ws1"]);
    assert_eq!(settings.flow().u64("drain_timeout"), 10_000);
}

#[test]
#[should_panic(expected = "`offramp.ws0` has no key `interval`")]
fn a_machine_that_reads_a_key_of_another_row_is_a_bug() {
    settings().of(1).u64("interval");
}

#[test]
#[should_panic(
    expected = "`pipeline.roundrobin.in_memory_wal.max_bytes` was checked to be an integer, and is null"
)]
fn a_machine_that_needs_what_is_not_set_is_a_bug() {
    settings().of(2).u64("max_bytes");
}

#[test]
fn the_settings_that_can_be_tuned_are_listed() {
    let settings = settings();
    let listed: Vec<String> = settings.tunable().map(|(path, ..)| path).collect();
    assert_eq!(listed.first().map(String::as_str), Some("onramp.metronome.interval"));
    assert_eq!(listed.last().map(String::as_str), Some("flow.breaker_after"));
    assert!(listed.contains(&String::from("offramp.ws0.url")));
    assert!(!listed.iter().any(|path| path.ends_with(".outputs") || path.ends_with(".dir")));
}

#[test]
fn all_settings_in_force_say_where_they_come_from() {
    let mut settings = settings();
    settings.set("offramp.ws0.ack", "written").unwrap();
    settings.set("flow.drain_timeout", 5_u64).unwrap();
    let all: Vec<String> = settings
        .in_force()
        .map(|s| {
            format!(
                "{}.{} {} {}",
                s.definition.path,
                s.key.name,
                shown_value(s.key, s.given),
                s.origin.name()
            )
        })
        .collect();
    for expected in [
        "onramp.metronome.interval 1000 written",
        "onramp.metronome.codec \"json\" default",
        "offramp.ws0.ack \"written\" overridden",
        "offramp.ws0.url \"ws://localhost:8080/\" written",
        "pipeline.roundrobin.in_memory_wal.max_bytes null default",
        "pipeline.roundrobin.roundrobin.outputs [\"ws0\",\"ws1\"] written",
        "flow.drain_timeout 5 overridden",
        "flow.start_timeout 2000 default",
    ] {
        assert!(all.iter().any(|line| line == expected), "no `{expected}` in {all:#?}");
    }
    assert!(!all.iter().any(|line| line.contains("linked")), "what is not built is no setting: {all:#?}");
}

static FILES: &[Definition] = &[
    Definition {
        path: "onramp.lines",
        kind: Kind::Onramp,
        row: "file",
        config: &[("source", Literal::Str("in/a.json"))],
    },
    Definition {
        path: "onramp.list",
        kind: Kind::Onramp,
        row: "blaster",
        config: &[("lines", Literal::Strings(&["1"]))],
    },
    Definition {
        path: "offramp.copy",
        kind: Kind::Offramp,
        row: "file",
        config: &[("file", Literal::Str("out.json"))],
    },
    Definition {
        path: "offramp.more",
        kind: Kind::Offramp,
        row: "file",
        config: &[("file", Literal::Str("more.json"))],
    },
    Definition {
        path: "offramp.ws",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Str("wss://localhost/")), ("ca_file", Literal::Env("CA_FILE"))],
    },
];

/// What does not go together with these overrides, and `CA_FILE` in the environment.
#[track_caller]
fn check_together(sets: &[(&str, &str)], ca_file: &str, expected: &[&str]) {
    let mut settings = Settings::new(FILES);
    for (path, text) in sets {
        settings.set_text(path, text).unwrap_or_else(|error| panic!("{error}"));
    }
    settings.look_up(|_| Variable::Text(ca_file.to_owned())).expect("it is there");
    let told: Vec<String> = settings.misfits(is_same_path).iter().map(ToString::to_string).collect();
    assert_eq!(told, expected, "{sets:?}");
}

#[test]
fn a_file_is_not_written_by_two() {
    let text = "setting `offramp.more.file`: `file` is the file that `offramp.copy` writes too: they overwrite each other's \
                lines; give each its own file, or use one offramp for both";
    check_together(&[("offramp.more.file", "./out.json")], "", &[text]);
    check_together(&[("offramp.copy.file", "more.json")], "", &[text]);
    check_together(&[("offramp.copy.file", "more.json"), ("offramp.more.file", "out.json")], "", &[]);
    check_together(&[("offramp.copy.file", "/dev/null"), ("offramp.more.file", "/dev/null")], "", &[]);
}

#[test]
fn a_file_is_not_read_and_emptied() {
    let text = |source: &str| {
        format!(
            "setting `offramp.copy.file`: `file` is the file that `{source}` reads: it would be emptied before \
             anything is read; write to another file"
        )
    };
    check_together(&[], "", &[]);
    check_together(&[("offramp.copy.file", "./in//a.json")], "", &[&text("onramp.lines")]);
    check_together(&[("onramp.lines.source", "out.json")], "", &[&text("onramp.lines")]);
    // Both are overridden: only what holds in the end counts.
    check_together(&[("offramp.copy.file", "in/a.json"), ("onramp.lines.source", "b.json")], "", &[]);
    check_together(&[("offramp.copy.file", "a.json")], "", &[]);
    check_together(&[("offramp.copy.file", "x"), ("onramp.list.source", "x")], "", &[&text("onramp.list")]);
    let mut settings = Settings::new(FILES);
    settings.set("offramp.copy.file", "link").unwrap();
    let links = |a: &str, b: &str| (a, b) == ("in/a.json", "link");
    assert_eq!(settings.misfits(links).len(), 1, "what leads to one file is one file");
}

#[test]
fn a_ca_file_goes_with_wss_only() {
    let text = "setting `offramp.ws.ca_file`: `ca_file` is used with `wss://` only, and `url` begins with `ws://`; leave \
                `ca_file` away (or empty), or write `wss://`";
    check_together(&[], "ca.pem", &[]);
    check_together(&[("offramp.ws.url", "ws://localhost/")], "ca.pem", &[text]);
    check_together(&[("offramp.ws.url", "ws://localhost/")], "", &[]);
    check_together(&[("offramp.ws.url", "ws://localhost/"), ("offramp.ws.ca_file", "")], "ca.pem", &[]);
    check_together(&[("offramp.ws.url", "ws://a/"), ("offramp.ws.url", "wss://b/")], "ca.pem", &[]);
}
