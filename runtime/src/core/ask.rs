//! The question for room, as it travels from an entrance (an input, a log's output) to the logs and sinks behind it.

/// Who asks for room, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// For an event that is delivered alone.
    pub suspect: bool,
    /// For what.
    pub purpose: Purpose,
}

/// What room is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A whole event that is about to enter, with all places that its results can take.
    Entering,
    /// One result of an event that has entered.
    Placing,
    /// The same, where no way has room any more: a log may park it.
    Parking,
}

impl Ask {
    /// For an event about to enter.
    #[inline]
    pub fn entering(suspect: bool) -> Ask {
        Ask { suspect, purpose: Purpose::Entering }
    }

    /// For a result that is looking for its place.
    #[inline]
    pub fn placing(suspect: bool) -> Ask {
        Ask { suspect, purpose: Purpose::Placing }
    }

    /// For a result that has found none.
    #[inline]
    pub fn parking(suspect: bool) -> Ask {
        Ask { suspect, purpose: Purpose::Parking }
    }

    /// What is to be asked where this has found no room anywhere.
    #[inline]
    pub fn failing_that(self) -> Option<Ask> {
        (self.purpose == Purpose::Placing).then_some(Ask::parking(self.suspect))
    }

    /// How many times a sink with so much room has what is asked for, where one event of the flow can take `places` in it.
    #[inline]
    pub fn of(self, room: u32, places: u32) -> u32 {
        if self.purpose == Purpose::Entering { room / places } else { room }
    }

    /// How many times there is room for `results` results at once, where there is `room` for what is asked for: for the
    /// whole event that is about to enter they are counted already.
    #[inline]
    pub fn together(self, room: u32, results: u32) -> u32 {
        if self.purpose == Purpose::Entering { room } else { room / results }
    }
}
