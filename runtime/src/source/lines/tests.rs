//! Sources of lines, by hand: bytes in, events out.

use foreshock_spec::{Definition, Kind, Literal, Settings};

use super::*;

type Config = &'static [(&'static str, Literal)];

fn settings(row: &'static str, config: Config) -> Settings {
    let definition = Definition { path: "onramp.x", kind: Kind::Onramp, row, config };
    Settings::new(Box::leak(Box::new([definition])))
}

fn file(config: Config) -> ReadFile {
    let all: Vec<_> = [("source", Literal::Str("x.json"))].iter().chain(config).copied().collect();
    ReadFile::new(&settings("file", Box::leak(all.into_boxed_slice())).of(0))
}

fn ms(ms: u64) -> Time {
    Time::ZERO.plus_ms(ms)
}

/// Does what the driver does with a wire: more bytes have come, or the end.
fn give<O: Origin>(source: &mut LineSource<O>, bytes: &[u8], end: Option<Result<(), &str>>) {
    let wire = Source::wire(source).expect("it reads");
    wire.command = None;
    wire.incoming.extend_from_slice(bytes);
    wire.state = match end {
        None => WireState::Open,
        Some(Ok(())) => WireState::Ended("the peer closed the connection".to_owned()),
        Some(Err(reason)) => WireState::Ended(reason.to_owned()),
    };
    wire.at_end = end == Some(Ok(()));
}

/// All events that there are now, as text; what is refused as `error / line`.
fn events<O: Origin>(source: &mut LineSource<O>, now: Time) -> Vec<String> {
    source.advance(now);
    let mut events = Vec::new();
    while source.is_due(now) {
        events.push(match source.make(now, 0) {
            Ok(event) => event.to_string(),
            Err(RefusedLine { error, line }) => format!("{error} / {line}"),
        });
        assert!(events.len() < 1000, "it has no end");
    }
    events
}

/// Every way to cut `input` into three pieces gives these events.
fn check(config: Config, input: &[u8], expected: &[&str]) {
    for first in 0..=input.len() {
        for second in first..=input.len() {
            let mut source = file(config);
            source.start(ms(0));
            let mut seen = Vec::new();
            for piece in [&input[..first], &input[first..second], &input[second..]] {
                give(&mut source, piece, None);
                seen.extend(events(&mut source, ms(1)));
                assert!(!source.is_done());
            }
            give(&mut source, b"", Some(Ok(())));
            seen.extend(events(&mut source, ms(1)));
            assert_eq!(seen, expected, "cut at {first} and {second}: {:?}", String::from_utf8_lossy(input));
            assert_eq!((source.is_done(), source.failure()), (true, None));
        }
    }
}

const STRING: Config = &[("codec", Literal::Str("string"))];

#[test]
fn each_line_is_an_event_wherever_the_pieces_are_cut() {
    check(&[], b"1\n{\"a\":[2,\"\xc3\xa4\"]}\nnull\n", &["1", "{\"a\":[2,\"\u{e4}\"]}", "null"]);
    check(STRING, b"a\n b \n\"c\n", &["\"a\"", "\" b \"", "\"\\\"c\""]);
}

#[test]
fn a_carriage_return_before_the_line_feed_belongs_to_the_end() {
    check(STRING, b"a\r\nb\rc\r\n\r\r\n", &["\"a\"", "\"b\\rc\"", "\"\\r\""]);
}

#[test]
fn a_byte_order_mark_is_skipped_at_the_very_start_and_nowhere_else() {
    check(&[], b"\xef\xbb\xbf{\"a\":1}\n2\n", &["{\"a\":1}", "2"]);
    check(STRING, b"\xef\xbb\xbfa", &["\"a\""]);
    check(STRING, b"\xef\xbb\xbf\r\nb\n", &["\"b\""]);
    check(STRING, b"\xef\xbb\xbf", &[]);
    check(STRING, b"a\n\xef\xbb\xbfb", &["\"a\"", "\"\u{feff}b\""]);
    check(STRING, b"\n\xef\xbb\xbfb", &["\"\u{feff}b\""]);
    check(STRING, b"\xef\xbb\xbf\xef\xbb\xbfb", &["\"\u{feff}b\""]);
    check(STRING, b"\xef\xbbb", &["line 1 is not UTF-8 / \u{fffd}b"]);
    // It does not count as part of the line.
    check(SHORT, b"\xef\xbb\xbfabcd\r\nabcd", &["\"abcd\""; 2]);
    let error = "line 1 has 5 bytes, more than `max_event_bytes` of its onramp, 4 / abcde";
    check(SHORT, b"\xef\xbb\xbfabcde\nb", &[error, "\"b\""]);
}

