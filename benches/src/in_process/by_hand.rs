//! The yardstick as a flow that is measured.

use super::cases::Flow;
use super::outputs::{Eye, Outputs};
use crate::event::Tick;
use crate::yardstick::{self, Config, Id, Yardstick};

/// The settings of the founding flow's log.
pub const LOG: Config = Config { read_count: 20, max_elements: 1000, max_bytes: 10_485_760 };

/// The yardstick with the founding flow's settings.
pub fn yardstick() -> Yardstick {
    Yardstick::new(LOG, super::HOSTNAME)
}

impl<E: Eye + Default> yardstick::Outputs for Outputs<Id, E> {
    #[inline]
    fn has_room(&self, output: usize, _suspect: bool) -> bool {
        self.room(output) > 0
    }

    #[inline]
    fn take(&mut self, output: usize, id: Id, _suspect: bool, payload: &[u8]) {
        Outputs::take(self, output, id, payload);
    }
}

impl Flow for Yardstick {
    type Id = Id;

    #[inline]
    fn has_room(&self, _: &Outputs<Id, impl Eye + Default>) -> bool {
        Yardstick::has_room(self)
    }

    #[inline]
    fn push(&mut self, tick: &Tick, _: &mut Outputs<Id, impl Eye + Default>) {
        Yardstick::push(self, tick);
    }

    #[inline]
    fn pump(&mut self, outputs: &mut Outputs<Id, impl Eye + Default>) -> bool {
        Yardstick::pump(self, outputs)
    }

    #[inline]
    fn ack(&mut self, _: usize, id: Id) {
        Yardstick::ack(self, id);
    }

    #[inline]
    fn fail(&mut self, _: usize, id: Id) {
        Yardstick::fail(self, id);
    }

    #[inline]
    fn suspect(&mut self, _: usize, id: Id) {
        Yardstick::suspect(self, id);
    }

    fn acked(&self) -> u64 {
        Yardstick::acked(self)
    }
}
