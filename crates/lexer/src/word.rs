//! Eight bytes at a time, in a `u64` whose lowest byte comes first.
//!
//! The functions that look for bytes give a word in which the highest bit of a
//! byte marks a find. Those named `first_…` are right about the lowest mark
//! only, which is all that a search needs; the others are right about each.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;
const LOW: u64 = !HIGH;

/// The byte in all eight places.
#[inline]
const fn all(byte: u8) -> u64 {
    ONES * byte as u64
}

/// The first eight bytes; NUL stands for those that are missing.
#[inline]
pub(crate) fn first(bytes: &[u8]) -> u64 {
    if let Some(chunk) = bytes.first_chunk() {
        return u64::from_le_bytes(*chunk);
    }
    let mut chunk = [0; 8];
    for (to, from) in chunk.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_le_bytes(chunk)
}

/// How many bytes come before the first that `find` marks.
#[inline]
pub(crate) fn len_until(bytes: &[u8], find: impl Fn(u64) -> u64) -> usize {
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let found = find(u64::from_le_bytes(*chunk));
        if found != 0 {
            return bytes.len() - rest.len() + place(found);
        }
        rest = after;
    }
    let last = place(find(first(rest))).min(rest.len());
    bytes.len() - rest.len() + last
}

/// Which byte the lowest mark is in; 8 without any.
#[inline]
fn place(found: u64) -> usize {
    (found.trailing_zeros() / 8) as usize
}

/// Marks the bytes equal to `byte`.
#[inline]
pub(crate) fn first_equal(word: u64, byte: u8) -> u64 {
    let zeros = word ^ all(byte);
    zeros.wrapping_sub(ONES) & !zeros & HIGH
}

#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    let zeros = word ^ all(byte);
    !((zeros & LOW) + LOW | zeros) & HIGH
}

/// Marks all that is not in PHP's white space between tokens.
#[inline]
pub(crate) fn not_whitespace(word: u64) -> u64 {
    let is = equal(word, b' ') | equal(word, b'\n') | equal(word, b'\r') | equal(word, b'\t');
    is ^ HIGH
}

/// Marks the bytes that do not belong to a name. `del` is 1 in every byte if DEL
/// does, else 0.
#[inline]
pub(crate) fn not_name(word: u64, del: u64) -> u64 {
    let low = word & LOW;
    let lower = low | all(0x20);
    let is_letter = (lower + all(0x80 - b'a')) & !(lower + all(0x7F - b'z'));
    let is_digit = (low + all(0x80 - b'0')) & !(low + all(0x7F - b'9'));
    let is_not_underscore = (low ^ all(b'_')) + LOW;
    let is_del = low + del;
    !(word | is_letter | is_digit | !is_not_underscore | is_del) & HIGH
}

/// How many bytes at the start are white space.
#[inline]
pub(crate) fn whitespace_len(word: u64) -> usize {
    place(not_whitespace(word))
}

/// Whether there is a carriage return among the first `len` bytes, at most 8.
#[inline]
pub(crate) fn has_carriage_return(word: u64, len: usize) -> bool {
    start(equal(word, b'\r'), len) != 0
}

/// How many of the first `len` bytes, at most 8, are line feeds.
#[inline]
pub(crate) fn line_feeds(word: u64, len: usize) -> u32 {
    ((start(equal(word, b'\n'), len) >> 7).wrapping_mul(ONES) >> 56) as u32
}

/// The first `len` bytes, at most 8, and NUL for the others.
#[inline]
fn start(word: u64, len: usize) -> u64 {
    if len < 8 { word & !(u64::MAX << (8 * len)) } else { word }
}
