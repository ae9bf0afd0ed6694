//! What lower decides: in which form events travel on each way, who listens, what must have room. Each case is a query
//! between a metronome and a websocket sink per output, and the plan in short.

use foreshock_compiler::diagnostics::Diagnostics;
use foreshock_compiler::files::NoFiles;
use foreshock_compiler::lower::code::Repr;
use foreshock_compiler::lower::lower;
use foreshock_compiler::lower::plan::{Demand, Node, NodeKind, Payload, Pipeline, Plan, TagType, Target};
use foreshock_compiler::{check, resolve, syntax};

/// The plan of a flow around `query`, whose outputs are `outputs`.
fn plan(query: &str, outputs: &[&str]) -> Plan {
    let sinks: String = outputs
        .iter()
        .map(|port| format!("define offramp to_{port} from ws with url = \"ws://{port}:80/\" end;"))
        .collect();
    let links: String = outputs
        .iter()
        .map(|port| format!(", /pipeline/p/{{i}}/{port} => /offramp/to_{port}/{{i}}/in"))
        .collect();
    let flow = format!(
        "flow F; define onramp m from metronome with interval = 1 end; {sinks} define pipeline p {query} end;
        define binding b links /onramp/m/{{i}}/out => /pipeline/p/{{i}}/in {links} end;
        create binding /binding/b/x with i = \"x\" end;"
    );
    let mut diagnostics = Diagnostics::default();
    let ast = syntax::parse(flow.parse().expect("it lexes"), &NoFiles, &mut diagnostics).expect("it parses");
    let graph = resolve::resolve(ast, &mut diagnostics);
    let facts = check::check(&graph, &mut diagnostics);
    let errors: Vec<String> = diagnostics.into_sorted().iter().map(|error| error.message()).collect();
    assert!(errors.is_empty(), "{flow}: {errors:?}");
    lower(&graph, &facts)
}

/// One line a node and output: method, what comes in, who listens; of a log, what it keeps and what it waits for.
fn check(query: &str, outputs: &[&str], expected: &[&str]) {
    let plan = plan(query, outputs);
    let pipeline = &plan.pipelines[0];
    let inputs = pipeline.inputs.iter().map(|input| {
        let encode = if input.forward.encode { ", encodes" } else { "" };
        format!(
            "{}: {}{encode}, waits for {}",
            input.push,
            payload(input.payload),
            demand(pipeline, &input.demand)
        )
    });
    let nodes = pipeline.nodes.iter().map(|node| describe(pipeline, node));
    let outputs = pipeline.outputs.iter();
    let outputs = outputs.map(|o| format!("{}: {}, {}", o.method, payload(o.payload), tag(pipeline, o.tag)));
    let found: Vec<String> = inputs.chain(nodes).chain(outputs).collect();
    assert_eq!(found, expected, "{query}");
}

fn describe(pipeline: &Pipeline, node: &Node) -> String {
    let head = format!("{}: {}, {}", node.method, payload(node.payload), tag(pipeline, node.tag));
    match &node.kind {
        NodeKind::Log(log) => {
            let keeps = if log.keeps.is_some() { "keeps the event" } else { "keeps bytes" };
            let greatest = match log.greatest {
                Some(length) => format!("at most {} + {} hostnames", length.fixed, length.hostnames),
                None => "of any length".to_owned(),
            };
            format!("{head}, {keeps} {greatest}, waits for {}", demand(pipeline, &log.demand))
        }
        NodeKind::Distributor(distributor) => {
            let ways = distributor.outputs.iter().map(|(_, places)| demand(pipeline, places));
            format!("{head}, shares over {}", ways.collect::<Vec<_>>().join(" / "))
        }
        NodeKind::Select(select) => {
            format!("{head}{}", if select.forward.encode { ", encodes" } else { "" })
        }
    }
}

