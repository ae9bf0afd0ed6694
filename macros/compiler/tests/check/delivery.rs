//! What a flow requires of its ways: each weak link is one error, at the place that must change.

use crate::{errors, reports, warnings};

/// A flow that requires something (on line 2), with offramps from line 3, a query from line 6, and its links.
fn requiring(require: &str, offramps: &str, query: &str, links: &str) -> String {
    format!(
        "pub flow Test;
{require}
{offramps}
define onramp m from metronome with interval = 1 end;
define pipeline p
{query}
end;
define pipeline plain select event from in into out; end;
define binding b links {links} end;
create binding /binding/b/x;"
    )
}

const LINKS: &str = "/onramp/m/1/out => /pipeline/p/1/in, /pipeline/p/1/out => /offramp/a/1/in,
    /pipeline/plain/1/out => /offramp/spare/1/in, /onramp/m/2/out => /pipeline/plain/1/in";
const ALONE: &str = "/onramp/m/1/out => /pipeline/p/1/in, /pipeline/p/1/out => /offramp/a/1/in";
const WS: &str = r#"define offramp a from ws with url = "ws://a:80/" end;"#;
const PASS: &str = "create operator log; select event from in into log; select event from log into out;";

/// A log with this config, through which everything goes.
fn log(config: &str) -> String {
    format!("define qos::wal operator log with read_count = 1, {config} end; {PASS}")
}

/// One line of pipelines behind another, each between `m` and `a`.
#[track_caller]
fn check(require: &str, offramp: &str, query: &str, expected: &[(&str, &str)]) {
    let text = requiring(require, offramp, query, ALONE);
    let text = text.replace("define pipeline plain", "#[allow(unused_artefact)]\ndefine pipeline plain");
    errors(&text, expected);
    if expected.is_empty() {
        warnings(&text, &[]);
    }
}

#[test]
fn a_way_with_a_log_and_a_sink_that_confirms_is_at_least_once() {
    check("require at_least_once;", WS, &log("max_elements = 9"), &[]);
    check("require at_least_once;", WS, &log("dir = \"d\", sync = \"interval\""), &[]);
    for kind in ["stdout", "stderr", "blackhole", "file with file = \"f\""] {
        check(
            "require at_least_once;",
            &format!("define offramp a from {kind} end;"),
            &log("max_elements = 9"),
            &[],
        );
    }
}

#[test]
fn a_way_with_a_synced_log_is_durable() {
    check("require durable;", WS, &log("dir = \"d\""), &[]);
    check("require durable;", WS, &log("dir = env(\"DIR\"), sync = \"always\""), &[]);
    check("require durable;", "define offramp a from blackhole end;", &log("dir = \"d\""), &[]);
}

#[test]
fn without_a_log_the_pipeline_lacks_one() {
    let query = "select event from in into out;";
    check(
        "require at_least_once;",
        WS,
        query,
        &[(
            "5:16",
            "`require at_least_once` does not hold from onramp/m/1 to offramp/a/1: no log on the way keeps events until \
             they are confirmed\nhelp: put a `qos::wal` into the pipeline `p`, and lead the events through it\nnote: the \
             flow requires it here at line 2",
        )],
    );
    check("require durable;", WS, query, &[("5:16", "put a `qos::wal` with a `dir` into the pipeline `p`")]);
}

#[test]
fn a_way_past_a_log_is_shown() {
    let query = format!("{}\nselect event from in where event.id > 1 into out;", log("max_elements = 9"));
    check(
        "require at_least_once;",
        WS,
        &query,
        &[(
            "7:45",
            "this way goes past the logs of its pipeline: lead it through a `qos::wal`, as through `log`",
        )],
    );
}

#[test]
fn a_sink_that_confirms_early_is_named_at_its_setting() {
    let written = r#"define offramp a from ws with url = "ws://a:80/", ack = "written" end;"#;
    let expected = "`require at_least_once` does not hold from onramp/m/1 to offramp/a/1: `ack = \"written\"` confirms what \
                    has come no further than the socket that took its bytes, where what the peer has not read can still be \
                    lost\nhelp: write `ack = \"received\"`";
    check("require at_least_once;", written, &log("max_elements = 9"), &[("3:56", expected)]);
    check("require durable;", written, &log("dir = \"d\""), &[("3:56", "`require durable` does not hold")]);
    let env = r#"define offramp a from ws with url = "ws://a:80/", ack = env("ACK") end;"#;
    check(
        "require at_least_once;",
        env,
        &log("max_elements = 9"),
        &[("3:56", "only the environment knows its `ack`, which may confirm what has come no further than")],
    );
}

