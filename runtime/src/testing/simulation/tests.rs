//! The simulation finds what is wrong, tells it with its seed, and finds it again. Flows need the macro: what a simulation makes of
//! a good one is tested where that is at hand. Here are the rules, by steps that are made up.

use super::rules::Rules;
use super::watch::{Node, Phase, Step};
use crate::core::{Counts, NodeKind, Progress, Time};
use crate::program::{Builder, Program};
use crate::testing::peers::Records;
use crate::testing::sim::Sim;
use foreshock_spec::picture::Picture;
use foreshock_spec::{Definition, Kind, Literal};

static DEFINITIONS: [Definition; 2] = [
    Definition {
        path: "pipeline.p.log",
        kind: Kind::Operator,
        row: "qos::wal",
        config: &[
            ("read_count", Literal::Int(1)),
            ("max_elements", Literal::Int(3)),
            ("max_bytes", Literal::Int(100)),
        ],
    },
    Definition {
        path: "offramp.o",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Str("ws://server:81/path"))],
    },
];

static PROGRAM: Program = Program {
    name: "P",
    about: "",
    version: "1",
    definitions: &DEFINITIONS,
    machines: &[],
    picture: Picture { name: "P", pipelines: &[], instances: &[], links: &[], required: None },
    forms: foreshock_spec::forms::Forms::NONE,
};

struct Made {
    rules: Rules,
    records: Records,
    nodes: Vec<Node>,
    phase: Phase,
    at_ms: u64,
}

fn made() -> Made {
    let servers = [("server".to_owned(), 81)];
    let node =
        |path: &str, kind| Node { path: path.to_owned(), kind, has_room: true, counts: Counts::default() };
    Made {
        rules: Rules::new(&Builder::new(&PROGRAM), "01", &servers),
        records: Records::new(&servers, false),
        nodes: vec![
            node("onramp.m", NodeKind::Source),
            node("pipeline.p.log", NodeKind::Operator),
            node("offramp.o", NodeKind::Sink),
        ],
        phase: Phase::Hostile,
        at_ms: 0,
    }
}

impl Made {
    fn step(&mut self, progress: Progress) -> Result<(), String> {
        let step = Step {
            endings: &[],
            asked: &[],
            answered: &[],
            disk_failures: 0,
            now: Time::ZERO.plus_ms(self.at_ms),
            instance: "01",
            phase: self.phase,
            nodes: &self.nodes,
            pending: 0,
            written: &[],
            records: &self.records,
        };
        self.rules.step(&step, progress, Sim::new(0).disk())
    }

    fn check(&mut self, wrong: &str) {
        match self.step(Progress::Again) {
            Ok(()) => assert_eq!(wrong, "", "nothing was found"),
            Err(what) => assert!(!wrong.is_empty() && what.contains(wrong), "`{wrong}` is not in `{what}`"),
        }
    }
}

#[test]
fn what_a_node_took_must_be_accounted_for() {
    let mut made = made();
    made.nodes[0].counts = Counts { taken: 5, acked: 3, lost: 1, pending: 1, ..Counts::default() };
    made.check("");
    made.nodes[0].counts.acked = 4;
    made.check("onramp.m has taken 5 events and accounts for 6");
}

#[test]
fn logs_keep_their_limits() {
    let mut made = made();
    made.nodes[1].counts = Counts { pending: 3, pending_bytes: 100, ..Counts::default() };
    made.check("");
    made.nodes[1].counts.pending_bytes = 101;
    made.check("pipeline.p.log keeps 3 events (at most 3), 101 bytes (at most 100)");
    made.nodes[1].counts = Counts { pending: 4, ..Counts::default() };
    made.check("keeps 4 events");
}

#[test]
fn what_a_sink_believes_its_server_has_said() {
    let mut made = made();
    made.nodes[2].counts = Counts { taken: 2, acked: 2, ..Counts::default() };
    made.records.servers[0].covered = 2;
    made.check("");
    made.records.servers[0].covered = 1;
    made.check("2 events count as confirmed by server, which has confirmed 1");
    made.records.servers[0].has_lied = true;
    made.check("");
}

#[test]
fn a_healthy_server_is_not_left() {
    let mut made = made();
    for (phase, disconnects, wrong) in [
        (Phase::Hostile, 1, ""),
        (Phase::Settling, 3, ""),
        (Phase::Steady, 3, ""),
        (Phase::Steady, 4, "a connection to a healthy server has ended"),
    ] {
        made.phase = phase;
        made.nodes[2].counts.disconnects = disconnects;
        made.check(wrong);
    }
}

#[test]
fn a_busy_loop_is_found_when_time_stands_still_and_when_it_does_not() {
    let mut still = made();
    let wrong = (0..200_000).find_map(|_| still.step(Progress::Again).err());
    assert!(wrong.expect("it is found").contains("a busy loop"));
    let mut woken = made();
    woken.phase = Phase::Steady;
    let wrong = (0..1000).find_map(|n| {
        woken.at_ms = n;
        woken.step(Progress::Idle).err()
    });
    assert!(wrong.expect("it is found").contains("woken for nothing"));
}
