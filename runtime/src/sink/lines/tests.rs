//! Sinks of lines, by hand: events in, bytes and answers out.

use foreshock_spec::{Definition, Kind, Literal, Settings};

use super::*;

type Config = &'static [(&'static str, Literal)];

fn settings(row: &'static str, config: Config) -> Settings {
    let definition = Definition { path: "offramp.x", kind: Kind::Offramp, row, config };
    Settings::new(Box::leak(Box::new([definition])))
}

fn setup() -> SinkSetup<'static> {
    let random = Random::from_seed([0; 32]);
    SinkSetup { instance: "01", errors_linked: false, replayed: true, places: 1, random }
}

fn ms(ms: u64) -> Time {
    Time::ZERO.plus_ms(ms)
}

/// A sink with its driver's part in the test's hands.
struct Rig<G> {
    sink: LineSink<u64, G>,
    now: u64,
    next: u64,
    /// What the stream has taken.
    taken: Vec<u8>,
}

impl<G: Goal> Rig<G> {
    fn new(row: &'static str, config: Config) -> Rig<G> {
        let sink = LineSink::new(&settings(row, config).of(0), setup());
        Rig { sink, now: 0, next: 0, taken: Vec::new() }
    }

    /// Begins, and lets the stream open.
    fn open(row: &'static str, config: Config) -> Rig<G> {
        let mut rig = Rig::new(row, config);
        rig.step();
        rig.opens();
        rig
    }

    fn opens(&mut self) {
        assert!(matches!(self.sink.wire.command.take(), Some(Command::Connect(_))));
        self.sink.wire.state = WireState::Open;
        self.step();
    }

    /// One step; the answers as text: `0.` confirmed, `0-` failed.
    fn step(&mut self) -> String {
        self.sink.advance(ms(self.now));
        let mut answers = Vec::new();
        while let Some((tag, answer)) = self.sink.next_answer() {
            answers.push(format!("{tag}{}", if answer == Answer::Ack { '.' } else { '-' }));
        }
        self.sink.flush(ms(self.now));
        answers.join(" ")
    }

    fn push(&mut self, payload: &str) {
        let head = Head { tag: self.next, ingest_ns: 0, suspect: false };
        self.next += 1;
        assert_eq!(self.sink.push(head, payload.as_bytes()), Handed::ONE);
    }

    /// It takes no event, and says so.
    fn refuses(&mut self) -> bool {
        let head = Head { tag: 99, ingest_ns: 0, suspect: false };
        self.sink.room(false) == 0 && self.sink.push(head, b"1") == Handed::NO_ROOM
    }

    /// The stream takes so many bytes of what is there.
    fn take(&mut self, bytes: usize) -> String {
        let outgoing = &mut self.sink.wire.outgoing;
        let bytes = bytes.min(outgoing.len());
        self.taken.extend(outgoing.drain(..bytes));
        self.sink.wire.written += bytes as u64;
        self.step()
    }

    fn ends(&mut self, reason: &str) -> String {
        self.sink.wire.state = WireState::Ended(reason.to_owned());
        self.step()
    }

    /// What it wants of the driver when its time has come.
    fn command_when_due(&mut self) -> Option<Command> {
        let due = self.sink.deadline().expect("it tries again").as_duration();
        assert!(due.as_millis() <= u128::from(self.now) + 100, "the first wait is short");
        self.now += 100;
        self.step();
        self.sink.wire.command.clone()
    }
}

fn check_text(config: Config, payloads: &[&str], expected: &str) {
    let mut rig: Rig<ToStdout> = Rig::open("stdout", config);
    for payload in payloads {
        rig.push(payload);
    }
    rig.take(usize::MAX);
    assert_eq!(String::from_utf8_lossy(&rig.taken), expected, "{config:?}");
}

