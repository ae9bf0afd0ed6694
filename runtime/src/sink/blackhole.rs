//! The `blackhole` sink: takes events, forgets them and confirms them. It can be told to be slow, to fail, and to give no
//! room, so that a flow can be tried without peers.

use super::turn::SuspectsTurn;
use crate::core::{Answer, Counts, Handed, Head, Sink, SinkError, SinkSetup, Tag, Time, Wire};
use foreshock_spec::NodeSettings;
use std::collections::VecDeque;

/// The settings of a blackhole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlackholeConfig {
    /// An event is confirmed so many milliseconds after it came; 0: the next time that answers are asked for.
    pub delay: u64,
    /// Every so many events, counted from the first, one fails instead; 0: none.
    pub fail_every: u64,
    /// Events that may be unconfirmed at a time; 0: there is never room.
    pub capacity: u64,
}

impl From<&NodeSettings<'_>> for BlackholeConfig {
    fn from(settings: &NodeSettings<'_>) -> BlackholeConfig {
        BlackholeConfig {
            delay: settings.u64("delay"),
            fail_every: settings.u64("fail_every"),
            capacity: settings.u64("capacity"),
        }
    }
}

/// A sink without a peer: answers in the order in which events came.
#[derive(Debug)]
pub struct Blackhole<T> {
    config: BlackholeConfig,
    /// All results that one event can have here: so many may be there of a suspect.
    suspect_places: u64,
    /// At most `capacity`.
    unconfirmed: VecDeque<Unconfirmed<T>>,
    suspects_turn: SuspectsTurn,
    now: Time,
    closed: bool,
    counts: Counts,
}

#[derive(Debug)]
struct Unconfirmed<T> {
    tag: T,
    bytes: u64,
    suspect: bool,
    due: Time,
    answer: Answer,
}

impl<T: Tag> Blackhole<T> {
    /// With the settings of its row. A capacity of 0 stays 0: never room.
    pub fn new(settings: &NodeSettings<'_>, setup: SinkSetup<'_>) -> Blackhole<T> {
        let mut config = BlackholeConfig::from(settings);
        let places = u64::from(setup.places);
        if config.capacity > 0 {
            config.capacity = config.capacity.max(places);
        }
        Blackhole { suspect_places: places, ..Blackhole::with_config(config) }
    }

    /// With settings of one's own.
    pub fn with_config(config: BlackholeConfig) -> Blackhole<T> {
        Blackhole {
            config,
            suspect_places: 1,
            unconfirmed: VecDeque::new(),
            suspects_turn: SuspectsTurn::default(),
            now: Time::ZERO,
            closed: false,
            counts: Counts::default(),
        }
    }

    /// How many events fit beside those that it holds. A suspect is alone: it waits until nothing is unconfirmed, and
    /// nothing else comes until it is confirmed.
    #[inline]
    fn places(&self, suspect: bool) -> u64 {
        let alone = self.unconfirmed.front().is_some_and(|front| front.suspect);
        let held = self.unconfirmed.len() as u64;
        if self.closed || (suspect && held > 0 && !alone) || (alone && !suspect) {
            return 0;
        }
        let most = if suspect { self.config.capacity.min(self.suspect_places) } else { self.config.capacity };
        most.saturating_sub(held)
    }
}

impl<T: Tag> Sink<T> for Blackhole<T> {
    #[inline]
    fn room(&self, suspect: bool) -> u32 {
        let places = self.places(suspect);
        if suspect && places == 0 && !self.unconfirmed.is_empty() {
            self.suspects_turn.claim();
        }
        let waits = !suspect && self.suspects_turn.is_claimed();
        if waits { 0 } else { u32::try_from(places).unwrap_or(u32::MAX) }
    }

    #[inline]
    fn push(&mut self, head: Head<T>, payload: &[u8]) -> Handed {
        if self.places(head.suspect) == 0 {
            return Handed::NO_ROOM;
        }
        if head.suspect {
            self.suspects_turn.end();
        }
        self.counts.taken += 1;
        self.counts.pending += 1;
        self.counts.pending_bytes += payload.len() as u64;
        let every = self.config.fail_every;
        let fails = every > 0 && self.counts.taken.is_multiple_of(every);
        self.unconfirmed.push_back(Unconfirmed {
            tag: head.tag,
            bytes: payload.len() as u64,
            suspect: head.suspect,
            due: self.now.plus_ms(self.config.delay),
            answer: if fails { Answer::Fail } else { Answer::Ack },
        });
        Handed::ONE
    }

    fn advance(&mut self, now: Time) {
        self.now = now;
        self.suspects_turn.step();
    }

    fn flush(&mut self, now: Time) {
        self.now = now;
    }

