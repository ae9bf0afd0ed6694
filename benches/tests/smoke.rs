//! The benchmarks run, and what they compare does the same.

use std::path::Path;
use std::process::Command;

use foreshock_benches::in_process::cases::{CASES, Case, Flow, Run};
use foreshock_benches::in_process::generated::Generated;
use foreshock_benches::in_process::outputs::Keeps;
use foreshock_benches::in_process::{Amount, by_hand, measure};
use foreshock_benches::{compile_time, rebuild};

/// Enough for batches that fail: one in 512, of 20 events.
const EVENTS: u64 = 25_000;

fn outputs<F: Flow>(flow: F, case: Case) -> Vec<(usize, String)> {
    let mut run = Run::<F, Keeps>::new(flow, case);
    run.make(EVENTS);
    run.finish();
    let left = u64::from(case == Case::Stuck);
    assert_eq!(run.flow.acked() + left, EVENTS, "{case:?}: all are acknowledged, once");
    run.outputs.eye.0
}

#[test]
fn both_sides_give_the_same_bytes_in_the_same_order_to_the_same_outputs() {
    for case in CASES {
        let (ours, yardstick) = (outputs(Generated::new(), case), outputs(by_hand::yardstick(), case));
        let repeats = if matches!(case, Case::Replays | Case::Suspects) { 40 } else { 0 };
        assert_eq!(ours.len() as u64, EVENTS + repeats, "{case:?}");
        let first = r#"{"onramp":"metronome","id":0,"ingest_ns":1600689100122526000,"hostname":"ALT01827"}"#;
        assert_eq!(ours[0], (0, first.to_owned()));
        for (at, pair) in ours.iter().zip(&yardstick).enumerate() {
            assert_eq!(pair.0, pair.1, "{case:?}: output {at}");
        }
        assert_eq!(ours.len(), yardstick.len(), "{case:?}");
    }
}

#[test]
fn the_generated_pipeline_allocates_nothing() {
    for line in measure(Amount { rounds: 1, events: EVENTS }) {
        assert_eq!((line.allocations, line.watched), (0, EVENTS), "{:?}", line.case);
    }
}

#[test]
fn flows_of_all_sizes_expand() {
    for statements in compile_time::STATEMENTS {
        assert!(compile_time::expansion(statements, 1).median > 0.0);
    }
}

#[test]
fn flows_that_are_rebuilt_expand() {
    for (events, shape) in rebuild::FLOWS {
        for statements in [1, 5, 60] {
            let flow = rebuild::flow(events, shape, statements, 1);
            let code = foreshock_compiler::compile(flow.parse().expect("it is Rust tokens")).to_string();
            assert!(!code.contains("compile_error"), "{flow}\n{code:.2000}");
        }
    }
}

/// Runs the command with `arguments` and small numbers; its output must hold each of `expected`.
fn check(arguments: &[&str], expected: &[&str]) {
    let program = Path::new(env!("CARGO_BIN_EXE_foreshock-benches"));
    let output = Command::new(program).args(arguments).output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    for part in expected {
        assert!(text.contains(part), "{arguments:?}: `{part}` is not in:\n{text}");
    }
}

#[test]
fn the_command_goes_through_all_parts() {
    check(&["--quick"], &["| one event stuck |", "| 256 |", "| servers |", "| batch |", "300 statements"]);
}

#[test]
fn parts_can_be_chosen() {
    check(&["in-process", "--quick"], &["| in order |"]);
    check(&["log", "--quick"], &["| always |", "| interval |", "10000 events that are kept"]);
    check(&["websocket", "--quick"], &["| `received` |", "| `written` |"]);
    check(&["latency", "--quick"], &["| servers | by timer | 10000 |", "| blackholes | spinning | 100000 |"]);
    check(&["memory", "--quick"], &["| 0 |", "| 1000 |"]);
    check(&["start", "--quick"], &["first event at a server", "size as built"]);
    check(&["compile-time", "--quick"], &["10 statements"]);
}
