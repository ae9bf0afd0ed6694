//! How far each source has come: the number of its last event that is stored.

use crate::core::Origin;

/// By source; there are a few, so they are searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(Vec<Origin>);

impl From<Vec<Origin>> for Marks {
    /// Of each source there is one.
    fn from(marks: Vec<Origin>) -> Marks {
        Marks(marks)
    }
}

impl Marks {
    /// An event was stored.
    #[inline]
    pub(super) fn note(&mut self, origin: Origin) {
        match self.0.iter_mut().find(|mark| mark.source == origin.source) {
            Some(mark) => mark.id = mark.id.max(origin.id),
            None => self.0.push(origin),
        }
    }

    /// Takes over all of `other`, and empties it.
    pub(super) fn take(&mut self, other: &mut Marks) {
        other.0.drain(..).for_each(|mark| self.note(mark));
    }

    pub(super) fn get(&self, source: u32) -> Option<u64> {
        self.0.iter().find(|mark| mark.source == source).map(|mark| mark.id)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn to_vec(&self) -> Vec<Origin> {
        let mut marks = self.0.clone();
        marks.sort_unstable_by_key(|mark| mark.source);
        marks
    }
}