    #[inline]
    fn next_answer(&mut self) -> Option<(T, Answer)> {
        let front = self.unconfirmed.front()?;
        let is_due = front.due <= self.now;
        if !is_due && !self.closed {
            return None;
        }
        let front = self.unconfirmed.pop_front()?;
        let answer = if is_due { front.answer } else { Answer::Fail };
        match answer {
            Answer::Ack => self.counts.acked += 1,
            Answer::Fail | Answer::Suspect => self.counts.failed += 1,
        }
        self.counts.pending -= 1;
        self.counts.pending_bytes -= front.bytes;
        Some((front.tag, answer))
    }

    /// It rejects nothing.
    fn next_error(&mut self) -> Option<SinkError<T>> {
        None
    }

    fn deadline(&self) -> Option<Time> {
        let due = self.unconfirmed.front().map(|front| front.due);
        Time::earliest(due, self.suspects_turn.deadline(self.now))
    }

    fn wire(&mut self) -> Option<&mut Wire> {
        None
    }

    fn is_settled(&self) -> bool {
        true
    }

    /// What is not confirmed yet fails: its time will not come.
    fn close(&mut self, now: Time) {
        self.now = now;
        self.closed = true;
    }

    fn is_closed(&self) -> bool {
        self.closed
    }

    fn counts(&self) -> Counts {
        self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Random;

    fn blackhole(delay: u64, fail_every: u64, capacity: u64) -> Blackhole<u64> {
        Blackhole::with_config(BlackholeConfig { delay, fail_every, capacity })
    }

    fn setup() -> SinkSetup<'static> {
        SinkSetup {
            instance: "01",
            errors_linked: false,
            replayed: true,
            places: 1,
            random: Random::from_seed([0; 32]),
        }
    }

    #[test]
    fn the_settings_are_those_of_its_row() {
        use foreshock_spec::{Definition, Kind, Literal, Settings};
        static DEFINITIONS: [Definition; 2] = [
            Definition { path: "offramp.b", kind: Kind::Offramp, row: "blackhole", config: &[] },
            Definition {
                path: "offramp.c",
                kind: Kind::Offramp,
                row: "blackhole",
                config: &[
                    ("delay", Literal::Int(1)),
                    ("fail_every", Literal::Int(2)),
                    ("capacity", Literal::Int(3)),
                ],
            },
        ];
        let settings = Settings::new(&DEFINITIONS);
        let check = |index: usize, delay, fail_every, capacity| {
            let sink = Blackhole::<u64>::new(&settings.of(index), setup());
            assert_eq!(sink.config, BlackholeConfig { delay, fail_every, capacity });
        };
        check(0, 0, 0, 1024);
        check(1, 1, 2, 3);
    }

    fn head(tag: u64, suspect: bool) -> Head<u64> {
        Head { tag, ingest_ns: 0, suspect }
    }

    fn answers(sink: &mut Blackhole<u64>) -> String {
        let mut text = String::new();
        while let Some((tag, answer)) = sink.next_answer() {
            text += &format!("{tag}{} ", if answer == Answer::Ack { '.' } else { '-' });
        }
        text.trim_end().to_owned()
    }

    /// One event per entry of `pushes` (milliseconds), numbered from 0; what is answered at which of `polls`?
    fn check_answers(sink: Blackhole<u64>, pushes: &[u64], polls: &[(u64, &str)]) {
        let mut sink = sink;
        let mut pushes = pushes.iter().enumerate().peekable();
        for &(at, expected) in polls {
            while let Some((tag, &time)) = pushes.next_if(|&(_, &time)| time <= at) {
                sink.advance(Time::ZERO.plus_ms(time));
                assert_eq!(sink.push(head(tag as u64, false), b"12345"), Handed::ONE);
                sink.flush(Time::ZERO.plus_ms(time));
            }
            sink.advance(Time::ZERO.plus_ms(at));
            let is_due = sink.deadline().is_some_and(|deadline| deadline <= Time::ZERO.plus_ms(at));
            assert_eq!(is_due, !expected.is_empty(), "the deadline at {at} ms");
            assert_eq!(answers(&mut sink), expected, "at {at} ms");
        }
        assert!(pushes.next().is_none());
    }

    #[test]
    fn without_delay_events_are_confirmed_at_the_next_poll_in_order() {
        check_answers(blackhole(0, 0, 9), &[5, 5, 6], &[(4, ""), (5, "0. 1."), (6, "2."), (7, "")]);
    }

    #[test]
    fn with_a_delay_events_are_confirmed_so_much_later_in_order() {
        let polls = [(10, ""), (109, ""), (110, "0."), (119, ""), (200, "1. 2."), (900, "")];
        check_answers(blackhole(100, 0, 9), &[10, 20, 30], &polls);
    }

