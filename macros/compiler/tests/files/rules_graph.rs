//! The family *graph*: how things are linked.

use super::rules::{flow, links, query};

const LOG: &str =
    "define qos::wal operator log with read_count = 1, max_elements = 9 end;\ncreate operator log;";
const RING: &str = "define qos::roundrobin operator ring with outputs = [\"a\", \"b\"] end;\ncreate operator ring;\nselect event from in into ring;";

#[test]
fn ports_of_operators_are_there_and_read() {
    query(
        &format!("{RING}\nselect event from ring/a into out;\nselect event from ring/c into out;"),
        &[("unknown_port", "5:24", "legal ports: `a`, `b`, `overflow`")],
    );
    query(
        &format!("{RING}\nselect event from ring/a into out;"),
        &[("output_not_selected", "1:59", "nothing selects from `ring/b`")],
    );
    query(
        &format!("{RING}\nselect event from ring into out;"),
        &[("port_not_said", "4:19", "write one of `ring/a`")],
    );
}

#[test]
fn what_leads_nowhere_in_a_query_is_told_there_and_not_at_the_links() {
    query(
        &format!("{LOG}\nselect event from in into log;"),
        &[("output_not_selected", "2:17", "add `select event from log into …;`")],
    );
    query(
        &format!("{LOG}\nselect event from log into out;"),
        &[("operator_not_fed", "2:17", "add `select event from in into log;`")],
    );
    query(
        "create stream s;\nselect event from in into s;",
        &[("stream_not_selected", "1:15", "nothing selects from `s`")],
    );
    query("create stream s;\nselect event from in into out;", &[("stream_not_selected", "1:15", "")]);
    query(
        "create stream s;\nselect event from s into out;\nselect event from in into out;",
        &[(
            "input_not_linked",
            "1:15",
            "add `select event from in into s;`, or a link `… => /pipeline/main/01/s`",
        )],
    );
    query(
        &format!("{LOG}\nselect event from log into log;\nselect event from in into log;"),
        &[("cycle_in_pipeline", "3:28", "events go round: `log` → `log`")],
    );
    query("select event from in into out.err;", &[("port_behind_a_slash", "1:30", "write `out/err`")]);
}

#[test]
fn events_that_go_round_are_named_node_by_node() {
    query(
        "create stream a; create stream b;\nselect event from in into a;\nselect event from a into b;\nselect event from b into a;\nselect event from b into out;",
        &[("cycle_in_pipeline", "4:26", "events go round: `a` → `b` → `a`")],
    );
    links(
        "define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /offramp/sink/01/in
end;
create binding /binding/main/01;",
        &[("cycle_over_links", "3:26", "`/pipeline/main/01` → `/pipeline/main/01`")],
    );
}

#[test]
fn what_gets_nowhere_explains_as_many_missing_ports_as_it_has_places() {
    let with = |query: &str, ports: &str, expected: &[(&str, &str, &str)]| {
        let links: String = ports
            .split(' ')
            .map(|port| format!(", /pipeline/main/01/{port} => /offramp/sink/01/in"))
            .collect();
        let text = format!(
            "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in{links}
end;
create binding /binding/main/01;
define pipeline main
{query}
end;"
        );
        flow(&text, expected);
    };
    let loose = "create stream s;\nselect event from in into s;";
    let not_read = ("stream_not_selected", "9:15", "nothing selects from `s`");
    let missing = |part: &'static str| ("unknown_artefact_port", "", part);
    with(loose, "out", &[not_read]);
    with(loose, "side", &[not_read]);
    with(loose, "out side", &[missing("no port `side`"), not_read]);
    with(loose, "side out", &[missing("no port `side`"), not_read]);
    with(&format!("{loose}\nselect event from in into out;"), "out side", &[not_read]);
    with(
        &format!("{loose}\nselect event from in into out;"),
        "out side more",
        &[missing("no port `more`"), not_read],
    );
    let nowhere = ("unknown_stream", "9:27", "no operator or stream `nowhere`");
    with("select event from in into nowhere;", "out side", &[missing("no port `side`"), nowhere]);
    // what has no select any more is not missing at the links as well
    let ring = format!("{RING}\nselect event from ring/a into out;");
    with(&ring, "out side", &[("output_not_selected", "9:59", "nothing selects from `ring/b`")]);
    with(&ring, "out side more", &[missing("`more`"), ("output_not_selected", "9:59", "")]);
    let lost = "select event from in into out;\nselect event from in;";
    with(lost, "out side", &[("unexpected_token", "10:21", "expected `into`")]);
    with(lost, "out side more", &[missing("`more`"), ("unexpected_token", "10:21", "")]);
    // what leads nowhere is not what feeds an input
    let into = "out => /offramp/sink/01/in, /onramp/metronome/01/err => /pipeline/main/01/again, /pipeline/main/01/err";
    let into = into.replace(' ', "\t");
    with("select event from in into nowhere;", &into, &[missing("no port `again`"), nowhere]);
}

#[test]
fn links_in_a_row_are_one_error() {
    links(
        "define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in => /offramp/sink/01/in
end;
create binding /binding/main/01;",
        &[("unexpected_token", "2:50", "a link has one `=>`")],
    );
}

#[test]
fn a_mapping_makes_something_new() {
    let text = |second: &str| {
        format!(
            "define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /offramp/sink/01/in
end;
create binding /binding/main/01;
{second}"
        )
    };
    let in_vain = "this mapping makes nothing that another one has not made";
    links(&text("create binding /binding/main/02;"), &[("links_repeated", "6:16", in_vain)]);
    links(&text("create binding /binding/main/01;"), &[("mapped_twice", "6:16", "")]);
}

#[test]
fn a_flow_without_a_mapping_is_told_the_one_to_write() {
    let links_of_main = "/onramp/metronome/{a}/out => /pipeline/main/{b}/in,
/pipeline/main/{b}/out => /offramp/sink/{a}/in";
    links(
        &format!("define binding main links\n{links_of_main}\nend;"),
        &[("nothing_created", "", "add `create binding /binding/main/01 with a = \"01\", b = \"01\" end;`")],
    );
    links("", &[("nothing_created", "", "add a `define binding name links … end;`")]);
}
