//! How much memory the buffers of a flow take at most, by its settings: what logs keep, what is parked in front of them, send windows,
//! what waits for a socket or came from one, lines that are being read, tables of open deliveries. The whole calculation is here; a
//! test of the runtime fills everything and measures.
//!
//! It counts what is kept from one step to the next. The values of the one event that is in a query, the program itself, and the
//! system's own buffers of sockets and files come to it. An event is taken to be no larger than the `max_event_bytes` of the
//! onramps, also where a query makes it larger.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::{Place, Ways};
use super::{InstanceKind, NodeKind, Picture};
use crate::row::{DIR, MOST_EVENTS, find_offramp};
use crate::value::Value;

/// A vector has up to twice what is in it, and while it grows its old self as well.
const GROWING: u64 = 3;
/// One slot of a log without its payload: what names the event upstream, when it came, how it is linked.
const SLOT_BYTES: u64 = 384;
/// A free slot keeps a buffer of so many bytes at most.
const IDLE_BUFFER_BYTES: u64 = 1024;
/// A slot of a log on disk has beside that where the event is in the files.
const PLACE_BYTES: u64 = 192;
/// What an event of a log on disk takes of `max_bytes` at least, beside its payload.
const LEAST_RECORD_BYTES: u64 = 32;
/// What a log on disk has prepared for its files, has given them, and keeps to be used again.
const JOURNAL_BYTES: u64 = 32 * 1024 * 1024;
/// With `max_bytes` alone an event of a log in memory counts so many bytes at least.
const LEAST_CHARGE: u64 = 64;
/// An event of a send window, without its payload: its entry, its answer, its rejection.
const ENTRY_BYTES: u64 = 512;
/// A frame's header, and a ping behind it.
const FRAME_BYTES: u64 = 36;
/// The buffers of one stream of bytes, apart from what waits to be written: what came and is not read yet, the handshake,
/// replies, TLS.
const STREAM_BYTES: u64 = 512 * 1024;
/// So many buffers of what waits to be written change places.
const OUTGOING: u64 = 3;
/// An event that a blackhole has not confirmed.
const UNCONFIRMED_BYTES: u64 = 192;
/// An open delivery of a source.
const DELIVERY_BYTES: u64 = 48;
/// A dynamic value takes so many bytes for each byte of the JSON text that it was (`[0,0,…]`).
const VALUE_PER_BYTE: u64 = 48;

/// What the buffers of a part of a flow take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// An instance of an onramp or offramp (`offramp/ws0/01`), or a log (`pipeline/p/01/log`).
    pub path: String,
    /// Bytes at most; `u64::MAX` where the settings say nothing smaller.
    pub bytes: u64,
}

impl Picture<'_> {
    /// What the buffers take at most, part by part. `setting` gives the value of a definition's key (`offramp.ws0`, `window_bytes`).
    pub fn memory(&self, setting: impl Fn(&str, &str) -> Value) -> Vec<Memory> {
        let counting = Counting { picture: self, ways: Ways::new(self), setting };
        let event = counting.greatest_event();
        let arriving = counting.arriving();
        let mut found = Vec::new();
        let mut places = 0_u64;
        let mut put = |path: String, (events, bytes): (u64, u64)| {
            places = places.saturating_add(events);
            found.push(Memory { path, bytes });
        };
        for (at, instance) in self.instances.iter().enumerate() {
            match instance.kind {
                InstanceKind::Onramp { .. } => {}
                InstanceKind::Offramp { row } => {
                    let at_once = arriving.get(&Place { instance: at, node: None }).copied().unwrap_or(1);
                    put(instance.path(), counting.sink(at, row, event, at_once));
                }
                InstanceKind::Pipeline(pipeline) => {
                    for (node, log) in self.pipelines[pipeline].nodes.iter().enumerate() {
                        if log.kind == NodeKind::Log {
                            let place = Place { instance: at, node: Some(node) };
                            let at_once = arriving.get(&place).copied().unwrap_or(1);
                            let path = format!("{}/{}", instance.path(), log.name);
                            put(path, counting.log(place, event, at_once));
                        }
                    }
                }
            }
        }
        let sources = self.instances.iter();
        let sources = sources.filter(|instance| matches!(instance.kind, InstanceKind::Onramp { .. }));
        let sources = sources.map(|instance| {
            let bytes = counting.source(&instance.definition(), places);
            Memory { path: instance.path(), bytes }
        });
        sources.collect::<Vec<Memory>>().into_iter().chain(found).collect()
    }
}

/// What all of it takes together.
pub fn total(memory: &[Memory]) -> u64 {
    memory.iter().fold(0, |sum, part| sum.saturating_add(part.bytes))
}

