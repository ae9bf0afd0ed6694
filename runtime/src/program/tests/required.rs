//! Overrides that would break what a flow requires of the ways of its events: nothing starts.

use foreshock_spec::picture::{Edge, Level, Node, NodeKind, Pipeline};

use super::*;
use crate::program::StartError;

const PIPELINE: Pipeline<'static> = Pipeline {
    nodes: &[
        Node::new(NodeKind::Input, "in", "", false),
        Node::new(NodeKind::Log, "log", "qos::wal", true),
        Node::new(NodeKind::Output, "out", "", false),
    ],
    edges: &[Edge::new(0, "out", 1), Edge::new(1, "out", 2)],
};

static REQUIRING: Program = Program {
    definitions: &[
        Definition {
            path: "onramp.m",
            kind: Kind::Onramp,
            row: "metronome",
            config: &[("interval", Literal::Int(1))],
        },
        Definition {
            path: "pipeline.p.log",
            kind: Kind::Operator,
            row: "qos::wal",
            config: &[("read_count", Literal::Int(1)), ("dir", Literal::Str("d"))],
        },
        Definition {
            path: "offramp.a",
            kind: Kind::Offramp,
            row: "ws",
            config: &[("url", Literal::Str("ws://a/"))],
        },
    ],
    picture: Picture {
        name: "Demo",
        pipelines: &[PIPELINE],
        instances: &[
            Instance::new(InstanceKind::Onramp { row: "metronome", replays: false }, "m", "1"),
            Instance::new(InstanceKind::Pipeline(0), "p", "1"),
            Instance::new(InstanceKind::Offramp { row: "ws" }, "a", "1"),
        ],
        links: &[Link::new(0, "out", 1, "in"), Link::new(1, "out", 2, "in")],
        required: Some(Level::Durable),
    },
    ..program(&[CLEAN])
};

/// What starting says with these overrides, a line each; nothing if it starts.
fn start(overrides: &[(&str, &str)]) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut builder = Builder::new(&REQUIRING);
        for (path, value) in overrides {
            builder.set(path, *value).expect("it is legal by itself");
        }
        match builder.start() {
            Ok(handle) => {
                handle.drain().await;
                String::new()
            }
            Err(error @ StartError::Settings(_)) => error.to_string(),
            Err(error) => panic!("{overrides:?}: {error}"),
        }
    })
}

#[test]
fn an_override_that_breaks_a_promise_is_refused_in_the_words_of_the_compiler() {
    assert_eq!(start(&[]), "");
    let late = "setting `pipeline.p.log.sync`: `require durable` does not hold from onramp/m/1 to offramp/a/1: \
                `sync = \"interval\"` of the log `log` lets events go on that a loss of power can take; write \
                `sync = \"batch\"`, which is the default, or `sync = \"always\"`";
    let early = "setting `offramp.a.ack`: `require durable` does not hold from onramp/m/1 to offramp/a/1: \
                 `ack = \"written\"` confirms what has come no further than the socket that took its bytes, where what \
                 the peer has not read can still be lost; write `ack = \"received\"`";
    let (interval, written) = (("pipeline.p.log.sync", "interval"), ("offramp.a.ack", "written"));
    assert_eq!(start(&[interval]), late);
    assert_eq!(start(&[written]), early);
    assert_eq!(start(&[written, interval]), format!("{late}\n{early}"));
}

#[test]
fn one_override_may_mend_another_and_others_are_no_matter() {
    assert_eq!(start(&[("pipeline.p.log.sync", "interval"), ("pipeline.p.log.sync", "always")]), "");
    assert_eq!(start(&[("pipeline.p.log.dir", "elsewhere"), ("offramp.a.url", "wss://b/")]), "");
}
