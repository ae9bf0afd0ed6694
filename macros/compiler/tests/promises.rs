//! What is promised of events between each source and each sink, for deployments of many shapes; and what of it stands in
//! the documentation of the generated type. Each case is a flow's links, and the promises in short.

use foreshock_compiler::diagnostics::Diagnostics;
use foreshock_compiler::files::NoFiles;
use foreshock_compiler::lower::lower;
use foreshock_compiler::lower::plan::Plan;
use foreshock_compiler::{check, resolve, syntax};
use foreshock_spec::{Durability, find_operator};

/// What the flows of all cases are put together from.
const DEFINITIONS: &str = r#"
    flow F;
    define onramp m from metronome with interval = 1 end;
    define onramp n from metronome with interval = 1 end;
    define onramp applog from file with source = "app.log" end;
    define offramp a from ws with url = "ws://a:80/" end;
    define offramp b from ws with url = "ws://b:80/", ack = "written" end;
    define offramp hole from blackhole end;

    define pipeline plain
        select event from in into out;
    end;
    define pipeline kept
        define qos::wal operator log with read_count = 1, max_elements = 9 end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define pipeline half
        define qos::wal operator log with read_count = 1, max_elements = 9 end;
        create operator log;
        select event from in into log;
        select event from log into out;
        select event from in into out/direct;
    end;
    define pipeline twice
        define qos::wal operator first with read_count = 1, max_elements = 9 end;
        define qos::wal operator second with read_count = 1, max_elements = 9 end;
        create operator first;
        create operator second;
        select event from in into first;
        select event from first into second;
        select event from second into out;
    end;
    define pipeline shared
        define qos::roundrobin operator share with outputs = ["x", "y"] end;
        create operator share;
        select event from in into share;
        select event from share/x into out/x;
        select event from share/y into out/y;
        select event from share/overflow into out/overflow;
    end;
    define pipeline streamed
        define qos::wal operator log with read_count = 1, max_elements = 9 end;
        create operator log;
        create stream before;
        create stream behind;
        select event from in into before;
        select patch event of erase "id" end from before into log having event.onramp != "x";
        select event from log into behind;
        select event from behind where event.ingest_ns > 0 into out;
    end;
    define pipeline disk
        define qos::wal operator log with read_count = 1, dir = "a" end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define pipeline always
        define qos::wal operator log with read_count = 1, dir = "b", sync = "always" end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define pipeline interval
        define qos::wal operator log with read_count = 1, dir = "c", sync = "interval" end;
        create operator log;
        select event from in into log;
        select event.id from log into out;
    end;
    define pipeline failing
        select event.id % event.ingest_ns from in where event.id > 1 into out;
    end;
    define pipeline failing_behind
        define qos::wal operator log with read_count = 1, max_elements = 9 end;
        create operator log;
        select event from in into log;
        select event.id % event.ingest_ns from log into out;
    end;
"#;

fn plan(links: &str) -> Plan {
    let flow = format!("{DEFINITIONS} define binding b links {links} end; create binding /binding/b/x;");
    let mut diagnostics = Diagnostics::default();
    let ast = syntax::parse(flow.parse().expect("it lexes"), &NoFiles, &mut diagnostics).expect("it parses");
    let graph = resolve::resolve(ast, &mut diagnostics);
    let facts = check::check(&graph, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{links}: {diagnostics:?}");
    lower(&graph, &facts)
}

/// What the events of a log survive, by its settings as they are written.
fn durability(plan: &Plan, log: &str) -> Durability {
    let log =
        plan.definitions.iter().find(|definition| definition.path == log).expect("it is a log of the flow");
    let row = find_operator(&log.row).expect("it has a row");
    row.durability(|key| {
        let written = log.config.iter().find(|(name, _)| name == key).map(|(_, given)| given.clone());
        let row = row.keys.iter().find(|row| row.name == key).expect("there is such a key");
        let has = |key: &str| log.config.iter().any(|(name, _)| name == key);
        written.unwrap_or_else(|| row.among(has).default.to_given())
    })
}

/// One line a promise: from where to where, how much, who keeps the events, and what is weak.
fn check(links: &str, expected: &[&str]) {
    let plan = plan(links);
    let found = plan.picture.view(|picture| {
        let lines = picture.promises(|log| durability(&plan, log)).into_iter().map(|promise| {
            let (from, to) = (picture.start(&promise), picture.instances[promise.to].path());
            let failed = if promise.failed { " failed" } else { "" };
            let keepers: Vec<String> = promise
                .keepers
                .iter()
                .map(|keeper| {
                    picture.keeper(*keeper).map_or("nobody".to_owned(), |(path, at)| format!("{path} {at}"))
                })
                .collect();
            let weakness = picture.weakness(&promise).map(|(what, help)| format!("; {what}; {help}"));
            format!(
                "{from} → {to}{failed}: {}, kept by {}{}",
                promise.level().name(),
                keepers.join(" and "),
                weakness.unwrap_or_default()
            )
        });
        lines.collect::<Vec<String>>()
    });
    assert_eq!(found, expected, "{links}");
}

#[test]
fn without_a_log_a_source_that_does_not_replay_promises_little() {
    check(
        "/onramp/m/1/out => /pipeline/plain/1/in, /pipeline/plain/1/out => /offramp/a/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: best_effort, kept by nobody; no log between onramp.m and offramp.a; \
           put a `qos::wal` before offramp.a",
        ],
    );
}