/// A number of bytes for people: `1536 bytes (1.5 KiB)`.
pub fn shown_bytes(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut tenths = bytes.saturating_mul(10);
    let mut unit = None;
    for name in units {
        if tenths < 10_240 {
            break;
        }
        (tenths, unit) = (tenths / 1024, Some(name));
    }
    match unit {
        _ if bytes == u64::MAX => String::from("without a limit"),
        Some(unit) => format!("{bytes} bytes ({}.{} {unit})", tenths / 10, tenths % 10),
        None => format!("{bytes} bytes"),
    }
}

struct Counting<'p, 'a, S> {
    picture: &'p Picture<'a>,
    ways: Ways<'p, 'a>,
    setting: S,
}

impl<S: Fn(&str, &str) -> Value> Counting<'_, '_, S> {
    fn number(&self, definition: &str, key: &str) -> Option<u64> {
        (self.setting)(definition, key).as_u64()
    }

    /// The greatest event that comes in.
    fn greatest_event(&self) -> u64 {
        let onramps = self.picture.instances.iter();
        let onramps = onramps.filter(|instance| matches!(instance.kind, InstanceKind::Onramp { .. }));
        onramps.filter_map(|it| self.number(&it.definition(), "max_event_bytes")).max().unwrap_or(0)
    }

    /// What a source takes, behind which so many events may be.
    fn source(&self, definition: &str, places: u64) -> u64 {
        let lines = match (self.setting)(definition, "lines") {
            Value::List(lines) => lines.iter().map(|line| line.to_string().len() as u64).sum(),
            _ => 0,
        };
        let line = self.number(definition, "max_event_bytes").unwrap_or(0);
        let held = sum(&[line, lines]).saturating_mul(GROWING);
        sum(&[held, STREAM_BYTES, places.saturating_mul(DELIVERY_BYTES)])
    }

    /// How many events a log keeps at most, and what it takes.
    fn log(&self, at: Place, event: u64, at_once: u64) -> (u64, u64) {
        let instance = &self.picture.instances[at.instance];
        let nodes = self.picture.pipeline(at.instance).map_or(&[][..], |pipeline| pipeline.nodes);
        let name = at.node.map_or("", |node| nodes[node].name);
        let definition = format!("{}.{name}", instance.definition());
        let most_bytes = self.number(&definition, "max_bytes");
        let on_disk = (self.setting)(&definition, DIR) != Value::Null
            || at.node.is_some_and(|node| nodes[node].detail.ends_with("on disk"));
        let least = if on_disk { LEAST_RECORD_BYTES } else { LEAST_CHARGE };
        let most_events =
            self.number(&definition, "max_elements").or(most_bytes.map(|most| most / least + 1));
        let events = most_events.unwrap_or(MOST_EVENTS);
        let payload = events.saturating_mul(event).min(most_bytes.unwrap_or(u64::MAX));
        let (slots, parked) = (events.saturating_add(at_once), at_once.saturating_mul(event));
        let per_slot = SLOT_BYTES + IDLE_BUFFER_BYTES + if on_disk { PLACE_BYTES } else { 0 };
        let values = if self.is_read_behind(at) { VALUE_PER_BYTE } else { 0 };
        let bytes = sum(&[payload, parked]);
        let journal = match most_bytes.filter(|_| on_disk) {
            // A segment is read as a whole when the log is opened; an event is in what was prepared, and in what was given.
            Some(most) => sum(&[JOURNAL_BYTES, (most / 8).min(256 << 20), event.saturating_mul(4)]),
            None => 0,
        };
        let taken = sum(&[
            slots.saturating_mul(per_slot),
            bytes.saturating_mul(2 + values),
            // While one grows.
            event.saturating_mul(2),
            journal,
        ]);
        (slots, taken)
    }

    /// How many events a sink holds at most, and what it takes.
    fn sink(&self, instance: usize, row: &str, event: u64, at_once: u64) -> (u64, u64) {
        let definition = &self.picture.instances[instance].definition();
        let keeps_copies = !self.ways.behind(instance, "err").is_empty();
        if let Some(capacity) = self.number(definition, "capacity") {
            let events = if capacity == 0 { 0 } else { capacity.max(at_once) };
            return (events, sum(&[events.saturating_mul(UNCONFIRMED_BYTES), event.saturating_mul(2)]));
        }
        let events = self.number(definition, "window_events").unwrap_or(MOST_EVENTS).max(at_once);
        let window = self.number(definition, "window_bytes").unwrap_or(u64::MAX);
        // What is promised room finds it, so the bytes may exceed their limit by what one event makes of itself.
        let payload = window.saturating_add(at_once.saturating_mul(event)).min(events.saturating_mul(event));
        let prefix = match (self.setting)(definition, "prefix") {
            Value::String(prefix) => prefix.len() as u64,
            _ => 0,
        };
        let frames = payload.saturating_add(events.saturating_mul(FRAME_BYTES + prefix));
        let frame = self.number(definition, "max_frame_bytes").unwrap_or(0);
        let stream = find_offramp(row).map_or(0, |row| if row.connects { STREAM_BYTES } else { 0 });
        let taken = sum(&[
            events.saturating_mul(ENTRY_BYTES),
            frames.saturating_mul(2 * OUTGOING + 1),
            // Copies of what may be rejected (the results of one event, or all), and what one is encoded in on its way here.
            sum(&[if keeps_copies { payload } else { at_once.saturating_mul(event) }, event])
                .saturating_mul(2),
            frame.saturating_mul(GROWING),
            stream,
        ]);
        (events, taken)
    }

