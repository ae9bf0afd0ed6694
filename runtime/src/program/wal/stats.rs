//! `wal stats`: the numbers of logs.
//!
//! `wal stats --format json` is one line, an object with `flow`, `version` and `logs`, a list of an object for each log and
//! instance, with
//!
//! | key | value |
//! |---|---|
//! | `log`, `instance` | `pipeline.p.log`, `01` |
//! | `directory`, `exists` | where the files are, and whether there is such a directory yet |
//! | `segments`, `bytes`, `limit` | how many segments the files make, how long they are together (those aside not counted), and may be |
//! | `live`, `live_bytes` | events to deliver, and the length of their JSON text |
//! | `acknowledged` | of the records in the files, those of confirmed events; their space is not used again yet |
//! | `stored` | how many events were ever stored, as far as the files tell |
//! | `broken`, `broken_events` | stretches of the files that are neither intact nor what a crash leaves at their end; events that were lost with them, at most |
//! | `torn_bytes` | bytes that a crash left |
//! | `aside` | files that are kept aside: a list of `{"file", "bytes"}` |
//! | `sources` | the id of the last event of each source that was stored: a list of `{"source", "id"}`; sources as in `dump.rs` |

use std::io::{self, Write};

use serde_json::{Value, json};

use super::look::{Found, count, look};
use super::{Log, Sources, StatsFormat, remark};
use crate::operator::{Recovered, SegmentFound};
use crate::program::Program;

/// Writes the answer; whether every log could be read.
pub(super) fn write(
    program: &Program,
    logs: &[Log],
    format: StatsFormat,
    out: &mut impl Write,
    problems: &mut impl Write,
) -> io::Result<bool> {
    let mut all = Vec::new();
    let mut all_well = true;
    for log in logs {
        match look(log.directory(), |payload| payload.len() as u64) {
            Ok(found) => all.push(Stats::new(log, found, &Sources(program))),
            Err(error) => {
                remark(problems, log, &error);
                all_well = false;
            }
        }
    }
    match format {
        StatsFormat::Text => all.iter().try_for_each(|stats| stats.write_text(out))?,
        StatsFormat::Json => {
            let logs: Vec<Value> = all.iter().map(Stats::json).collect();
            writeln!(out, "{}", json!({ "flow": program.name, "version": program.version, "logs": logs }))?;
        }
    }
    Ok(all_well)
}

/// The numbers of a log in an instance.
struct Stats<'a> {
    log: &'a Log,
    exists: bool,
    segments: usize,
    bytes: u64,
    limit: Option<u64>,
    live: usize,
    live_bytes: u64,
    acknowledged: u64,
    stored: u64,
    broken: u64,
    broken_events: u64,
    torn_bytes: u64,
    aside: Vec<(String, u64)>,
    sources: Vec<(Value, u64)>,
}

impl Stats<'_> {
    fn new<'a>(log: &'a Log, found: Option<Found<u64>>, sources: &Sources<'_>) -> Stats<'a> {
        let exists = found.is_some();
        let (recovered, aside) = found.map_or_else(Default::default, |found| (found.recovered, found.aside));
        let Recovered { segments, live, next, marks, .. } = recovered;
        let total = |of: fn(&SegmentFound) -> u64| segments.values().map(of).sum::<u64>();
        Stats {
            log,
            exists,
            segments: segments.len(),
            bytes: total(|segment| segment.bytes + segment.ack_bytes),
            limit: log.config.wal.max_bytes,
            live: live.len(),
            live_bytes: live.iter().map(|record| record.payload).sum(),
            acknowledged: total(|segment| segment.records - segment.live),
            stored: next.saturating_sub(1),
            broken: total(SegmentFound::broken_parts),
            broken_events: total(SegmentFound::broken_events),
            torn_bytes: total(|segment| segment.torn + segment.torn_acks),
            aside,
            sources: marks.iter().map(|mark| (sources.name(mark.source), mark.id)).collect(),
        }
    }

    fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}, instance {}, {}", self.log.path, self.log.instance(), self.log.directory())?;
        if !self.exists {
            return writeln!(out, "  nothing there yet");
        }
        let limit = self.limit.map_or_else(String::new, |limit| format!(" of at most {limit}"));
        writeln!(out, "  files         {} bytes{limit}, in {}", self.bytes, count(self.segments, "segment"))?;
        writeln!(out, "  to deliver    {}, {} bytes", count(self.live, "event"), self.live_bytes)?;
        writeln!(out, "  acknowledged  {} events still in the files", self.acknowledged)?;
        writeln!(out, "  ever stored   {} events", self.stored)?;
        let lost = match self.broken_events {
            0 => String::new(),
            events => format!(", at most {} lost", count(events, "event")),
        };
        writeln!(out, "  broken        in {}{lost}", count(self.broken, "place"))?;
        writeln!(out, "  torn          {} bytes", self.torn_bytes)?;
        for (name, bytes) in &self.aside {
            writeln!(out, "  kept aside    {name}, {bytes} bytes")?;
        }
        for (source, id) in &self.sources {
            let source = source.as_str().map_or_else(|| format!("source {source}"), str::to_owned);
            writeln!(out, "  last id       {id} of {source}")?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let aside = self.aside.iter().map(|(file, bytes)| json!({ "file": file, "bytes": bytes }));
        let sources = self.sources.iter().map(|(source, id)| json!({ "source": source, "id": id }));
        json!({
            "log": self.log.path,
            "instance": self.log.instance(),
            "directory": self.log.directory(),
            "exists": self.exists,
            "segments": self.segments,
            "bytes": self.bytes,
            "limit": self.limit,
            "live": self.live,
            "live_bytes": self.live_bytes,
            "acknowledged": self.acknowledged,
            "stored": self.stored,
            "broken": self.broken,
            "broken_events": self.broken_events,
            "torn_bytes": self.torn_bytes,
            "aside": aside.collect::<Vec<_>>(),
            "sources": sources.collect::<Vec<_>>(),
        })
    }
}
