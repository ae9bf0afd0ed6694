//! What is promised of events on their way from a source to a sink, read off the table.
//!
//! The levels are ordered, [`Level::BestEffort`] below [`Level::AtLeastOnce`]; a third one, `durable`, will need a log on disk. A promise
//! is made for each pair of a port that events come from and a sink that they reach, and it is the weakest of all ways
//! between the two: so there are at most as many as sources times sinks, however many ways there are.
//!
//! An event that is in a log is kept until it is confirmed behind it. In front of a log nothing is lost: room is asked
//! ahead, so that an event which a source has made reaches the log in the same call. So a way is as good as what keeps
//! its events at its end: the last log on it; without one the source, if that gives failed events again; else nobody.
//!
//! What a sink rejects is not answered before what its `err` leads to has answered, so whoever kept the event on its way
//! to that sink keeps it on. The same holds for an event that fails in a query: whoever kept it there keeps it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::walk::{Place, Step, Ways};
use super::{InstanceKind, NodeKind, Picture};
use crate::row::find_offramp;
use crate::value::Value;

/// How much is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// An event may be lost.
    BestEffort,
    /// An event arrives, perhaps several times, while the program runs.
    AtLeastOnce,
}

impl Level {
    /// As `check` writes it for machines, and the language will: `at_least_once`.
    pub fn name(self) -> &'static str {
        match self {
            Level::BestEffort => "best_effort",
            Level::AtLeastOnce => "at_least_once",
        }
    }

    /// The same for people: `at least once`.
    pub fn words(self) -> String {
        self.name().replace('_', " ")
    }
}

/// Who keeps an event until it is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeper {
    /// Nobody.
    Nobody,
    /// The source, an instance.
    Source(usize),
    /// A log.
    Log(Place),
}

/// What is promised of events from one port at one sink.
#[derive(Clone, Debug)]
pub struct Promise {
    /// Index of the instance that the events come from: an onramp, or an offramp with its rejected events.
    pub from: usize,
    /// The port there: `out`, `err`.
    pub port: &'static str,
    /// Index of the sink.
    pub to: usize,
    /// Whether this is of those events alone that fail in a query on their way, and go on through its `err`.
    pub failed: bool,
    /// Who keeps the events, one for each kind of way there is; [`Keeper::Nobody`] first.
    pub keepers: Vec<Keeper>,
    /// One way on which the promise is the weakest: the places behind `from`, the sink last.
    pub way: Vec<Place>,
    /// Of [`Promise::way`]: the node where the event failed, if `failed`.
    pub fails_at: Option<Place>,
}

impl Promise {
    /// How much is promised.
    pub fn level(&self) -> Level {
        if self.keepers.contains(&Keeper::Nobody) { Level::BestEffort } else { Level::AtLeastOnce }
    }
}

/// A stage of a walk: where an event is, whether it has failed in a query, and who keeps it.
type Stage = (Place, bool, Keeper);

/// The ports that instances have events of their own at.
const SOURCE_PORTS: [&str; 2] = ["out", "err"];

impl Picture<'_> {
    /// All promises, in the order of the instances.
    pub fn promises(&self) -> Vec<Promise> {
        let ways = Ways::new(self);
        let mut arrived: Vec<BTreeSet<Keeper>> = vec![BTreeSet::new(); self.instances.len()];
        // What a sink rejects is kept by whoever kept it before, perhaps behind another sink that rejected it: links have
        // no cycle, so this ends.
        loop {
            let promises = self.promises_after(&ways, &arrived);
            let before = arrived.clone();
            for promise in promises.iter().filter(|promise| !ways.behind(promise.to, "err").is_empty()) {
                arrived[promise.to].extend(promise.keepers.iter().copied());
            }
            if arrived == before {
                return promises;
            }
        }
    }

    /// The promises, where it is known who keeps what has arrived at a sink.
    fn promises_after(&self, ways: &Ways<'_, '_>, arrived: &[BTreeSet<Keeper>]) -> Vec<Promise> {
        let mut promises = Vec::new();
        for (from, instance) in self.instances.iter().enumerate() {
            let keepers: Vec<Keeper> = match instance.kind {
                InstanceKind::Onramp { replays: true, .. } => vec![Keeper::Source(from)],
                InstanceKind::Onramp { .. } => vec![Keeper::Nobody],
                InstanceKind::Offramp { .. } => arrived[from].iter().copied().collect(),
                InstanceKind::Pipeline(_) => continue,
            };
            for port in SOURCE_PORTS {
                promises.extend(self.promises_from(ways, from, port, &keepers));
            }
        }
        promises
    }

    fn promises_from(
        &self,
        ways: &Ways<'_, '_>,
        from: usize,
        port: &'static str,
        keepers: &[Keeper],
    ) -> Vec<Promise> {
        let before = self.walk(ways, from, port, keepers);
        let is_sink = |at: &Place| matches!(self.instances[at.instance].kind, InstanceKind::Offramp { .. });
        let mut ends: BTreeMap<(usize, bool), Vec<Keeper>> = BTreeMap::new();
        for (at, failed, keeper) in before.keys().filter(|(at, ..)| is_sink(at)) {
            ends.entry((at.instance, *failed)).or_default().push(*keeper);
        }
        let promises = ends.into_iter().map(|((to, failed), keepers)| {
            let (way, fails_at) = way(&before, (Place { instance: to, node: None }, failed, keepers[0]));
            Promise { from, port, to, failed, keepers, way, fails_at }
        });
        promises.collect()
    }

    /// All stages that events from a port come to, nearest first, each with the one before it.
    fn walk(
        &self,
        ways: &Ways<'_, '_>,
        from: usize,
        port: &'static str,
        keepers: &[Keeper],
    ) -> BTreeMap<Stage, Option<Stage>> {
        let mut before: BTreeMap<Stage, Option<Stage>> = BTreeMap::new();
        let mut queue: VecDeque<(Stage, Option<Stage>)> = VecDeque::new();
        for keeper in keepers {
            queue.extend(ways.behind(from, port).iter().map(|at| ((*at, false, *keeper), None)));
        }
        while let Some((stage, last)) = queue.pop_front() {
            if before.contains_key(&stage) {
                continue;
            }
            before.insert(stage, last);
            let (at, failed, keeper) = stage;
            for Step { to, failed: fails } in ways.steps(at) {
                // What a log does not take, it does not keep.
                let keeper = if self.is_log(at) && !fails { Keeper::Log(at) } else { keeper };
                queue.push_back(((to, failed || fails, keeper), Some(stage)));
            }
        }
        before
    }

    fn is_log(&self, at: Place) -> bool {
        let node = at.node.and_then(|node| Some(&self.pipeline(at.instance)?.nodes[node]));
        node.is_some_and(|node| node.kind == NodeKind::Log)
    }
}