#[test]
fn a_log_keeps_whatever_has_come_to_it() {
    check(
        "/onramp/m/1/out => /pipeline/kept/1/in, /pipeline/kept/1/out => /offramp/a/1/in",
        &["onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1"],
    );
}

#[test]
fn of_several_logs_in_a_row_the_last_one_is_named() {
    check(
        "/onramp/m/1/out => /pipeline/twice/1/in, /pipeline/twice/1/out => /offramp/a/1/in",
        &["onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.twice.second 1"],
    );
    check(
        "/onramp/m/1/out => /pipeline/kept/1/in, /pipeline/kept/1/out => /pipeline/twice/2/in,
         /pipeline/twice/2/out => /offramp/a/1/in",
        &["onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.twice.second 2"],
    );
}

/// A row of pipelines between a source and a sink: how much is promised?
fn check_row(pipelines: &[&str], expected: &str) {
    let mut links = String::from("/onramp/m/1/out");
    for (at, pipeline) in pipelines.iter().enumerate() {
        links += &format!(" => /pipeline/{pipeline}/{at}/in, /pipeline/{pipeline}/{at}/out");
    }
    links += " => /offramp/a/1/in";
    let promises = plan(&links).promises;
    let level = promises[0].split_once(": ").and_then(|(_, promise)| promise.split_once(','));
    assert_eq!(level.map(|(level, _)| level), Some(expected), "{pipelines:?}: {promises:?}");
}

#[test]
fn what_the_first_log_has_synced_and_none_behind_it_takes_over_unsynced_is_durable() {
    check_row(&["disk"], "durable");
    check_row(&["always"], "durable");
    check_row(&["interval"], "at least once");
    check_row(&["kept", "disk"], "at least once");
    check_row(&["disk", "kept"], "durable");
    check_row(&["plain", "disk", "plain", "always"], "durable");
    check_row(&["disk", "interval"], "at least once");
    check_row(&["disk", "interval", "always"], "at least once");
    check_row(&["interval", "disk"], "at least once");
    check_row(&["disk", "kept", "kept", "disk"], "durable");
}

#[test]
fn of_a_durable_way_and_another_the_other_counts() {
    check(
        "/onramp/m/1/out => [/pipeline/disk/1/in, /pipeline/interval/1/in], /pipeline/disk/1/out => /offramp/a/1/in,
         /pipeline/interval/1/out => /offramp/a/1/in",
        &["onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.disk.log 1 and pipeline.interval.log 1"],
    );
    check(
        "/onramp/m/1/out => [/pipeline/disk/1/in, /pipeline/always/1/in], /pipeline/disk/1/out => /offramp/a/1/in,
         /pipeline/always/1/out => /offramp/a/1/in",
        &["onramp/m/1/out → offramp/a/1: durable, kept by pipeline.disk.log 1 and pipeline.always.log 1"],
    );
}

#[test]
fn what_a_peer_rejects_behind_a_log_on_disk_is_durable_up_to_the_next_peer() {
    check(
        "/onramp/m/1/out => /pipeline/disk/1/in, /pipeline/disk/1/out => /offramp/a/1/in,
         /offramp/a/1/err => /pipeline/kept/1/in, /pipeline/kept/1/out => /offramp/hole/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: durable, kept by pipeline.disk.log 1",
            "offramp/a/1/err → offramp/hole/1: durable, kept by pipeline.kept.log 1",
        ],
    );
}

