//! The bytes of a file of a bundle, in the pieces that they were printed in.
//!
//! A file may be large, and most of it is what it was in the last build: to join the
//! pieces would copy all of it each time. So they stay apart, and builds share them.

use std::sync::{Arc, OnceLock};

/// Bytes in pieces, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Bytes {
    pieces: Vec<Piece>,
    len: usize,
    first_new: Option<usize>,
    /// All of them joined, since somebody has asked for that.
    whole: OnceLock<Vec<u8>>,
}

/// The end of some bytes that others may share.
#[derive(Clone, Debug)]
struct Piece {
    bytes: Arc<Vec<u8>>,
    start: usize,
}

impl Piece {
    fn get(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

impl Bytes {
    /// None yet, with room for so many pieces.
    pub(crate) fn with_capacity(pieces: usize) -> Self {
        Self { pieces: Vec::with_capacity(pieces), ..Self::default() }
    }

    /// Adds what stands in some bytes from `start` on.
    pub(crate) fn push(&mut self, bytes: Arc<Vec<u8>>, start: usize) {
        let piece = Piece { bytes, start };
        self.len += piece.get().len();
        self.pieces.push(piece);
        self.whole.take();
    }

    /// Says which piece is the first new one.
    pub(crate) fn set_first_new(&mut self, index: Option<usize>) {
        self.first_new = index;
    }

    /// The first piece that no earlier build has printed, if there is one: where an earlier
    /// file is likely to differ.
    #[must_use]
    pub fn first_new(&self) -> Option<usize> {
        self.first_new
    }

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The pieces, in their order.
    #[must_use]
    pub fn pieces(&self) -> Vec<&[u8]> {
        self.pieces.iter().map(Piece::get).collect()
    }

    /// Whether they are these, which need not be joined for that.
    #[must_use]
    pub fn is(&self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        self.len == bytes.len()
            && self.pieces.iter().map(Piece::get).all(|piece| {
                let (start, end) = rest.split_at(piece.len());
                rest = end;
                start == piece
            })
    }

    /// All bytes in one piece: joined, if somebody asks for the first time.
    #[must_use]
    pub fn whole(&self) -> &[u8] {
        match &*self.pieces {
            [] => &[],
            [only] => only.get(),
            _ => self.whole.get_or_init(|| self.pieces().concat()),
        }
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        let mut all = Self::with_capacity(1);
        all.push(Arc::new(bytes), 0);
        all
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.whole()
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        self.is(other.whole())
    }
}

impl Eq for Bytes {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_what_they_are_together() {
        let mut bytes = Bytes::default();
        assert!(bytes.is_empty() && bytes.whole().is_empty());
        bytes.push(Arc::new(b"<?php\na();\n".to_vec()), 0);
        assert_eq!(bytes.whole(), b"<?php\na();\n");
        bytes.push(Arc::new(b"<?php\nb();\n".to_vec()), 6);
        assert_eq!(bytes.pieces(), [&b"<?php\na();\n"[..], b"b();\n"]);
        assert_eq!((bytes.len(), bytes.whole()), (16, &b"<?php\na();\nb();\n"[..]));
        assert_eq!(bytes, Bytes::from(b"<?php\na();\nb();\n".to_vec()));
        assert!(!bytes.is(b"<?php\na();\nc();\n") && !bytes.is(b"<?php\na();\n"));
        bytes.push(Arc::new(b"c".to_vec()), 0);
        assert_eq!(bytes.whole(), b"<?php\na();\nb();\nc");
    }
}
