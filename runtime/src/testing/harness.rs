//! A pipeline under test: JSON text in, JSON text out, everything by hand. What it adds to [`Embedded`] is the text, and
//! that it panics where a test would.

use std::ops::{Deref, DerefMut};

use foreshock_spec::Value;

use crate::core::{Answer, Time};
use crate::pipeline::{Embedded, Output, Pipeline};

/// Drives a generated pipeline in a test.
///
/// ```
/// mod flow {
///     foreshock::pipeline! {
///         pub pipeline Big;
///         select { "n": event.n * 2 } from in where event.n > 10 into out;
///     }
/// }
///
/// let mut big = foreshock::testing::Harness::<flow::big::Big>::new();
/// // For a `pub pipeline`, `Big::harness()` makes the same.
/// big.push("in", r#"{"n": 7}"#);
/// big.push("in", r#"{"n": 21}"#);
/// assert_eq!(big.outputs(), [r#"out {"n":42}"#]);
/// ```
pub struct Harness<P: Pipeline> {
    embedded: Embedded<P>,
}

impl<P: Pipeline> Harness<P> {
    /// The pipeline with its settings as written; the host is called `test`, the clock stands at 0.
    pub fn new() -> Harness<P> {
        Harness::with(&[])
    }

    /// The same with overrides: `("pipeline.name.operator.key", "value")`, as `--set` takes them.
    ///
    /// # Panics
    /// A setting does not exist, cannot be changed, or has an illegal value.
    pub fn with(overrides: &[(&str, &str)]) -> Harness<P> {
        let overrides: Vec<(&str, Value)> =
            overrides.iter().map(|(path, text)| (*path, json(text))).collect();
        let mut embedded = Embedded::with(&overrides).unwrap_or_else(|error| panic!("{error}"));
        embedded.set_host("test", "test");
        Harness { embedded }
    }

    /// Pushes an event into a port and gives its number, from 0.
    ///
    /// # Panics
    /// The text is no JSON, or the pipeline refuses the event ([`Embedded::push`] tells without a panic).
    pub fn push(&mut self, port: &str, event: &str) -> u64 {
        let pushed = self.embedded.push(port, json(event));
        pushed.unwrap_or_else(|error| panic!("{port} {event}: {error}"))
    }

    /// Takes and confirms all that came out: each as `port {json}`.
    pub fn outputs(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        while let Some(output) = self.embedded.next_output() {
            self.embedded.ack(output.delivery);
            all.push(format!("{} {}", output.port, output.event));
        }
        all
    }

    /// Takes all that has come out so far and leaves it unanswered.
    pub fn take(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.embedded.next_output()).collect()
    }

    /// The pushed events that are done, by number: `true` for acknowledged, `false` for failed.
    pub fn answers(&mut self) -> Vec<(u64, bool)> {
        std::iter::from_fn(|| self.embedded.next_answer())
            .map(|(n, answer)| (n, answer == Answer::Ack))
            .collect()
    }

    /// Moves the clocks to `ms` after the start, which is the Unix epoch here.
    pub fn set_ms(&mut self, ms: u64) {
        self.embedded.set_time(Time::ZERO.plus_ms(ms), ms * 1_000_000);
    }
}

impl<P: Pipeline> Embedded<P> {
    /// The same pipeline under test: for a `pub pipeline Name`, `Name::harness()`.
    pub fn harness() -> Harness<P> {
        Harness::new()
    }
}

impl<P: Pipeline> Default for Harness<P> {
    fn default() -> Self {
        Harness::new()
    }
}

impl<P: Pipeline> Deref for Harness<P> {
    type Target = Embedded<P>;

    fn deref(&self) -> &Embedded<P> {
        &self.embedded
    }
}

impl<P: Pipeline> DerefMut for Harness<P> {
    fn deref_mut(&mut self) -> &mut Embedded<P> {
        &mut self.embedded
    }
}

fn json(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}
