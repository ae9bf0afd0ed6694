//! The driver's end of one wire: carries out the machine's requests and swaps buffers with the I/O task.

use std::mem::swap;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tracing::debug;

use crate::core::{Command, Endpoint, Wire, WireState};
use crate::driver::carry::carry;
use crate::driver::cell::{Cell, Stage};
use crate::driver::life::Life;
use crate::mutants::mutant;
use crate::world::World;

/// One wire's connection, if it has one.
#[derive(Debug)]
pub(super) struct Link {
    instance: &'static str,
    to_driver: Arc<Notify>,
    life: Life,
    connection: Option<Connection>,
}

/// A connection that was asked for. Dropped, its task ends, and with it the stream.
#[derive(Debug)]
struct Connection {
    endpoint: Endpoint,
    cell: Arc<Cell>,
    task: AbortHandle,
    /// The machine asked for a finish; `told` when the I/O task knows.
    finishing: bool,
    told: bool,
    /// Everything is written, and the stream shut down.
    shut: bool,
    /// What the I/O task believes to be held.
    held: usize,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Link {
    /// A link without a connection; I/O tasks wake the driver through `to_driver`.
    pub(super) fn new(instance: &'static str, to_driver: Arc<Notify>, life: Life) -> Link {
        Link { instance, to_driver, life, connection: None }
    }

    /// Carries out what the machine asks for, takes its bytes, gives it what came.
    pub(super) fn exchange<W: World>(&mut self, world: &W, wire: &mut Wire) {
        match wire.command.take() {
            None => {}
            Some(Command::Connect(endpoint)) => self.connect(world, endpoint, wire),
            Some(Command::Finish) => {
                if let Some(connection) = &mut self.connection {
                    connection.finishing = true;
                }
            }
            Some(Command::Abort) => {
                self.connection = None;
                wire.state = WireState::Idle;
            }
        }
        let Some(connection) = &mut self.connection else { return };
        let Some(state) = connection.exchange(wire) else { return };
        connection.say(self.instance, &state);
        if matches!(state, WireState::Ended(_)) {
            self.connection = None;
        }
        wire.state = state;
    }

    fn connect<W: World>(&mut self, world: &W, endpoint: Endpoint, wire: &mut Wire) {
        // The old stream goes first, and what it still had to say with it.
        self.connection = None;
        wire.incoming.clear();
        wire.written = 0;
        wire.at_end = false;
        wire.state = WireState::Connecting;
        let cell = Arc::new(Cell::new(Arc::clone(&self.to_driver)));
        let io_task = carry(world.clone(), endpoint.clone(), wire.connect_within, Arc::clone(&cell));
        let task = tokio::spawn(self.life.clone().limit(io_task)).abort_handle();
        self.connection =
            Some(Connection { endpoint, cell, task, finishing: false, told: false, shut: false, held: 0 });
    }

    /// Whether a finish is not done yet: bytes are still to be written, or the stream to be shut down.
    pub(super) fn is_finishing(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.finishing && !connection.shut)
    }
}

impl Connection {
    /// Swaps buffers; returns what to tell the machine of the connection, if that is new.
    fn exchange(&mut self, wire: &mut Wire) -> Option<WireState> {
        let news = self.cell.take_news();
        let to_tell = self.finishing && !self.told;
        if !news && !to_tell && wire.outgoing.is_empty() && wire.incoming.len() == self.held {
            return None;
        }
        let mut wake = false;
        let mut shared = self.cell.lock();
        if wire.incoming.is_empty() {
            swap(&mut wire.incoming, &mut shared.incoming);
        } else {
            wire.incoming.append(&mut shared.incoming);
        }
        self.held = wire.incoming.len();
        shared.held = self.held;
        wake |= shared.starved && self.held < Wire::INCOMING_LIMIT;
        wire.written = shared.written;
        wire.at_end = shared.at_end;
        self.shut = shared.shut;
        if shared.outgoing.is_empty() && !wire.outgoing.is_empty() {
            swap(&mut shared.outgoing, &mut wire.outgoing);
            wake |= !mutant!("lost_wake_up_of_io");
        }
        if to_tell && wire.outgoing.is_empty() {
            shared.finish = true;
            self.told = true;
            wake = true;
        }
        // Under the same lock as the bytes: what came before an end is with the machine when it hears of the end.
        let state = shared.stage.new_to(&wire.state);
        drop(shared);
        if wake {
            self.cell.to_io.notify_one();
        }
        state
    }

    /// For whoever looks for a network's troubles; sinks tell in their own words what it means.
    fn say(&self, instance: &str, state: &WireState) {
        let endpoint = &self.endpoint;
        match state {
            WireState::Open => debug!(instance, %endpoint, "stream opened"),
            WireState::Ended(reason) => debug!(instance, %endpoint, reason, "stream ended"),
            WireState::Idle | WireState::Connecting => {}
        }
    }
}

impl Stage {
    fn new_to(&self, known: &WireState) -> Option<WireState> {
        match self {
            Stage::Ended(reason) => Some(WireState::Ended(reason.clone())),
            Stage::Open if *known != WireState::Open => Some(WireState::Open),
            Stage::Open | Stage::Connecting => None,
        }
    }
}
