//! The sources of lines: `stdin`, `file` and `blaster`. Each line that comes over the wire, or that stands in a list, is one
//! event; the bytes are cut into lines in `cutter`, and made events in `codec`. Opening and reading are the driver's.
//!
//! What a line cannot be made an event of is handed on as a [`RefusedLine`]; what cannot be read ends the flow, for events
//! would be missing silently.

mod codec;
mod cutter;
mod pace;

#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use foreshock_spec::{NodeSettings, Value};

use self::codec::Codec;
use self::cutter::{Cutter, Found, Line};
use self::pace::Pace;
use crate::core::{Command, Endpoint, RefusedLine, Source, Time, Wire, WireState};

/// Reads lines from stdin, once.
pub type Stdin = LineSource<FromStdin>;
/// Reads the lines of a file, once.
pub type ReadFile = LineSource<FromFile>;
/// Gives the lines of a file or of a list again and again, as fast as the flow takes them or at a rate.
pub type Blaster = LineSource<Blasts>;

/// What tells sources of lines apart: what their settings say.
pub trait Origin {
    /// What a source of this kind is to do.
    fn plan(settings: &NodeSettings<'_>) -> Plan;
}

/// See [`Stdin`].
#[derive(Debug)]
pub struct FromStdin;
/// See [`ReadFile`].
#[derive(Debug)]
pub struct FromFile;
/// See [`Blaster`].
#[derive(Debug)]
pub struct Blasts;

/// What a source of lines is to do.
#[derive(Debug)]
pub struct Plan {
    lines: Lines,
    /// How many times it goes through them; `None`: for ever.
    passes: Option<u64>,
    /// Events per second; `None`: as fast as they are taken.
    rate: Option<u64>,
}

/// Where lines come from.
#[derive(Debug)]
enum Lines {
    Stream(Endpoint),
    List { items: Vec<String>, next: usize },
}

impl Origin for FromStdin {
    fn plan(_settings: &NodeSettings<'_>) -> Plan {
        Plan { lines: Lines::Stream(Endpoint::Stdin), passes: Some(1), rate: None }
    }
}

impl Origin for FromFile {
    fn plan(settings: &NodeSettings<'_>) -> Plan {
        let endpoint = Endpoint::ReadFile(settings.str("source").to_owned());
        Plan { lines: Lines::Stream(endpoint), passes: Some(1), rate: None }
    }
}

impl Origin for Blasts {
    fn plan(settings: &NodeSettings<'_>) -> Plan {
        let lines = match settings.opt_str("source") {
            Some(path) => Lines::Stream(Endpoint::ReadFile(path.to_owned())),
            None => {
                let items = settings.strings("lines").into_iter().map(str::to_owned).collect();
                Lines::List { items, next: 0 }
            }
        };
        Plan { lines, passes: settings.opt_u64("iters"), rate: settings.opt_u64("rate") }
    }
}

/// Where a source of lines stands.
#[derive(Debug)]
enum State {
    /// It has not started.
    Waiting,
    /// In the middle of a pass; whether that has had a line yet.
    Passing { any: bool },
    /// It makes no more events.
    Done,
    /// What it reads from is broken; why, in words.
    Failed(String),
}

/// A source whose events are lines.
#[derive(Debug)]
pub struct LineSource<O> {
    onramp: &'static str,
    lines: Lines,
    passes_left: Option<u64>,
    codec: Codec,
    pace: Pace,
    cutter: Cutter,
    wire: Wire,
    state: State,
    origin: PhantomData<fn() -> O>,
}

impl<O: Origin> LineSource<O> {
    /// With the settings of its row.
    pub fn new(settings: &NodeSettings<'_>) -> LineSource<O> {
        let Plan { lines, passes, rate } = O::plan(settings);
        LineSource {
            onramp: settings.path(),
            lines,
            passes_left: passes,
            codec: Codec::named(settings.str("codec"), settings.u64("max_event_bytes")),
            pace: Pace::new(rate),
            cutter: Cutter::new(settings.u64("max_event_bytes")),
            wire: Wire::new(),
            state: State::Waiting,
            origin: PhantomData,
        }
    }
}

impl<O> LineSource<O> {
    fn has_line(&self) -> bool {
        match &self.lines {
            Lines::Stream(_) => self.cutter.has_line(),
            Lines::List { items, next } => *next < items.len(),
        }
    }