#[test]
fn what_a_log_on_disk_has_recovered_and_cannot_hand_on_it_keeps_itself() {
    check(
        "/onramp/m/1/out => /pipeline/disk/1/in, /pipeline/disk/1/out => /pipeline/interval/1/in,
         /pipeline/interval/1/out => /offramp/a/1/in, /pipeline/interval/1/err => /offramp/hole/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.interval.log 1",
            "onramp/m/1/out → offramp/hole/1 failed: at_least_once, kept by pipeline.disk.log 1 and pipeline.interval.log 1",
        ],
    );
}

#[test]
fn a_log_on_disk_is_drawn_as_one() {
    let graph = plan("/onramp/m/1/out => /pipeline/disk/1/in, /pipeline/disk/1/out => /offramp/a/1/in").graph;
    assert!(graph.contains("i1n1[(\"log<br/>qos::wal, on disk\")]"), "{graph}");
    assert!(graph.contains("<br/>ws<br/>durable\"]]"), "{graph}");
}

#[test]
fn a_log_keeps_on_behind_other_pipelines_and_in_front_of_it_nothing_is_lost() {
    check(
        "/onramp/m/1/out => /pipeline/plain/0/in, /pipeline/plain/0/out => /pipeline/kept/1/in,
         /pipeline/kept/1/out => /pipeline/plain/2/in, /pipeline/plain/2/out => /pipeline/shared/3/in,
         /pipeline/shared/3/x => /offramp/a/1/in, /pipeline/shared/3/y => /offramp/hole/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1",
            "onramp/m/1/out → offramp/hole/1: at_least_once, kept by pipeline.kept.log 1",
        ],
    );
}

#[test]
fn a_log_on_one_branch_keeps_nothing_on_the_other() {
    check(
        "/onramp/m/1/out => /pipeline/half/1/in, /pipeline/half/1/out => /offramp/a/1/in,
         /pipeline/half/1/direct => /offramp/b/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.half.log 1",
            "onramp/m/1/out → offramp/b/1: best_effort, kept by nobody; no log between onramp.m and offramp.b; \
             put a `qos::wal` before offramp.b",
        ],
    );
}

#[test]
fn of_several_ways_to_one_sink_the_weakest_counts() {
    check(
        "/onramp/m/1/out => /pipeline/half/1/in, /pipeline/half/1/out => /offramp/a/1/in,
         /pipeline/half/1/direct => /offramp/a/1/in",
        &["onramp/m/1/out → offramp/a/1: best_effort, kept by nobody and pipeline.half.log 1; \
           no log between onramp.m and offramp.a on one of the ways; put a `qos::wal` before offramp.a"],
    );
    check(
        "/onramp/m/1/out => [/pipeline/kept/1/in, /pipeline/kept/2/in], /pipeline/kept/1/out => /offramp/a/1/in,
         /pipeline/kept/2/out => /offramp/a/1/in",
        &["onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1 and pipeline.kept.log 2"],
    );
}

#[test]
fn a_round_robin_keeps_nothing_on_any_of_its_outputs() {
    let weak = |to: &str| {
        format!(
            "onramp/m/1/out → offramp/{to}/1: best_effort, kept by nobody; no log between onramp.m and offramp.{to}; \
             put a `qos::wal` before offramp.{to}"
        )
    };
    check(
        "/onramp/m/1/out => /pipeline/shared/1/in, /pipeline/shared/1/x => /offramp/a/1/in,
         /pipeline/shared/1/y => /offramp/b/1/in, /pipeline/shared/1/overflow => /offramp/hole/1/in",
        &[&weak("a"), &weak("b"), &weak("hole")],
    );
}

