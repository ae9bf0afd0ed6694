//! The pipeline that stands in for one whose text has errors: uses of it are checked as if it were there, and nothing
//! can make one.

use foreshock_spec::{Definition, Settings, Value};

use super::collector::Collector;
use super::embedded::Pipeline;
use super::encode::ShapeError;
use crate::core::{Answer, Ask, Context, EventId, Handed, Head, NodeReport, Progress};

/// A pipeline that cannot be. Code with it is never run: it stands beside a `compile_error!`.
#[derive(Debug)]
pub enum Unmade {}

impl Pipeline for Unmade {
    type Tag = ();
    const NAME: &'static str = "";
    const INPUTS: &'static [&'static str] = &[];
    const OUTPUTS: &'static [&'static str] = &[];
    const PLACES: &'static [u32] = &[];
    const DEFINITIONS: &'static [Definition] = &[];

    fn create(_settings: &Settings) -> Self {
        unreachable!("a flow with errors is not compiled")
    }

    fn push(
        &mut self,
        _cx: &Context,
        _input: usize,
        _head: Head<EventId>,
        _value: &Value,
        _out: &mut Collector<()>,
    ) -> Result<Handed, ShapeError> {
        match *self {}
    }

    fn room(&self, _cx: &Context, _input: usize, _out: &Collector<()>, _ask: Ask) -> u32 {
        match *self {}
    }

    fn pump(&mut self, _cx: &Context, _out: &mut Collector<()>) -> Progress {
        match *self {}
    }

    fn answer(&mut self, _tag: (), _answer: Answer) -> Option<(EventId, Answer)> {
        match *self {}
    }

    fn next_answer(&mut self) -> Option<(EventId, Answer)> {
        match *self {}
    }

    fn report(&self, _cx: &Context, _out: &Collector<()>, _visit: &mut dyn FnMut(NodeReport<'_>)) {
        match *self {}
    }
}
