//! The numbers of a source map: base 64 digits of five bits, the lowest first.
//!
//! A digit's sixth bit says that more follow; the lowest bit of a number is its
//! sign. `;` ends a line of the output, `,` a segment, and all numbers but the
//! column at the start of a line are differences.

use super::Point;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn put(out: &mut Vec<u8>, number: i64) {
    let mut rest = number.unsigned_abs() << 1 | u64::from(number < 0);
    loop {
        let digit = (rest & 31) as usize;
        rest >>= 5;
        out.push(DIGITS[if rest == 0 { digit } else { digit | 32 }]);
        if rest == 0 {
            return;
        }
    }
}

/// Goes on to a place in the output; `is_after_one` if there are segments.
pub(super) fn put_step(out: &mut Vec<u8>, from: Point, to: Point, is_after_one: bool) {
    let lines = to.line.saturating_sub(from.line) as usize;
    out.resize(out.len() + lines, b';');
    let is_same_line = lines == 0 && is_after_one;
    if is_same_line {
        out.push(b',');
    }
    let base = if is_same_line { from.column } else { 0 };
    put(out, i64::from(to.column) - i64::from(base));
}

/// The source of a segment, by differences.
pub(super) fn put_source(out: &mut Vec<u8>, source: i64, (line, column): (i64, i64)) {
    put(out, source);
    put(out, line);
    put(out, column);
}

/// The number at the start of the bytes, and what follows it.
pub(super) fn take(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut number: u64 = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let digit = value(*byte)?;
        // What has more digits is no number of ours or anybody's.
        number |= (digit & 31).checked_shl(5 * at as u32).filter(|_| at < 12)?;
        if digit & 32 == 0 {
            let size = (number >> 1).cast_signed();
            return Some((if number & 1 == 1 { -size } else { size }, &bytes[at + 1..]));
        }
    }
    None
}

fn value(digit: u8) -> Option<u64> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u64::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for number in [0, 1, -1, 15, 16, -16, 511, 512, 1 << 20, -(1 << 40)] {
            let mut out = Vec::new();
            put(&mut out, number);
            out.push(b',');
            assert_eq!(take(&out), Some((number, &b","[..])));
        }
        let mut out = Vec::new();
        put(&mut out, 16);
        assert_eq!(out, b"gB");
        assert_eq!(take(b"g"), None);
        assert_eq!(take(b"gggggggggggggggA"), None);
    }
}