    #[test]
    fn every_nth_event_fails() {
        check_answers(blackhole(0, 3, 9), &[0; 7], &[(0, "0. 1. 2- 3. 4. 5- 6.")]);
        check_answers(blackhole(0, 1, 9), &[0; 2], &[(0, "0- 1-")]);
    }

    /// Pushes `tags` (`!` behind one: a suspect) until one finds no room; asks for the room, plain and for a suspect.
    fn check_room(capacity: u64, tags: &str, expected: (u32, u32)) {
        let mut sink = blackhole(1, 0, capacity);
        for (tag, word) in tags.split_whitespace().enumerate() {
            assert_eq!(sink.push(head(tag as u64, word.ends_with('!')), b""), Handed::ONE, "{tags}");
        }
        assert_eq!((sink.room(false), sink.room(true)), expected, "capacity {capacity}, holds {tags:?}");
        for (suspect, room) in [(false, expected.0), (true, expected.1)] {
            if room == 0 {
                assert_eq!(sink.push(head(99, suspect), b""), Handed::NO_ROOM);
            }
        }
        assert_eq!(
            sink.counts().pending,
            tags.split_whitespace().count() as u64,
            "took nothing without room"
        );
    }

    #[test]
    fn room_is_what_the_capacity_leaves() {
        check_room(3, "", (3, 1));
        check_room(3, "a b", (1, 0));
        check_room(3, "a b c", (0, 0));
        check_room(u64::MAX, "", (u32::MAX, 1));
    }

    #[test]
    fn with_a_capacity_of_zero_there_is_never_room() {
        check_room(0, "", (0, 0));
    }

    #[test]
    fn a_suspect_is_taken_only_alone_and_nothing_beside_it() {
        check_room(3, "a!", (0, 0));
        check_room(3, "a", (2, 0));
    }

    /// A step begins at so many milliseconds: answers, then the room for others.
    fn step(sink: &mut Blackhole<u64>, at: u64) -> u32 {
        sink.advance(Time::ZERO.plus_ms(at));
        answers(sink);
        sink.room(false)
    }

    #[test]
    fn one_that_another_log_keeps_full_lets_a_suspect_in() {
        let mut sink = blackhole(10, 0, 3);
        let steps = (0..1000).find(|&at| {
            while step(&mut sink, at) > 0 {
                assert_eq!(sink.push(head(0, false), b""), Handed::ONE);
            }
            at >= 100 && sink.room(true) > 0
        });
        assert!(steps.is_some_and(|at| at <= 111), "{steps:?}");
        assert_eq!(sink.push(head(1, true), b""), Handed::ONE);
        assert_eq!((step(&mut sink, 200), sink.counts().pending), (3, 0));
    }

    #[test]
    fn a_suspect_that_went_elsewhere_holds_nobody_up() {
        let mut sink = blackhole(10, 0, 3);
        assert_eq!(sink.push(head(0, false), b""), Handed::ONE);
        assert_eq!((sink.room(true), sink.room(false)), (0, 0));
        assert_eq!(step(&mut sink, 10), 0, "it may still come");
        assert_eq!(sink.deadline(), Some(Time::ZERO.plus_ms(10)), "the next step comes at once");
        assert_eq!(step(&mut sink, 10), 3);
        assert_eq!(sink.deadline(), None);
    }

    #[test]
    fn it_counts_what_it_took_confirmed_and_failed() {
        let mut sink = blackhole(0, 2, 9);
        for tag in 0..3 {
            assert_eq!(sink.push(head(tag, false), b"1234"), Handed::ONE);
        }
        let expected = Counts { taken: 3, pending: 3, pending_bytes: 12, ..Counts::default() };
        assert_eq!(sink.counts(), expected);
        assert_eq!(answers(&mut sink), "0. 1- 2.");
        assert_eq!(sink.counts(), Counts { taken: 3, acked: 2, failed: 1, ..Counts::default() });
    }

    #[test]
    fn closed_it_takes_nothing_and_fails_what_it_had_not_confirmed() {
        let mut sink = blackhole(50, 0, 9);
        assert_eq!(sink.push(head(0, false), b""), Handed::ONE);
        sink.advance(Time::ZERO.plus_ms(40));
        assert_eq!(sink.push(head(1, false), b""), Handed::ONE);
        assert!(sink.is_settled() && !sink.is_closed());
        sink.close(Time::ZERO.plus_ms(60));
        assert!(sink.is_closed());
        assert_eq!((sink.room(false), sink.room(true)), (0, 0));
        assert_eq!(answers(&mut sink), "0. 1-");
    }
}
