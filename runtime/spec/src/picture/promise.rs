//! What is promised of events on their way from a source to a sink, read off the table.
//!
//! The levels are ordered, [`Level::BestEffort`] below [`Level::AtLeastOnce`] below [`Level::Durable`]. A promise
//! is made for each pair of a port that events come from and a sink that they reach, and it is the weakest of all ways
//! between the two: so there are at most as many as sources times sinks, however many ways there are.
//!
//! An event that is in a log is kept until it is confirmed behind it. In front of a log nothing is lost: room is asked
//! ahead, so that an event which a source has made reaches the log in the same call. So a way is as good as what keeps
//! its events at its end: the last log on it; without one the source, if that gives failed events again; else nobody.
//!
//! A log in memory lets go of an event, as far as the logs before it are concerned, when it is confirmed behind it; a log on disk
//! when it has stored it. So an event survives a loss of power if the first log on its way syncs what it stores before it
//! lets it go on, and no log on disk behind that takes it over without syncing it.
//!
//! What a sink rejects is not answered before what its `err` leads to has answered, so whoever kept the event on its way
//! to that sink keeps it on. The same holds for an event that fails in a query: whoever kept it there keeps it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::walk::{Place, Step, Ways};
use super::{InstanceKind, NodeKind, Picture};
use crate::row::{Durability, find_offramp};
use crate::value::Value;

/// How much is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// An event may be lost.
    BestEffort,
    /// An event arrives, perhaps several times, while the program runs.
    AtLeastOnce,
    /// An event arrives, perhaps several times, also if the power fails meanwhile.
    Durable,
}

impl Level {
    /// What a flow can require: all but the least.
    pub const REQUIRABLE: [Level; 2] = [Level::AtLeastOnce, Level::Durable];

    /// What a flow requires by this name.
    pub fn required(name: &str) -> Option<Level> {
        Level::REQUIRABLE.into_iter().find(|level| level.name() == name)
    }

    /// As the language has it, and `check` for machines: `at_least_once`.
    pub fn name(self) -> &'static str {
        match self {
            Level::BestEffort => "best_effort",
            Level::AtLeastOnce => "at_least_once",
            Level::Durable => "durable",
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

/// Who keeps an event, and whether that has survived a loss of power all along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kept {
    pub(super) by: Keeper,
    /// `None` in front of the first log.
    pub(super) is_durable: Option<bool>,
}

impl Kept {
    /// By whom it is kept that comes out of a log.
    fn behind(self, log: Place, durability: Durability) -> Kept {
        let is_durable = match self.is_durable {
            None => durability == Durability::Safe,
            Some(so_far) => so_far && durability != Durability::Written,
        };
        Kept { by: Keeper::Log(log), is_durable: Some(is_durable) }
    }

    pub(super) fn level(self) -> Level {
        match self {
            Kept { by: Keeper::Nobody, .. } => Level::BestEffort,
            Kept { is_durable: Some(true), .. } => Level::Durable,
            Kept { .. } => Level::AtLeastOnce,
        }
    }
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
    level: Level,
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
        self.level
    }
}

/// A stage of a walk: where an event is, whether it has failed in a query, and who keeps it.
pub(super) type Stage = (Place, bool, Kept);

/// The ports that instances have events of their own at.
const SOURCE_PORTS: [&str; 2] = ["out", "err"];

impl Picture<'_> {
    /// All promises, in the order of the instances. `durability` tells what the events of a log survive, which settings name so:
    /// `pipeline.p.log`.
    pub fn promises(&self, durability: impl Fn(&str) -> Durability) -> Vec<Promise> {
        let walking = Walking::new(self, durability);
        let mut arrived: Vec<BTreeSet<Kept>> = vec![BTreeSet::new(); self.instances.len()];
        // What a sink rejects is kept by whoever kept it before, perhaps behind another sink that rejected it: links have
        // no cycle, so this ends.
        loop {
            let found = walking.promises_after(&arrived);
            let before = arrived.clone();
            for (promise, kept) in &found {
                if !walking.ways.behind(promise.to, "err").is_empty() {
                    arrived[promise.to].extend(kept.iter().copied());
                }
            }
            if arrived == before {
                return found.into_iter().map(|(promise, _)| promise).collect();
            }
        }
    }

    /// The logs, with what their events survive.
    fn logs(&self, durability: impl Fn(&str) -> Durability) -> BTreeMap<Place, Durability> {
        let mut logs = BTreeMap::new();
        for (instance, of) in self.instances.iter().enumerate() {
            let nodes = self.pipeline(instance).map_or(&[][..], |pipeline| pipeline.nodes);
            for (node, log) in nodes.iter().enumerate().filter(|(_, node)| node.kind == NodeKind::Log) {
                let path = format!("{}.{}", of.definition(), log.name);
                logs.insert(Place { instance, node: Some(node) }, durability(&path));
            }
        }
        logs
    }
}

