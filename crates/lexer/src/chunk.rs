//! Sixteen bytes at a time. What is found is a number with a bit for each byte,
//! the lowest for the first.

use wide::u8x16;

/// How many bytes are looked at together.
pub(crate) const WIDTH: usize = 16;

/// The first bytes; NUL stands for those that are missing.
#[inline]
pub(crate) fn first(bytes: &[u8]) -> u8x16 {
    if let Some(chunk) = bytes.first_chunk() {
        return u8x16::new(*chunk);
    }
    let mut chunk = [0; WIDTH];
    for (to, from) in chunk.iter_mut().zip(bytes) {
        *to = *from;
    }
    u8x16::new(chunk)
}

/// How many bytes come before the first for which `find` sets a bit.
#[inline]
pub(crate) fn len_until(bytes: &[u8], find: impl Fn(u8x16) -> u8x16) -> usize {
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let found = find(u8x16::new(*chunk)).to_bitmask();
        if found != 0 {
            return bytes.len() - rest.len() + found.trailing_zeros() as usize;
        }
        rest = after;
    }
    let found = find(first(rest)).to_bitmask();
    let last = (found.trailing_zeros() as usize).min(rest.len());
    bytes.len() - rest.len() + last
}

/// Marks the bytes equal to `byte`.
#[inline]
pub(crate) fn equal(chunk: u8x16, byte: u8) -> u8x16 {
    chunk.simd_eq(u8x16::splat(byte))
}

#[inline]
fn in_range(chunk: u8x16, first: u8, last: u8) -> u8x16 {
    at_least(chunk, first) & chunk.min(u8x16::splat(last)).simd_eq(chunk)
}

#[inline]
fn at_least(chunk: u8x16, first: u8) -> u8x16 {
    chunk.max(u8x16::splat(first)).simd_eq(chunk)
}

/// Marks PHP's white space between tokens.
#[inline]
pub(crate) fn whitespace(chunk: u8x16) -> u8x16 {
    equal(chunk, b' ') | equal(chunk, b'\n') | equal(chunk, b'\r') | equal(chunk, b'\t')
}

/// Marks the bytes that do not belong to a name, where the bytes from
/// `first_high` on do.
#[inline]
pub(crate) fn not_name(chunk: u8x16, first_high: u8) -> u8x16 {
    let lower = chunk | u8x16::splat(0x20);
    !(in_range(lower, b'a', b'z')
        | in_range(chunk, b'0', b'9')
        | equal(chunk, b'_')
        | at_least(chunk, first_high))
}

/// How many bytes at the start are white space.
#[inline]
pub(crate) fn whitespace_len(chunk: u8x16) -> usize {
    (!whitespace(chunk).to_bitmask()).trailing_zeros() as usize
}

/// Whether there is a carriage return among the first `len` bytes.
#[inline]
pub(crate) fn has_carriage_return(chunk: u8x16, len: usize) -> bool {
    equal(chunk, b'\r').to_bitmask() & !(u32::MAX << len) != 0
}

/// How many of the first `len` bytes are line feeds.
#[inline]
pub(crate) fn line_feeds(chunk: u8x16, len: usize) -> u32 {
    let mut found = equal(chunk, b'\n').to_bitmask() & !(u32::MAX << len);
    // There is hardly ever more than one.
    let mut count = 0;
    while found != 0 {
        found &= found - 1;
        count += 1;
    }
    count
}

/// The first eight bytes; NUL stands for those that are missing.
#[inline]
pub(crate) fn eight(bytes: &[u8]) -> u64 {
    if let Some(chunk) = bytes.first_chunk() {
        return u64::from_le_bytes(*chunk);
    }
    let mut chunk = [0; 8];
    for (to, from) in chunk.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_le_bytes(chunk)
}
