//! `wal check`: what is broken or foreign in logs, where, and what becomes of it. What a crash leaves as a rule is told, and is no
//! fault.

use std::io::{self, Write};

use super::Log;
use super::look::{Found, count, look};
use crate::operator::{Damage, LogFile, Refusal, SegmentFound};

/// Writes the answer; whether all is whole.
pub(super) fn write(logs: &[Log], out: &mut impl Write) -> io::Result<bool> {
    let mut all_well = true;
    for log in logs {
        let mut lines = Lines { faults: 0, text: Vec::new() };
        let state = match look(log.directory(), |_| ()) {
            Ok(None) => "nothing there yet".to_owned(),
            Ok(Some(found)) => {
                tell(log, &found, &mut lines);
                let (segments, live) = (found.recovered.segments.len(), found.recovered.live.len());
                format!("{}, {} to deliver", count(segments, "segment"), count(live, "event"))
            }
            Err(error) => {
                lines.fault(format!("{error}; the flow does not start"));
                "not read".to_owned()
            }
        };
        let verdict = match lines.faults {
            0 => "whole".to_owned(),
            faults => count(faults, "fault"),
        };
        writeln!(out, "{}, instance {}, {}: {verdict}; {state}", log.path, log.instance(), log.directory())?;
        for line in &lines.text {
            writeln!(out, "  {line}")?;
        }
        all_well &= lines.faults == 0;
    }
    Ok(all_well)
}

/// What there is to say of one log.
struct Lines {
    faults: usize,
    text: Vec<String>,
}

impl Lines {
    fn fault(&mut self, text: String) {
        self.faults += 1;
        self.text.push(format!("fault: {text}"));
    }

    fn note(&mut self, text: String) {
        self.text.push(format!("note: {text}"));
    }
}

fn tell<P>(log: &Log, found: &Found<P>, lines: &mut Lines) {
    match log.refusal(&found.recovered) {
        Some(Refusal::Newer { version }) => lines.fault(format!(
            "its format is {version}, of a newer build; the flow does not start; help: run a build that is not older than \
             the one that wrote it"
        )),
        Some(Refusal::Foreign(identity)) => {
            let (pipeline, operator, instance) = (identity.pipeline, identity.operator, identity.instance);
            lines.fault(format!(
                "it belongs to `pipeline.{pipeline}.{operator}`, instance `{instance}`; the flow does not start; help: give \
                 each log its own `dir`"
            ));
        }
        Some(Refusal::Numbers) => lines.fault(
            "it names numbers to which no log counts, so some other program has changed its files; the flow does not start; \
             help: put back a copy of them, or give another `dir`"
                .to_owned(),
        ),
        None => {}
    }
    for (&number, segment) in &found.recovered.segments {
        tell_segment(number, segment, lines);
    }
    for (name, bytes) in &found.aside {
        let what = match LogFile::of(name) {
            Some(_) => {
                "a segment in which something was broken; what was broken was not delivered from it, and all else is confirmed"
            }
            None => "events whose shape did not fit the flow any more",
        };
        lines.note(format!("{name}, {bytes} bytes, is kept aside: {what}; it may be removed"));
    }
    for name in &found.strangers {
        // Whoever named it may have put line feeds in it, or what a terminal obeys.
        lines.note(format!("{} is no file of a log, and is left alone", name.escape_debug()));
    }
}

fn tell_segment(number: u64, segment: &SegmentFound, lines: &mut Lines) {
    let (records, acks) = (LogFile::Records(number).name(), LogFile::Acks(number).name());
    let aside = LogFile::Broken(number).name();
    for damage in &segment.broken {
        let Damage { at, len, events, .. } = damage;
        let lost = match events {
            0 if damage.never_arrived => {
                "no event that was acknowledged is lost with them: they have zeros as a power failure \
                 leaves them where bytes had not arrived"
                    .to_owned()
            }
            0 => "no event is lost with them".to_owned(),
            _ => {
                let (events, missing) = (count(*events, "event"), damage.missing_in_words());
                format!("at most {events} lost with them (missing in the log: {missing})")
            }
        };
        lines.fault(format!(
            "{records}, at {at}: {len} bytes are broken; {lost}; they are skipped, what is behind them is read, and when \
             nothing in the file is to be delivered any more, it is kept aside as {aside}"
        ));
    }
    for stretch in &segment.broken_acks {
        let (at, len) = (stretch.at, stretch.len);
        lines.fault(format!(
            "{acks}, at {at}: {len} bytes are broken; they are skipped, and events whose confirmation was there go out once \
             more"
        ));
    }
    if segment.torn > 0 {
        let (at, len) = (segment.bytes - segment.torn, segment.torn);
        lines.note(format!(
            "{records}, at {at}: the last {len} bytes are torn, as a crash leaves them; they are dropped"
        ));
    }
    if segment.torn_acks > 0 {
        let len = segment.torn_acks;
        lines.note(format!("{acks}: {len} bytes are torn, as a crash leaves them; they are dropped"));
    }
}
