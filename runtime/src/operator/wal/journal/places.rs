//! Where each kept event is: in which segment, and in which list of those that share a lot. The lists are links through the
//! places themselves, so that an event leaves its list in one step, wherever it stands there, and a segment knows its live
//! events without a search. What is in the events is not here: a place belongs to a slot of the log.

/// No slot; no list.
pub(super) const NONE: u32 = u32::MAX;

/// The place of one event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) seq: u64,
    /// The segment that answers for it; 0 until it is safe in one.
    pub(super) home: u64,
    /// The segment that it was also written to, or is about to be, and that is to answer for it soon; 0 for none.
    pub(super) copy: u64,
    /// Bytes that it counts: its frame, and its acknowledgement.
    pub(super) charge: u64,
    list: u32,
    prev: u32,
    next: u32,
}

/// Names a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ListId(u32);

/// Not yet safe, in order.
pub(super) const WAITING: ListId = ListId(0);
/// Copied out of the segment that is cleaned.
pub(super) const MOVED: ListId = ListId(1);
/// Written anew after trouble.
pub(super) const REWRITTEN: ListId = ListId(2);

#[derive(Clone, Copy, Debug)]
struct List {
    head: u32,
    tail: u32,
    charge: u64,
}

const EMPTY: List = List { head: NONE, tail: NONE, charge: 0 };

/// All places, by slot, and the lists.
#[derive(Debug)]
pub(super) struct Places {
    places: Vec<Place>,
    lists: Vec<List>,
    free: Vec<ListId>,
}

impl Places {
    pub(super) fn new() -> Places {
        Places { places: Vec::new(), lists: vec![EMPTY; 3], free: Vec::new() }
    }

    /// A new, empty list.
    pub(super) fn make_list(&mut self) -> ListId {
        self.free.pop().unwrap_or_else(|| {
            self.lists.push(EMPTY);
            ListId(u32::try_from(self.lists.len() - 1).expect("a list for each segment"))
        })
    }

    /// Gives an empty list back.
    pub(super) fn drop_list(&mut self, list: ListId) {
        debug_assert!(self.is_empty(list), "no event is left in it");
        self.free.push(list);
    }

    /// A new event, in no list yet.
    #[inline]
    pub(super) fn put(&mut self, slot: u32, seq: u64, charge: u64) {
        let place = Place { seq, home: 0, copy: 0, charge, list: NONE, prev: NONE, next: NONE };
        match self.places.get_mut(slot as usize) {
            Some(old) => *old = place,
            None => self.places.resize(slot as usize + 1, place),
        }
    }

    #[inline]
    pub(super) fn get(&self, slot: u32) -> &Place {
        &self.places[slot as usize]
    }

    /// `list`, `prev` and `next` apart, which are changed by the functions here.
    #[inline]
    pub(super) fn get_mut(&mut self, slot: u32) -> &mut Place {
        &mut self.places[slot as usize]
    }

    pub(super) fn is_empty(&self, list: ListId) -> bool {
        self.lists[list.0 as usize].head == NONE
    }

    /// What its events count together.
    pub(super) fn charge(&self, list: ListId) -> u64 {
        self.lists[list.0 as usize].charge
    }

    #[inline]
    pub(super) fn first(&self, list: ListId) -> Option<u32> {
        Some(self.lists[list.0 as usize].head).filter(|slot| *slot != NONE)
    }

    fn last(&self, list: ListId) -> Option<u32> {
        Some(self.lists[list.0 as usize].tail).filter(|slot| *slot != NONE)
    }

    /// Puts an event that is in no list at the end of one.
    #[inline]
    pub(super) fn push(&mut self, list: ListId, slot: u32) {
        let end = &mut self.lists[list.0 as usize];
        let tail = std::mem::replace(&mut end.tail, slot);
        if tail == NONE {
            end.head = slot;
        } else {
            self.places[tail as usize].next = slot;
        }
        let place = &mut self.places[slot as usize];
        (place.list, place.prev, place.next) = (list.0, tail, NONE);
        self.lists[list.0 as usize].charge += place.charge;
    }

    fn push_front(&mut self, list: ListId, slot: u32) {
        let end = &mut self.lists[list.0 as usize];
        let head = std::mem::replace(&mut end.head, slot);
        if head == NONE {
            end.tail = slot;
        } else {
            self.places[head as usize].prev = slot;
        }
        let place = &mut self.places[slot as usize];
        (place.list, place.prev, place.next) = (list.0, NONE, head);
        self.lists[list.0 as usize].charge += place.charge;
    }

    /// Takes an event out of its list.
    #[inline]
    pub(super) fn unlink(&mut self, slot: u32) {
        let place = &mut self.places[slot as usize];
        let (list, prev, next) = (place.list, place.prev, place.next);
        debug_assert_ne!(list, NONE, "it is in a list");
        place.list = NONE;
        let charge = place.charge;
        let list = &mut self.lists[list as usize];
        list.charge -= charge;
        match prev {
            NONE => list.head = next,
            prev => self.places[prev as usize].next = next,
        }
        match next {
            NONE => list.tail = prev,
            next => self.places[next as usize].prev = prev,
        }
    }

    /// Takes the first event of a list.
    #[inline]
    pub(super) fn pop(&mut self, list: ListId) -> Option<u32> {
        let slot = self.first(list)?;
        self.unlink(slot);
        Some(slot)
    }

    /// Puts events of a list back in front of the lists that `back` names, in their order; the others stay.
    pub(super) fn put_back(&mut self, list: ListId, mut back: impl FnMut(&mut Place) -> Option<ListId>) {
        let mut at = self.last(list);
        while let Some(slot) = at {
            at = Some(self.places[slot as usize].prev).filter(|slot| *slot != NONE);
            if let Some(to) = back(&mut self.places[slot as usize]) {
                self.unlink(slot);
                self.push_front(to, slot);
            }
        }
    }
}
