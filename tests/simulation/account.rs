//! The account of every event of the founding flow, or of its twin with the log on disk, kept from what its sinks write and what its servers receive: where each
//! event is, and that it is nowhere else. All that is promised of the flow is checked here after each step.

use std::sync::Arc;

use super::coverage::{Coverage, Seen, Sight};
use super::ledger::Ledger;
use foreshock::core::{Counts, Time};
use foreshock::testing::peers::ConnectionRecord;
use foreshock::testing::simulation::{Frame, Phase, Probe, Run, Step, Written};
use foreshock::{Builder, Value};

const SOURCE: &str = "onramp.metronome";
const SINKS: [&str; 3] = ["offramp.ws0", "offramp.ws1", "offramp.ws2"];

/// Events that a connection begins with, as the language page has it.
const START_EVENTS: u64 = 32;
/// The longest event of the flows, in bytes.
const LONGEST_EVENT: u64 = 350;
/// When all is well, an event is confirmed after that time.
const CONFIRMED_WITHIN_MS: u64 = 5;

/// Where an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the log; it was not sent yet.
    Fresh,
    /// On a connection.
    Out(usize),
    /// Back in the log, behind a connection's end.
    Back,
    /// Confirmed.
    Confirmed,
    /// Rejected by rule: servers close because of it.
    Rejected,
}

/// A connection of a sink.
#[derive(Debug)]
struct Connection {
    key: String,
    /// Where its server's record of it is, once there is one.
    record: Option<(usize, usize)>,
    sink: usize,
    /// The events that were written to it, and when.
    sent: Vec<(u64, Time)>,
    /// For each ping of it, the events that were written before.
    pings: Vec<usize>,
    /// Of `sent`, those that are confirmed or rejected; the rest is out while it lives.
    done: usize,
    confirmed: usize,
}

/// What is known of one sink.
#[derive(Debug, Default)]
struct Sink {
    connection: Option<usize>,
    counts: Counts,
    /// The greatest id of which it had the first delivery.
    last_first: Option<u64>,
    window_events: u64,
    window_bytes: u64,
}

/// The account.
#[derive(Debug)]
pub(super) struct Account {
    /// Which nodes are source, log and sinks.
    nodes: Option<(usize, usize, [usize; 3])>,
    events: Vec<Place>,
    /// How many are back.
    back: u64,
    connections: Vec<Connection>,
    sinks: [Sink; 3],
    /// The next id that is to be sent for the first time.
    next_first: u64,
    shares: Shares,
    /// Which node is the log.
    log: &'static str,
    /// Of a log on disk: what runs owe to the ones before.
    ledger: Option<Ledger>,
    run: usize,
    sight: Sight,
    coverage: Arc<Coverage>,
}

/// For each pair of sinks that both have had room for a while: how many more the one got than the other, at least and at
/// most since then, and now.
#[derive(Debug, Default)]
struct Shares {
    pairs: [(i64, i64, i64); 3],
}

impl Connection {
    fn record<'a>(&mut self, step: &Step<'a>) -> Option<&'a ConnectionRecord> {
        if self.record.is_none() {
            self.record = step.records.find(&self.key);
        }
        self.record.map(|(server, connection)| &step.records.servers[server].connections[connection])
    }
}

impl Account {
    /// Of a flow with this log, which may be on disk.
    pub(super) fn new(
        builder: &Builder,
        log: &'static str,
        ledger: Option<Ledger>,
        coverage: Arc<Coverage>,
    ) -> Account {
        let number = |path: String| match builder.setting(&path) {
            Ok(Value::Int(n)) => u64::try_from(n).unwrap_or(u64::MAX),
            other => panic!("{path} is a number, not {other:?}"),
        };
        let sink = |path: &str| Sink {
            window_events: number(format!("{path}.window_events")),
            window_bytes: number(format!("{path}.window_bytes")),
            ..Sink::default()
        };
        Account {
            nodes: None,
            events: Vec::new(),
            back: 0,
            connections: Vec::new(),
            sinks: SINKS.map(sink),
            next_first: 0,
            shares: Shares::default(),
            log,
            ledger,
            run: usize::MAX,
            sight: Sight::default(),
            coverage,
        }
    }

    /// Another run: what the last one had in memory is gone.
    fn begin_run(&mut self, step: &Step<'_>) {
        self.run = step.endings.len();
        self.events.fill(Place::Fresh);
        (self.back, self.next_first, self.shares) = (0, 0, Shares::default());
        for sink in &mut self.sinks {
            (sink.connection, sink.counts, sink.last_first) = (None, Counts::default(), None);
        }
        if let Some(ledger) = &mut self.ledger {
            ledger.begin(step);
        }
    }

