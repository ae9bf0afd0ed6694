//! The founding flow as a program: its command line, its signals, its exit codes.

use foreshock_tests::harness::{Directory, Flow, Outcome, Signal, quick};

use crate::{Stage, await_line, flow_program};

/// Runs the program to its end.
fn run(arguments: &[&str]) -> Outcome {
    let directory = Directory::new("program");
    Flow::start(&flow_program(), &directory, arguments).wait()
}

#[test]
fn usage_is_told_and_wrong_usage_ends_with_2() {
    fn check(arguments: &[&str], code: i32, stdout: &str, stderr: &[&str]) {
        let outcome = run(arguments);
        assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
        assert!(outcome.stdout.contains(stdout), "{arguments:?}: {outcome:?}");
        for part in stderr {
            assert!(outcome.stderr.contains(part), "{arguments:?}: `{part}` is not in {outcome:?}");
        }
    }
    check(&["--help"], 0, "--set", &[]);
    check(&["--help"], 0, "--summary", &[]);
    check(&["--version"], 0, "0.1.0", &[]);
    check(&["--nonsense"], 2, "", &["--nonsense"]);
    check(&["--set", "onramp.metronome.intervall=5"], 2, "", &["intervall", "`interval`"]);
    check(&["--set", "onramp.metronom.interval=5"], 2, "", &["metronom", "onramp.metronome"]);
    check(&["--set", "onramp.metronome.interval=soon"], 2, "", &["interval", "soon"]);
    check(&["--set", "onramp.metronome.interval=0"], 2, "", &["interval"]);
    check(&["--set", "onramp.metronome.interval"], 2, "", &["interval"]);
    check(&["--set", "offramp.ws0.url=http://localhost/"], 2, "", &["url", "ws"]);
    check(&["--set", "pipeline.roundrobin.in_memory_wal.max_elements=0"], 2, "", &["max_elements"]);
    check(&["--for", "soon"], 2, "", &["soon"]);
    check(&["--log", "loud"], 2, "", &["loud"]);
    check(&["--summary", "xml"], 2, "", &["xml"]);
}

#[test]
fn check_and_graph_answer_and_run_nothing() {
    let check = run(&["check", "--set", "offramp.ws1.ack=written"]);
    assert_eq!((check.code, check.stderr.as_str()), (0, ""), "{check:?}");
    for (offramp, up_to) in
        [("ws0", "the websocket endpoint"), ("ws1", "the socket that"), ("ws2", "the websocket endpoint")]
    {
        let promise =
            format!("onramp/metronome/01/out → offramp/{offramp}/01\n    at least once, up to {up_to}");
        assert!(check.stdout.contains(&promise), "no `{promise}` in {check:?}");
    }
    let kept = "kept by pipeline.roundrobin.in_memory_wal (instance 01) until confirmed, at most ";
    assert!(check.stdout.contains(kept), "{check:?}");
    let json = run(&["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    let promises = json["promises"].as_array().expect("a list");
    assert_eq!(promises.len(), 3, "{json}");
    assert!(promises.iter().all(|promise| promise["promise"] == "at_least_once"), "{json}");
    let graph = run(&["graph"]);
    assert_eq!((graph.code, graph.stdout.as_str()), (0, foreshock_tests::founding::RoundRobin::GRAPH));
    assert!(run(&["graph", "--format", "dot"]).stdout.starts_with("digraph \"RoundRobin\" {"));
}

#[test]
fn a_signal_drains_the_flow_and_ends_it_with_0() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let mut stage = Stage::new("drain");
        let mut flow = stage.flow(2, &[]);
        stage.await_events(0..3, 100);
        flow.process().signal(signal);
        let outcome = flow.wait();
        outcome.assert_code(0);
        let summary = outcome.summary();
        stage.tally().assert_exactly(summary.count("onramp.metronome", "taken"));
        assert_eq!(summary.count("onramp.metronome", "pending"), 0, "{summary:?}");
        assert_eq!(outcome.stdout.lines().count(), 1, "nothing but the summary: {}", outcome.stdout);
    }
}

#[test]
fn a_flow_that_cannot_deliver_says_so_and_ends_with_1() {
    let mut stage = Stage::new("undelivered");
    let flow = stage.flow(2, &["--set", "flow.drain_timeout=200"]);
    stage.await_events(0..3, 100);
    stage.servers.iter_mut().for_each(|server| server.kill());
    await_line(&flow, &["triggered"]);
    let outcome = flow.drain();
    outcome.assert_code(1);
    let summary = outcome.summary();
    let undelivered = summary.total("undelivered");
    assert!(undelivered > 0, "{summary:?}");
    assert!(outcome.stderr.contains(&format!("undelivered={undelivered}")), "{}", outcome.stderr);
    let confirmed = summary.count("onramp.metronome", "taken") - undelivered;
    assert!(confirmed <= stage.tally().len(), "{summary:?}");
}

#[test]
fn a_second_sigint_ends_the_drain_at_once_with_130() {
    let mut stage = Stage::new("impatient");
    let mut flow = stage.flow(2, &["--set", "flow.drain_timeout=600000"]);
    stage.await_events(0..3, 100);
    stage.servers.iter_mut().for_each(|server| server.kill());
    await_line(&flow, &["triggered"]);
    flow.process().signal(Signal::SIGINT);
    await_line(&flow, &["draining"]);
    flow.process().signal(Signal::SIGINT);
    flow.wait().assert_code(130);
}

#[test]
fn a_run_for_a_given_time_ends_by_itself() {
    let mut stage = Stage::new("for");
    let outcome = stage.flow(10, &["--for", "1s"]).wait();
    outcome.assert_code(0);
    let made = outcome.summary().count("onramp.metronome", "taken");
    assert!((1..=101).contains(&made), "{made} events in a second");
    stage.tally().assert_exactly(made);
}

#[test]
fn the_summary_accounts_for_every_node_and_only_when_asked() {
    let mut stage = Stage::new("summary");
    let outcome = stage.flow(10, &["--for", "1s"]).wait();
    let summary = outcome.summary();
    let made = summary.count("onramp.metronome", "taken");
    assert_eq!(summary.count("onramp.metronome", "acked"), made);
    assert_eq!(summary.count(crate::LOG, "taken"), made);
    assert_eq!(summary.count(crate::LOG, "acked"), made);
    for (name, server) in ["ws0", "ws1", "ws2"].into_iter().zip(&mut stage.servers) {
        let path = format!("offramp.{name}");
        assert_eq!(summary.count(&path, "acked"), server.ids().len() as u64);
        assert_eq!(summary.count(&path, "connects"), 1);
        assert_eq!(summary.count(&path, "failed"), 0);
    }

    // `--summary` given twice would be a usage error, so these go without `Stage::flow`.
    let run = |more: &[&str]| {
        let mut arguments = quick(&stage.servers, 10);
        arguments.extend(["--for", "1s"].iter().chain(more).map(|&argument| argument.to_owned()));
        Flow::start(&flow_program(), &stage.directory, &arguments).wait()
    };
    assert!(run(&["--summary", "text"]).stdout.contains("offramp.ws0"));
    assert_eq!(run(&[]).stdout, "");
}
