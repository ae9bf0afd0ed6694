//! `wal dump`: the events that are not confirmed, each a line of JSON.
//!
//! | key | value |
//! |---|---|
//! | `log`, `instance` | `pipeline.p.log`, `01` |
//! | `seq` | its number in the log, where it counts from 1 for ever; the order in which events go out |
//! | `ingest_ns` | when it entered the flow: nanoseconds since the Unix epoch |
//! | `origin` | `null`, or `{"source", "id"}`: the onramp (`onramp/m/01`; a number where it is not of this flow), and the event's id there |
//! | `event` | the event as the log has it |

use std::io::{self, Write};

use serde_json::{Value, json};

use super::look::{Found, look};
use super::{Log, Sources, remark};
use crate::operator::{RecoveredRecord, Refusal, SegmentFound};

/// Writes the events in order, log by log; whether every log could be read, and is the flow's.
pub(super) fn write(
    logs: &[Log],
    sources: &Sources<'_>,
    out: &mut impl Write,
    problems: &mut impl Write,
) -> io::Result<bool> {
    let mut all_well = true;
    for log in logs {
        match look(log.directory(), <[u8]>::to_vec) {
            Ok(None) => {}
            Ok(Some(found)) => {
                all_well &= is_own(log, &found, problems);
                for record in &found.recovered.live {
                    event(log, record, sources, out)?;
                }
            }
            Err(error) => {
                remark(problems, log, &error);
                all_well = false;
            }
        }
    }
    Ok(all_well)
}

/// Says what should be known of what follows; whether it is the flow's.
fn is_own<P>(log: &Log, found: &Found<P>, problems: &mut impl Write) -> bool {
    let refusal = log.refusal(&found.recovered);
    match &refusal {
        Some(Refusal::Newer { version }) => {
            remark(
                problems,
                log,
                &format!("its format is {version}, of a newer build: there may be more in it"),
            );
        }
        Some(Refusal::Foreign(of)) => {
            let text = format!(
                "it belongs to `pipeline.{}.{}`, instance `{}`",
                of.pipeline, of.operator, of.instance
            );
            remark(problems, log, &text);
        }
        Some(Refusal::Numbers) => {
            remark(
                problems,
                log,
                "it names numbers to which no log counts: some other program has changed its files",
            );
        }
        None => {}
    }
    let segments = found.recovered.segments.values();
    let broken: u64 = segments.map(SegmentFound::broken_parts).sum();
    if broken > 0 {
        remark(problems, log, "some of it is broken, and skipped; `wal check` tells what");
    }
    refusal.is_none()
}

fn event(log: &Log, record: &RecoveredRecord, sources: &Sources<'_>, out: &mut impl Write) -> io::Result<()> {
    let (path, instance) = (json!(log.path), json!(log.instance()));
    let (seq, ingest_ns) = (record.seq, record.ingest_ns);
    let origin =
        record.origin.map(|origin| json!({ "source": sources.name(origin.source), "id": origin.id }));
    let origin = json!(origin);
    write!(
        out,
        "{{\"log\":{path},\"instance\":{instance},\"seq\":{seq},\"ingest_ns\":{ingest_ns},\"origin\":{origin},\"event\":"
    )?;
    // As it is: no number loses a digit on the way.
    match serde_json::from_slice::<Value>(&record.payload) {
        Ok(_) => out.write_all(&record.payload)?,
        Err(_) => write!(out, "{}", json!(String::from_utf8_lossy(&record.payload)))?,
    }
    out.write_all(b"}\n")
}
