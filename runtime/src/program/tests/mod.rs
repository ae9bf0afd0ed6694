//! Programs of scripted machines: command lines, settings, handles, summaries.

mod arguments;
mod check;
pub(super) mod handle;
mod required;
mod summary;
mod wal;

use foreshock_spec::forms::{Change, Conversion, Form, Forms, Often, Way};
use foreshock_spec::picture::{Instance, InstanceKind, Link, Picture};
use foreshock_spec::{Definition, Kind, Literal, Settings};

use super::{Builder, MachineMaker, Program, Start};
use crate::core::{Counts, Machine, Measures, NodeKind, NodeReport, Progress, Time, Wire};

/// A machine whose every number is its instance's, and which dies if it is told to.
struct Scripted {
    path: String,
    instance: &'static str,
    counts: Counts,
    dies: bool,
    ends: Option<Ends>,
    now: Time,
}

const ENDS_AT: Time = Time::ZERO.plus_ms(1000);

/// A machine that ends by itself, a second after its start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Done,
    Failed,
}

impl Machine for Scripted {
    fn step(&mut self, now: Time, _unix_ns: u64) -> Progress {
        self.now = now;
        assert!(!self.dies, "the machine was told to die");
        Progress::Idle
    }
    fn deadline(&self) -> Option<Time> {
        self.ends.map(|_| ENDS_AT)
    }
    fn wire(&mut self, _index: usize) -> Option<&mut Wire> {
        None
    }
    fn is_settled(&self) -> bool {
        true
    }
    fn start_sources(&mut self, _now: Time) {
        self.counts.taken = 3;
    }
    fn stop_sources(&mut self) {}
    fn is_done(&self) -> bool {
        self.ends == Some(Ends::Done) && self.now >= ENDS_AT
    }
    fn failure(&self) -> Option<String> {
        let failed = self.ends == Some(Ends::Failed) && self.now >= ENDS_AT;
        failed.then(|| "onramp.x: it is broken".to_owned())
    }
    fn pending(&self) -> u64 {
        self.counts.pending
    }
    fn close_sinks(&mut self, _now: Time) {}
    fn is_closed(&self) -> bool {
        true
    }
    fn report(&self, visit: &mut dyn FnMut(NodeReport<'_>)) {
        let (path, instance, counts) = (self.path.as_str(), self.instance, self.counts);
        visit(NodeReport {
            path,
            instance,
            kind: NodeKind::Source,
            has_room: true,
            is_slow: false,
            counts,
            measures: Measures::default(),
        });
    }
}

fn scripted(start: &Start, instance: &'static str, counts: Counts, dies: bool) -> Box<dyn Machine> {
    let path = format!("onramp.{}", start.hostname);
    Box::new(Scripted { path, instance, counts, dies, ends: None, now: Time::ZERO })
}

fn clean(_: &Settings, start: &mut Start) -> Box<dyn Machine> {
    scripted(start, "clean", Counts::default(), false)
}

fn stuck(_: &Settings, start: &mut Start) -> Box<dyn Machine> {
    scripted(start, "stuck", Counts { pending: 5, ..Counts::default() }, false)
}

fn lossy(_: &Settings, start: &mut Start) -> Box<dyn Machine> {
    scripted(start, "lossy", Counts { lost: 2, ..Counts::default() }, false)
}

fn dying(_: &Settings, start: &mut Start) -> Box<dyn Machine> {
    scripted(start, "dying", Counts::default(), true)
}

fn done(_: &Settings, _: &mut Start) -> Box<dyn Machine> {
    ending("done", Ends::Done)
}

fn failing(_: &Settings, _: &mut Start) -> Box<dyn Machine> {
    ending("failing", Ends::Failed)
}

fn ending(instance: &'static str, ends: Ends) -> Box<dyn Machine> {
    let (path, counts) = ("onramp.x".to_owned(), Counts::default());
    Box::new(Scripted { path, instance, counts, dies: false, ends: Some(ends), now: Time::ZERO })
}

const DONE: MachineMaker = MachineMaker { instance: "done", make: done };
const FAILING: MachineMaker = MachineMaker { instance: "failing", make: failing };
const CLEAN: MachineMaker = MachineMaker { instance: "clean", make: clean };
const STUCK: MachineMaker = MachineMaker { instance: "stuck", make: stuck };
const LOSSY: MachineMaker = MachineMaker { instance: "lossy", make: lossy };
const DYING: MachineMaker = MachineMaker { instance: "dying", make: dying };

const DEFINITIONS: &[Definition] = &[
    Definition {
        path: "onramp.metronome",
        kind: Kind::Onramp,
        row: "metronome",
        config: &[("interval", Literal::Int(1000))],
    },
    Definition {
        path: "offramp.ws0",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Str("ws://localhost:8080/"))],
    },
];

const PICTURE: Picture<'static> = Picture {
    name: "Demo",
    pipelines: &[],
    instances: &[
        Instance {
            kind: InstanceKind::Onramp { row: "metronome", replays: false },
            name: "metronome",
            instance: "01",
        },
        Instance { kind: InstanceKind::Offramp { row: "ws" }, name: "ws0", instance: "01" },
    ],
    links: &[Link { from: 0, from_port: "out", to: 1, to_port: "in" }],
    required: None,
};

/// What `check --plan` tells of it.
const FORMS: Forms<'static> = Forms {
    ways: &[Way::new(
        "links of 01",
        ["onramp/metronome/01/out", "offramp/ws0/01"],
        Form::Encoded,
        "",
        "an offramp sends bytes",
    )],
    conversions: &[Conversion::new(
        "links of 01",
        Change::Encode,
        "onramp/metronome/01/out",
        Often::Event,
        "since what is linked takes bytes",
    )],
};

/// What a flow with everything secret has.
const SECRETIVE: &[Definition] = &[
    Definition {
        path: "offramp.a",
        kind: Kind::Offramp,
        row: "ws",
        config: &[
            ("url", Literal::Env("URL")),
            ("bearer", Literal::Env("TOKEN")),
            ("headers", Literal::Record(&[("X-A", Literal::Env("A")), ("X-B", Literal::Str("s3cr3t"))])),
        ],
    },
    Definition {
        path: "offramp.b",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Str("wss://b/")), ("basic", Literal::Str("user:s3cr3t"))],
    },
];

static SECRETS: Program = Program { definitions: SECRETIVE, ..program(&[CLEAN]) };

const fn program(machines: &'static [MachineMaker]) -> Program {
    Program {
        name: "Demo",
        about: " A flow of scripted machines.",
        version: "1.2.3",
        definitions: DEFINITIONS,
        machines,
        picture: PICTURE,
        forms: FORMS,
    }
}

pub(super) static ONE_CLEAN: Program = program(&[CLEAN]);