#[test]
fn what_a_loss_of_power_takes_is_not_durable() {
    check(
        "require durable;",
        WS,
        &log("max_elements = 9"),
        &[(
            "6:25",
            "the log `log` is in memory, and a loss of power takes its events\nhelp: give it a directory to keep them in, \
             as in `dir = \"…\"`",
        )],
    );
    check(
        "require durable;",
        WS,
        &log("dir = \"d\", sync = \"interval\""),
        &[(
            "6:68",
            "`sync = \"interval\"` of the log `log` lets events go on that a loss of power can take\nhelp: write \
             `sync = \"batch\"`, which is the default, or `sync = \"always\"`",
        )],
    );
    check(
        "require durable;",
        WS,
        &log("dir = \"d\", sync = env(\"SYNC\")"),
        &[("6:68", "only the environment knows the `sync` of the log `log`")],
    );
    for kind in ["stdout", "stderr", "file with file = \"f\""] {
        let name = kind.split(' ').next().expect("a word");
        check(
            "require durable;",
            &format!("define offramp a from {kind} end;"),
            &log("dir = \"d\""),
            &[("3:22", &format!("`{name}` confirms what has come to"))],
        );
    }
}

#[test]
fn of_logs_in_a_row_the_one_that_lets_go_too_early_is_named() {
    let row = |first: &str, second: &str| {
        format!(
            "define qos::wal operator one with read_count = 1, {first} end;
            define qos::wal operator two with read_count = 1, {second} end;
            create operator one; create operator two;
            select event from in into one; select event from one into two; select event from two into out;"
        )
    };
    let (memory, disk, late) = ("max_elements = 9", "dir = \"d\"", "dir = \"e\", sync = \"interval\"");
    check("require durable;", WS, &row(disk, memory), &[]);
    check("require durable;", WS, &row(memory, disk), &[("6:25", "the log `one` is in memory")]);
    check("require durable;", WS, &row(memory, late), &[("6:25", "the log `one` is in memory")]);
    check("require durable;", WS, &row(disk, late), &[("7:80", "of the log `two`")]);
}

#[test]
fn a_weak_link_is_told_once_and_each_of_a_way_is_told() {
    let written = r#"define offramp a from ws with url = "ws://a:80/", ack = "written" end;
define offramp b from ws with url = "ws://b:80/" end;"#;
    let links = "/onramp/m/1/out => /pipeline/p/1/in, /onramp/m/2/out => /pipeline/p/2/in,
        /pipeline/p/1/out => [/offramp/a/1/in, /offramp/b/1/in], /pipeline/p/2/out => [/offramp/a/1/in, /offramp/b/2/in]";
    let text = requiring("require durable;", written, &log("max_elements = 9"), links);
    let text = text.replace("define pipeline plain", "#[allow(unused_artefact)] define pipeline plain");
    errors(
        &text,
        &[
            (
                "3:56",
                "does not hold from onramp/m/1 to offramp/a/1, and on one more way: `ack = \"written\"`",
            ),
            (
                "7:25",
                "does not hold from onramp/m/1 to offramp/a/1, and on 3 more ways: the log `log` is in memory",
            ),
        ],
    );
}

#[test]
fn each_pipeline_without_a_log_lacks_one() {
    let offramps = format!("{WS} define offramp spare from blackhole end;");
    errors(
        &requiring("require at_least_once;", &offramps, &log("max_elements = 9"), LINKS),
        &[("8:16", "from onramp/m/2 to offramp/spare/1: no log on the way")],
    );
    let direct = "/onramp/m/1/out => /pipeline/p/1/in, /pipeline/p/1/out => /offramp/a/1/in,
        /onramp/m/2/out => /offramp/spare/1/in, /onramp/m/2/out => /pipeline/plain/1/in,
        /pipeline/plain/1/out => /pipeline/p/1/in";
    errors(
        &requiring("require at_least_once;", &offramps, &log("max_elements = 9"), direct),
        &[("10:8", "help: link a pipeline with a `qos::wal` between the two")],
    );
}

