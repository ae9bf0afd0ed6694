//! Bytes as a script: a fuzzer's bytes say what happens next. Every sequence of bytes is a script, and behind its end nothing
//! happens any more.

/// What is left of a script.
pub(crate) struct Script<'a>(pub(crate) &'a [u8]);

impl<'a> Script<'a> {
    /// The next byte; 0 behind the end.
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// Some bytes, as many as the next one says.
    pub(crate) fn some(&mut self) -> &'a [u8] {
        let len = usize::from(self.byte()).min(self.0.len());
        let (some, rest) = self.0.split_at(len);
        self.0 = rest;
        some
    }

    /// A number: most are small, some are at the ends of what there is.
    pub(crate) fn number(&mut self) -> u64 {
        match self.byte() {
            small @ 0..=0xdf => small.into(),
            0xe0 => u64::MAX - u64::from(self.byte()),
            0xe1 => (u64::MAX >> (self.byte() % 64)).wrapping_sub(u64::from(self.byte() % 4)),
            0xe2 => 1 << (self.byte() % 64),
            high => u64::from(high) << 8 | u64::from(self.byte()),
        }
    }

    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.byte()) % choices.len()]
    }
}
