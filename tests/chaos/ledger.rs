//! The account of a run: which events arrived, how often, and whether an id stands for one event only.

use serde_json::Value;

use super::flows::SOURCES;

/// Ids that are beyond all that a run can make are a mistake, and must not cost memory.
const MOST_IDS: u64 = 1 << 31;
/// Most events that a verdict names.
const NAMED: usize = 10;

/// An event, as a server or a log on disk has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// Which metronome has made it.
    pub(super) source: usize,
    /// What it is called there.
    pub(super) id: u64,
    /// When it was made. Tells events apart that have the same id.
    pub(super) ingest_ns: u64,
}

impl Event {
    /// Reads its JSON.
    pub(super) fn parse(json: &str) -> Option<Event> {
        Event::of(&serde_json::from_str(json).ok()?)
    }

    /// The event that this value is.
    pub(super) fn of(value: &Value) -> Option<Event> {
        let number = |name| value.get(name).and_then(Value::as_u64);
        let source = usize::try_from(number("source")?).ok().filter(|source| *source < SOURCES)?;
        let id = number("id").filter(|id| *id < MOST_IDS)?;
        Some(Event { source, id, ingest_ns: number("ingest_ns").filter(|time| *time > 0)? })
    }
}

/// What is known of an id.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// 0: never seen.
    ingest_ns: u64,
    times: u32,
}

/// Every event of a run.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    places: [Vec<Place>; SOURCES],
    /// Events of which a log on disk has said that it has them.
    promised: Vec<Event>,
    arrivals: u64,
    repeats: u64,
    /// Those whose id had another event before.
    mistaken: Vec<Event>,
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Different events that arrived.
    pub(super) events: u64,
    /// Arrivals beyond the first of each event.
    pub(super) repeats: u64,
    /// Events that were made, or promised by a log on disk, and never arrived.
    pub(super) lost: u64,
    /// Events whose id was another one's before, or stands behind the last that was made.
    pub(super) mistaken: u64,
    /// The first of these, as metronome and id.
    pub(super) named: Vec<(usize, u64)>,
}

impl Ledger {
    /// Nothing yet.
    pub(super) fn new() -> Ledger {
        Ledger {
            places: [const { Vec::new() }; SOURCES],
            promised: Vec::new(),
            arrivals: 0,
            repeats: 0,
            mistaken: Vec::new(),
        }
    }

    /// A server has recorded it.
    pub(super) fn arrived(&mut self, event: Event) {
        let places = &mut self.places[event.source];
        let at = usize::try_from(event.id).expect("ids are below the limit");
        if at >= places.len() {
            places.resize(at + 1, Place::default());
        }
        let place = &mut places[at];
        self.arrivals += 1;
        if place.times == 0 {
            place.ingest_ns = event.ingest_ns;
        } else if place.ingest_ns == event.ingest_ns {
            self.repeats += 1;
        } else {
            self.mistaken.push(event);
        }
        place.times += 1;
    }

    /// A log on disk has it, and nobody has confirmed it: it must arrive, in this run or a later one.
    pub(super) fn promised(&mut self, event: Event) {
        self.promised.push(event);
    }

    /// How many different events have arrived.
    pub(super) fn events(&self) -> u64 {
        self.arrivals - self.repeats - self.mistaken.len() as u64
    }

    /// How many promises there were.
    pub(super) fn promises(&self) -> usize {
        self.promised.len()
    }

    /// Judges, when all is over: of each metronome, exactly the ids below `made` are to have arrived.
    pub(super) fn verdict(&self, made: &[u64; SOURCES]) -> Verdict {
        let mut verdict = Verdict { events: self.events(), repeats: self.repeats, ..Verdict::default() };
        for (source, (places, made)) in self.places.iter().zip(made).enumerate() {
            for id in 0..*made {
                let place = usize::try_from(id).ok().and_then(|at| places.get(at));
                if place.is_none_or(|place| place.times == 0) {
                    verdict.lost += 1;
                    verdict.name(source, id);
                }
            }
            let ids = places.len() as u64;
            for id in *made..ids {
                verdict.mistaken += 1;
                verdict.name(source, id);
            }
        }
        for event in &self.mistaken {
            verdict.mistaken += 1;
            verdict.name(event.source, event.id);
        }
        for event in &self.promised {
            let place = self.places[event.source].get(usize::try_from(event.id).expect("below the limit"));
            let is_lost = match place.filter(|place| place.times > 0) {
                Some(place) => place.ingest_ns != event.ingest_ns,
                // If it counts as made, it was missed above.
                None => event.id >= made[event.source],
            };
            if is_lost {
                verdict.lost += 1;
                verdict.name(event.source, event.id);
            }
        }
        verdict
    }
}

