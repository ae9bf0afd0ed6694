//! Short runs of the chaos command, one of each flow, with some fifty strikes; and that it finds out a flow that loses events.

use std::process::{Command, Output};

fn chaos(arguments: &[&str]) -> (Output, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_chaos")).args(arguments).output().expect("it runs");
    let told = [&output.stdout[..], &output.stderr[..]].concat();
    (output, String::from_utf8_lossy(&told).into_owned())
}

#[track_caller]
fn check(flow: &str, kills: &str) {
    // Four metronomes' worth of the usual rate: a build for tests is slow, and others run beside it.
    let (output, told) = chaos(&["--flow", flow, "--kills", kills, "--interval", "2"]);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("lost 0, ids used twice 0"), "{told}");
}

#[test]
fn killed_frozen_and_cut_off_servers_lose_nothing() {
    check("transient", "30");
}

#[test]
fn a_killed_flow_with_a_log_on_disk_and_servers_that_die_too_lose_nothing() {
    check("persistent", "35");
}

#[test]
fn what_is_only_written_is_lost_and_that_is_found_out() {
    let written = ["0", "1", "2"].map(|server| format!("offramp.ws{server}.ack=written"));
    let mut arguments = vec!["--kills", "15", "--seed", "1"];
    arguments.extend(written.iter().flat_map(|setting| ["--set", setting]));
    let (output, told) = chaos(&arguments);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("BAD: --flow transient --kills 15 --seed 1 ") && !told.contains("lost 0"),
        "{told}"
    );
    let kept = told.lines().find_map(|line| line.strip_prefix("records and outputs are kept in "));
    std::fs::remove_dir_all(kept.expect("they are kept")).expect("they are this test's own");
}

#[test]
fn wrong_usage_is_told() {
    let (output, told) = chaos(&["--kills"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("takes a value"), "{told}");
}
