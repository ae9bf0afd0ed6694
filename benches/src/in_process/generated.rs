//! The generated pipeline as a flow that is measured: with the count of open deliveries that a generated machine keeps for its
//! source, and the caller's own sinks behind its ports.

use foreshock::__private as rt;
use foreshock::core::{Answer, Ask, Context, EventId, Handed, Head, Progress, Tally};

use super::cases::Flow;
use super::outputs::{Eye, Outputs};
use crate::event::Tick;
use crate::flow::websockets::founding::{DEFINITIONS, MetronomeEvent, Roundrobin, RoundrobinPorts};

/// The pipeline, and what a machine has around it.
#[allow(missing_debug_implementations)]
pub struct Generated {
    cx: Context,
    pipeline: Roundrobin<()>,
    deliveries: Tally,
}

impl Generated {
    /// With the founding flow's settings.
    pub fn new() -> Generated {
        Generated {
            cx: Context::new(super::HOSTNAME, "01"),
            pipeline: Roundrobin::new(&rt::Settings::new(DEFINITIONS)),
            deliveries: Tally::new(),
        }
    }

    #[inline]
    fn answer(&mut self, sink: usize, id: EventId, answer: Answer) {
        let answered = match sink {
            0 => self.pipeline.answer_ws0(id, answer),
            1 => self.pipeline.answer_ws1(id, answer),
            _ => self.pipeline.answer_ws2(id, answer),
        };
        if let Some((tag, answer)) = answered {
            self.deliveries.answer(tag, answer);
        }
    }
}

impl Default for Generated {
    fn default() -> Self {
        Generated::new()
    }
}

impl Flow for Generated {
    type Id = EventId;

    #[inline]
    fn has_room(&self, outputs: &Outputs<EventId, impl Eye + Default>) -> bool {
        self.pipeline.room_in(&self.cx, outputs, Ask::entering(false)) > 0
    }

    #[inline]
    fn push(&mut self, tick: &Tick, outputs: &mut Outputs<EventId, impl Eye + Default>) {
        let event = &MetronomeEvent { onramp: tick.onramp, id: tick.id, ingest_ns: tick.ingest_ns };
        self.deliveries.open();
        let head = Head { tag: (), ingest_ns: tick.ingest_ns, suspect: false };
        let handed = self.pipeline.push_in(&self.cx, head, event, outputs);
        self.deliveries.settle((), handed);
    }

    #[inline]
    fn pump(&mut self, outputs: &mut Outputs<EventId, impl Eye + Default>) -> bool {
        let progress = self.pipeline.pump(&self.cx, outputs);
        while let Some((tag, answer)) = self.pipeline.next_answer() {
            self.deliveries.answer(tag, answer);
        }
        progress == Progress::Again
    }

    #[inline]
    fn ack(&mut self, sink: usize, id: EventId) {
        self.answer(sink, id, Answer::Ack);
    }

    #[inline]
    fn fail(&mut self, sink: usize, id: EventId) {
        self.answer(sink, id, Answer::Fail);
    }

    #[inline]
    fn suspect(&mut self, sink: usize, id: EventId) {
        self.answer(sink, id, Answer::Suspect);
    }

    fn acked(&self) -> u64 {
        self.deliveries.counts().acked
    }
}

impl<E: Eye + Default> RoundrobinPorts<()> for Outputs<EventId, E> {
    #[inline]
    fn room_ws0(&self, _: &Context, _: Ask) -> u32 {
        self.room(0) as u32
    }

    #[inline]
    fn ws0(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.take(0, head.tag, payload);
        Handed::ONE
    }

    #[inline]
    fn room_ws1(&self, _: &Context, _: Ask) -> u32 {
        self.room(1) as u32
    }

    #[inline]
    fn ws1(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.take(1, head.tag, payload);
        Handed::ONE
    }

    #[inline]
    fn room_ws2(&self, _: &Context, _: Ask) -> u32 {
        self.room(2) as u32
    }

    #[inline]
    fn ws2(&mut self, _: &Context, head: Head<EventId>, payload: &[u8]) -> Handed {
        self.take(2, head.tag, payload);
        Handed::ONE
    }

    const ERR_IS_LINKED: bool = false;

    #[inline]
    fn room_err(&self, _: &Context, _: Ask) -> u32 {
        u32::MAX
    }

    fn err(&mut self, _: &Context, _: Head<()>, _: &foreshock::Value) -> Handed {
        Handed::DONE
    }
}
