//! The question for room, as it travels from an entrance (an input, a log's output) to the sinks behind it.

/// Who asks for room, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// For an event that is delivered alone.
    pub suspect: bool,
    /// For a whole event that is about to enter, with all places that its results can take, rather than for one result
    /// of an event that has entered already.
    pub entering: bool,
}

impl Ask {
    /// For an event about to enter.
    #[inline]
    pub fn entering(suspect: bool) -> Ask {
        Ask { suspect, entering: true }
    }

    /// For a result that is looking for its place.
    #[inline]
    pub fn placing(suspect: bool) -> Ask {
        Ask { suspect, entering: false }
    }

    /// How many times a sink with so much room has what is asked for, where one event of the flow can take `places` in it.
    #[inline]
    pub fn of(self, room: u32, places: u32) -> u32 {
        if self.entering { room / places } else { room }
    }
}
