//! What stands behind the ports of a pipeline that runs without a flow: it collects what comes out, and has as much
//! room as it was given.

use std::collections::VecDeque;

use foreshock_spec::Value;

use crate::core::{Handed, Head, Tag};

/// Events that may be out and unanswered on one port, unless set otherwise.
const DEFAULT_ROOM: u32 = 1024;

/// Collects events of all ports; `K` is the pipeline's tag of an event that came out.
#[derive(Debug)]
pub struct Collector<K> {
    ports: Vec<PortRoom>,
    collected: VecDeque<Collected<K>>,
}

#[derive(Debug)]
struct PortRoom {
    most: u32,
    unanswered: u32,
    has_suspect: bool,
}

/// An event that came out.
#[derive(Debug)]
pub struct Collected<K> {
    /// The port, by its number.
    pub port: usize,
    /// The head.
    pub head: Head<K>,
    /// The event.
    pub value: Value,
}

impl<K: Tag> Collector<K> {
    /// Stands behind so many ports.
    pub fn new(ports: usize) -> Collector<K> {
        let port = || PortRoom { most: DEFAULT_ROOM, unanswered: 0, has_suspect: false };
        Collector { ports: (0..ports).map(|_| port()).collect(), collected: VecDeque::new() }
    }

    /// How many events a port would take now; a suspect only alone, and nothing beside it.
    pub fn room(&self, port: usize, suspect: bool) -> u32 {
        let room = &self.ports[port];
        // The results of one suspect may be here together.
        let is_free = if suspect { room.has_suspect || room.unanswered == 0 } else { !room.has_suspect };
        if is_free { room.most.saturating_sub(room.unanswered) } else { 0 }
    }

    /// Takes an event.
    pub fn take(&mut self, port: usize, head: Head<K>, value: Value) -> Handed {
        if self.room(port, head.suspect) == 0 {
            return Handed::NO_ROOM;
        }
        self.ports[port].unanswered += 1;
        self.ports[port].has_suspect = head.suspect;
        self.collected.push_back(Collected { port, head, value });
        Handed::ONE
    }

    /// How many events a port takes before some are answered.
    pub fn set_room(&mut self, port: usize, most: u32) {
        self.ports[port].most = most;
    }

    /// Notes that an event of a port was answered.
    pub fn answered(&mut self, port: usize) {
        let room = &mut self.ports[port];
        room.unanswered -= 1;
        room.has_suspect &= room.unanswered > 0;
    }

    /// The next event that came out.
    pub fn next_collected(&mut self) -> Option<Collected<K>> {
        self.collected.pop_front()
    }
}
