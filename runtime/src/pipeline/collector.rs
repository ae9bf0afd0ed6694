//! What stands behind the ports of a pipeline that runs without a flow: it collects what comes out, and has as much
//! room as it was given.

use std::collections::VecDeque;

use foreshock_spec::Value;

use crate::core::{Ask, Handed, Head, Tag};

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
    /// The most events that one event entering the pipeline can send here.
    places: u32,
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
    /// Stands behind the ports; one event entering the pipeline can send so many to each.
    pub fn new(places: &[u32]) -> Collector<K> {
        let port = |places: &u32| PortRoom {
            most: DEFAULT_ROOM.max(*places),
            places: *places,
            unanswered: 0,
            has_suspect: false,
        };
        Collector { ports: places.iter().map(port).collect(), collected: VecDeque::new() }
    }

    /// How often a port has room for what is asked.
    pub fn room(&self, port: usize, ask: Ask) -> u32 {
        ask.of(self.places(port, ask.suspect), self.ports[port].places)
    }

    /// How many events a port would take now; a suspect only alone, and nothing beside it.
    fn places(&self, port: usize, suspect: bool) -> u32 {
        let room = &self.ports[port];
        // The results of one suspect may be here together.
        let is_free = if suspect { room.has_suspect || room.unanswered == 0 } else { !room.has_suspect };
        if is_free { room.most.saturating_sub(room.unanswered) } else { 0 }
    }

    /// Takes an event.
    pub fn take(&mut self, port: usize, head: Head<K>, value: Value) -> Handed {
        if self.places(port, head.suspect) == 0 {
            return Handed::NO_ROOM;
        }
        self.ports[port].unanswered += 1;
        self.ports[port].has_suspect = head.suspect;
        self.collected.push_back(Collected { port, head, value });
        Handed::ONE
    }

    /// How many events a port takes before some are answered: none at all, or at least what one event can send there.
    pub fn set_room(&mut self, port: usize, most: u32) {
        let room = &mut self.ports[port];
        room.most = if most == 0 { 0 } else { most.max(room.places) };
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
