//! The plan of representations as it is told: for each flow a stored text, read whenever it changes, of the forms in which events go
//! and of each conversion. And that the code is as the plan tells: where nothing is converted, references are passed.

use expect_test::expect_file;
use foreshock_compiler::diagnostics::Diagnostics;
use foreshock_compiler::emit::emit;
use foreshock_compiler::files::NoFiles;
use foreshock_compiler::lower::lower;
use foreshock_compiler::lower::plan::Plan;
use foreshock_compiler::{check, resolve, syntax};

/// A log in memory, and one on disk.
const LOG: &str =
    "define qos::wal operator log with read_count = 1, max_elements = 9 end; create operator log;";
const DISK: &str = "define qos::wal operator kept with read_count = 1, max_elements = 9, dir = \"d\" end; create operator kept;";

/// What stands around pipelines: an onramp `m`, offramps `a` and `b`, and the links.
fn flow(onramp: &str, pipelines: &str, links: &str) -> String {
    format!(
        "flow F;
define onramp m from {onramp} end;
define offramp a from ws with url = \"ws://a:80/\" end;
define offramp b from ws with url = \"ws://b:80/\" end;
{pipelines}
define binding all links
{links}
end;
create binding /binding/all/01 with i = \"01\" end;"
    )
}

const METRONOME: &str = "metronome with interval = 1000";
const LINES: &str = "stdin with codec = \"json\"";
const TO_P: &str = "/onramp/m/{i}/out => /pipeline/p/{i}/in, /pipeline/p/{i}/out => /offramp/a/{i}/in";
const TO_BOTH: &str = "/onramp/m/{i}/out => /pipeline/p/{i}/in, /pipeline/p/{i}/a => /offramp/a/{i}/in, \
                       /pipeline/p/{i}/b => /offramp/b/{i}/in";

fn plan(flow: &str) -> Plan {
    let mut diagnostics = Diagnostics::default();
    let ast = syntax::parse(flow.parse().expect("it lexes"), &NoFiles, &mut diagnostics).expect("it parses");
    let graph = resolve::resolve(ast, &mut diagnostics);
    let facts = check::check(&graph, &mut diagnostics);
    let errors = diagnostics.has_errors();
    let told: Vec<String> = diagnostics.into_sorted().iter().map(|error| error.message()).collect();
    assert!(!errors, "{flow}: {told:?}");
    lower(&graph, &facts)
}

/// Holds what is told of a flow against the stored text. Returns the code, for who looks at it too.
fn tells(name: &str, flow: &str) -> String {
    let plan = plan(flow);
    let told = plan.forms.view(|forms| forms.to_string());
    let file = format!("snapshots/forms/{name}.txt");
    expect_file![file].assert_eq(&format!("{flow}\n\n{told}"));
    let code = syn::parse_file(&emit(&plan).to_string()).expect("it is Rust");
    prettyplease::unparse(&code)
}

/// The methods of the first pipeline through which events go.
fn way(code: &str) -> &str {
    let start = code.find("pub fn push_in").expect("it takes events");
    &code[start..start + code[start..].find("pub fn pump").expect("each pipeline has it")]
}

/// How often a text is in the code.
fn count(code: &str, text: &str) -> usize {
    code.matches(text).count()
}

#[test]
fn the_founding_flow_is_encoded_once_into_its_log() {
    let code = tells("founding", include_str!("flows/roundrobin.flow"));
    let code = way(&code);
    assert_eq!(
        count(code, "to_value"),
        count(code, "O::ERR_IS_LINKED.then(|| rt::Encode::to_value("),
        "{code}"
    );
}

#[test]
fn a_split_of_a_dynamic_event_passes_references_and_encodes_once() {
    let query = "define pipeline p
select event from in where event.x > 1 into out/a;
select event from in where event.y > 1 into out/b;
end;";
    let code = tells("split", &flow(LINES, query, TO_BOTH));
    let code = way(&code);
    assert_eq!(count(code, "Encode::encode("), 1, "{code}");
    // What is cloned is told of a failure, and only if somebody listens.
    assert_eq!(count(code, "to_value(event)"), 2, "{code}");
    assert_eq!(count(code, "O::ERR_IS_LINKED.then(|| rt::Encode::to_value(event))"), 2, "{code}");
    assert_eq!(count(code, ".clone()"), 0, "{code}");
    assert_eq!(count(code, "_into_a(cx, head, event, &payload, out)"), 1, "{code}");
    assert_eq!(count(code, "_into_b(cx, head, event, &payload, out)"), 1, "{code}");
}

