//! What the language knows and this version does not build. It is refused with other words than a slip of the
//! fingers: "not supported yet".

use super::Kind;

/// Whether the language has an operator, onramp or offramp of this name that is not built.
pub fn is_known_but_unbuilt(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Operator => OPERATORS.contains(&name),
        Kind::Onramp => ONRAMPS.contains(&name),
        Kind::Offramp => OFFRAMPS.contains(&name),
        Kind::Flow => false,
    }
}

/// Whether the language has this value for a key of that name, and it is not built.
pub fn is_unbuilt_value(key: &str, value: &str) -> bool {
    VALUES.iter().any(|(name, values)| *name == key && values.contains(&value))
}

const OPERATORS: &[&str] = &[
    "bert::sequence_classification",
    "bert::summarization",
    "debug::history",
    "generic::backpressure",
    "generic::batch",
    "generic::counter",
    "grouper::bucket",
    "qos::backpressure",
    "qos::percentile",
];

const ONRAMPS: &[&str] = &[
    "amqp",
    "cb",
    "crononome",
    "discord",
    "gsub",
    "kafka",
    "nats",
    "otel",
    "postgres",
    "rest",
    "tcp",
    "udp",
    "unix-socket",
    "ws",
];

const OFFRAMPS: &[&str] = &[
    "amqp", "cb", "debug", "dns", "elastic", "exit", "gcs", "gpub", "kafka", "kv", "nats", "newrelic",
    "otel", "postgres", "rest", "tcp", "udp",
];

const VALUES: &[(&str, &[&str])] = &[
    ("ack", &["processed"]),
    ("codec", &["binary", "binflux", "influx", "msgpack", "null", "statsd", "string", "syslog", "yaml"]),
];
