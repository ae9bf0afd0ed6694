//! The rows of the offramps, the sinks.

use super::line_offramps::{FILE, STDERR, STDOUT};
use super::shared::{
    CODEC, DESCRIPTION, HOUR_MS, MOST_BYTES, MOST_EVENTS, USUAL_BYTES, WINDOW_BYTES, WINDOW_EVENTS,
    confirming, duration, fixed, not_yet, only_with, path, required, secret, sets_header, tunable,
    tunable_uint, up_to, usual,
};
use super::{FileUse, KeyRow, KeyType, Literal};
use crate::value::Value;

/// A sink.
#[derive(Debug)]
pub struct OfframpRow {
    /// As it stands behind `from`: `ws`.
    pub name: &'static str,
    /// What it can send back into the flow, beside taking events at `in`.
    pub ports: &'static [&'static str],
    /// Its config keys.
    pub keys: &'static [KeyRow],
    /// The Rust type of its machine: a path below the hidden module for generated code.
    pub rust: &'static [&'static str],
    /// Whether it has a connection, whose bytes an I/O task moves.
    pub connects: bool,
    /// What is true of an event that it has confirmed: up to where a delivery promise reaches.
    pub confirms: &'static str,
    /// Whether a loss of power here cannot take what it has confirmed so: it has left this host, or is meant to be gone.
    pub is_safe: bool,
    /// What it does, in one sentence without a period.
    pub doc: &'static str,
}

impl OfframpRow {
    /// Up to where an event has come that it has confirmed, by its settings. `setting` gives the value of a key; `null` where
    /// only the environment knows it, which may be the one that confirms less.
    pub fn confirms_with(&self, setting: impl Fn(&str) -> Value) -> &'static str {
        self.confirms_less(setting).map_or(self.confirms, |(_, up_to)| up_to)
    }

    /// The key that makes it confirm less than it could, and up to where an event has come then. `setting` is as for
    /// [`OfframpRow::confirms_with`].
    pub fn confirms_less(&self, setting: impl Fn(&str) -> Value) -> Option<(&'static KeyRow, &'static str)> {
        self.keys.iter().filter(|key| !key.confirms.is_empty()).find_map(|key| {
            let value = setting(key.name);
            let is_meant = |with: &str| value == Value::Null || value == Value::from(with);
            key.confirms.iter().find(|(with, _)| is_meant(with)).map(|(_, up_to)| (key, *up_to))
        })
    }
}

/// All offramps, in the order in which messages list them.
pub fn offramps() -> &'static [OfframpRow] {
    OFFRAMPS
}

/// The offramp of this name.
pub fn find_offramp(name: &str) -> Option<&'static OfframpRow> {
    OFFRAMPS.iter().find(|row| row.name == name)
}

static OFFRAMPS: &[OfframpRow] = &[WS, BLACKHOLE, STDOUT, STDERR, FILE];

/// The payload of a websocket control frame is at most this long (RFC 6455 section 5.5): less room for incoming
/// frames would refuse the pongs that confirm events.
const CONTROL_PAYLOAD_BYTES: u64 = 125;

/// A wait for a peer, which nobody means to be shorter: less is hardly a round trip, and most likely in seconds.
const fn patient(key: KeyRow) -> KeyRow {
    usual(50, HOUR_MS, key)
}

