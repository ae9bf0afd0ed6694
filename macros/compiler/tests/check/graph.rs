//! Rules on the graphs: of the nodes of a pipeline, and of the links between instances.

use crate::{errors, flow};

/// Definitions of an operator of each kind, on one line.
const OPERATORS: &str = "define qos::wal operator wal with read_count = 1, max_elements = 1 end; \
    define qos::roundrobin operator rr with outputs = [\"a\", \"b\"] end;";

/// The errors of a query whose statements begin on line 8.
#[track_caller]
pub(super) fn query(statements: &str, expected: &[(&str, &str)]) {
    errors(&flow("", &format!("{OPERATORS}\n{statements}")), expected);
}

#[test]
fn cycle_in_pipeline() {
    query(
        "create operator wal; create operator rr;
select event from in into wal;
select event from wal into rr;
select event from rr/a into out;
select event from rr/b into wal;",
        &[("12:28", "events go round: `wal` → `rr` → `wal`")],
    );
    query(
        "create operator wal;
select event from in into wal;
select event from wal into wal;
select event from wal into out;",
        &[("10:27", "events go round: `wal` → `wal`")],
    );
    query(
        "create operator wal; create operator rr;
select event from in into wal;
select event from wal into rr;
select event from rr/a into out;
select event from rr/b into out;",
        &[],
    );
}

#[test]
fn operator_not_fed() {
    query(
        "create operator wal;
select event from wal into out;
select event from in into out;",
        &[("8:16", "no events go into `wal`")],
    );
    query("create operator wal;\nselect event from in into out;", &[("8:16", "no events go into `wal`")]);
}

#[test]
fn a_misspelt_name_of_an_operator_is_one_error() {
    query(
        "create operator wal;
select event from in into wla;
select event from wal into out;",
        &[("9:26", "there is no operator or stream `wla`\nhelp: did you mean `wal`?")],
    );
    query(
        "create operator wal;
select event from in into wal;
select event from wla into out;",
        &[("10:18", "there is no operator or stream `wla`\nhelp: did you mean `wal`?")],
    );
    query(
        "create operator wal;
select event from in into other;
select event from wal into out;",
        &[("8:16", "no events go into `wal`"), ("9:26", "there is no operator or stream `other`")],
    );
}

#[test]
fn output_not_selected() {
    query(
        "create operator rr;
select event from in into rr;
select event from rr/a into out;",
        &[("7:128", "nothing selects from `rr/b`")],
    );
    query(
        "create operator wal;
select event from in into out;
select event from in into wal;",
        &[("8:16", "nothing selects from `wal`")],
    );
    query(
        "create operator rr;
select event from in into rr;
select event from rr/a into out;
select event from rr/b into out;
select event from rr/overflow into err;",
        &[],
    );
}

/// The errors of a flow whose links begin on line 7.
#[track_caller]
pub(super) fn links(links: &str, expected: &[(&str, &str)]) {
    let text = format!(
        "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
define pipeline first select event from in into out; select event from in/side into err; end;
define pipeline second select event from in into out; end;
define binding main links
{links}
end;
create binding /binding/main/01;"
    );
    errors(&text, expected);
}

#[test]
fn cycle_over_links() {
    links(
        "/onramp/metronome/01/out => /pipeline/second/01/in,
/pipeline/second/01/out => [/offramp/sink/01/in, /pipeline/second/02/in],
/pipeline/second/02/out => /pipeline/second/01/in",
        &[("9:27", "events go round: `/pipeline/second/01` → `/pipeline/second/02` → `/pipeline/second/01`")],
    );
    links(
        "/onramp/metronome/01/out => /pipeline/second/01/in,
/pipeline/second/01/out => [/offramp/sink/01/in, /pipeline/second/01/in]",
        &[("8:49", "events go round: `/pipeline/second/01` → `/pipeline/second/01`")],
    );
}

#[test]
fn output_not_linked() {
    links(
        "/onramp/metronome/01/out => /pipeline/second/01/in",
        &[("5:49", "no link takes `/pipeline/second/01/out`")],
    );
}

#[test]
fn input_not_linked() {
    links(
        "/onramp/metronome/01/out => /pipeline/first/01/in,
/pipeline/first/01/out => /offramp/sink/01/in",
        &[("4:71", "no link leads into `/pipeline/first/01/side`")],
    );
}

#[test]
fn onramp_not_linked() {
    links(
        "/onramp/metronome/01/err => /pipeline/second/01/in,
/pipeline/second/01/out => /offramp/sink/01/in",
        &[("7:0", "no link takes `/onramp/metronome/01/out`")],
    );
}

#[test]
fn nothing_created() {
    errors("pub flow\nTest;", &[("2:0", "nothing is created")]);
    errors("pub pipeline Test; select event from in into out;", &[]);
}

/// Each stream doubles the ways.
fn doubling(streams: usize) -> String {
    let mut text = String::from("create stream s0;\nselect event from in into s0;\n");
    for at in 0..streams {
        let next = at + 1;
        text += &format!("create stream s{next}; select event from s{at} into s{next}; ");
        text += &format!("select event from s{at} into s{next};\n");
    }
    text + &format!("select event from s{streams} into out;")
}

#[test]
fn too_many_ways() {
    let text = "an event can go more than 4096 ways from here on";
    query(&doubling(12), &[]);
    query(&doubling(13), &[("8:14", text)]);
    query(&doubling(300), &[("296:14", text)]);
    // a log is where an event rests
    let rests = doubling(12).replace("into out;", "into wal; create operator wal;");
    let behind: String = (0..2).map(|_| "select event from wal into out;").collect();
    query(&format!("{rests}{behind}"), &[]);
}

#[test]
fn too_many_ways_over_links() {
    let flow = |pipelines: usize| {
        let mut text = String::from(
            "flow F; define onramp m from metronome with interval = 1 end; define offramp hole from blackhole end;
            define pipeline p select event from in into out/a; select event from in into out/b; end;
            define binding b links /onramp/m/1 => /pipeline/p/1",
        );
        for at in 1..pipelines {
            let next = at + 1;
            text += &format!(
                ",\n/pipeline/p/{at}/a => /pipeline/p/{next}, /pipeline/p/{at}/b => /pipeline/p/{next}"
            );
        }
        let ends = format!(
            "/pipeline/p/{pipelines}/a => /offramp/hole/1, /pipeline/p/{pipelines}/b => /offramp/hole/1"
        );
        text + &format!(",\n{ends} end; create binding /binding/b/1;")
    };
    errors(&flow(12), &[]);
    errors(&flow(40), &[("30:56", "an event can go more than 4096 ways from here on")]);
}
