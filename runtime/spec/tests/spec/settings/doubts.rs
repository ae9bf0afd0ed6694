//! What a start says of settings that are legal and hardly meant, and of texts that are no JSON.

use foreshock_spec::picture::{Edge, Instance, InstanceKind, Link, Node, NodeKind, Picture, Pipeline};
use foreshock_spec::{Definition, Kind, Literal, Settings, Variable, is_same_url};

static DEFINITIONS: &[Definition] = &[
    Definition {
        path: "onramp.metronome",
        kind: Kind::Onramp,
        row: "metronome",
        config: &[("interval", Literal::Int(1_000_000_000))],
    },
    Definition {
        path: "offramp.ws0",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Str("ws://localhost:8080/")), ("bearer", Literal::Str("token"))],
    },
    Definition {
        path: "offramp.ws1",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Str("ws://localhost:8080"))],
    },
    Definition {
        path: "offramp.ws2",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Env("URL"))],
    },
    Definition {
        path: "pipeline.p.log",
        kind: Kind::Operator,
        row: "qos::wal",
        config: &[("read_count", Literal::Int(20)), ("max_elements", Literal::Int(1000))],
    },
];

/// What is said of these overrides, where the environment has this URL.
#[track_caller]
fn check(overrides: &[(&str, &str)], url: &str, expected: &[&str]) {
    let picture = Picture { name: "F", pipelines: &[], instances: &[], links: &[], required: None };
    check_in(&picture, overrides, url, expected);
}

#[track_caller]
fn check_in(picture: &Picture<'_>, overrides: &[(&str, &str)], url: &str, expected: &[&str]) {
    let mut settings = Settings::new(DEFINITIONS);
    for (path, text) in overrides {
        settings.set_text(path, text).unwrap_or_else(|error| panic!("{error}"));
    }
    settings.look_up(|_| Variable::Text(url.to_owned())).expect("all of it is legal");
    let found: Vec<String> = settings.doubts(picture).iter().map(ToString::to_string).collect();
    assert_eq!(found, expected, "{overrides:?}");
}

const ELSEWHERE: &str = "ws://elsewhere/";

#[test]
fn what_the_flow_says_itself_is_for_the_compiler_to_warn_of() {
    check(&[], ELSEWHERE, &[]);
    check(&[("offramp.ws0.keepalive", "1000")], ELSEWHERE, &[]);
}

#[test]
fn a_number_in_another_unit_is_told_in_the_words_of_the_compiler() {
    let keepalive = "setting `offramp.ws0.keepalive`: `keepalive` is in milliseconds, and 30 are hardly meant; \
                     write 30000 if seconds are meant";
    check(&[("offramp.ws0.keepalive", "30")], ELSEWHERE, &[keepalive]);
    let drain = "setting `flow.drain_timeout`: `drain_timeout` is in milliseconds, and 5000000000 are 57 days; \
                 write 5000 if nanoseconds are meant";
    check(&[("flow.drain_timeout", "5000000000")], ELSEWHERE, &[drain]);
    check(&[("flow.drain_timeout", "0")], ELSEWHERE, &[]);
}

#[test]
fn an_override_of_either_key_makes_one_more_than_the_other() {
    let elements = "setting `pipeline.p.log.read_count`: `read_count` = 20 is more than `max_elements` = 5; more has no \
                    use: write 5 or less, or a greater `max_elements`";
    check(&[("pipeline.p.log.max_elements", "5")], ELSEWHERE, &[elements]);
    let count = "setting `pipeline.p.log.read_count`: `read_count` = 2000 is more than `max_elements` = 1000; more has \
                 no use: write 1000 or less, or a greater `max_elements`";
    check(&[("pipeline.p.log.read_count", "2000")], ELSEWHERE, &[count]);
    check(&[("pipeline.p.log.read_count", "20"), ("pipeline.p.log.max_elements", "20")], ELSEWHERE, &[]);
}

#[test]
fn one_url_of_two_offramps_is_told_where_an_override_or_the_environment_has_it() {
    let same = |path: &str, other: &str| {
        format!(
            "setting `{path}.url`: `url` is that of `{other}` too: one server gets the events of both; give each its own \
             server, or use one offramp for both"
        )
    };
    check(&[], "WS://localhost:8080/", &[&same("offramp.ws2", "offramp.ws0")]);
    check(&[("offramp.ws0.url", "ws://elsewhere:80")], ELSEWHERE, &[&same("offramp.ws2", "offramp.ws0")]);
}

#[test]
fn urls_are_the_same_whatever_changes_nothing() {
    let same = |a: &str, b: &str| assert!(is_same_url(a, b), "{a} {b}");
    same("ws://h", "ws://H:80/");
    same("wss://h:443/a?b", "WSS://h/a?b");
    let differ = |a: &str, b: &str| assert!(!is_same_url(a, b), "{a} {b}");
    differ("ws://h", "wss://h");
    differ("ws://h/a", "ws://h/A");
    differ("ws://h/?a", "ws://h/?b");
    differ("no url", "no url");
}

#[test]
fn a_log_that_an_override_makes_smaller_than_the_windows_behind_it() {
    let pipeline = Pipeline {
        nodes: &[
            Node::new(NodeKind::Input, "in", "", false),
            Node::new(NodeKind::Log, "log", "qos::wal", false),
            Node::new(NodeKind::Output, "out", "", false),
        ],
        edges: &[Edge::new(0, "out", 1), Edge::new(1, "out", 2)],
    };
    let offramp = InstanceKind::Offramp { row: "ws" };
    let instances = [
        Instance::new(InstanceKind::Pipeline(0), "p", "01"),
        Instance::new(offramp, "ws0", "01"),
        Instance::new(offramp, "ws1", "01"),
    ];
    let links = [Link::new(0, "out", 1, "in"), Link::new(0, "out", 2, "in")];
    let picture =
        Picture { name: "F", pipelines: &[pipeline], instances: &instances, links: &links, required: None };
    let check = |overrides: &[(&str, &str)], expected: &[&str]| {
        check_in(&picture, overrides, ELSEWHERE, expected);
    };
    let told = |limit: u64, windows: &str| {
        format!(
            "setting `pipeline.p.log.max_elements`: `log` keeps {limit} events at most, and the windows of the sinks behind \
             it hold {windows}; sinks that do not answer can hold the whole log: write a greater `max_elements`, or a \
             smaller `window_events`"
        )
    };
    check(&[], &[]);
    check(&[("pipeline.p.log.max_elements", "512")], &[]);
    check(&[("pipeline.p.log.max_elements", "511")], &[&told(511, "512: `ws0` 256, `ws1` 256")]);
    let window = ("offramp.ws1.window_events", "1000");
    check(&[window], &[&told(1000, "1256: `ws0` 256, `ws1` 1000")]);
    check(&[window, ("pipeline.p.log.max_elements", "2000")], &[]);
    // one sink alone
    let alone = Picture { links: &links[..1], ..picture };
    check_in(&alone, &[("pipeline.p.log.max_elements", "100")], ELSEWHERE, &[]);
    let window = ("offramp.ws0.window_events", "1001");
    check_in(&alone, &[window], ELSEWHERE, &[&told(1000, "1001: `ws0` 1001")]);
}
