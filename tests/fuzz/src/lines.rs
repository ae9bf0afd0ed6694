//! The bytes of a source of lines, in pieces: the events are those of the lines, wherever the pieces are cut.

use foreshock::Value;
use foreshock::core::{RefusedLine, Source, Time, WireState};
use foreshock::source::{Blaster, ReadFile};
use foreshock_spec::{Definition, Kind, Literal, Settings};

use crate::Target;
use crate::bytes::Script;

/// A stream of lines.
pub const TARGET: Target = Target {
    name: "lines",
    run,
    longest: 16 * 1024,
    words: &[
        b"\n",
        b"\r\n",
        b"\n\n",
        b"\r",
        b"\xef\xbb\xbf",
        b"{\"a\":1}\n",
        b"[]",
        b"\xff",
        b"\xc3\xa4\xc3",
        b"\0",
        b"1 2\n",
    ],
};

static DEFINITIONS: [Definition; 2] = [
    Definition { path: "onramp.file", kind: Kind::Onramp, row: "file", config: CONFIG },
    Definition {
        path: "onramp.blaster",
        kind: Kind::Onramp,
        row: "blaster",
        config: &[
            ("source", Literal::Str("x")),
            ("codec", Literal::Str("string")),
            ("iters", Literal::Int(2)),
            ("max_event_bytes", Literal::Int(24)),
        ],
    },
];

const CONFIG: &[(&str, Literal)] = &[("source", Literal::Str("x")), ("max_event_bytes", Literal::Int(24))];

/// The limit of both.
const MOST: usize = 24;

/// A refused line is shown with no more bytes than this, and what says that it was cut. Each byte that is no UTF-8 takes three.
const SHOWN: usize = 3 * 1024 + 3;

/// The body of the target.
pub fn run(data: &[u8]) {
    let mut script = Script(data);
    let choice = script.byte();
    let lengths: Vec<usize> = (0..choice % 8).map(|_| script.byte().into()).collect();
    let mut settings = Settings::new(&DEFINITIONS);
    let is_json = choice & 8 == 0;
    if !is_json {
        settings.set_text("onramp.file.codec", "string").unwrap_or_default();
    }
    let is_json = settings.get("onramp.file.codec") == Ok(Value::from("json"));
    let expected = lines(script.0, is_json);
    check(&mut ReadFile::new(&settings.of(0)), script.0, &lengths, &expected);
    let twice = lines(script.0, false);
    check(&mut Blaster::new(&settings.of(1)), script.0, &lengths, &[&twice[..], &twice[..]].concat());
}

/// What is made of the lines of a text; nothing of one that is refused.
fn lines(text: &[u8], is_json: bool) -> Vec<Option<Value>> {
    let mut events = Vec::new();
    for (at, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| at == 0).unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let event =
            if is_json { Value::parse(line).ok() } else { std::str::from_utf8(line).ok().map(Value::from) };
        events.push(event.filter(|_| line.len() <= MOST));
    }
    events
}

fn check<S>(source: &mut S, text: &[u8], lengths: &[usize], expected: &[Option<Value>])
where
    S: Source<Event = Result<Value, RefusedLine>>,
{
    let mut events = Vec::new();
    source.start(Time::ZERO);
    let mut rest = text;
    for nth in 0.. {
        let len = lengths.get(nth).map_or(usize::MAX, |len| len + 1).min(rest.len());
        let (piece, behind) = rest.split_at(len);
        rest = behind;
        let wire = source.wire().expect("it reads");
        wire.command = None;
        wire.incoming.extend_from_slice(piece);
        wire.state = WireState::Open;
        take(source, &mut events);
        if rest.is_empty() {
            break;
        }
    }
    // A source that begins anew is given the same stream once more, unless it has kept it.
    for _ in 0..2 {
        let wire = source.wire().expect("it reads");
        if wire.command.take().is_some() {
            wire.incoming.extend_from_slice(text);
        }
        wire.state = WireState::Ended("the end".to_owned());
        wire.at_end = true;
        take(source, &mut events);
    }
    assert!(source.is_done(), "it comes to its end");
    assert_eq!(source.failure(), None);
    assert_eq!(events, expected, "{:?}", String::from_utf8_lossy(text));
}

fn take<S>(source: &mut S, events: &mut Vec<Option<Value>>)
where
    S: Source<Event = Result<Value, RefusedLine>>,
{
    source.advance(Time::ZERO);
    while source.is_due(Time::ZERO) {
        match source.make(Time::ZERO, 0) {
            Ok(value) => events.push(Some(value)),
            Err(RefusedLine { error, line }) => {
                assert!(error.starts_with("line ") && !error.contains('\n'), "{error:?}");
                assert!(line.len() <= SHOWN, "{} bytes are shown", line.len());
                events.push(None);
            }
        }
    }
}
