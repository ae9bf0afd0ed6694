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

    /// Takes a branch's answer; gives the answer for upstream when the delivery is over: not before every branch has
    /// answered, even if one has failed.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Begins a delivery and gives it `answers`; says which of these calls ended it, and how.
    fn check(handed: Handed, answers: &[Answer], expected: &[Option<Answer>]) {
        let mut relay = Relay::new();
        let id = relay.open(7_u8);
        let mut results = vec![relay.settle(id, handed)];
        results.extend(answers.iter().map(|&answer| relay.answer(id, answer)));
        let expected: Vec<_> = expected.iter().map(|answer| answer.map(|answer| (7, answer))).collect();
        assert_eq!(results, expected, "{handed:?} {answers:?}");
    }

    #[test]
    fn upstream_is_answered_once_when_every_branch_has_answered() {
        let (ack, fail) = (Answer::Ack, Answer::Fail);
        let two = Handed { owed: 2, failed: false };
        check(Handed::DONE, &[], &[Some(ack)]);
        check(Handed::NO_ROOM, &[ack], &[Some(fail), None]);
        check(Handed::NO_ROOM + Handed::ONE, &[ack], &[None, Some(fail)]);
        check(two, &[ack, ack, ack], &[None, None, Some(ack), None]);
        check(two, &[fail, ack], &[None, None, Some(fail)]);
    }
}