fn payload(payload: Payload) -> String {
    let event = payload.event.map(|repr| match repr {
        Repr::Record(_) => "struct",
        Repr::Value => "value",
        _ => "scalar",
    });
    let bytes = payload.bytes.then_some("bytes");
    let both: Vec<&str> = event.into_iter().chain(bytes).collect();
    if both.is_empty() { "nothing".to_owned() } else { both.join(" + ") }
}

fn tag(pipeline: &Pipeline, tag: TagType) -> String {
    match tag {
        TagType::Input => "to the feeder".to_owned(),
        TagType::Several => "to several".to_owned(),
        TagType::Log(at) => match &pipeline.nodes[at].kind {
            NodeKind::Log(log) => format!("to {}", log.field),
            _ => unreachable!("only logs listen"),
        },
    }
}

fn demand(pipeline: &Pipeline, demand: &[Demand]) -> String {
    let places = demand.iter().map(|demand| {
        let name = match demand.terminal {
            Target::Node(at) => &pipeline.nodes[at].method,
            Target::Output(at) => &pipeline.outputs[at].method,
        };
        if demand.places == 1 { name.clone() } else { format!("{} in {name}", demand.places) }
    });
    places.collect::<Vec<_>>().join(" and ")
}

const LOG: &str =
    "define qos::wal operator log with read_count = 1, max_elements = 9 end; create operator log;";