const EVENTS: &[&str] = &[r#"{"a":"b\n"}"#, r#""ä \"c\"""#, "7", "null"];

#[test]
fn an_event_is_a_line_of_json_or_a_text_as_it_is() {
    check_text(&[], EVENTS, "{\"a\":\"b\\n\"}\n\"ä \\\"c\\\"\"\n7\nnull\n");
    check_text(&[("codec", Literal::Str("string"))], EVENTS, "{\"a\":\"b\\n\"}\nä \"c\"\n7\nnull\n");
    check_text(&[("prefix", Literal::Str("> "))], &["1", "2"], "> 1\n> 2\n");
}

#[test]
fn an_event_is_confirmed_when_the_stream_has_taken_all_of_it() {
    let mut rig: Rig<ToStdout> = Rig::open("stdout", &[]);
    for payload in ["12", "3", "45"] {
        rig.push(payload);
    }
    let seen: Vec<String> = (0..8).map(|_| rig.take(1)).collect();
    assert_eq!(seen, ["", "", "0.", "", "1.", "", "", "2."]);
    assert_eq!(rig.sink.counts().acked, 3);
}

#[test]
fn there_is_room_while_a_stream_is_open_and_the_window_not_full() {
    let mut rig: Rig<ToStdout> = Rig::new("stdout", &[("window_events", Literal::Int(2))]);
    rig.step();
    assert_eq!((rig.sink.room(false), rig.sink.is_settled()), (0, false), "it is not open yet");
    rig.opens();
    assert_eq!((rig.sink.room(false), rig.sink.is_settled()), (2, true));
    rig.push("1");
    rig.push("2");
    assert!(rig.refuses());
    rig.take(2);
    assert_eq!(rig.sink.room(false), 1);
    let mut rig: Rig<ToStdout> = Rig::open("stdout", &[("window_bytes", Literal::Int(3))]);
    rig.push("123");
    assert_eq!(rig.sink.room(false), 0);
}

#[test]
fn a_suspect_is_alone() {
    let mut rig: Rig<ToStdout> = Rig::open("stdout", &[]);
    rig.push("1");
    assert_eq!(rig.sink.room(true), 0, "something else is unconfirmed");
    rig.take(9);
    assert_eq!(rig.sink.room(true), 1);
    assert_eq!(rig.sink.push(Head { tag: 9, ingest_ns: 0, suspect: true }, b"2"), Handed::ONE);
    assert!(rig.refuses());
    assert_eq!(rig.take(9), "9.");
}

#[test]
fn a_standard_stream_that_breaks_has_failed_for_good() {
    let mut rig: Rig<ToStdout> = Rig::open("stdout", &[]);
    rig.push("1");
    rig.push("2");
    rig.take(2);
    assert_eq!(rig.ends("writing failed: broken pipe"), "1-");
    let reason = Some("offramp.x: stdout: writing failed: broken pipe".to_owned());
    assert_eq!((rig.sink.failure(), rig.sink.room(false), rig.sink.deadline()), (reason, 0, None));
    rig.sink.close(ms(0));
    assert!(rig.sink.is_closed());
}

fn kept(command: Option<Command>) -> u64 {
    match command {
        Some(Command::Connect(Endpoint::WriteFile { path, keep })) if path == "out.json" => keep,
        other => panic!("it does not open its file, but {other:?}"),
    }
}

#[test]
fn a_file_that_breaks_is_opened_again_behind_what_was_confirmed() {
    let mut rig: Rig<ToFile> = Rig::new("file", &[("file", Literal::Str("out.json"))]);
    rig.step();
    assert_eq!(kept(rig.sink.wire.command.clone()), 0, "it is emptied at first");
    rig.opens();
    for payload in ["111", "222", "333"] {
        rig.push(payload);
    }
    assert_eq!(rig.take(6), "0.");
    assert_eq!(rig.ends("writing failed: no space"), "1- 2-");
    assert_eq!((rig.sink.room(false), rig.sink.failure()), (0, None));
    assert_eq!(kept(rig.command_when_due()), 4);
    rig.opens();
    rig.push("44");
    assert_eq!(rig.take(9), "3.");
    assert_eq!(rig.ends("writing failed: no space"), "");
    assert_eq!(kept(rig.command_when_due()), 7, "both streams' lines stay");
}

#[test]
fn a_file_that_is_broken_when_the_flow_ends_is_opened_once_more_to_cut_a_half_line_off() {
    let torn = || {
        let mut rig: Rig<ToFile> = Rig::open("file", &[("file", Literal::Str("out.json"))]);
        rig.push("111");
        rig.push("222");
        assert_eq!(rig.take(6), "0.");
        assert_eq!(rig.ends("writing failed: no space"), "1-");
        rig
    };
    let mut rig = torn();
    rig.sink.close(ms(0));
    assert_eq!((kept(rig.sink.wire.command.clone()), rig.sink.is_closed()), (4, false));
    rig.opens();
    assert!(rig.refuses());
    assert_eq!((rig.sink.wire.command.take(), rig.sink.is_closed()), (Some(Command::Finish), false));
    rig.ends("closed");
    assert!(rig.sink.is_closed());

    let mut rig = torn();
    assert_eq!(kept(rig.command_when_due()), 4);
    rig.sink.close(ms(rig.now));
    assert_eq!(
        (kept(rig.sink.wire.command.clone()), rig.sink.is_closed()),
        (4, false),
        "it is being opened already"
    );
    rig.ends("cannot open it: no such directory");
    assert!(rig.sink.is_closed(), "it is not tried again");

    let mut rig = torn();
    rig.command_when_due();
    rig.opens();
    rig.ends("writing failed: no space");
    rig.sink.close(ms(rig.now));
    assert!(rig.sink.is_closed(), "the half line was cut off before");
}

#[test]
fn a_file_that_cannot_be_opened_counts_as_tried_and_is_tried_again() {
    let mut rig: Rig<ToFile> = Rig::new("file", &[("file", Literal::Str("out.json"))]);
    rig.step();
    rig.ends("cannot open it: no such directory");
    assert!(rig.sink.is_settled());
    assert_eq!(kept(rig.command_when_due()), 0);
    rig.opens();
    rig.ends("writing failed: no space");
    let Counts { connects, failed_connects, disconnects, .. } = rig.sink.counts();
    assert_eq!((connects, failed_connects, disconnects), (1, 1, 1));
}

#[test]
fn at_the_end_what_was_taken_is_written_and_the_stream_closed() {
    let mut rig: Rig<ToStdout> = Rig::open("stdout", &[]);
    rig.push("1");
    rig.sink.close(ms(0));
    assert_eq!((rig.sink.wire.command.take(), rig.sink.is_closed()), (Some(Command::Finish), false));
    assert_eq!((rig.take(2).as_str(), rig.sink.is_closed()), ("0.", false));
    rig.ends("closed");
    assert_eq!((rig.sink.is_closed(), rig.sink.failure()), (true, None));
}

#[test]
fn a_stream_that_takes_nothing_does_not_hold_up_the_end() {
    let mut rig: Rig<ToStdout> = Rig::open("stdout", &[]);
    rig.push("1");
    rig.sink.close(ms(0));
    assert_eq!(rig.sink.deadline(), Some(ms(CLOSE_TIMEOUT_MS)));
    rig.now = CLOSE_TIMEOUT_MS;
    assert_eq!(rig.step(), "0-");
    assert_eq!((rig.sink.wire.command.clone(), rig.sink.is_closed()), (Some(Command::Abort), true));
}