#[test]
fn instances_that_share_a_sink_have_promises_of_their_own() {
    check(
        "/onramp/m/1/out => /pipeline/kept/1/in, /pipeline/kept/1/out => /offramp/a/s/in,
         /onramp/n/2/out => /pipeline/plain/2/in, /pipeline/plain/2/out => /offramp/a/s/in",
        &[
            "onramp/m/1/out → offramp/a/s: at_least_once, kept by pipeline.kept.log 1",
            "onramp/n/2/out → offramp/a/s: best_effort, kept by nobody; no log between onramp.n and offramp.a; \
             put a `qos::wal` before offramp.a",
        ],
    );
    // Two sources in one pipeline share its log.
    check(
        "/onramp/m/1/out => /pipeline/kept/1/in, /onramp/n/1/out => /pipeline/kept/1/in,
         /pipeline/kept/1/out => /offramp/a/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1",
            "onramp/n/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1",
        ],
    );
}

#[test]
fn what_a_peer_rejects_is_kept_by_the_log_before_that_peer_or_by_one_behind_err() {
    check(
        "/onramp/m/1/out => /pipeline/kept/1/in, /pipeline/kept/1/out => /offramp/a/1/in,
         /offramp/a/1/err => /pipeline/plain/1/in, /pipeline/plain/1/out => /offramp/hole/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1",
            "offramp/a/1/err → offramp/hole/1: at_least_once, kept by pipeline.kept.log 1",
        ],
    );
    let unkept = "onramp/m/1/out → offramp/a/1: best_effort, kept by nobody; no log between onramp.m and offramp.a; \
                  put a `qos::wal` before offramp.a";
    check(
        "/onramp/m/1/out => /pipeline/plain/1/in, /pipeline/plain/1/out => /offramp/a/1/in,
         /offramp/a/1/err => /pipeline/plain/2/in, /pipeline/plain/2/out => /offramp/hole/1/in",
        &[
            unkept,
            "offramp/a/1/err → offramp/hole/1: best_effort, kept by nobody; no log before offramp.a, nor between its \
             `err` and offramp.hole; put a `qos::wal` before offramp.a, or before offramp.hole",
        ],
    );
    check(
        "/onramp/m/1/out => /pipeline/plain/1/in, /pipeline/plain/1/out => /offramp/a/1/in,
         /offramp/a/1/err => /pipeline/kept/2/in, /pipeline/kept/2/out => /offramp/hole/1/in",
        &[unkept, "offramp/a/1/err → offramp/hole/1: at_least_once, kept by pipeline.kept.log 2"],
    );
}

#[test]
fn rejected_again_behind_err_it_is_still_kept_where_it_was() {
    check(
        "/onramp/m/1/out => /pipeline/kept/1/in, /pipeline/kept/1/out => /offramp/a/1/in,
         /offramp/a/1/err => /pipeline/plain/1/in, /pipeline/plain/1/out => /offramp/b/1/in,
         /offramp/b/1/err => /pipeline/plain/2/in, /pipeline/plain/2/out => /offramp/hole/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1",
            "offramp/a/1/err → offramp/b/1: at_least_once, kept by pipeline.kept.log 1",
            "offramp/b/1/err → offramp/hole/1: at_least_once, kept by pipeline.kept.log 1",
        ],
    );
}

#[test]
fn what_fails_in_a_query_is_a_promise_of_its_own() {
    check(
        "/onramp/m/1/out => /pipeline/failing/1/in, /pipeline/failing/1/out => /pipeline/kept/1/in,
         /pipeline/kept/1/out => /offramp/a/1/in, /pipeline/failing/1/err => /offramp/hole/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1",
            "onramp/m/1/out → offramp/hole/1 failed: best_effort, kept by nobody; no log before \
             `select event.id % event.ingest_ns` in pipeline.failing, where these fail, nor behind it; \
             put a `qos::wal` before it, or on the way from `err` to offramp.hole",
        ],
    );
    check(
        "/onramp/m/1/out => /pipeline/kept/1/in, /pipeline/kept/1/out => /pipeline/failing/1/in,
         /pipeline/failing/1/out => /offramp/a/1/in, /pipeline/failing/1/err => /offramp/hole/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1",
            "onramp/m/1/out → offramp/hole/1 failed: at_least_once, kept by pipeline.kept.log 1",
        ],
    );
}

#[test]
fn a_log_does_not_keep_what_it_refuses() {
    check(
        "/onramp/m/1/out => /pipeline/failing_behind/1/in, /pipeline/failing_behind/1/out => /offramp/a/1/in,
         /pipeline/failing_behind/1/err => /offramp/hole/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.failing_behind.log 1",
            "onramp/m/1/out → offramp/hole/1 failed: best_effort, kept by nobody and pipeline.failing_behind.log 1; \
             no log before `log` in pipeline.failing_behind, where these fail, nor behind it on one of the ways; \
             put a `qos::wal` before it, or on the way from `err` to offramp.hole",
        ],
    );
}