impl Default for Ledger {
    fn default() -> Ledger {
        Ledger::new()
    }
}

impl Verdict {
    fn name(&mut self, source: usize, id: u64) {
        if self.named.len() < NAMED {
            self.named.push((source, id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An event of the first metronome.
    fn event(id: u64, ingest_ns: u64) -> Event {
        Event { source: 0, id, ingest_ns }
    }

    #[test]
    fn an_event_is_read_or_refused() {
        fn check(json: &str, expected: Option<Event>) {
            assert_eq!(Event::parse(json), expected, "{json}");
        }
        let whole = r#"{"onramp":"metronome","id":3,"ingest_ns":9,"hostname":"h","source":7}"#;
        check(whole, Some(Event { source: 7, id: 3, ingest_ns: 9 }));
        check(&whole[..whole.len() - 1], None);
        check(r#"{"id":3,"ingest_ns":9,"source":8}"#, None);
        check(r#"{"id":3,"ingest_ns":0,"source":1}"#, None);
        check(r#"{"id":99999999999,"ingest_ns":9,"source":1}"#, None);
        check(r#"{"ingest_ns":9,"source":1}"#, None);
    }

    #[test]
    fn what_is_lost_repeated_or_mistaken_is_found() {
        /// Of so many ids of the first metronome, with these arrivals and promises: events, repeats, lost, mistaken.
        fn check(made: u64, arrived: &[(u64, u64)], promised: &[(u64, u64)], expected: [u64; 4]) {
            let mut ledger = Ledger::new();
            arrived.iter().for_each(|&(id, time)| ledger.arrived(event(id, time)));
            promised.iter().for_each(|&(id, time)| ledger.promised(event(id, time)));
            let verdict = ledger.verdict(&[made, 0, 0, 0, 0, 0, 0, 0]);
            let found = [verdict.events, verdict.repeats, verdict.lost, verdict.mistaken];
            assert_eq!(found, expected, "{made} made, {arrived:?}, {promised:?}: {verdict:?}");
        }
        check(0, &[], &[], [0, 0, 0, 0]);
        check(2, &[(1, 7), (0, 5)], &[], [2, 0, 0, 0]);
        check(3, &[(0, 5), (2, 9)], &[], [2, 0, 1, 0]);
        check(2, &[(0, 5)], &[], [1, 0, 1, 0]);
        check(2, &[(0, 5), (1, 7), (1, 7), (0, 5), (1, 7)], &[], [2, 3, 0, 0]);
        check(2, &[(0, 5), (1, 7), (1, 8)], &[], [2, 0, 0, 1]);
        check(1, &[(0, 5), (1, 7)], &[], [2, 0, 0, 1]);
        check(2, &[(0, 5), (1, 7)], &[(1, 7)], [2, 0, 0, 0]);
        check(2, &[(0, 5), (1, 7)], &[(1, 8)], [2, 0, 1, 0]);
        check(1, &[(0, 5)], &[(1, 8)], [1, 0, 1, 0]);
        check(2, &[(0, 5)], &[(1, 8)], [1, 0, 1, 0]);
    }

    #[test]
    fn the_first_culprits_are_named() {
        let mut ledger = Ledger::new();
        ledger.arrived(Event { source: 3, id: 1, ingest_ns: 5 });
        let verdict = ledger.verdict(&[0, 0, 0, 2, 20, 0, 0, 0]);
        assert_eq!((verdict.lost, verdict.named.len()), (21, NAMED));
        assert_eq!(verdict.named[..2], [(3, 0), (4, 0)]);
    }
}