/// The way to a stage, and the place where the event failed on it.
fn way(before: &BTreeMap<Stage, Option<Stage>>, end: Stage) -> (Vec<Place>, Option<Place>) {
    let (mut way, mut fails_at, mut stage) = (vec![end.0], None, end);
    while let Some(Some(last)) = before.get(&stage) {
        if stage.1 && !last.1 {
            fails_at = Some(last.0);
        }
        way.push(last.0);
        stage = *last;
    }
    way.reverse();
    (way, fails_at)
}

/// Words for people and machines.
impl Picture<'_> {
    /// Where events come from: `onramp/metronome/01/out`.
    pub fn start(&self, promise: &Promise) -> String {
        format!("{}/{}", self.instances[promise.from].path(), promise.port)
    }

    /// Up to where a confirmed event has come, by the settings of the sink. `setting` gives the value of a key of it.
    pub fn up_to(&self, promise: &Promise, setting: impl Fn(&str) -> Value) -> &'static str {
        let row = self.instances[promise.to].kind.row().and_then(find_offramp);
        row.map_or("", |row| row.confirms_with(setting))
    }

    /// The way of a promise behind its start: each instance, and of a pipeline the operators that the events come to.
    pub fn way(&self, promise: &Promise) -> Vec<(String, Vec<&str>)> {
        let mut parts: Vec<(usize, Vec<&str>)> = Vec::new();
        for place in &promise.way {
            if parts.last().is_none_or(|(instance, _)| *instance != place.instance) {
                parts.push((place.instance, Vec::new()));
            }
            let node = place.node.and_then(|node| Some(self.pipeline(place.instance)?.nodes[node]));
            let operator = node.filter(|node| matches!(node.kind, NodeKind::Log | NodeKind::Distributor));
            if let (Some(operator), Some((_, names))) = (operator, parts.last_mut()) {
                names.push(operator.name);
            }
        }
        parts.into_iter().map(|(instance, operators)| (self.instances[instance].path(), operators)).collect()
    }

    /// How settings name a keeper, and the instance it belongs to; nothing for nobody.
    pub fn keeper(&self, keeper: Keeper) -> Option<(String, &str)> {
        match keeper {
            Keeper::Nobody => None,
            Keeper::Source(instance) => {
                let source = &self.instances[instance];
                Some((source.definition(), source.instance))
            }
            Keeper::Log(Place { instance, node }) => {
                let pipeline = &self.instances[instance];
                let log = &self.pipeline(instance)?.nodes[node?];
                Some((format!("{}.{}", pipeline.definition(), log.name), pipeline.instance))
            }
        }
    }

    /// What makes a promise weak: what is wrong, and what would mend it. `None` if it is not weak.
    pub fn weakness(&self, promise: &Promise) -> Option<(String, String)> {
        if promise.level() > Level::BestEffort {
            return None;
        }
        let (from, to) = (self.instances[promise.from].definition(), self.instances[promise.to].definition());
        let failing = promise.fails_at.and_then(|at| {
            let pipeline = self.instances[at.instance].definition();
            Some((pipeline, self.pipeline(at.instance)?.nodes[at.node?].name))
        });
        let is_rejected = matches!(self.instances[promise.from].kind, InstanceKind::Offramp { .. });
        let some = if promise.keepers.len() > 1 { " on one of the ways" } else { "" };
        Some(match failing {
            Some((pipeline, node)) => (
                format!("no log before `{node}` in {pipeline}, where these fail, nor behind it{some}"),
                format!("put a `qos::wal` before it, or on the way from `err` to {to}"),
            ),
            None if is_rejected => (
                format!("no log before {from}, nor between its `{}` and {to}{some}", promise.port),
                format!("put a `qos::wal` before {from}, or before {to}"),
            ),
            None => {
                (format!("no log between {from} and {to}{some}"), format!("put a `qos::wal` before {to}"))
            }
        })
    }
}

/// The weakest level at which events come to an instance, if any do.
pub(super) fn weakest(promises: &[Promise], to: usize) -> Option<Level> {
    promises.iter().filter(|promise| promise.to == to).map(Promise::level).min()
}
