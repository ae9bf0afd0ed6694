//! Start, drain, stop and death of flows with several machines, in virtual time.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::*;
use crate::program::{Handle, StartError, Summary};
use crate::testing::sim::Sim;

static CLEAN_AND_STUCK: Program = program(&[CLEAN, STUCK]);
static CLEAN_AND_LOSSY: Program = program(&[CLEAN, LOSSY]);
pub(in crate::program) static CLEAN_AND_DYING: Program = program(&[CLEAN, DYING]);

fn start(program: &'static Program) -> Handle {
    Builder::new(program).start_in(&Sim::new(1)).expect("it starts")
}

/// What `undelivered`, `lost` and `panicked` are, and whether that is clean.
fn check(summary: &Summary, undelivered: u64, lost: u64, panicked: &[&str]) {
    let seen = (summary.undelivered, summary.lost, summary.is_clean());
    assert_eq!(seen, (undelivered, lost, undelivered + lost == 0 && panicked.is_empty()));
    assert_eq!(summary.panicked, panicked);
}

#[tokio::test(start_paused = true)]
async fn a_drain_tells_what_was_not_delivered_and_what_was_lost() {
    check(&start(&ONE_CLEAN).drain().await, 0, 0, &[]);
    check(&start(&CLEAN_AND_STUCK).drain().await, 5, 0, &[]);
    check(&start(&CLEAN_AND_LOSSY).drain().await, 0, 2, &[]);
}

#[tokio::test(start_paused = true)]
async fn a_drain_takes_drain_timeout_and_no_longer() {
    let started = Instant::now();
    let mut builder = Builder::new(&CLEAN_AND_STUCK);
    builder.set("flow.drain_timeout", 700_u64).expect("it can be set");
    let handle = builder.start_in(&Sim::new(1)).expect("it starts");
    check(&handle.drain().await, 5, 0, &[]);
    assert_eq!(started.elapsed().as_millis(), 700);
}