#[test]
fn a_blaster_skips_it_in_each_pass() {
    let mut source = blaster(&[("source", Literal::Str("x.json")), ("iters", Literal::Int(2))]);
    give(&mut source, b"\xef\xbb\xbf1\n2", Some(Ok(())));
    assert_eq!(events(&mut source, ms(1)), ["1", "2", "1", "2"]);
}

#[test]
fn the_last_line_needs_no_end_and_empty_lines_are_none() {
    check(STRING, b"\n\na\n\r\n\nb", &["\"a\"", "\"b\""]);
    check(STRING, b"a\r", &["\"a\""]);
    check(STRING, b"", &[]);
    check(STRING, b"\n\r\n\r", &[]);
}

#[test]
fn a_line_that_is_no_event_is_refused_and_the_next_one_is_not() {
    check(
        &[],
        b"1\n{x\n2\n",
        &["1", "line 2 is no JSON: the name of a field stands in double quotes (column 2) / {x", "2"],
    );
    check(
        &[],
        b"\n\r\n1\n\nx\r\n\ny",
        &[
            "1",
            "line 5 is no JSON: no value begins like this; a string stands in double quotes (column 1) / x",
            "line 7 is no JSON: no value begins like this; a string stands in double quotes (column 1) / y",
        ],
    );
    check(STRING, b"\xff!\nb\n", &["line 1 is not UTF-8 / \u{fffd}!", "\"b\""]);
}

const SHORT: Config = &[("codec", Literal::Str("string")), ("max_event_bytes", Literal::Int(4))];

#[test]
fn a_line_of_the_greatest_length_is_let_in_and_a_longer_one_is_not() {
    let error = |number: u64, bytes: u64| {
        format!("line {number} has {bytes} bytes, more than `max_event_bytes` of its onramp, 4")
    };
    let longer = [format!("{} / abcde", error(1, 5)), format!("{} / abcdefghij", error(3, 10))];
    check(SHORT, b"abcd\nabcd\r\nabcd", &["\"abcd\""; 3]);
    check(SHORT, b"abcde\nb\nabcdefghij\nc", &[&longer[0], "\"b\"", &longer[1], "\"c\""]);
    check(SHORT, b"abcde", &[&longer[0]]);
}

#[test]
fn of_a_line_without_end_only_its_beginning_is_held() {
    let mut source = file(&[("max_event_bytes", Literal::Int(100_000))]);
    source.start(ms(0));
    for _ in 0..100 {
        give(&mut source, &[b'x'; 50_000], None);
        assert_eq!(events(&mut source, ms(1)), [""; 0]);
        assert!(source.wire.incoming.is_empty(), "it is skipped, so that more can come");
        assert!(source.cutter.held() <= 200_000, "{} bytes are held", source.cutter.held());
    }
    give(&mut source, b"\n7\n", None);
    let seen = events(&mut source, ms(1));
    assert!(seen[0].starts_with("line 1 has 5000000 bytes, more than"), "{}", seen[0]);
    assert!(seen[0].ends_with("xxx…") && seen[0].len() < 1200, "{}", seen[0]);
    assert_eq!(seen[1..], ["7"]);
}

#[test]
fn lines_wait_in_the_wire_while_nobody_takes_them() {
    let mut source = file(&[]);
    source.start(ms(0));
    give(&mut source, b"1\n2\n3\n", None);
    source.advance(ms(1));
    assert_eq!((source.is_due(ms(1)), source.wire.incoming.len()), (true, 6));
    assert_eq!(source.make(ms(1), 0), Ok(Value::Int(1)));
    give(&mut source, b"4\n", Some(Ok(())));
    assert_eq!(events(&mut source, ms(2)), ["2", "3", "4"]);
    assert!(source.is_done() && source.wire.incoming.is_empty());
}

#[test]
fn what_cannot_be_opened_or_breaks_has_failed() {
    let mut source = file(&[]);
    source.start(ms(0));
    assert_eq!(source.wire.command, Some(Command::Connect(Endpoint::ReadFile("x.json".to_owned()))));
    give(&mut source, b"1\n2", Some(Err("reading failed: it is gone")));
    assert_eq!(events(&mut source, ms(1)), ["1"], "half a line is no line");
    let reason = "onramp.x: x.json: reading failed: it is gone";
    assert_eq!((source.is_done(), source.failure().as_deref()), (true, Some(reason)));
    source.stop();
    assert_eq!(source.failure().as_deref(), Some(reason), "it stays so");
}