#[test]
fn what_has_failed_or_is_rejected_is_not_asked_for_more() {
    let links = "/onramp/m/1/out => /pipeline/p/1/in, /pipeline/p/1/out => /offramp/a/1/in,
        /pipeline/p/1/err => /offramp/system::stderr/1/in, /onramp/m/1/err => /pipeline/plain/1/in,
        /offramp/a/1/err => /pipeline/plain/1/in, /pipeline/plain/1/out => /offramp/system::stderr/1/in";
    warnings(&requiring("require durable;", WS, &log("dir = \"d\""), links), &[]);
}

#[test]
fn a_promise_that_there_is_not_has_a_near_name() {
    let query = log("dir = \"d\"");
    check(
        "require at_least_one;",
        WS,
        &query,
        &[(
            "2:8",
            "there is no promise `at_least_one` that a flow can require\nhelp: did you mean `at_least_once`?",
        )],
    );
    check(
        "require exactly_once;",
        WS,
        &query,
        &[("2:8", "help: legal promises: `at_least_once`, `durable`")],
    );
    check("require best_effort;", WS, &query, &[("2:8", "there is no promise `best_effort`")]);
    check(
        "require;",
        WS,
        &query,
        &[("2:7", "expected what the flow requires, such as `at_least_once`, found `;`")],
    );
    check("require durable at_least_once;", WS, &query, &[("2:16", "expected `;`, found `at_least_once`")]);
    check("require durable", WS, &query, &[("2:8", "has no `;`")]);
    check("requires durable;", WS, &query, &[("2:0", "help: did you mean `require`?")]);
}

#[test]
fn the_stronger_of_two_counts_and_the_other_is_no_use() {
    let clean = |require: &str, expected: &[(&str, &str)]| {
        let text = requiring(require, WS, &log("dir = \"d\""), ALONE);
        let text = text.replace("define pipeline plain", "#[allow(unused_artefact)]\ndefine pipeline plain");
        warnings(&text, expected);
    };
    clean(
        "require durable; require at_least_once;",
        &[("2:25", "`durable`, which is required too, includes `at_least_once`\nhelp: remove it")],
    );
    clean("require at_least_once; require durable;", &[("2:8", "includes `at_least_once`")]);
    clean("require durable; require durable;", &[("2:25", "`durable` is required twice")]);
    clean("require durable; #[allow(required_twice)] require durable;", &[]);
    let both = "require at_least_once; require durable;";
    check(both, WS, &log("max_elements = 9"), &[("6:25", "`require durable` does not hold")]);
}

#[test]
fn a_requirement_belongs_to_a_flow() {
    errors(
        "pub pipeline P;
require durable;
select event from in into out;",
        &[("2:0", "this belongs to a flow")],
    );
    let inside = format!("require durable;\n{}", log("dir = \"d\""));
    let text = requiring("", WS, &inside, ALONE);
    let found: Vec<String> = reports(&text).1.iter().map(|report| report.message()).collect();
    assert!(!found.is_empty(), "a pipeline requires nothing");
}

#[test]
fn where_something_else_is_wrong_no_way_is_called_weak_for_it() {
    // What is not known may be what was required.
    check("require durable;", WS, &log("dir = 5"), &[("6:56", "`dir`")]);
    check("require durable;", WS, &log("dir = \"d\", sync = \"allways\""), &[("6:68", "always")]);
    check("require durable;", WS, &log("dirr = \"d\""), &[("6:50", "dir")]);
    let misspelt = r#"define offramp a from ws with url = "ws://a:80/", ack = "writen" end;"#;
    check("require at_least_once;", misspelt, &log("max_elements = 9"), &[("3:56", "ack")]);
    let query = format!("{} select event from in int out;", log("max_elements = 9"));
    check("require durable;", WS, &query, &[("6:177", "expected `into`")]);
    // What is known to be weak is told beside other errors.
    let query = "select event.idd from in into out;";
    check("require durable;", WS, query, &[("5:16", "no log on the way"), ("6:13", "idd")]);
}
