//! Number literals: how far they reach, and whether they are integers.

use crate::lexer::{Lexer, Token};
use crate::{IntSize, TokenKind, Version};

impl Lexer<'_> {
    /// A number that starts with a digit or with a dot and a digit.
    pub(crate) fn number(&mut self) -> Token {
        let rest = self.rest;
        if let Some((base, len)) = self.prefixed_len(rest) {
            let fits = self.fits(&rest[2..len], base);
            return Token::new(len, int_or_float(fits));
        }
        let whole = self.digits_len(rest, u8::is_ascii_digit);
        let mut len = whole;
        if rest.get(len) == Some(&b'.') {
            len += 1 + self.digits_len(&rest[len + 1..], u8::is_ascii_digit);
        }
        len += self.exponent_len(&rest[len..]);
        if len > whole {
            return Token::new(len, TokenKind::DNumber);
        }
        let kind = self.decimal_or_octal(&rest[..len]);
        Token::new(len, kind)
    }

    /// `0x1F`, `0b11`, `0o17`: the base and the length.
    pub(crate) fn prefixed_len(&self, rest: &[u8]) -> Option<(u32, usize)> {
        let (base, is_digit): (u32, fn(&u8) -> bool) = match rest.get(..2)? {
            b"0x" | b"0X" => (16, u8::is_ascii_hexdigit),
            b"0b" | b"0B" if self.has(Version::V5_4) => (2, |byte| matches!(byte, b'0' | b'1')),
            b"0o" | b"0O" if self.has(Version::V8_1) => (8, |byte| matches!(byte, b'0'..=b'7')),
            _ => return None,
        };
        let digits = self.digits_len(&rest[2..], is_digit);
        (digits > 0).then_some((base, 2 + digits))
    }

    /// Digits, from PHP 7.4 with a single `_` between any two.
    pub(crate) fn digits_len(&self, rest: &[u8], is_digit: fn(&u8) -> bool) -> usize {
        let separators = self.has(Version::V7_4);
        let mut len = 0;
        loop {
            match rest.get(len) {
                Some(byte) if is_digit(byte) => len += 1,
                Some(b'_') if separators && len > 0 && rest.get(len + 1).is_some_and(is_digit) => {
                    len += 2;
                }
                _ => return len,
            }
        }
    }

    /// `e10`, `E+10`: 0 where the letter has no digits behind it.
    fn exponent_len(&self, rest: &[u8]) -> usize {
        let sign = match rest {
            [b'e' | b'E', b'+' | b'-', ..] => 2,
            [b'e' | b'E', ..] => 1,
            _ => return 0,
        };
        match self.digits_len(&rest[sign..], u8::is_ascii_digit) {
            0 => 0,
            digits => sign + digits,
        }
    }

    fn decimal_or_octal(&mut self, digits: &[u8]) -> TokenKind {
        if digits[0] != b'0' {
            return int_or_float(self.fits(digits, 10));
        }
        // `089` is an error, of which PHP reads the part before the 8.
        let octal = match digits.iter().position(|digit| matches!(digit, b'8' | b'9')) {
            Some(end) => {
                if self.has(Version::V7_0) {
                    self.heredocs.fail();
                }
                if self.is_long_for_old_php(digits.len()) {
                    return TokenKind::DNumber;
                }
                &digits[..end]
            }
            None => digits,
        };
        int_or_float(self.fits(octal, 8))
    }

    /// PHP 7.0 to 7.3 take a wrong octal literal for a float when it is about as
    /// long as the longest integer.
    fn is_long_for_old_php(&self, len: usize) -> bool {
        let longest = match self.options.int_size {
            IntSize::Four => 10,
            IntSize::Eight => 19,
        };
        len >= longest && self.has(Version::V7_0) && !self.has(Version::V7_4)
    }

    /// Whether the digits make an integer of the target's width.
    fn fits(&self, digits: &[u8], base: u32) -> bool {
        let max: u64 = match self.options.int_size {
            IntSize::Four => i32::MAX as u64,
            IntSize::Eight => i64::MAX as u64,
        };
        let mut value = 0u64;
        for digit in digits.iter().filter_map(|&byte| char::from(byte).to_digit(base)) {
            value = match value
                .checked_mul(u64::from(base))
                .and_then(|v| v.checked_add(u64::from(digit)))
            {
                Some(value) if value <= max => value,
                _ => return false,
            };
        }
        true
    }
}

fn int_or_float(fits: bool) -> TokenKind {
    if fits { TokenKind::LNumber } else { TokenKind::DNumber }
}