#[test]
fn a_source_that_is_stopped_drops_what_it_reads_from_and_makes_no_more() {
    let mut source = file(&[]);
    source.start(ms(0));
    give(&mut source, b"1\n2\n", None);
    source.advance(ms(1));
    source.stop();
    assert_eq!(source.wire.command, Some(Command::Abort));
    assert_eq!((events(&mut source, ms(1)).len(), source.deadline(), source.is_done()), (0, None, true));
}

#[test]
fn stdin_is_text_and_read_once() {
    let mut source = Stdin::new(&settings("stdin", &[]).of(0));
    assert_eq!(source.wire.command, None, "not before the start");
    source.start(ms(0));
    assert_eq!(source.wire.command, Some(Command::Connect(Endpoint::Stdin)));
    give(&mut source, b"a\nb", Some(Ok(())));
    assert_eq!(events(&mut source, ms(1)), ["\"a\"", "\"b\""]);
    assert!(source.is_done());
}

fn blaster(config: Config) -> Blaster {
    let mut source = Blaster::new(&settings("blaster", config).of(0));
    source.start(ms(0));
    source
}

const LIST: (&str, Literal) = ("lines", Literal::Strings(&["1", "2"]));

#[test]
fn a_blaster_goes_through_its_lines_so_often() {
    let mut source = blaster(&[LIST, ("iters", Literal::Int(3))]);
    assert_eq!(events(&mut source, ms(0)), ["1", "2", "1", "2", "1", "2"]);
    assert!(source.is_done());
    let mut source = blaster(&[LIST]);
    for _ in 0..100 {
        assert!(source.is_due(ms(0)));
        assert_eq!(source.make(ms(0), 0), Ok(Value::Int(1)));
        assert_eq!(source.make(ms(0), 0), Ok(Value::Int(2)));
    }
    assert!(!source.is_done());
}

/// A blaster of two passes whose file has this text: is it opened again for the second?
fn check_passes(text: &str, expected: bool) {
    let mut source = blaster(&[("source", Literal::Str("x.json")), ("iters", Literal::Int(2))]);
    let opens = |source: &mut Blaster| {
        let command = source.wire.command.take();
        assert!(
            command.is_none() || command == Some(Command::Connect(Endpoint::ReadFile("x.json".to_owned())))
        );
        command.is_some()
    };
    let lines: Vec<&str> = text.lines().collect();
    assert!(opens(&mut source));
    give(&mut source, text.as_bytes(), Some(Ok(())));
    let mut seen = events(&mut source, ms(1));
    assert_eq!(opens(&mut source), expected, "a file of {} bytes", text.len());
    if expected {
        assert_eq!((seen.len(), source.is_done()), (lines.len(), false));
        give(&mut source, text.as_bytes(), Some(Ok(())));
        seen.extend(events(&mut source, ms(1)));
    }
    assert_eq!(seen, lines.repeat(2));
    assert!(source.is_done() && !opens(&mut source), "two passes are over");
}

#[test]
fn a_blaster_reads_a_long_file_again_for_each_pass_and_keeps_a_short_one() {
    check_passes("1\n2", false);
    let line = format!("\"{}\"\n", "a".repeat(1021));
    let longest = line.repeat(cutter::MOST_COPIED / 1024);
    assert_eq!(longest.len(), cutter::MOST_COPIED);
    check_passes(&longest, false);
    check_passes(&(longest + "7"), true);
}

#[test]
fn a_file_without_lines_is_not_read_for_ever() {
    let mut source = blaster(&[("source", Literal::Str("x.json"))]);
    give(&mut source, b"\n\n", Some(Ok(())));
    assert_eq!(events(&mut source, ms(1)), [""; 0]);
    assert!(source.is_done());
}

/// Looks at each of these times (milliseconds): how many events were there?
fn check_rate(rate: i64, looks: &[(u64, usize)]) {
    let config: Config = Box::leak(Box::new([LIST, ("rate", Literal::Int(rate))]));
    let mut source = blaster(config);
    for &(at, expected) in looks {
        assert_eq!(events(&mut source, ms(at)).len(), expected, "at {at} ms with {rate} per second");
        assert!(source.deadline() > Some(ms(at)), "the next is due later");
    }
}

#[test]
fn a_rate_is_kept_and_a_pause_is_made_up_for_in_small_part() {
    check_rate(10, &[(0, 1), (99, 0), (100, 1), (299, 1), (300, 1)]);
    check_rate(1000, &[(0, 1), (1, 1), (11, 10), (12, 1)]);
    check_rate(1000, &[(0, 1), (60_000, 101), (60_001, 1)]);
}
