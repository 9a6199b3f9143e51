//! Places in a source: a range of bytes, and the place of one short token.

use std::fmt;
use std::num::NonZeroU32;

/// The bytes from `start` up to `end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// How many bytes there are.
    #[must_use]
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether there are no bytes, as in a list without an element.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether all bytes of `other` are among these.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The bytes themselves.
    ///
    /// # Panics
    ///
    /// If the span is of another, longer source.
    #[must_use]
    pub fn of(self, source: &[u8]) -> &[u8] {
        &source[self.start as usize..self.end as usize]
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// Where a token starts whose length goes without saying: an operator, a
/// keyword, a semicolon. An `Option` of it is as small as itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(NonZeroU32);

const _: () = assert!(size_of::<Option<Position>>() == 4);

impl Position {
    #[inline]
    pub(crate) fn new(offset: u32) -> Self {
        // One more than the offset, which is less than `u32::MAX`: the source
        // has no more bytes than that.
        Self(NonZeroU32::MIN.saturating_add(offset))
    }

    /// The place, in bytes from the start of the source.
    #[inline]
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get() - 1
    }
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.get())
    }
}
