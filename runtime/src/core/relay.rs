//! Deliveries on behalf of somebody further up: a sink's rejected events on their way through its `err` port.

use crate::core::{Answer, Deliveries, EventId, Handed, Tag};

/// A table of open deliveries, each with the tag of the event upstream that it stands for.
#[derive(Debug)]
pub struct Relay<T> {
    deliveries: Deliveries,
    upstream: Vec<Option<T>>,
}

impl<T: Tag> Relay<T> {
    /// An empty table.
    pub fn new() -> Relay<T> {
        Relay { deliveries: Deliveries::new(), upstream: Vec::new() }
    }

    /// Begins a delivery for the event `upstream`.
    pub fn open(&mut self, upstream: T) -> EventId {
        let id = self.deliveries.open();
        let slot = id.slot as usize;
        if slot >= self.upstream.len() {
            self.upstream.resize(slot + 1, None);
        }
        self.upstream[slot] = Some(upstream);
        id
    }

    /// Notes what became of the event; gives the answer for upstream if it is over already.
    pub fn settle(&mut self, id: EventId, handed: Handed) -> Option<(T, Answer)> {
        let answer = self.deliveries.settle(id, handed)?;
        self.over(id, answer)
    }

    /// Takes a branch's answer; gives the answer for upstream when the delivery is over.
    pub fn answer(&mut self, id: EventId, answer: Answer) -> Option<(T, Answer)> {
        let answer = self.deliveries.answer(id, answer)?;
        self.over(id, answer)
    }

    fn over(&mut self, id: EventId, answer: Answer) -> Option<(T, Answer)> {
        let upstream = self.upstream[id.slot as usize].take()?;
        Some((upstream, answer))
    }
}

impl<T: Tag> Default for Relay<T> {
    fn default() -> Self {
        Relay::new()
    }
}
