//! How a table is drawn, and what is promised where only a table can say it. Deployments that the language can write are
//! in the compiler's tests.

use foreshock_spec::picture::{
    Detail, Edge, Instance, InstanceKind, Keeper, Level, Link, Node, NodeKind, Picture, Pipeline,
    shown_bytes, total,
};
use foreshock_spec::{Durability, Rule, Value, find_offramp};

/// What events survive in logs that are all in memory.
fn in_memory(_log: &str) -> Durability {
    Durability::Memory
}

const SOURCE: InstanceKind = InstanceKind::Onramp { row: "metronome", replays: false };
const SINK: InstanceKind = InstanceKind::Offramp { row: "ws" };

/// A log behind a select, one of whose ways goes round it; both can fail.
const PIPELINES: &[Pipeline<'static>] = &[Pipeline {
    nodes: &[
        Node::new(NodeKind::Input, "in", "", false),
        Node::new(NodeKind::Select, "select event.a", "where event.b", true),
        Node::new(NodeKind::Log, "log", "qos::wal", true),
        Node::new(NodeKind::Distributor, "share", "qos::roundrobin", false),
        Node::new(NodeKind::Output, "x", "", false),
        Node::new(NodeKind::Output, "err", "", false),
    ],
    edges: &[Edge::new(0, "out", 1), Edge::new(1, "out", 2), Edge::new(2, "out", 3), Edge::new(3, "y", 4)],
}];

const INSTANCES: &[Instance<'static>] = &[
    Instance::new(SOURCE, "m", "01"),
    Instance::new(InstanceKind::Pipeline(0), "p", "01"),
    Instance::new(SINK, "o", "01"),
];

const LINKS: &[Link<'static>] = &[Link::new(0, "out", 1, "in"), Link::new(1, "x", 2, "in")];
const WITH_ERR: &[Link<'static>] =
    &[Link::new(0, "out", 1, "in"), Link::new(1, "x", 2, "in"), Link::new(1, "err", 2, "in")];

fn flow(links: &'static [Link<'static>]) -> Picture<'static> {
    Picture { name: "F", pipelines: PIPELINES, instances: INSTANCES, links, required: None }
}

#[test]
fn a_flow_is_drawn_with_its_pipelines_as_frames() {
    let expected = r#"flowchart LR
  i0(["onramp/m/01<br/>metronome"])
  subgraph i1["pipeline/p/01"]
    i1n0("in")
    i1n1["select event.a<br/>where event.b"]
    i1n2[("log<br/>qos::wal")]
    i1n3{{"share<br/>qos::roundrobin"}}
    i1n4("x")
    i1n0 --> i1n1
    i1n1 --> i1n2
    i1n2 --> i1n3
    i1n3 -->|"y"| i1n4
  end
  i2[["offramp/o/01<br/>ws<br/>at least once"]]
  i0 --> i1n0
  i1n4 --> i2
"#;
    assert_eq!(flow(LINKS).mermaid(Detail::Full, in_memory), expected);
    let expected = r#"digraph "F" {
  rankdir=LR;
  node [shape=box];
  i0 [label="onramp/m/01\nmetronome", shape=oval];
  subgraph cluster_i1 {
    label="pipeline/p/01";
    i1n0 [label="in", style=rounded];
    i1n1 [label="select event.a\nwhere event.b"];
    i1n2 [label="log\nqos::wal", shape=cylinder];
    i1n3 [label="share\nqos::roundrobin", shape=hexagon];
    i1n4 [label="x", style=rounded];
    i1n0 -> i1n1;
    i1n1 -> i1n2;
    i1n2 -> i1n3;
    i1n3 -> i1n4 [label="y"];
  }
  i2 [label="offramp/o/01\nws\nat least once", peripheries=2];
  i0 -> i1n0;
  i1n4 -> i2;
}
"#;
    assert_eq!(flow(LINKS).dot(Detail::Full, in_memory), expected);
}

#[test]
fn what_fails_is_dotted_where_err_leads_on() {
    let drawn = flow(WITH_ERR).mermaid(Detail::Full, in_memory);
    for line in ["    i1n5(\"err\")\n", "    i1n1 -.-> i1n5\n", "    i1n2 -.-> i1n5\n", "  i1n5 --> i2\n"] {
        assert!(drawn.contains(line), "no {line:?} in\n{drawn}");
    }
    assert!(drawn.contains("best effort"), "the weakest promise counts:\n{drawn}");
    assert!(flow(WITH_ERR).dot(Detail::Full, in_memory).contains("    i1n2 -> i1n5 [style=dotted];\n"));
}