#[test]
fn behind_a_log_only_bytes_travel_where_nobody_reads() {
    let query = format!(
        "{LOG} use tremor::system;
        select merge event of {{ \"h\": system::hostname() }} end from in into log;
        select event from log into out;"
    );
    check(
        &query,
        &["out"],
        &[
            "push_in: struct, waits for at_log and err",
            "at_log: struct, to the feeder, keeps bytes at most 87 + 1 hostnames, waits for out",
            "select_in_into_log: struct, to the feeder",
            "select_log_into_out: bytes, to log",
            "out: bytes, to log",
            "err: value, to the feeder",
        ],
    );
}

#[test]
fn a_patch_of_known_shape_travels_as_the_merge_does() {
    let query = format!(
        "{LOG} use tremor::system;
        select patch event of insert \"h\" => system::hostname() end from in into log having event.h != \"x\";
        select event from log into out;"
    );
    check(
        &query,
        &["out"],
        &[
            "push_in: struct, waits for at_log and err",
            "at_log: struct, to the feeder, keeps bytes at most 87 + 1 hostnames, waits for out",
            "select_in_into_log: struct, to the feeder",
            "select_log_into_out: bytes, to log",
            "out: bytes, to log",
            "err: value, to the feeder",
        ],
    );
}

#[test]
fn what_is_copied_or_moved_keeps_its_length() {
    let query = format!(
        "{LOG} select patch event of copy \"onramp\" => \"o\", move \"id\" => \"n\", erase \"ingest_ns\" end
        from in into log;
        select event from log into out;"
    );
    // {"onramp":"metronome","o":"metronome","n":18446744073709551615}, and a comma as it is counted
    check(
        &query,
        &["out"],
        &[
            "push_in: struct, waits for at_log and err",
            "at_log: struct, to the feeder, keeps bytes at most 64 + 0 hostnames, waits for out",
            "select_in_into_log: struct, to the feeder",
            "select_log_into_out: bytes, to log",
            "out: bytes, to log",
            "err: value, to the feeder",
        ],
    );
}

#[test]
fn a_stream_hands_on_structs_or_bytes_as_what_stands_behind_it_wants() {
    check(
        "create stream s; select event from in into s; select event from s into out/a; select event from s into out/b;",
        &["a", "b"],
        &[
            "push_in: struct, waits for a and b",
            "push_s: struct, waits for a and b",
            "stream_s: struct, to the feeder, encodes",
            "select_in_into_s: struct, to the feeder",
            "select_s_into_a: bytes, to the feeder",
            "select_s_into_b: bytes, to the feeder",
            "a: bytes, to the feeder",
            "b: bytes, to the feeder",
        ],
    );
    let query = format!(
        "{LOG} create stream s; select event from in into s; select event from s into log;
        select event from log into s2; create stream s2; select event.id from s2 into out;"
    );
    check(
        &query,
        &["out"],
        &[
            "push_in: struct, waits for at_log and err",
            "push_s: struct, waits for at_log and err",
            "push_s2: struct, waits for out",
            "at_log: struct, to the feeder, keeps the event at most 82 + 0 hostnames, waits for out",
            "stream_s: struct, to the feeder",
            "select_in_into_s: struct, to the feeder",
            "select_s_into_log: struct, to the feeder",
            "select_log_into_s2: struct, to log",
            "stream_s2: struct, to several",
            "select_s2_into_out: struct, to several",
            "out: scalar, to several",
            "err: value, to the feeder",
        ],
    );
}

#[test]
fn a_log_keeps_the_event_where_somebody_reads_it() {
    let query =
        format!("{LOG} select event from in into log; select event from log where event.id > 1 into out;");
    check(
        &query,
        &["out"],
        &[
            "push_in: struct, waits for at_log and err",
            "at_log: struct, to the feeder, keeps the event at most 82 + 0 hostnames, waits for out",
            "select_in_into_log: struct, to the feeder",
            "select_log_into_out: struct + bytes, to log",
            "out: bytes, to log",
            "err: value, to the feeder",
        ],
    );
}

#[test]
fn an_event_for_two_sinks_is_encoded_once_before_it_splits() {
    check(
        "select event from in into out/a; select event from in into out/b;",
        &["a", "b"],
        &[
            "push_in: struct, encodes, waits for a and b",
            "select_in_into_a: bytes, to the feeder",
            "select_in_into_b: bytes, to the feeder",
            "a: bytes, to the feeder",
            "b: bytes, to the feeder",
        ],
    );
}

#[test]
fn two_results_in_one_port_take_two_places_and_travel_as_bytes_where_their_types_differ() {
    check(
        "select event.id from in into out; select event.onramp from in into out;",
        &["out"],
        &[
            "push_in: struct, waits for 2 in out",
            "select_in_into_out: struct, to the feeder, encodes",
            "select_in_into_out_2: struct, to the feeder, encodes",
            "out: bytes, to the feeder",
        ],
    );
}

#[test]
fn results_of_unknown_length_are_stored_when_there_is_any_room() {
    let query = format!("{LOG} select \"#{{event.id}}\" from in into log; select event from log into out;");
    check(
        &query,
        &["out"],
        &[
            "push_in: struct, waits for at_log and err",
            "at_log: scalar, to the feeder, keeps bytes of any length, waits for out",
            "select_in_into_log: struct, to the feeder",
            "select_log_into_out: bytes, to log",
            "out: bytes, to log",
            "err: value, to the feeder",
        ],
    );
}

#[test]
fn where_ways_with_and_without_a_log_meet_the_tag_tells_the_listener() {
    let query = format!(
        "{LOG} select event from in into log; select event from log into out; select event from in into out;"
    );
    check(
        &query,
        &["out"],
        &[
            "push_in: struct, encodes, waits for at_log and out and err",
            "at_log: bytes, to the feeder, keeps bytes at most 82 + 0 hostnames, waits for out",
            "select_in_into_log: bytes, to the feeder",
            "select_log_into_out: bytes, to log",
            "select_in_into_out: bytes, to the feeder",
            "out: bytes, to several",
            "err: value, to the feeder",
        ],
    );
}

#[test]
fn a_round_robin_waits_for_any_of_its_ways() {
    let query = "define qos::roundrobin operator share with outputs = [\"a\", \"b\"] end; create operator share;
        select event from in into share; select event from share/a into out/a; select event from share/b into out/b;
        select event from share/a into out/b;";
    check(
        query,
        &["a", "b"],
        &[
            "push_in: struct, waits for at_share",
            "at_share: struct, to the feeder, shares over a and b / b",
            "select_in_into_share: struct, to the feeder",
            "select_share_a_into_a: bytes, to the feeder",
            "select_share_b_into_b: struct, to the feeder, encodes",
            "select_share_a_into_b: bytes, to the feeder",
            "a: bytes, to the feeder",
            "b: bytes, to the feeder",
        ],
    );
}

/// How often ways part and meet again: as often as `check` allows. A walk of each way would do 4096 of them for every node.
const MEETINGS: usize = 12;

#[test]
fn ways_that_meet_again_and_again_are_counted() {
    let streams: String = (1..MEETINGS)
        .map(|at| {
            let select = |value: &str| format!("select {value} from s{} into s{at};", at - 1);
            format!("create stream s{at}; {}{}", select("{ \"a\": 1 }"), select("{ \"a\": 2 }"))
        })
        .collect();
    let last = MEETINGS - 1;
    let query = format!(
        "create stream s0; select event from in into s0; {streams} select event from s{last} into out;"
    );
    let plan = plan(&query, &["out"]);
    assert_eq!(demand(&plan.pipelines[0], &plan.pipelines[0].inputs[0].demand), "2048 in out");
}

#[test]
fn round_robins_in_a_row_are_counted() {
    let row: String = (0..MEETINGS)
        .map(|at| {
            let next = if at + 1 == MEETINGS { "out".to_string() } else { format!("r{}", at + 1) };
            let select = |port: &str| format!("select event from r{at}/{port} into {next};");
            format!("create operator r{at} from share; {}{}", select("a"), select("b"))
        })
        .collect();
    let query = format!(
        "define qos::roundrobin operator share with outputs = [\"a\", \"b\"] end; {row} select event from in into r0;"
    );
    let plan = plan(&query, &["out"]);
    assert_eq!(demand(&plan.pipelines[0], &plan.pipelines[0].inputs[0].demand), "at_r0");
}

/// How many nodes of a pipeline stay functions of their own.
fn apart(query: &str) -> usize {
    plan(query, &["out"]).pipelines[0].nodes.iter().filter(|node| node.apart).count()
}

/// So many selects in a row.
fn chain(selects: usize) -> String {
    let steps = (1..selects).map(|at| {
        format!("create stream s{at}; select event from s{at} where event.id > {at} into s{};", at + 1)
    });
    let steps: String = steps.collect();
    format!(
        "select event from in into s1; {steps} create stream s{selects}; select event from s{selects} into out;"
    )
}

#[test]
fn the_code_of_a_small_pipeline_is_not_cut_apart() {
    assert_eq!(apart("select event from in into out;"), 0);
    assert_eq!(apart(&chain(10)), 0);
}

#[test]
fn the_code_of_a_large_pipeline_is_cut_into_functions_of_some_nodes_each() {
    // A select and a stream each time; 24 nodes, and no node becomes part of two.
    assert_eq!(apart(&chain(100)), 8);
    let fan: String =
        (0..100).map(|at| format!("select event from in where event.id != {at} into out;")).collect();
    assert_eq!(apart(&fan), 77, "the first ones are part of the function that takes events");
}

#[test]
fn what_is_behind_a_log_is_counted_where_the_log_emits() {
    let (before, behind) =
        ("select event from in into s1;", "select event from s9 into log; select event from log into t1;");
    let steps = |name: &str| -> String {
        let steps = (1..9).map(|at| {
            format!("create stream {name}{at}; select event from {name}{at} into {name}{};", at + 1)
        });
        steps.chain([format!("create stream {name}9;")]).collect()
    };
    let query =
        format!("{LOG} {before} {} {behind} {} select event from t9 into out;", steps("s"), steps("t"));
    assert_eq!(apart(&query), 0, "19 nodes, the log, and 19 nodes");
}
