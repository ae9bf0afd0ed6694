//! Where a flow promises less than it requires: the weak links, each once, however many ways lead over it. The compiler asks
//! with the settings as they are written, the program with those that are in force; both say the same words.
//!
//! What is required is asked of the ways from what sources emit to sinks. What fails, is rejected or too large has left its way, and
//! would be counted, logged and done if nothing were linked there: its way on is shown with its promise, and not asked for more.

use std::collections::BTreeMap;

use super::promise::{Keeper, Kept, Stage, Walking};
use super::walk::Place;
use super::{Instance, InstanceKind, Level, NodeKind, Picture, Promise};
use crate::row::{DIR, Durability, KeyType, OfframpRow, SYNC, find_offramp};
use crate::rule::Rule;
use crate::value::Value;

/// What makes ways weaker than is required: what must change to mend them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeakLink {
    /// No log is on the way; it goes through no pipeline: the instances where it starts and ends.
    Direct(usize, usize),
    /// No log is on the way, and this pipeline, the first one on it, has none at all.
    Pipeline(usize),
    /// No log is on the way, which leaves this pipeline, the first one on it, by an edge between these nodes: past its logs.
    Edge(usize, usize, usize),
    /// A log that is in memory: its pipeline and node.
    Transient(usize, usize),
    /// A log on disk that does not sync before it hands on: its pipeline and node.
    Unsynced(usize, usize),
    /// A sink whose setting says that it confirms too early: one of its instances, and the key.
    Setting(usize, &'static str),
    /// A sink that confirms what a loss of power can still lose: one of its instances.
    Sink(usize),
}

impl WeakLink {
    /// The rule that it breaks.
    pub fn rule(self) -> Rule {
        match self {
            WeakLink::Direct(..) | WeakLink::Pipeline(_) | WeakLink::Edge(..) => Rule::no_log_on_the_way,
            WeakLink::Transient(..) => Rule::log_in_memory,
            WeakLink::Unsynced(..) => Rule::log_synced_late,
            WeakLink::Setting(..) => Rule::confirmed_early,
            WeakLink::Sink(_) => Rule::confirmed_unsaved,
        }
    }
}

/// A weak link, and what it spoils.
#[derive(Clone, Debug)]
pub struct Shortfall {
    /// What must change.
    pub link: WeakLink,
    /// How settings name it: `offramp.ws0.ack`.
    pub path: String,
    /// What is wrong.
    pub text: String,
    /// What to do.
    pub help: String,
}