    fn nodes(&mut self, step: &Step<'_>) -> (usize, usize, [usize; 3]) {
        let log = self.log;
        let find = || (step.index_of(SOURCE), step.index_of(log), SINKS.map(|path| step.index_of(path)));
        *self.nodes.get_or_insert_with(find)
    }

    /// What a sink's numbers say has happened on its connection since the last step.
    fn answers(&mut self, sink: usize, step: &Step<'_>) -> Result<(), String> {
        let (_, _, sinks) = self.nodes(step);
        let (now, before) = (step.nodes[sinks[sink]].counts, self.sinks[sink].counts);
        self.sinks[sink].counts = now;
        let (acked, rejected) = (now.acked - before.acked, now.rejected - before.rejected);
        let ended = now.disconnects > before.disconnects;
        let Some(at) = self.sinks[sink].connection else {
            let nothing = acked + rejected + (now.failed - before.failed) == 0;
            return if nothing {
                Ok(())
            } else {
                Err(format!("{} answers, without a connection", SINKS[sink]))
            };
        };
        for n in 0..acked + rejected {
            let connection = &mut self.connections[at];
            let Some((id, _)) = connection.sent.get(connection.done).copied() else {
                return Err(format!("{} answers for more events than it has sent", SINKS[sink]));
            };
            connection.done += 1;
            connection.confirmed += usize::from(n < acked);
            let place = if n < acked { Place::Confirmed } else { Place::Rejected };
            self.settle(id, at, place)?;
        }
        if acked > 0 {
            self.is_covered(at, step)?;
        }
        if ended {
            let connection = &self.connections[at];
            let left: Vec<u64> = connection.sent[connection.done..].iter().map(|(id, _)| *id).collect();
            if left.len() as u64 != now.failed - before.failed {
                return Err(format!(
                    "{} fails {} events of {}",
                    SINKS[sink],
                    now.failed - before.failed,
                    left.len()
                ));
            }
            for id in left {
                self.settle(id, at, Place::Back)?;
            }
            self.sinks[sink].connection = None;
        }
        Ok(())
    }

    /// An event that is out on a connection is there no more.
    fn settle(&mut self, id: u64, connection: usize, place: Place) -> Result<(), String> {
        let event = &mut self.events[index(id)];
        if *event != Place::Out(connection) {
            return Err(format!("event {id} is answered on connection {connection}, but it is {event:?}"));
        }
        *event = place;
        self.back += u64::from(place == Place::Back);
        self.sight.note_if(Seen::Lost, place == Place::Back);
        self.sight.note_if(Seen::Rejected, place == Place::Rejected);
        if let Some(ledger) = self.ledger.as_mut().filter(|_| place != Place::Back) {
            ledger.done(id);
        }
        Ok(())
    }

    /// What counts as confirmed was covered by pongs, on this very connection.
    fn is_covered(&mut self, at: usize, step: &Step<'_>) -> Result<(), String> {
        let connection = &mut self.connections[at];
        let record = connection.record(step);
        let lied = record.map_or(0, |record| {
            // A pong counts for the events that were sent before its ping, if that ping was sent at all.
            let number =
                |lie: &Vec<u8>| lie.last_chunk::<8>().map_or(0, |number| u64::from_be_bytes(*number));
            let before = |lie| connection.pings.get(index(number(lie)).wrapping_sub(1)).copied().unwrap_or(0);
            record.lies.iter().map(before).max().unwrap_or(0)
        });
        let covered = record.map_or(0, |record| record.covered).max(lied);
        if connection.confirmed > covered {
            let Connection { confirmed, sink, .. } = connection;
            return Err(format!(
                "{} takes {confirmed} events for confirmed, and {covered} are",
                SINKS[*sink]
            ));
        }
        Ok(())
    }

    fn wrote(&mut self, written: &Written, step: &Step<'_>, first: &mut Vec<u64>) -> Result<(), String> {
        let sink = written.wire;
        match &written.what {
            Frame::Handshake(key) => {
                self.sinks[sink].connection = Some(self.connections.len());
                self.connections.push(Connection {
                    key: key.clone(),
                    record: None,
                    sink,
                    sent: Vec::new(),
                    pings: Vec::new(),
                    done: 0,
                    confirmed: 0,
                });
                Ok(())
            }
            Frame::Event(text) => self.sent(sink, text, step, first),
            Frame::Ping(_) => {
                // A connection may become one and end in one step: then its first ping was for nothing.
                let Some(at) = self.sinks[sink].connection else { return Ok(()) };
                let sent = self.connections[at].sent.len();
                self.connections[at].pings.push(sent);
                Ok(())
            }
            Frame::Pong(_) | Frame::Close => Ok(()),
        }
    }

