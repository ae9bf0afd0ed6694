//! The yardstick's log: slots in one array, linked into queues through themselves, and their payloads side by side in one
//! buffer. Free slots are taken last in, first out, so that a log that keeps little works on few, warm slots.

use super::encode::Encoder;

/// The settings of the log.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Events that one call takes from it.
    pub read_count: u32,
    /// Events that it keeps at most.
    pub max_elements: u32,
    /// Bytes of payload that it keeps at most.
    pub max_bytes: u64,
}

/// One delivery of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id {
    slot: u32,
    generation: u32,
}

/// What is to be delivered next.
#[derive(Clone, Copy, Debug)]
pub struct Next {
    slot: u32,
    /// It needs an output for itself.
    pub suspect: bool,
}

/// No slot.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Slot {
    generation: u32,
    /// The next one in the queue that it is in.
    next: u32,
    len: u32,
    in_flight: bool,
    /// A peer closed over it, or over one that was with it: it is delivered alone from then on.
    suspect: bool,
}

/// The log.
#[derive(Debug)]
pub struct Log {
    config: Config,
    greatest_len: usize,
    /// Bytes from one payload to the next.
    stride: usize,
    slots: Vec<Slot>,
    /// `stride` bytes for each slot.
    payloads: Vec<u8>,
    free: u32,
    fresh: Queue,
    again: Queue,
    suspects: Queue,
    /// Suspects that are out: the next one waits for the one before it.
    suspects_out: u32,
    pending: u32,
    bytes: u64,
    stale: u64,
}

impl Log {
    /// An empty log for events of this length at most.
    pub fn new(config: Config, greatest_len: usize) -> Log {
        Log {
            config,
            greatest_len,
            stride: Encoder::buffer_len(greatest_len),
            slots: Vec::new(),
            payloads: Vec::new(),
            free: NONE,
            fresh: Queue::EMPTY,
            again: Queue::EMPTY,
            suspects: Queue::EMPTY,
            suspects_out: 0,
            pending: 0,
            bytes: 0,
            stale: 0,
        }
    }

    /// Whether an event of the greatest length fits.
    #[inline]
    pub fn has_room(&self) -> bool {
        self.pending < self.config.max_elements
            && self.bytes + self.greatest_len as u64 <= self.config.max_bytes
    }

    /// Takes an event; `fill` writes it and gives its length.
    #[inline]
    pub fn store(&mut self, fill: impl FnOnce(&mut [u8]) -> usize) {
        if self.free == NONE {
            self.grow();
        }
        let index = self.free;
        let start = index as usize * self.stride;
        let len = fill(&mut self.payloads[start..start + self.stride]);
        let slot = &mut self.slots[index as usize];
        self.free = slot.next;
        slot.len = len as u32;
        self.pending += 1;
        self.bytes += len as u64;
        self.fresh.push(&mut self.slots, index);
    }

    /// The event to be delivered next, if any: what failed comes first.
    #[inline]
    pub fn next(&self) -> Option<Next> {
        if self.again.head == NONE && self.suspects.head == NONE {
            return (self.fresh.head != NONE).then_some(Next { slot: self.fresh.head, suspect: false });
        }
        self.next_again()
    }

    #[cold]
    fn next_again(&self) -> Option<Next> {
        let suspect = self.suspects.head != NONE && self.suspects_out == 0;
        let queues = if suspect { [self.suspects, self.again] } else { [self.again, self.fresh] };
        let slot = if queues[0].head == NONE { queues[1].head } else { queues[0].head };
        (slot != NONE).then_some(Next { slot, suspect })
    }

    /// Begins the delivery of the event that [`Log::next`] gave.
    #[inline]
    pub fn begin(&mut self, Next { slot: next, suspect }: Next) -> (Id, &[u8]) {
        let slot = &mut self.slots[next as usize];
        let queue = if suspect {
            self.suspects_out += 1;
            &mut self.suspects
        } else if self.again.head == NONE {
            &mut self.fresh
        } else {
            &mut self.again
        };
        queue.head = slot.next;
        slot.in_flight = true;
        let start = next as usize * self.stride;
        let payload = &self.payloads[start..start + slot.len as usize];
        (Id { slot: next, generation: slot.generation }, payload)
    }

    /// The delivery was confirmed: its slot is free. Whether it was not over before.
    #[inline]
    pub fn ack(&mut self, id: Id) -> bool {
        let Some(slot) = end(&mut self.slots, &mut self.stale, id) else { return false };
        slot.next = self.free;
        self.free = id.slot;
        let len = slot.len;
        let was_suspect = std::mem::take(&mut slot.suspect);
        self.suspects_out -= u32::from(was_suspect);
        self.pending -= 1;
        self.bytes -= u64::from(len);
        true
    }

    /// The delivery failed; once a suspect, an event stays one.
    #[inline]
    pub fn fail(&mut self, id: Id, suspect: bool) {
        let Some(slot) = end(&mut self.slots, &mut self.stale, id) else { return };
        self.suspects_out -= u32::from(slot.suspect);
        slot.suspect |= suspect;
        let queue = if slot.suspect { &mut self.suspects } else { &mut self.again };
        queue.push(&mut self.slots, id.slot);
    }

    /// One more slot; there are never more than `max_elements`.
    #[cold]
    fn grow(&mut self) {
        self.free = self.slots.len() as u32;
        self.slots.push(Slot { generation: 0, next: NONE, len: 0, in_flight: false, suspect: false });
        self.payloads.resize(self.slots.len() * self.stride, 0);
    }

    /// Events that it keeps.
    pub fn pending(&self) -> u64 {
        u64::from(self.pending)
    }

    /// Bytes of these.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Answers to deliveries that were over.
    pub fn stale(&self) -> u64 {
        self.stale
    }
}

/// Ends a delivery that is not over: a new generation of its slot begins.
#[inline]
fn end<'a>(slots: &'a mut [Slot], stale: &mut u64, id: Id) -> Option<&'a mut Slot> {
    let slot = slots.get_mut(id.slot as usize);
    let Some(slot) = slot.filter(|slot| slot.generation == id.generation && slot.in_flight) else {
        *stale += 1;
        return None;
    };
    slot.generation = slot.generation.wrapping_add(1);
    slot.in_flight = false;
    Some(slot)
}

#[derive(Clone, Copy, Debug)]
struct Queue {
    head: u32,
    tail: u32,
}

impl Queue {
    const EMPTY: Queue = Queue { head: NONE, tail: NONE };

    #[inline]
    fn push(&mut self, slots: &mut [Slot], index: u32) {
        slots[index as usize].next = NONE;
        if self.head == NONE {
            self.head = index;
        } else {
            slots[self.tail as usize].next = index;
        }
        self.tail = index;
    }
}