    /// Whether a select behind a log reads its events: then it may keep them as values.
    fn is_read_behind(&self, log: Place) -> bool {
        let (mut seen, mut next) = (BTreeSet::from([log]), vec![log]);
        while let Some(at) = next.pop() {
            for to in self.ways.steps(at).into_iter().filter(|step| !step.failed).map(|step| step.to) {
                let kind = self.kind(to);
                if kind == Some(NodeKind::Select) {
                    return true;
                }
                if kind.is_some_and(|kind| kind != NodeKind::Log) && seen.insert(to) {
                    next.push(to);
                }
            }
        }
        false
    }

    fn kind(&self, at: Place) -> Option<NodeKind> {
        Some(self.picture.pipeline(at.instance)?.nodes[at.node?].kind)
    }

    /// How many results of one event come to a log or a sink at most: in how many ways it gets there from where it starts.
    fn arriving(&self) -> BTreeMap<Place, u64> {
        let mut most: BTreeMap<Place, u64> = BTreeMap::new();
        let mut known = BTreeSet::new();
        for (at, instance) in self.picture.instances.iter().enumerate() {
            let mut starts: Vec<Place> = Vec::new();
            if let InstanceKind::Pipeline(pipeline) = instance.kind {
                let nodes = self.picture.pipelines[pipeline].nodes.iter().enumerate();
                let logs = nodes.filter(|(_, node)| node.kind == NodeKind::Log);
                for (node, _) in logs {
                    let log = Place { instance: at, node: Some(node) };
                    starts.extend(self.ways.steps(log).into_iter().map(|step| step.to));
                }
            } else {
                starts.extend(["out", "err"].iter().flat_map(|port| self.ways.behind(at, port)));
            }
            starts.sort_unstable();
            // many sources may lead to the same place
            if !known.contains(&starts) {
                for (end, ways) in self.ends(&starts) {
                    let greatest = most.entry(end).or_default();
                    *greatest = (*greatest).max(ways);
                }
                known.insert(starts);
            }
        }
        most
    }

    /// Where an event that is at all these places comes to rest, and in how many ways.
    fn ends(&self, starts: &[Place]) -> BTreeMap<Place, u64> {
        let mut ways: BTreeMap<Place, u64> = BTreeMap::new();
        for start in starts {
            *ways.entry(*start).or_default() += 1;
        }
        let mut ends = BTreeMap::new();
        for (at, on) in self.in_order(starts) {
            let here = ways.get(&at).copied().unwrap_or(0);
            if self.is_end(at) {
                ends.insert(at, here);
            }
            for to in on {
                let sum = ways.entry(to).or_default();
                *sum = sum.saturating_add(here);
            }
        }
        ends
    }

    /// The places that events come to from these until they rest, each behind those from which they come to it, with the places
    /// that they come to next. (Events do not go round.)
    fn in_order(&self, starts: &[Place]) -> Vec<(Place, Vec<Place>)> {
        let next = |at: Place| -> Vec<Place> {
            if self.is_end(at) {
                Vec::new()
            } else {
                self.ways.steps(at).iter().map(|step| step.to).collect()
            }
        };
        let mut seen = BTreeSet::new();
        let mut ordered = Vec::new();
        for start in starts {
            // each with how many of its ways on have been gone
            let mut open: Vec<(Place, Vec<Place>, usize)> = Vec::new();
            if seen.insert(*start) {
                open.push((*start, next(*start), 0));
            }
            while let Some((_, on, gone)) = open.last_mut() {
                let step = on.get(*gone).copied();
                *gone += 1;
                match step {
                    Some(to) if seen.insert(to) => open.push((to, next(to), 0)),
                    Some(_) => {}
                    None => ordered.extend(open.pop().map(|(at, on, _)| (at, on))),
                }
            }
        }
        ordered.reverse();
        ordered
    }

    /// Whether an event rests at a place: in a log or a sink.
    fn is_end(&self, at: Place) -> bool {
        self.kind(at).is_none_or(|kind| kind == NodeKind::Log)
    }
}

fn sum(parts: &[u64]) -> u64 {
    parts.iter().fold(0, |sum, part| sum.saturating_add(*part))
}