    fn is_passing(&self) -> bool {
        matches!(self.state, State::Passing { .. })
    }

    fn begin_pass(&mut self) {
        self.state = State::Passing { any: false };
        match &mut self.lines {
            // A short file is not opened thousands of times a second.
            Lines::Stream(_) if self.cutter.replay(&mut self.wire) => self.go_on(),
            Lines::Stream(endpoint) => self.wire.connect(endpoint.clone()),
            Lines::List { next, .. } => *next = 0,
        }
    }

    /// Finds the next line if it has come; ends the pass if there is none, and the source with its last pass.
    fn go_on(&mut self) {
        let State::Passing { any } = &mut self.state else { return };
        match &self.lines {
            Lines::List { items, next } => {
                *any |= !items.is_empty();
                if *next == items.len() {
                    self.end_pass();
                }
            }
            Lines::Stream(endpoint) => match self.cutter.find(&mut self.wire) {
                Found::Line => *any = true,
                Found::NotYet => {}
                Found::End => self.end_pass(),
                Found::Broken(reason) => {
                    self.state = State::Failed(format!("{}: {endpoint}: {reason}", self.onramp));
                }
            },
        }
    }

    fn end_pass(&mut self) {
        let any = matches!(self.state, State::Passing { any: true });
        if let Some(left) = &mut self.passes_left {
            *left -= 1;
        }
        if !any {
            tracing::warn!(onramp = self.onramp, "there are no lines to make events of");
        }
        if !any || self.passes_left == Some(0) {
            tracing::info!(onramp = self.onramp, "all lines are read");
            self.state = State::Done;
        } else {
            self.begin_pass();
        }
    }
}

impl<O> Source for LineSource<O> {
    type Event = Result<Value, RefusedLine>;

    fn start(&mut self, now: Time) {
        self.pace.start(now);
        self.begin_pass();
        self.go_on();
    }

    fn stop(&mut self) {
        if self.wire.state != WireState::Idle {
            self.wire.command = Some(Command::Abort);
        }
        if !matches!(self.state, State::Failed(_)) {
            self.state = State::Done;
        }
    }

    #[inline]
    fn is_due(&self, now: Time) -> bool {
        self.is_passing() && self.has_line() && self.pace.is_due(now)
    }

    /// The event of the next line. Called only when one is due.
    fn make(&mut self, now: Time, _unix_ns: u64) -> Self::Event {
        self.pace.made(now);
        let event = match &mut self.lines {
            Lines::Stream(_) => {
                let event = self.codec.decode(self.cutter.line(&self.wire));
                self.cutter.forget();
                event
            }
            Lines::List { items, next } => {
                let text = items[*next].as_bytes();
                *next += 1;
                self.codec.decode(Line { text, bytes: text.len() as u64, number: *next as u64 })
            }
        };
        self.go_on();
        event
    }

    fn deadline(&self) -> Option<Time> {
        if self.is_passing() && self.has_line() { self.pace.due() } else { None }
    }

    fn advance(&mut self, _now: Time) {
        if !self.has_line() {
            self.go_on();
        }
    }

    fn wire(&mut self) -> Option<&mut Wire> {
        Some(&mut self.wire)
    }

    fn is_done(&self) -> bool {
        matches!(self.state, State::Done | State::Failed(_))
    }

    fn failure(&self) -> Option<String> {
        match &self.state {
            State::Failed(reason) => Some(reason.clone()),
            _ => None,
        }
    }
}