    fn sent(&mut self, sink: usize, text: &str, step: &Step<'_>, first: &mut Vec<u64>) -> Result<(), String> {
        let id = id_of(text)?;
        let at =
            self.sinks[sink].connection.ok_or_else(|| format!("event {id} is sent without a connection"))?;
        let connection = &mut self.connections[at];
        let record = connection.record(step);
        if !record.is_some_and(|record| record.pongs > 0 || !record.lies.is_empty()) {
            return Err(format!("event {id} is sent to a server that has answered no ping"));
        }
        connection.sent.push((id, step.now));
        let Some(place) = self.events.get_mut(index(id)) else {
            return Err(format!("event {id} is sent, and was never made"));
        };
        if let Some(ledger) = self.ledger.as_mut().filter(|_| *place == Place::Fresh) {
            ledger.handed_on(id, text)?;
        }
        match place {
            Place::Fresh => {
                first.push(id);
                if self.sinks[sink].last_first.is_some_and(|last| last > id) {
                    return Err(format!(
                        "{} gets event {id} for the first time, behind a later one",
                        SINKS[sink]
                    ));
                }
                self.sinks[sink].last_first = Some(id);
            }
            Place::Back => {
                self.back -= 1;
                self.sight.note(Seen::Repeated);
            }
            Place::Out(_) | Place::Confirmed | Place::Rejected => {
                return Err(format!("event {id} is sent once more, while it is {place:?}"));
            }
        }
        *place = Place::Out(at);
        Ok(())
    }

    /// First deliveries go in order, and behind all that must be repeated, but for suspects that wait for another one.
    fn first_deliveries(&mut self, mut first: Vec<u64>, may_have_suspects: bool) -> Result<(), String> {
        first.sort_unstable();
        for id in &first {
            // A later run hands on what it found, and that is not all that there was.
            while let Some(ledger) = &self.ledger
                && self.next_first < *id
                && ledger.may_be_missing(self.next_first)
            {
                self.next_first += 1;
            }
            if *id != self.next_first {
                return Err(format!("event {id} is sent, and event {} was not", self.next_first));
            }
            self.next_first += 1;
        }
        if self.back > 0 && !first.is_empty() && !may_have_suspects {
            return Err(format!("event {} is sent, while {} that failed are waiting", first[0], self.back));
        }
        Ok(())
    }

    /// The numbers of the nodes are what the account says.
    fn numbers(&mut self, step: &Step<'_>) -> Result<(), String> {
        let (source, log, _) = self.nodes(step);
        self.sight.note_if(Seen::Full, !step.nodes[log].has_room && step.nodes[log].counts.pending > 0);
        let (source, log) = (step.nodes[source].counts, step.nodes[log].counts);
        let mut out = 0;
        for (sink, path) in self.sinks.iter().zip(SINKS) {
            let left =
                sink.connection.map_or(0, |at| self.connections[at].sent.len() - self.connections[at].done);
            let Counts { pending, pending_bytes, .. } = sink.counts;
            if pending != left as u64 {
                return Err(format!("{path} says that {pending} events are unconfirmed, and {left} are"));
            }
            let confirmed = sink.connection.map_or(0, |at| self.connections[at].confirmed) as u64;
            let most = sink.window_events.min(START_EVENTS + confirmed);
            if pending > most || pending_bytes >= sink.window_bytes + LONGEST_EVENT {
                return Err(format!(
                    "{path} has {pending} events in its window, {pending_bytes} bytes; {most} may be"
                ));
            }
            self.sight.note_if(Seen::Grown, pending > START_EVENTS);
            out += pending;
        }
        let in_flight = (log.emitted - log.acked).checked_sub(log.failed);
        if in_flight != Some(out) {
            return Err(format!("the log believes {in_flight:?} events out, and {out} are: {log:?}"));
        }
        let kept = if self.ledger.is_some() { source.pending } else { log.pending };
        if (source.pending, source.stale, log.stale, log.parked) != (kept, 0, 0, 0) {
            return Err(format!("source and log do not agree: {source:?}, {log:?}"));
        }
        Ok(())
    }