#[tokio::test(start_paused = true)]
async fn a_stop_waits_for_nothing() {
    let started = Instant::now();
    check(&start(&CLEAN_AND_STUCK).stop().await, 5, 0, &[]);
    assert_eq!(started.elapsed().as_millis(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_killed_flow_is_gone() {
    let handle = start(&CLEAN_AND_STUCK);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert_eq!(tasks, 2, "one for each machine");
    handle.kill();
    tokio::task::yield_now().await;
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_summary_can_be_had_while_it_runs() {
    let handle = start(&CLEAN_AND_STUCK);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let summary = handle.summary().await;
    check(&summary, 5, 0, &[]);
    assert_eq!(summary.ran.as_secs(), 5);
    let node = summary.node("clean", "onramp.simulated").expect("its machine is named after the host");
    assert_eq!(node.counts.taken, 3);
    assert!(summary.node("clean", "onramp.other").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_one_machine_is_told_and_the_others_go_on() {
    let mut handle = start(&CLEAN_AND_DYING);
    handle.failed().await;
    check(&handle.summary().await, 0, 0, &["dying"]);
    let summary = handle.drain().await;
    check(&summary, 0, 0, &["dying"]);
    assert!(summary.node("clean", "onramp.simulated").is_some());
    // A drain ends also if the machine dies only then.
    check(&start(&CLEAN_AND_DYING).drain().await, 0, 0, &["dying"]);
}

/// What starting the secretive flow says in this environment, after this command line.
fn start_with(variables: &[(&str, &str)], set: &[(&str, &str)]) -> Result<(), String> {
    let sim = Sim::new(1);
    for (name, value) in variables {
        sim.set_variable(name, *value);
    }
    let mut builder = Builder::new(&SECRETS);
    for (path, value) in set {
        builder.set(path, *value).expect("it is legal");
    }
    let error = builder.start_in(&sim).err().map(|error| {
        let debugged = format!("{error:?}");
        assert!(!debugged.contains("s3cr3t"), "{debugged}");
        error.to_string()
    });
    let debugged = format!("{builder:?}");
    assert!(!debugged.contains("s3cr3t"), "{debugged}");
    error.map_or(Ok(()), Err)
}

#[tokio::test(start_paused = true)]
async fn what_the_environment_lacks_is_told_at_start_all_at_once() {
    let all = [("URL", "wss://h/?k=s3cr3t"), ("TOKEN", "s3cr3t"), ("A", "s3cr3t")];
    assert_eq!(start_with(&all, &[]), Ok(()));
    let error = start_with(&[], &[]).expect_err("nothing is set");
    for part in ["offramp.a.url", "`URL`", "offramp.a.bearer", "`TOKEN`", "offramp.a.headers", "`A`"] {
        assert!(error.contains(part), "no {part} in {error}");
    }
    assert_eq!(error.lines().count(), 3, "{error}");
    let error = start_with(&[("URL", "s3cr3t"), all[1], all[2]], &[]).expect_err("it is no url");
    assert!(error.contains("must be a URL with a scheme") && !error.contains("s3cr3t"), "{error}");
    assert_eq!(start_with(&all[1..], &[("offramp.a.url", "ws://h/")]), Ok(()));
}

/// `cargo test -p foreshock --no-default-features --lib tls`.
#[cfg(not(feature = "tls"))]
#[tokio::test]
async fn without_tls_in_the_program_a_flow_that_wants_it_does_not_start() {
    let mut builder = Builder::new(&SECRETS);
    for (path, value) in [("url", "ws://h/"), ("bearer", "x")] {
        builder.set(&format!("offramp.a.{path}"), value).expect("it is legal");
    }
    builder.set("offramp.a.headers", foreshock_spec::Record::new()).expect("it is legal");
    let error = builder.start().expect_err("there is no TLS").to_string();
    assert!(error.contains("`offramp.b.url`") && error.contains("the feature `tls`"), "{error}");
    builder.set("offramp.b.url", "ws://b/").expect("it is legal");
    drop(builder.start().expect("nobody wants TLS"));
}

#[test]
fn outside_of_a_runtime_a_flow_is_not_started() {
    assert!(matches!(Builder::new(&ONE_CLEAN).start(), Err(StartError::NoRuntime)));
}

#[tokio::test]
async fn in_the_real_world_a_flow_knows_the_hosts_name() {
    let summary = Builder::new(&ONE_CLEAN).start().expect("it starts").drain().await;
    let host = hostname::get().expect("it has a name").to_string_lossy().into_owned();
    assert!(summary.node("clean", &format!("onramp.{host}")).is_some(), "{summary}");
}

#[tokio::test]
async fn wrong_settings_are_refused_by_the_builder() {
    let mut builder = Builder::new(&ONE_CLEAN);
    let error = builder.set("offramp.ws0.ack_timeot", 5_u64).expect_err("a slip");
    assert!(error.to_string().contains("ack_timeout"), "{error}");
    builder.set("onramp.metronome.interval", "often").expect_err("no number");
    assert!(builder.setting("onramp.metronome.interval").is_ok());
    assert!(builder.setting("onramp.metronome.nothing").is_err());
    assert_eq!(builder.is_overridden("onramp.metronome.interval"), Ok(false));
    builder.set("onramp.metronome.interval", 1000_u64).expect("it is tunable");
    assert_eq!(builder.is_overridden("onramp.metronome.interval"), Ok(true));
}

static DONE_ALONE: Program = program(&[DONE]);
static DONE_AND_CLEAN: Program = program(&[DONE, CLEAN]);
static DONE_AND_FAILING: Program = program(&[DONE, FAILING]);
static CLEAN_AND_FAILING: Program = program(&[CLEAN, FAILING]);

#[tokio::test(start_paused = true)]
async fn a_flow_is_done_when_all_instances_are() {
    let mut handle = start(&DONE_ALONE);
    handle.done().await;
    check(&handle.drain().await, 0, 0, &[]);
    let mut handle = start(&DONE_AND_CLEAN);
    assert!(timeout(Duration::from_secs(3600), handle.done()).await.is_err(), "one has no end");
    assert!(timeout(Duration::from_secs(3600), handle.failed()).await.is_err(), "none has failed");
    check(&handle.drain().await, 0, 0, &[]);
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_cannot_go_on_is_told_and_makes_the_run_a_failure() {
    for program in [&DONE_AND_FAILING, &CLEAN_AND_FAILING] {
        let mut handle = start(program);
        handle.failed().await;
        let summary = handle.drain().await;
        assert_eq!(summary.failures, ["onramp.x: it is broken"]);
        assert!(!summary.is_clean());
        assert_eq!((summary.undelivered, summary.lost, summary.panicked.len()), (0, 0, 0));
    }
}