#[test]
fn what_is_required_is_drawn_at_the_offramps_that_onramps_lead_to() {
    let required = Picture { required: Some(Level::AtLeastOnce), ..flow(LINKS) };
    let drawn = required.mermaid(Detail::Full, in_memory);
    assert!(drawn.contains("ws<br/>at least once, required: at least once\""), "{drawn}");
}

/// The weak links of a flow with these links, by the settings that name them; `received` is what offramps wait for.
fn weak(required: Level, links: &'static [Link<'static>], durability: Durability, ack: &str) -> Vec<String> {
    let picture = Picture { required: Some(required), ..flow(links) };
    let ack = Value::from(ack);
    let setting = |_: &str, key: &str| if key == "ack" { ack.clone() } else { Value::Null };
    picture.shortfalls(|_| durability, setting).into_iter().map(|weak| weak.path).collect()
}

#[test]
fn a_weak_link_is_named_by_its_setting() {
    let check = |required, durability, ack: &str, expected: &[&str]| {
        assert_eq!(weak(required, LINKS, durability, ack), expected, "{required:?} {durability:?} {ack}");
    };
    let (once, durable) = (Level::AtLeastOnce, Level::Durable);
    check(once, Durability::Memory, "received", &[]);
    check(durable, Durability::Safe, "received", &[]);
    check(durable, Durability::Memory, "received", &["pipeline.p.log.dir"]);
    check(durable, Durability::Written, "received", &["pipeline.p.log.sync"]);
    check(once, Durability::Written, "written", &["offramp.o.ack"]);
    check(durable, Durability::Written, "written", &["pipeline.p.log.sync", "offramp.o.ack"]);
    const DIRECT: &[Link<'static>] = &[Link::new(0, "out", 2, "in")];
    assert_eq!(weak(once, DIRECT, Durability::Memory, "received"), ["onramp.m"]);
    let rules = |durability, ack: &str| -> Vec<Rule> {
        let picture = Picture { required: Some(durable), ..flow(LINKS) };
        let ack = Value::from(ack);
        let setting = |_: &str, key: &str| if key == "ack" { ack.clone() } else { Value::Null };
        picture.shortfalls(|_| durability, setting).into_iter().map(|weak| weak.link.rule()).collect()
    };
    assert_eq!(rules(Durability::Memory, "received"), [Rule::log_in_memory]);
    assert_eq!(rules(Durability::Written, "written"), [Rule::log_synced_late, Rule::confirmed_early]);
    // What fails in a query is not asked for more.
    assert!(weak(once, WITH_ERR, Durability::Memory, "received").is_empty());
    assert!(flow(DIRECT).shortfalls(in_memory, |_, _| Value::Null).is_empty(), "nothing is required");
}

#[test]
fn memory_is_limited_by_the_settings_alone() {
    let memory = |log: &[(&str, i64)], window: i64| {
        let setting = |definition: &str, key: &str| {
            let of_log = log.iter().find(|(name, _)| definition == "pipeline.p.log" && *name == key);
            match (definition, key) {
                ("onramp.m", "max_event_bytes") => Value::Int(1000),
                ("offramp.o", "window_events") => Value::Int(10),
                ("offramp.o", "window_bytes") => Value::Int(window),
                _ => of_log.map_or(Value::Null, |(_, value)| Value::Int(*value)),
            }
        };
        let parts = flow(LINKS).memory(setting);
        let paths: Vec<&str> = parts.iter().map(|part| part.path.as_str()).collect();
        assert_eq!(paths, ["onramp/m/01", "pipeline/p/01/log", "offramp/o/01"]);
        (parts[1].bytes, parts[2].bytes)
    };
    let (log, sink) = memory(&[("max_elements", 100)], 100_000);
    assert!(
        (2 * 100 * 1000..400_000 + 100 * 1000).contains(&log),
        "{log}: twice what 100 events have, and slots"
    );
    assert!(memory(&[("max_elements", 100), ("max_bytes", 10_000)], 100_000).0 + 2 * 89_000 < log);
    assert!(memory(&[("max_elements", 100)], 1000).1 < sink);
    assert_eq!(memory(&[("max_elements", 100)], i64::MAX).1, sink, "ten events have no more");
    let unlimited =
        flow(LINKS).memory(|_, key| Value::Int(if key == "max_event_bytes" { i64::MAX } else { 9 }));
    assert_eq!(total(&unlimited), u64::MAX);
}

#[test]
fn bytes_are_told_for_people() {
    let check = |bytes: u64, expected: &str| assert_eq!(shown_bytes(bytes), expected);
    check(0, "0 bytes");
    check(1023, "1023 bytes");
    check(1536, "1536 bytes (1.5 KiB)");
    check(1 << 20, "1048576 bytes (1.0 MiB)");
    check(u64::MAX, "without a limit");
}

#[test]
fn a_closed_pipeline_is_one_box_with_ports_on_its_arrows() {
    let expected = r#"flowchart LR
  i0(["onramp/m/01<br/>metronome"])
  i1["pipeline/p/01"]
  i2[["offramp/o/01<br/>ws<br/>best effort"]]
  i0 --> i1
  i1 -->|"x"| i2
  i1 -->|"err"| i2
"#;
    assert_eq!(flow(WITH_ERR).mermaid(Detail::Closed, in_memory), expected);
    assert_eq!(
        flow(WITH_ERR).mermaid(Detail::Readable, in_memory),
        flow(WITH_ERR).mermaid(Detail::Full, in_memory)
    );
    let side = Picture { links: &[Link::new(0, "out", 1, "side")], ..flow(LINKS) };
    assert!(side.mermaid(Detail::Closed, in_memory).contains("i0 -->|\"→ side\"| i1"));
}

#[test]
fn more_arrows_than_can_be_read_close_the_pipelines() {
    for (count, closes) in [(495, false), (496, true)] {
        let edges = vec![Edge::new(0, "out", 1); count];
        let pipelines = [Pipeline { edges: &edges, ..PIPELINES[0] }];
        let picture = Picture { pipelines: &pipelines, ..flow(WITH_ERR) };
        let readable = picture.mermaid(Detail::Readable, in_memory);
        assert_eq!(readable == picture.mermaid(Detail::Closed, in_memory), closes, "{count}");
        assert_eq!(readable == picture.mermaid(Detail::Full, in_memory), !closes, "{count}");
    }
}

#[test]
fn a_pipeline_alone_is_drawn_without_a_frame_and_with_err() {
    let drawn = Picture { instances: &[], links: &[], ..flow(LINKS) }.mermaid(Detail::Full, in_memory);
    assert!(drawn.starts_with("flowchart LR\n  pn0(\"in\")\n"), "{drawn}");
    assert!(drawn.contains("  pn2 -.-> pn5\n"), "{drawn}");
    assert!(!drawn.contains("subgraph"), "{drawn}");
}

/// A select of this text, as it is written in both languages.
fn check_text(text: &str, mermaid: &str, dot: &str) {
    let nodes = [Node::new(NodeKind::Select, text, "", false)];
    let pipelines = [Pipeline { nodes: &nodes, edges: &[] }];
    let picture = Picture { name: text, pipelines: &pipelines, instances: &[], links: &[], required: None };
    assert_eq!(picture.mermaid(Detail::Full, in_memory), format!("flowchart LR\n  pn0[\"{mermaid}\"]\n"));
    let expected =
        format!("digraph \"{dot}\" {{\n  rankdir=LR;\n  node [shape=box];\n  pn0 [label=\"{dot}\"];\n}}\n");
    assert_eq!(picture.dot(Detail::Full, in_memory), expected);
}

#[test]
fn every_text_is_shown_as_it_is() {
    check_text("end", "end", "end");
    check_text("{\"a\": [1, (2)]}", "{#quot;a#quot;: [1, (2)]}", "{\\\"a\\\": [1, (2)]}");
    check_text("#{a} #35; #quot;", "#35;{a} #35;35; #35;quot;", "#{a} #35; #quot;");
    check_text("a\\nb \\N", "a#92;nb #92;N", "a\\\\nb \\\\N");
    check_text("a < b and c > d", "a #60; b and c #62; d", "a < b and c > d");
    check_text("&lt; &", "#38;lt; #38;", "&amp;lt; &amp;");
    check_text("%%{init: {}}%%", "#37;#37;{init: {}}#37;#37;", "%%{init: {}}%%");
    check_text("`a` * $b", "#96;a#96; #42; #36;b", "`a` * $b");
    check_text("style: \"x\"", "style#58; #quot;x#quot;", "style: \\\"x\\\"");
    check_text("größe → 😀", "größe → 😀", "größe → 😀");
    check_text("a\nb\u{0}c\u{a0}d", "a b c d", "a b c d");
}

#[test]
fn a_source_that_replays_keeps_its_events_itself() {
    let mut instances = INSTANCES.to_vec();
    instances[0].kind = InstanceKind::Onramp { row: "file", replays: true };
    let plain = [Pipeline { edges: &[Edge::new(0, "out", 4)], ..PIPELINES[0] }];
    let picture = Picture { instances: &instances, pipelines: &plain, ..flow(LINKS) };
    let promises = picture.promises(in_memory);
    assert_eq!(promises.len(), 1);
    assert_eq!(
        (promises[0].level(), promises[0].keepers.as_slice()),
        (Level::AtLeastOnce, &[Keeper::Source(0)][..])
    );
    assert_eq!(picture.keeper(Keeper::Source(0)), Some(("onramp.m".to_owned(), "01")));
    assert_eq!(picture.weakness(&promises[0]), None);
    let lossy = Picture { instances: INSTANCES, ..picture };
    assert_eq!(lossy.promises(in_memory)[0].level(), Level::BestEffort);
}

#[test]
fn a_source_that_begins_anew_in_each_run_is_told_of_once() {
    let file = InstanceKind::Onramp { row: "file", replays: false };
    let twice =
        |kind| [Instance::new(kind, "m", "01"), INSTANCES[1], INSTANCES[2], Instance::new(kind, "m", "02")];
    let instances = twice(file);
    let picture = Picture { instances: &instances, ..flow(LINKS) };
    assert_eq!(picture.notes(), ["onramp.m begins at its first line in each run"]);
    let drawn = picture.mermaid(Detail::Full, in_memory);
    assert!(
        drawn.contains("([\"onramp/m/02<br/>file<br/>begins at its first line in each run\"])"),
        "{drawn}"
    );
    let drawn = picture.dot(Detail::Closed, in_memory);
    assert!(drawn.contains("onramp/m/01\\nfile\\nbegins at its first line in each run"), "{drawn}");
    for row in ["metronome", "blaster", "stdin"] {
        let instances = twice(InstanceKind::Onramp { row, replays: false });
        let picture = Picture { instances: &instances, ..flow(LINKS) };
        assert_eq!(picture.notes(), Vec::<String>::new(), "{row}");
        assert!(!picture.mermaid(Detail::Full, in_memory).contains("begins"), "{row}");
    }
}

#[test]
fn the_settings_in_force_decide_whether_a_promise_is_durable() {
    fn check(durability: Durability, expected: Level) {
        let told = |log: &str| {
            assert_eq!(log, "pipeline.p.log");
            durability
        };
        let promises = flow(LINKS).promises(told);
        assert_eq!((promises.len(), promises[0].level()), (1, expected), "{durability:?}");
        let drawn = flow(LINKS).mermaid(Detail::Full, told);
        assert!(drawn.contains(&format!("<br/>ws<br/>{}\"", expected.words())), "{drawn}");
    }
    check(Durability::Memory, Level::AtLeastOnce);
    check(Durability::Written, Level::AtLeastOnce);
    check(Durability::Safe, Level::Durable);
}

#[test]
fn levels_are_ordered() {
    assert!(Level::BestEffort < Level::AtLeastOnce && Level::AtLeastOnce < Level::Durable);
    assert_eq!(Level::Durable.name(), "durable");
    assert_eq!(Level::AtLeastOnce.name(), "at_least_once");
    assert_eq!(Level::BestEffort.words(), "best effort");
}

#[test]
fn a_setting_may_make_a_sink_confirm_less() {
    fn check(row: &str, ack: Value, expected: &str) {
        let row = find_offramp(row).expect("there is such an offramp");
        let up_to = row.confirms_with(|key| if key == "ack" { ack.clone() } else { Value::Null });
        assert_eq!(up_to, expected);
    }
    let socket = "the socket that took its bytes, where what the peer has not read can still be lost";
    check("ws", Value::from("received"), "the websocket endpoint");
    check("ws", Value::from("written"), socket);
    check("ws", Value::Null, socket); // only the environment knows
    check("blackhole", Value::from("written"), "the blackhole, which forgets it");
}