    /// When all is well, nothing waits.
    fn is_prompt(&self, now: Time) -> Result<(), String> {
        for connection in self.sinks.iter().filter_map(|sink| sink.connection) {
            let Connection { sent, done, sink, .. } = &self.connections[connection];
            if let Some((id, at)) = sent.get(*done)
                && at.plus_ms(CONFIRMED_WITHIN_MS) < now
            {
                return Err(format!(
                    "{} has waited since {:?} for event {id}",
                    SINKS[*sink],
                    at.as_duration()
                ));
            }
        }
        Ok(())
    }
}

impl Shares {
    /// Sinks that have room after a step had it while events were shared out in it.
    fn step(&mut self, step: &Step<'_>, sinks: [usize; 3]) -> Result<(), String> {
        let mut sent = [0_i64; 3];
        for written in step.written {
            sent[written.wire] += i64::from(matches!(written.what, Frame::Event(_)));
        }
        let room = sinks.map(|index| step.nodes[index].has_room);
        for (pair, (a, b)) in self.pairs.iter_mut().zip([(0, 1), (0, 2), (1, 2)]) {
            if !(room[a] && room[b]) {
                *pair = (0, 0, 0);
                continue;
            }
            let (least, most, now) = pair;
            *now += sent[a] - sent[b];
            (*least, *most) = ((*least).min(*now), (*most).max(*now));
            if *most - *least > 1 {
                return Err(format!("{} and {} have room and do not take turns", SINKS[a], SINKS[b]));
            }
        }
        Ok(())
    }
}

impl Probe for Account {
    fn step(&mut self, step: &Step<'_>) -> Result<(), String> {
        let (source, _, sinks) = self.nodes(step);
        if self.run != step.endings.len() {
            self.begin_run(step);
        }
        let source = step.nodes[source].counts;
        let mut made = index(source.taken);
        if let Some(ledger) = &mut self.ledger {
            ledger.exchange(step)?;
            ledger.upstream(source.acked)?;
            made = ledger.ids();
        }
        self.events.resize(made.max(self.events.len()), Place::Fresh);
        for sink in 0..SINKS.len() {
            self.answers(sink, step)?;
        }
        let mut first = Vec::new();
        for written in step.written {
            self.wrote(written, step, &mut first)?;
        }
        let may_have_suspects = step.records.servers.iter().any(|server| server.has_complained);
        self.first_deliveries(first, may_have_suspects)?;
        self.numbers(step)?;
        // A suspect finds less room than others: then shares say nothing.
        if !may_have_suspects {
            self.shares.step(step, sinks)?;
        }
        if step.phase >= Phase::Steady { self.is_prompt(step.now) } else { Ok(()) }
    }

    fn end(&mut self, run: &Run) -> Result<(), String> {
        for connection in &self.connections {
            let Some(record) = run.records.connection(&connection.key) else { continue };
            let received: Result<Vec<u64>, String> =
                record.messages.iter().map(|message| id_of(&message.text)).collect();
            let (received, sent) = (received?, &connection.sent);
            if received.len() > sent.len() || received.iter().zip(sent).any(|(got, (id, _))| got != id) {
                return Err(format!("{} received something else than was sent", SINKS[connection.sink]));
            }
            if record.lies.is_empty() && connection.confirmed > received.len() {
                return Err(format!("{} has not received what it has confirmed", SINKS[connection.sink]));
            }
        }
        let rejected = self.events.iter().filter(|place| **place == Place::Rejected).count();
        if rejected > 0 && !run.records.servers.iter().any(|server| server.has_complained) {
            return Err(format!("{rejected} events were rejected, and nobody has complained"));
        }
        self.sight.note_if(Seen::Lied, run.records.servers.iter().any(|server| server.has_lied));
        let of_runs = self.ledger.as_ref().map(Ledger::sight).unwrap_or_default();
        self.coverage.add([self.sight, of_runs]);
        if let Some(ledger) = &self.ledger {
            return ledger.end();
        }
        let unfinished = |place: &Place| !matches!(place, Place::Confirmed | Place::Rejected);
        if let Some(id) = self.events.iter().position(unfinished) {
            return Err(format!("event {id} is {:?} at the end", self.events[id]));
        }
        Ok(())
    }
}

fn index(id: u64) -> usize {
    usize::try_from(id).expect("few events are made")
}

fn id_of(text: &str) -> Result<u64, String> {
    let id = text.split_once("\"id\":").and_then(|(_, rest)| rest.split(',').next());
    id.and_then(|id| id.parse().ok()).ok_or_else(|| format!("no event of this flow: {text}"))
}