const WS: OfframpRow = OfframpRow {
    name: "ws",
    ports: &["err"],
    keys: &[
        required(tunable(fixed(
            "url",
            KeyType::Url(&["ws", "wss"]),
            Literal::None,
            "the server to connect to",
        ))),
        confirming(
            &[(
                "written",
                "the socket that took its bytes, where what the peer has not read can still be lost",
            )],
            tunable(fixed(
                "ack",
                KeyType::Choice(&["received", "written"]),
                Literal::Str("received"),
                "what confirms an event: the peer's pong (`received`), or the socket that took its bytes (`written`)",
            )),
        ),
        patient(duration(
            "connect_timeout",
            5_000,
            1,
            "how long connecting may take, the handshake included",
        )),
        up_to(
            "backoff_max",
            duration(
                "backoff_min",
                100,
                1,
                "the first wait before connecting again; it doubles with each failure",
            ),
        ),
        duration("backoff_max", 10_000, 1, "the longest wait before connecting again"),
        patient(duration(
            "ack_timeout",
            5_000,
            1,
            "how long a connection may make no progress while something is unconfirmed",
        )),
        patient(duration("keepalive", 15_000, 1, "how long a connection is idle until a ping tests it")),
        WINDOW_EVENTS,
        WINDOW_BYTES,
        usual(
            CONTROL_PAYLOAD_BYTES,
            USUAL_BYTES,
            tunable_uint(
                "max_frame_bytes",
                Literal::Int(64 * 1024),
                "bytes",
                CONTROL_PAYLOAD_BYTES,
                MOST_BYTES,
                "the greatest frame that the peer may send",
            ),
        ),
        tunable(fixed(
            "binary",
            KeyType::Bool,
            Literal::Bool(false),
            "whether an event is sent as a binary frame instead of a text frame",
        )),
        only_with(
            "wss",
            path(
                "ca_file",
                FileUse::None,
                "for `wss`: the file of the certificates (PEM) to trust instead of the system's; an empty path is none",
            ),
        ),
        secret(tunable(fixed(
            "headers",
            KeyType::Headers,
            Literal::None,
            "headers that the handshake has beside its own",
        ))),
        sets_header(
            "authorization",
            secret(tunable(fixed(
                "bearer",
                KeyType::Token,
                Literal::None,
                "the token of `Authorization: Bearer`",
            ))),
        ),
        sets_header(
            "authorization",
            secret(tunable(fixed(
                "basic",
                KeyType::Credentials,
                Literal::None,
                "user and password of `Authorization: Basic`",
            ))),
        ),
        CODEC,
        DESCRIPTION,
        fixed("host", KeyType::Instead("url"), Literal::None, "write `url = \"ws://host:port/path\"`"),
        fixed("port", KeyType::Instead("url"), Literal::None, "write `url = \"ws://host:port/path\"`"),
        fixed(
            "token",
            KeyType::Instead("bearer"),
            Literal::None,
            "write `bearer`, for `Authorization: Bearer`",
        ),
        not_yet("codec_map"),
        not_yet("linked"),
        not_yet("metrics_interval_s"),
        not_yet("postprocessors"),
        not_yet("preprocessors"),
    ],
    rust: &["Ws"],
    connects: true,
    confirms: "the websocket endpoint",
    is_safe: true,
    doc: "sends each event as a frame to a websocket server, and connects again for ever",
};

const BLACKHOLE: OfframpRow = OfframpRow {
    name: "blackhole",
    ports: &["err"],
    keys: &[
        duration("delay", 0, 0, "how long after taking an event it confirms it"),
        tunable_uint(
            "fail_every",
            Literal::Int(0),
            "events",
            0,
            MOST_EVENTS,
            "it fails every so-many-th event instead of confirming it; 0 for none",
        ),
        tunable_uint(
            "capacity",
            Literal::Int(1024),
            "events",
            0,
            MOST_EVENTS,
            "how many events may be unconfirmed; 0 for a sink that never has room",
        ),
        CODEC,
        DESCRIPTION,
        not_yet("significant_figures"),
        not_yet("stop_after_secs"),
        not_yet("warmup_secs"),
        not_yet("codec_map"),
        not_yet("linked"),
        not_yet("metrics_interval_s"),
        not_yet("postprocessors"),
        not_yet("preprocessors"),
    ],
    rust: &["Blackhole"],
    connects: false,
    confirms: "the blackhole, which forgets it",
    is_safe: true,
    doc: "counts and forgets events; it can be told to be slow, to fail, to have no room",
};
