//! Overrides as a command line gives them, and what the environment holds: what is legal can be used, what is not changes nothing
//! and is told in words, without a secret.

use foreshock::Value;
use foreshock::core::{Random, SinkSetup};
use foreshock::operator::{DiskWalConfig, WalConfig};
use foreshock::sink::{Blackhole, WriteFile, Ws};
use foreshock::source::{Blaster, Metronome, ReadFile};
use foreshock_spec::{Definition, Kind, Literal, Settings, Variable, shown};

use crate::Target;

/// Lines: `path=value` is an override by a text, `path:value` one by a value in JSON, `$NAME=text` a variable of the environment.
pub const TARGET: Target = Target {
    name: "overrides",
    run,
    longest: 4 * 1024,
    words: &[
        b"onramp.metronome.interval=",
        b"onramp.file.source=",
        b"onramp.blaster.rate=",
        b"onramp.blaster.lines:",
        b"offramp.ws.url=",
        b"offramp.ws.ack=",
        b"offramp.ws.headers=",
        b"offramp.ws.bearer=",
        b"offramp.ws.basic=",
        b"offramp.ws.window_events=",
        b"offramp.ws.max_frame_bytes=",
        b"offramp.ws.ca_file=",
        b"offramp.env.url=",
        b"offramp.hole.capacity=",
        b"offramp.out.file=",
        b"pipeline.p.memory.max_bytes=",
        b"pipeline.p.disk.max_bytes=",
        b"pipeline.p.disk.dir=",
        b"pipeline.p.disk.sync=",
        b"pipeline.p.disk.sync_interval=",
        b"flow.drain_timeout=",
        b"$URL=",
        b"$TOKEN=",
        b"\n",
        b"=",
        b".",
        b"0",
        b"1",
        b"18446744073709551615",
        b"9223372036854775808",
        b"-1",
        b"null",
        b"true",
        b"interval",
        b"written",
        b"always",
        b"ws://localhost:80/",
        b"wss://[::1]/?a=b",
        b"/?7Q-abcdefgh",
        b"&to=http://x",
        b"ws://user:pass@host/",
        b"{\"x\":\"y\"}",
        b"[\"a\"]",
        b"user:pass",
        b"\xff",
        b"\xc3\xa4",
        b"\0",
        b"\r\n",
    ],
};

static DEFINITIONS: [Definition; 9] = [
    Definition {
        path: "onramp.metronome",
        kind: Kind::Onramp,
        row: "metronome",
        config: &[("interval", Literal::Int(100))],
    },
    Definition {
        path: "onramp.file",
        kind: Kind::Onramp,
        row: "file",
        config: &[("source", Literal::Str("in.json"))],
    },
    Definition {
        path: "onramp.blaster",
        kind: Kind::Onramp,
        row: "blaster",
        config: &[("source", Literal::Str("in.json"))],
    },
    Definition {
        path: "offramp.ws",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Str("ws://localhost/"))],
    },
    Definition {
        path: "offramp.env",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Env("URL")), ("bearer", Literal::Env("TOKEN"))],
    },
    Definition { path: "offramp.hole", kind: Kind::Offramp, row: "blackhole", config: &[] },
    Definition {
        path: "offramp.out",
        kind: Kind::Offramp,
        row: "file",
        config: &[("file", Literal::Str("out.json"))],
    },
    Definition {
        path: "pipeline.p.memory",
        kind: Kind::Operator,
        row: "qos::wal",
        config: &[("read_count", Literal::Int(1)), ("max_elements", Literal::Int(9))],
    },
    Definition {
        path: "pipeline.p.disk",
        kind: Kind::Operator,
        row: "qos::wal",
        config: &[("read_count", Literal::Int(1)), ("dir", Literal::Str("wal"))],
    },
];

/// Texts shorter than this may be words of a message by chance.
const LEAST_SECRET: usize = 8;

/// The body of the target.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut settings = Settings::new(&DEFINITIONS);
    let mut environment = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix('$'), line.find(['=', ':'])) {
            (Some(variable), _) => environment.extend(variable.split_once('=')),
            (None, Some(at)) => set(&mut settings, &line[..at], &line[at + 1..], &line[at..=at]),
            (None, None) => set(&mut settings, line, "", "="),
        }
    }
    look_up(settings, &environment);
}