#[test]
fn a_typed_event_becomes_a_tree_once_for_all_links_that_lead_to_readers_of_one() {
    let pipeline = |name: &str| {
        format!("define pipeline {name}\nselect event from in where present event.x into out;\nend;\n")
    };
    // With events of the other onramp they have no common shape.
    let other = "define onramp other from stdin with codec = \"json\" end;\n".to_owned();
    let links = "/onramp/m/{i}/out => [/pipeline/p/{i}/in, /pipeline/q/{i}/in],
/onramp/other/{i}/out => [/pipeline/p/{i}/in, /pipeline/q/{i}/in],
/pipeline/p/{i}/out => /offramp/a/{i}/in,
/pipeline/q/{i}/out => /offramp/b/{i}/in";
    let pipelines = [other, pipeline("p"), pipeline("q")].join("");
    let code = tells("trees", &flow(METRONOME, &pipelines, links));
    let pull = &code[code.find("fn pull_m(").expect("it is pulled")..];
    let pull = &pull[..pull.find("fn room_for_other").expect("the other source is behind it")];
    assert_eq!(count(pull, "let tree = rt::Encode::to_value(event)"), 1, "{pull}");
    assert_eq!(count(pull, "&tree"), 2, "{pull}");
}

#[test]
fn where_shapes_meet_in_a_stream_each_event_becomes_a_tree_there() {
    let query = "define pipeline p
create stream s;
select event from in into s;
select { \"x\": 1 } from in into s;
select event.x from s where present event.x into out;
end;";
    tells("stream", &flow(METRONOME, query, TO_P));
}

#[test]
fn a_log_keeps_the_struct_where_a_select_behind_it_reads() {
    let query = format!(
        "define pipeline p
{LOG}
select event from in into log;
select event from log where event.id > 3 into out;
end;"
    );
    tells("log_read", &flow(METRONOME, &query, TO_P));
}

#[test]
fn a_log_on_disk_decodes_what_it_recovers_if_it_is_read() {
    let query = format!(
        "define pipeline p
{DISK}
select event from in into kept;
select {{ \"id\": event.id }} from kept into out;
end;"
    );
    tells("disk_read", &flow(METRONOME, &query, TO_P));
}

#[test]
fn between_two_logs_bytes_are_copied() {
    let query = format!(
        "define pipeline p
{LOG}
{DISK}
select event from in into log;
select event from log into kept;
select event from kept into out;
end;"
    );
    let code = tells("two_logs", &flow(METRONOME, &query, TO_P));
    assert_eq!(count(&code, "extend_from_slice(payload)"), 1, "{code}");
}

#[test]
fn what_several_pipelines_store_is_encoded_once_before_the_links_part() {
    let pipeline = |name: &str| {
        format!(
            "define pipeline {name}\n{LOG}\nselect event from in into log;\nselect event from log into out;\nend;\n"
        )
    };
    let links = "/onramp/m/{i}/out => [/pipeline/p/{i}/in, /pipeline/q/{i}/in],
/pipeline/p/{i}/out => [/offramp/a/{i}/in, /pipeline/r/{i}/in],
/pipeline/q/{i}/out => /offramp/b/{i}/in,
/pipeline/r/{i}/out => /offramp/b/{i}/in";
    let pipelines = ["p", "q", "r"].map(pipeline).join("");
    let code = tells("pipelines", &flow(METRONOME, &pipelines, links));
    assert_eq!(count(&code, "rt::Encode::encode(event, &mut payload)"), 1, "{code}");
    assert_eq!(count(&code, "entry.extend_from_slice(payload)"), 3, "each log copies the bytes: {code}");
}

#[test]
fn what_a_sink_and_a_log_in_another_pipeline_take_is_encoded_once_between_them() {
    let pipelines = format!(
        "define pipeline p
select {{ \"id\": event.id }} from in into out;
end;
define pipeline q
{LOG}
select event from in into log;
select event from log into out;
end;"
    );
    let links = "/onramp/m/{i}/out => /pipeline/p/{i}/in,
/pipeline/p/{i}/out => [/offramp/a/{i}/in, /pipeline/q/{i}/in],
/pipeline/q/{i}/out => /offramp/b/{i}/in";
    let code = tells("sink_and_log", &flow(METRONOME, &pipelines, links));
    assert_eq!(count(&code, "rt::Encode::encode(event, &mut payload)"), 1, "{code}");
}

#[test]
fn dynamic_events_go_as_trees_until_a_log_has_their_bytes() {
    let query = format!(
        "define pipeline p
{LOG}
select merge event of {{ \"seen\": true }} end from in where event.level == \"error\" into log;
select event from log into out;
end;"
    );
    tells("dynamic", &flow(LINES, &query, TO_P));
}

#[test]
fn lines_that_are_strings_are_typed() {
    let query = "define pipeline p\nselect { \"line\": event } from in into out;\nend;";
    tells("strings", &flow("stdin with codec = \"string\"", query, TO_P));
}

#[test]
fn a_pipeline_without_a_flow_is_told_too() {
    tells("alone", "pipeline Alone;\nselect { \"b\": event.a } from in where event.a > 1 into out;");
}