#[test]
fn what_a_source_refuses_is_a_promise_of_its_own() {
    check(
        "/onramp/m/1/out => /pipeline/kept/1/in, /pipeline/kept/1/out => /offramp/a/1/in,
         /onramp/m/1/err => /pipeline/plain/1/in, /pipeline/plain/1/out => /offramp/hole/1/in",
        &[
            "onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.kept.log 1",
            "onramp/m/1/err → offramp/hole/1: best_effort, kept by nobody; no log between onramp.m and offramp.hole; \
             put a `qos::wal` before offramp.hole",
        ],
    );
}

#[test]
fn the_documentation_says_up_to_where_by_the_settings_as_they_are_written() {
    let plan = plan(
        "/onramp/m/1/out => /pipeline/half/1/in, /pipeline/half/1/out => [/offramp/a/1/in, /offramp/b/1/in],
         /pipeline/half/1/direct => /offramp/hole/1/in",
    );
    assert_eq!(
        plan.promises,
        [
            "onramp/m/1/out → offramp/a/1: at least once, up to the websocket endpoint",
            "onramp/m/1/out → offramp/b/1: at least once, up to the socket that took its bytes, where what the peer has \
             not read can still be lost",
            "onramp/m/1/out → offramp/hole/1: best effort, up to the blackhole, which forgets it; no log between onramp.m \
             and offramp.hole",
        ]
    );
}

#[test]
fn the_documentation_says_of_a_file_that_each_run_begins_at_its_first_line() {
    let plan = plan("/onramp/applog/1/out => /pipeline/disk/1/in, /pipeline/disk/1/out => /offramp/a/1/in");
    assert_eq!(
        plan.promises,
        [
            "onramp/applog/1/out → offramp/a/1: durable, up to the websocket endpoint",
            "onramp.applog begins at its first line in each run",
        ]
    );
}

#[test]
fn ways_may_be_without_number_and_promises_are_not() {
    // Each of the pipelines in a row has two ways: 2^40 in all.
    let mut links = String::from("/onramp/m/1/out => /pipeline/half/0/in");
    for at in 0..40 {
        let next =
            if at == 39 { "/offramp/a/1/in".to_owned() } else { format!("/pipeline/half/{}/in", at + 1) };
        links += &format!(", /pipeline/half/{at}/out => {next}, /pipeline/half/{at}/direct => {next}");
    }
    let plan = plan(&links);
    plan.picture.view(|picture| {
        let promises = picture.promises(|log| durability(&plan, log));
        assert_eq!(promises.len(), 1);
        assert_eq!(promises[0].keepers.len(), 41, "nobody, and each of the logs as the last one");
        assert_eq!(promises[0].way.len(), 40 * 2 + 1, "the way without a log, and no detour");
    });
}

#[test]
fn the_documentation_has_an_end() {
    let links: Vec<String> = (0..40)
        .map(|at| {
            format!("/onramp/m/{at}/out => /pipeline/plain/{at}/in, /pipeline/plain/{at}/out => /offramp/a/{at}/in")
        })
        .collect();
    let promises = plan(&links.join(", ")).promises;
    assert_eq!(promises.len(), 33);
    assert_eq!(promises[32], "and 8 more, which the program's `check` tells");
}

#[test]
fn streams_and_having_change_no_promise_and_are_drawn() {
    let links = "/onramp/m/1/out => /pipeline/streamed/1/in, /pipeline/streamed/1/out => /offramp/a/1/in";
    check(links, &["onramp/m/1/out → offramp/a/1: at_least_once, kept by pipeline.streamed.log 1"]);
    let graph = plan(links).graph;
    let shown = |part: &str| assert!(graph.contains(part), "{part}: {graph}");
    shown("i1n2[\"stream before\"]");
    shown("erase #quot;id#quot; end<br/>having event.onramp != #quot;x#quot;\"]");
    shown("i1n0 --> i1n2");
    shown("i1n4 --> i1n6");
    assert!(!graph.contains("i1n1"), "nothing comes through the stream's own input: {graph}");
}