impl Picture<'_> {
    /// What is required of this promise, if anything.
    pub fn required_of(&self, promise: &Promise) -> Option<Level> {
        let is_onramp = matches!(self.instances[promise.from].kind, InstanceKind::Onramp { .. });
        self.required.filter(|_| is_onramp && promise.port == "out" && !promise.failed)
    }

    /// The weak links of a flow that requires something. `durability` is as for [`Picture::promises`]; `setting` gives the value
    /// of a definition's key (`offramp.ws0`, `ack`), `null` where only the environment knows it.
    pub fn shortfalls(
        &self,
        durability: impl Fn(&str) -> Durability,
        setting: impl Fn(&str, &str) -> Value,
    ) -> Vec<Shortfall> {
        let Some(required) = self.required else { return Vec::new() };
        let walking = Walking::new(self, durability);
        let definitions: Vec<String> = self.instances.iter().map(Instance::definition).collect();
        // the first instance of what one is an instance of
        let mut first_of: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, definition) in definitions.iter().enumerate() {
            first_of.entry(definition).or_insert(at);
        }
        let mut found: BTreeMap<WeakLink, Vec<(usize, usize)>> = BTreeMap::new();
        for (from, instance) in self.instances.iter().enumerate() {
            let InstanceKind::Onramp { replays, .. } = instance.kind else { continue };
            let by = if replays { Keeper::Source(from) } else { Keeper::Nobody };
            let before = walking.walk(from, "out", &[Kept { by, is_durable: None }]);
            for end @ (at, failed, kept) in before.keys().copied() {
                let Some(row) = self.sink(at.instance).filter(|_| !failed) else { continue };
                let mut note = |link| {
                    let ways: &mut Vec<(usize, usize)> = found.entry(link).or_default();
                    if !ways.contains(&(from, at.instance)) {
                        ways.push((from, at.instance));
                    }
                };
                if kept.level() < required {
                    note(self.weakest_of(&walking, from, &stages(&before, end)));
                }
                let definition = definitions[at.instance].as_str();
                let first = first_of[definition];
                match row.confirms_less(|key| setting(definition, key)) {
                    Some((key, _)) => note(WeakLink::Setting(first, key.name)),
                    None if required == Level::Durable && !row.is_safe => note(WeakLink::Sink(first)),
                    None => {}
                }
            }
        }
        let shortfall = |(link, ways): (WeakLink, Vec<(usize, usize)>)| {
            let path = self.path_of(link);
            let (what, help) = self.words(link, required, &setting);
            let text = format!("{} {what}", self.broken(required, &ways));
            Shortfall { link, path, text, help }
        };
        found.into_iter().map(shortfall).collect()
    }

    fn sink(&self, instance: usize) -> Option<&'static OfframpRow> {
        match self.instances[instance].kind {
            InstanceKind::Offramp { row } => find_offramp(row),
            _ => None,
        }
    }

    /// What is weak about the log, or the want of one, on a way from an instance.
    fn weakest_of(&self, walking: &Walking<'_, '_>, from: usize, stages: &[Stage]) -> WeakLink {
        let is_spoilt = |(_, _, kept): &Stage| kept.is_durable == Some(false);
        if let Some(spoilt) = stages.iter().position(is_spoilt).filter(|at| *at > 0) {
            let log = stages[spoilt - 1].0;
            let (pipeline, node) = (self.pipeline_of(log).unwrap_or(0), log.node.unwrap_or(0));
            return match walking.logs.get(&log) {
                Some(Durability::Written) => WeakLink::Unsynced(pipeline, node),
                _ => WeakLink::Transient(pipeline, node),
            };
        }
        let to = stages.last().map_or(from, |(at, ..)| at.instance);
        let Some((first, pipeline)) = stages.first().and_then(|(at, ..)| Some((at, self.pipeline_of(*at)?)))
        else {
            return WeakLink::Direct(from, to);
        };
        let nodes = self.pipelines[pipeline].nodes;
        if nodes.iter().all(|node| node.kind != NodeKind::Log) {
            return WeakLink::Pipeline(pipeline);
        }
        let within = stages.iter().take_while(|(at, ..)| at.instance == first.instance);
        let within: Vec<usize> = within.filter_map(|(at, ..)| at.node).collect();
        match within[..] {
            [.., from, to] => WeakLink::Edge(pipeline, from, to),
            _ => WeakLink::Pipeline(pipeline),
        }
    }

    fn pipeline_of(&self, at: Place) -> Option<usize> {
        match self.instances[at.instance].kind {
            InstanceKind::Pipeline(pipeline) => Some(pipeline),
            _ => None,
        }
    }

    /// How a pipeline is called: `p`.
    fn name_of(&self, pipeline: usize) -> &str {
        let mut instances = self.instances.iter();
        instances.find(|it| it.kind == InstanceKind::Pipeline(pipeline)).map_or("", |it| it.name)
    }

    fn path_of(&self, link: WeakLink) -> String {
        let log = |pipeline: usize, node: usize, key: &str| {
            format!("pipeline.{}.{}.{key}", self.name_of(pipeline), self.pipelines[pipeline].nodes[node].name)
        };
        match link {
            WeakLink::Direct(from, _) => self.instances[from].definition(),
            WeakLink::Pipeline(pipeline) | WeakLink::Edge(pipeline, ..) => {
                format!("pipeline.{}", self.name_of(pipeline))
            }
            WeakLink::Transient(pipeline, node) => log(pipeline, node, DIR),
            WeakLink::Unsynced(pipeline, node) => log(pipeline, node, SYNC),
            WeakLink::Setting(instance, key) => format!("{}.{key}", self.instances[instance].definition()),
            WeakLink::Sink(instance) => self.instances[instance].definition(),
        }
    }

    /// Which ways do not keep what is required.
    fn broken(&self, required: Level, ways: &[(usize, usize)]) -> String {
        let (from, to) = ways[0];
        let (from, to) = (self.instances[from].path(), self.instances[to].path());
        let more = match ways.len() - 1 {
            0 => String::new(),
            1 => String::from(", and on one more way"),
            more => format!(", and on {more} more ways"),
        };
        format!("`require {}` does not hold from {from} to {to}{more}:", required.name())
    }

    /// What is wrong with a link, and what would mend it.
    fn words(
        &self,
        link: WeakLink,
        required: Level,
        setting: &impl Fn(&str, &str) -> Value,
    ) -> (String, String) {
        let log = if required == Level::Durable { "`qos::wal` with a `dir`" } else { "`qos::wal`" };
        let no_log = String::from("no log on the way keeps events until they are confirmed");
        let name = |pipeline: usize, node: usize| self.pipelines[pipeline].nodes[node].name;
        match link {
            WeakLink::Direct(..) => (no_log, format!("link a pipeline with a {log} between the two")),
            WeakLink::Pipeline(pipeline) => {
                let pipeline = self.name_of(pipeline);
                (
                    no_log,
                    format!("put a {log} into the pipeline `{pipeline}`, and lead the events through it"),
                )
            }
            WeakLink::Edge(pipeline, ..) => {
                let logs = self.pipelines[pipeline].nodes.iter().find(|node| node.kind == NodeKind::Log);
                let such = logs.map_or(String::new(), |node| format!(", as through `{}`", node.name));
                (
                    no_log,
                    format!("this way goes past the logs of its pipeline: lead it through a {log}{such}"),
                )
            }
            WeakLink::Transient(pipeline, node) => (
                format!(
                    "the log `{}` is in memory, and a loss of power takes its events",
                    name(pipeline, node)
                ),
                format!("give it a directory to keep them in, as in `{DIR} = \"…\"`"),
            ),
            WeakLink::Unsynced(pipeline, node) => {
                let path = format!("pipeline.{}.{}", self.name_of(pipeline), name(pipeline, node));
                let log = name(pipeline, node);
                let what = match setting(&path, SYNC) {
                    Value::Null => {
                        format!("only the environment knows the `{SYNC}` of the log `{log}`, which may let")
                    }
                    value => format!("`{SYNC} = {value}` of the log `{log}` lets"),
                };
                (
                    format!("{what} events go on that a loss of power can take"),
                    format!("write `{SYNC} = \"batch\"`, which is the default, or `{SYNC} = \"always\"`"),
                )
            }
            WeakLink::Setting(instance, _) => self.words_of_setting(instance, setting),
            WeakLink::Sink(instance) => {
                let row = self.sink(instance).map_or(("", ""), |row| (row.name, row.confirms));
                (
                    format!("`{}` confirms what has come to {}: a loss of power can take it", row.0, row.1),
                    String::from(
                        "no setting changes that: write to an offramp that confirms more, such as `ws`, or \
                         `require at_least_once;`",
                    ),
                )
            }
        }
    }

    fn words_of_setting(&self, instance: usize, setting: &impl Fn(&str, &str) -> Value) -> (String, String) {
        let definition = self.instances[instance].definition();
        let less = self.sink(instance).and_then(|row| row.confirms_less(|key| setting(&definition, key)));
        let Some((key, up_to)) = less else { return (String::new(), String::new()) };
        let value = setting(&definition, key.name);
        let what = match value {
            Value::Null => format!("only the environment knows its `{}`, which may confirm", key.name),
            value => format!("`{} = {value}` confirms", key.name),
        };
        let KeyType::Choice(legal) = key.ty else { return (String::new(), String::new()) };
        let better = legal.iter().filter(|value| key.confirms.iter().all(|(with, _)| with != *value));
        let better: Vec<String> = better.map(|value| format!("`{} = \"{value}\"`", key.name)).collect();
        (format!("{what} what has come no further than {up_to}"), format!("write {}", better.join(" or ")))
    }
}

/// The way to a stage, from the first one on.
fn stages(before: &BTreeMap<Stage, Option<Stage>>, end: Stage) -> Vec<Stage> {
    let mut stages = vec![end];
    while let Some(Some(last)) = stages.last().and_then(|stage| before.get(stage)) {
        stages.push(*last);
    }
    stages.reverse();
    stages
}