/// A table with all that a walk over it asks.
pub(super) struct Walking<'p, 'a> {
    picture: &'p Picture<'a>,
    ways: Ways<'p, 'a>,
    pub(super) logs: BTreeMap<Place, Durability>,
}

impl<'p, 'a> Walking<'p, 'a> {
    pub(super) fn new(picture: &'p Picture<'a>, durability: impl Fn(&str) -> Durability) -> Walking<'p, 'a> {
        Walking { picture, ways: Ways::new(picture), logs: picture.logs(durability) }
    }
}

impl Walking<'_, '_> {
    /// The promises, where it is known who keeps what has arrived at a sink; each with who keeps the events at its end.
    fn promises_after(&self, arrived: &[BTreeSet<Kept>]) -> Vec<(Promise, Vec<Kept>)> {
        let mut promises = Vec::new();
        let one = |by| vec![Kept { by, is_durable: None }];
        for (from, instance) in self.picture.instances.iter().enumerate() {
            let kept: Vec<Kept> = match instance.kind {
                InstanceKind::Onramp { replays: true, .. } => one(Keeper::Source(from)),
                InstanceKind::Onramp { .. } => one(Keeper::Nobody),
                InstanceKind::Offramp { .. } => arrived[from].iter().copied().collect(),
                InstanceKind::Pipeline(_) => continue,
            };
            for port in SOURCE_PORTS {
                promises.extend(self.promises_from(from, port, &kept));
            }
        }
        promises
    }

    fn promises_from(&self, from: usize, port: &'static str, kept: &[Kept]) -> Vec<(Promise, Vec<Kept>)> {
        let before = self.walk(from, port, kept);
        let is_sink =
            |at: &Place| matches!(self.picture.instances[at.instance].kind, InstanceKind::Offramp { .. });
        let mut ends: BTreeMap<(usize, bool), Vec<Kept>> = BTreeMap::new();
        for (at, failed, kept) in before.keys().filter(|(at, ..)| is_sink(at)) {
            ends.entry((at.instance, *failed)).or_default().push(*kept);
        }
        let promises = ends.into_iter().map(|((to, failed), kept)| {
            // There is at least one, and of equals the first.
            let weakest = kept.iter().copied().min_by_key(|kept| kept.level()).unwrap_or(kept[0]);
            let (way, fails_at) = way(&before, (Place { instance: to, node: None }, failed, weakest));
            let mut keepers: Vec<Keeper> = kept.iter().map(|kept| kept.by).collect();
            keepers.dedup();
            (Promise { from, port, to, failed, level: weakest.level(), keepers, way, fails_at }, kept)
        });
        promises.collect()
    }

    /// All stages that events from a port come to, nearest first, each with the one before it.
    pub(super) fn walk(
        &self,
        from: usize,
        port: &'static str,
        kept: &[Kept],
    ) -> BTreeMap<Stage, Option<Stage>> {
        let mut before: BTreeMap<Stage, Option<Stage>> = BTreeMap::new();
        let mut queue: VecDeque<(Stage, Option<Stage>)> = VecDeque::new();
        for kept in kept {
            queue.extend(self.ways.behind(from, port).iter().map(|at| ((*at, false, *kept), None)));
        }
        while let Some((stage, last)) = queue.pop_front() {
            if before.contains_key(&stage) {
                continue;
            }
            before.insert(stage, last);
            let (at, failed, kept) = stage;
            let log = self.logs.get(&at).map(|durability| (kept.behind(at, *durability), *durability));
            for Step { to, failed: fails } in self.ways.steps(at) {
                let mut go = |kept| queue.push_back(((to, failed || fails, kept), Some(stage)));
                match log {
                    Some((behind, _)) if !fails => go(behind),
                    Some((behind, durability)) => {
                        // What a log does not take, it does not keep. What it has recovered may fail too.
                        go(kept);
                        if durability > Durability::Memory {
                            go(behind);
                        }
                    }
                    None => go(kept),
                }
            }
        }
        before
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
        if promise.level > Level::BestEffort {
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
    promises.iter().filter(|promise| promise.to == to).map(|promise| promise.level).min()
}