fn all(settings: &Settings) -> Vec<String> {
    let show = |it: foreshock_spec::InForce<'_>| {
        format!("{}.{} {:?} {:?}", it.definition.path, it.key.name, it.given, it.origin)
    };
    settings.in_force().map(show).collect()
}

fn set(settings: &mut Settings, path: &str, value: &str, how: &str) {
    let before = all(settings);
    let result = match how {
        "=" => settings.set_text(path, value),
        _ => match Value::parse(value.as_bytes()) {
            Ok(value) => settings.set(path, value),
            Err(_) => return,
        },
    };
    let key = path.rsplit('.').next().unwrap_or_default();
    let secrets = match key {
        "bearer" | "basic" | "headers" => vec![value],
        "url" => of_query(value),
        _ => Vec::new(),
    };
    match result {
        Ok(()) => {
            assert_eq!(settings.is_overridden(path), Ok(true), "{path}");
            let now = settings.get(path).expect("an override is no variable");
            let after = all(settings);
            assert_eq!(settings.set(path, now), Ok(()), "what is legal once is legal twice: {path}");
            assert_eq!(all(settings), after, "and changes nothing: {path}");
            let own =
                settings.in_force().find(|it| path == format!("{}.{}", it.definition.path, it.key.name));
            let shown = own.map(|it| shown(it.key, it.given)).unwrap_or_default();
            let told = secrets.iter().find(|secret| repeats(&shown, secret));
            assert_eq!(told, None, "a secret is not shown: {path} {value}");
        }
        Err(error) => {
            assert_eq!(all(settings), before, "what is refused changes nothing: {path}");
            assert_eq!(error.path(), path);
            let message = error.to_string();
            assert!(message.len() > "setting ``: ".len() + path.len() + 5, "{message}");
            let told = secrets.iter().find(|secret| !path.contains(**secret) && repeats(&message, secret));
            assert_eq!(told, None, "a secret is not told: {message}");
        }
    }
}

/// What a URL's query says, unless it stands in front of that too, where it is shown.
fn of_query(url: &str) -> Vec<&str> {
    let Some((shown, query)) = url.split_once('?') else { return Vec::new() };
    query.split('&').filter(|part| !shown.contains(*part)).collect()
}

fn repeats(message: &str, secret: &str) -> bool {
    // One that has no letter of its own might stand there by chance.
    secret.len() >= LEAST_SECRET
        && secret.contains("7Q")
        && message.to_lowercase().contains(&secret.to_lowercase())
}

fn look_up(mut settings: Settings, environment: &[(&str, &str)]) {
    let variable = |name: &str| match environment.iter().rev().find(|(given, _)| *given == name) {
        Some((_, text)) => Variable::Text((*text).to_owned()),
        None => Variable::Missing,
    };
    match settings.look_up(variable) {
        Err(errors) => {
            assert!(!errors.is_empty(), "something is wrong, and what");
            for error in errors {
                let message = error.to_string();
                for (name, text) in environment {
                    assert!(
                        !repeats(&message, text) || name.contains(text),
                        "what the environment holds is not told: {message}"
                    );
                }
            }
        }
        Ok(()) => make_all(&settings),
    }
    for (path, url) in settings.urls() {
        assert!(settings.is_overridden(&path).is_ok() && !url.is_empty(), "{path}");
    }
}

/// What is legal can be used: nothing panics.
fn make_all(settings: &Settings) {
    let setup = || SinkSetup {
        instance: "01",
        errors_linked: true,
        replayed: true,
        places: 1,
        random: Random::from_seed([1; 32]),
    };
    let _ = Metronome::new(&settings.of(0));
    let _ = ReadFile::new(&settings.of(1));
    let _ = Blaster::new(&settings.of(2));
    let _ = (Ws::<u32>::new(&settings.of(3), setup()), Ws::<u32>::new(&settings.of(4), setup()));
    let _ = Blackhole::<u32>::new(&settings.of(5), setup());
    let _ = WriteFile::<u32>::new(&settings.of(6), setup());
    let _ = WalConfig::from(&settings.of(7));
    let _ = DiskWalConfig::new(&settings.of(8), "01");
}
