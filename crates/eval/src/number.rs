//! Numbers and their texts: what a string is worth, how a float is printed.
//!
//! Much depends on the version: `'1e3'` cast to
//! an integer is 1 before PHP 7.1, `'0x1A'` is a number before 7.0, `'1 '` is
//! one since 8.0, and a cast of a float that does not fit wraps around.

use tilde_syntax::{IntSize, Options, Version};

use crate::array::range;

/// An integer or a float.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    pub(crate) fn to_float(self) -> f64 {
        match self {
            Self::Int(integer) => integer as f64,
            Self::Float(float) => float,
        }
    }
}

/// How much of a string is a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Numeric {
    /// All of it.
    Whole(Number),
    /// It begins with one.
    Leading(Number),
    /// It does not even begin with one.
    None,
}

impl Numeric {
    /// The number, 0 if there is none.
    pub(crate) fn number(self) -> Number {
        match self {
            Self::Whole(number) | Self::Leading(number) => number,
            Self::None => Number::Int(0),
        }
    }

    pub(crate) fn whole(self) -> Option<Number> {
        match self {
            Self::Whole(number) => Some(number),
            Self::Leading(_) | Self::None => None,
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c')
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// How long the number is that a text without leading blanks begins with, and
/// whether it is a float.
fn number_len(text: &[u8]) -> Option<(usize, bool)> {
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let whole = digits(&text[sign..]);
    let mut len = sign + whole;
    let mut is_float = false;
    if text.get(len) == Some(&b'.') {
        let fraction = digits(&text[len + 1..]);
        if whole + fraction == 0 {
            return None;
        }
        len += 1 + fraction;
        is_float = true;
    } else if whole == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = text.get(len) {
        let sign = usize::from(matches!(text.get(len + 1), Some(b'+' | b'-')));
        let exponent = digits(&text[len + 1 + sign..]);
        if exponent > 0 {
            len += 1 + sign + exponent;
            is_float = true;
        }
    }
    Some((len, is_float))
}

/// What a string is worth as a number.
pub(crate) fn numeric(bytes: &[u8], options: Options) -> Numeric {
    let blanks = bytes.iter().take_while(|byte| is_blank(**byte)).count();
    let text = &bytes[blanks..];
    if options.version < Version::V7_0
        && let [b'0', b'x' | b'X', hex @ ..] = text
        && hex.first().is_some_and(u8::is_ascii_hexdigit)
    {
        return hexadecimal(hex, options.int_size);
    }
    let Some((len, is_float)) = number_len(text) else {
        return Numeric::None;
    };
    let number = if is_float {
        Number::Float(parse_float(&text[..len]))
    } else {
        parse_integer(&text[..len], options.int_size)
    };
    let rest = &text[len..];
    let may_end_in_blanks = options.version >= Version::V8_0;
    if rest.is_empty() || (may_end_in_blanks && rest.iter().all(|byte| is_blank(*byte))) {
        Numeric::Whole(number)
    } else {
        Numeric::Leading(number)
    }
}

fn hexadecimal(hex: &[u8], int_size: IntSize) -> Numeric {
    let len = hex.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let number = from_digits(&hex[..len], 16, int_size);
    if len == hex.len() { Numeric::Whole(number) } else { Numeric::Leading(number) }
}

/// A run of digits of any base: a float if it does not fit.
pub(crate) fn from_digits(text: &[u8], base: u32, int_size: IntSize) -> Number {
    let (_, max) = range(int_size);
    let values = || text.iter().map_while(|byte| char::from(*byte).to_digit(base));
    let integer = values().try_fold(0_i64, |sum, digit| {
        sum.checked_mul(i64::from(base))?.checked_add(i64::from(digit))
    });
    match integer {
        Some(integer) if integer <= max => Number::Int(integer),
        _ if base == 10 => Number::Float(parse_float(text)),
        _ => {
            Number::Float(values().fold(0.0, |sum, digit| sum * f64::from(base) + f64::from(digit)))
        }
    }
}

fn parse_integer(text: &[u8], int_size: IntSize) -> Number {
    let (min, max) = range(int_size);
    let text_without_plus = text.strip_prefix(b"+").unwrap_or(text);
    let integer = str::from_utf8(text_without_plus).ok().and_then(|text| text.parse::<i64>().ok());
    match integer {
        Some(integer) if integer >= min && integer <= max => Number::Int(integer),
        _ => Number::Float(parse_float(text)),
    }
}

/// The float that a text of digits, dot and exponent is.
pub(crate) fn parse_float(text: &[u8]) -> f64 {
    str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(0.0)
}

/// `(float) '…'`
pub(crate) fn string_to_float(bytes: &[u8]) -> f64 {
    let blanks = bytes.iter().take_while(|byte| is_blank(**byte)).count();
    let text = &bytes[blanks..];
    number_len(text).map_or(0.0, |(len, _)| parse_float(&text[..len]))
}

/// `(int) '…'`
pub(crate) fn string_to_int(bytes: &[u8], options: Options) -> i64 {
    let blanks = bytes.iter().take_while(|byte| is_blank(**byte)).count();
    let text = &bytes[blanks..];
    let Some((len, is_float)) = number_len(text) else {
        return 0;
    };
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    // Since 7.1 `'1e3'` is 1000.
    let number = if is_float && options.version >= Version::V7_1 {
        Number::Float(parse_float(&text[..len]))
    } else {
        parse_integer(&text[..sign + digits(&text[sign..])], options.int_size)
    };
    match number {
        Number::Int(integer) => integer,
        Number::Float(float) => saturating(float, options.int_size),
    }
}

/// A string that is too large does not wrap around.
fn saturating(float: f64, int_size: IntSize) -> i64 {
    let (min, max) = range(int_size);
    // The conversion saturates at 64 bits by itself.
    (float as i64).clamp(min, max)
}

/// `(int) 1.5`: what does not fit wraps around.
pub(crate) fn float_to_int(float: f64, options: Options) -> i64 {
    if !float.is_finite() {
        return match options.version {
            version if version >= Version::V7_0 => 0,
            _ if options.int_size == IntSize::Eight => i64::MIN,
            _ => 0,
        };
    }
    let float = float.trunc();
    let (min, max) = range(options.int_size);
    if float >= min as f64 && float <= max as f64 && (float as i128) <= i128::from(max) {
        return float as i64;
    }
    let modulus = match options.int_size {
        IntSize::Four => 4_294_967_296.0,
        IntSize::Eight => 18_446_744_073_709_551_616.0,
    };
    let rest = float % modulus;
    let rest = if rest < 0.0 { rest + modulus } else { rest };
    let rest = rest as u64;
    match options.int_size {
        IntSize::Four => i64::from(rest as u32 as i32),
        IntSize::Eight => rest as i64,
    }
}

/// Wraps an integer around at the width of the target.
pub(crate) fn wrap(integer: i128, int_size: IntSize) -> i64 {
    match int_size {
        IntSize::Four => i64::from(integer as i32),
        IntSize::Eight => integer as i64,
    }
}

/// An integer, or a float where it does not fit.
pub(crate) fn fit(integer: i128, int_size: IntSize) -> Option<i64> {
    let (min, max) = range(int_size);
    (integer >= i128::from(min) && integer <= i128::from(max)).then_some(integer as i64)
}

/// The digits of a float and where its point is: 0.DIGITS * 10^POINT.
pub(crate) struct Decimal {
    pub(crate) is_negative: bool,
    pub(crate) digits: Vec<u8>,
    pub(crate) point: i32,
}

/// The float in as many digits, or in as few as tell it from all others.
pub(crate) fn decimal(float: f64, precision: Option<usize>) -> Decimal {
    let text = match precision {
        Some(precision) => format!("{:.*e}", precision.max(1) - 1, float.abs()),
        None => {
            // Where two are as short and as near, C takes the even one.
            let shortest = format!("{:e}", float.abs());
            let digits = shortest.split('e').next().map_or(1, |text| text.replace('.', "").len());
            let rounded = format!("{:.*e}", digits - 1, float.abs());
            if rounded.parse() == Ok(float.abs()) { rounded } else { shortest }
        }
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    while digits.len() > 1 && digits.last() == Some(&b'0') {
        digits.pop();
    }
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // Zero has its point behind its digit.
    Decimal { is_negative: float.is_sign_negative(), digits, point: exponent + 1 }
}

/// A float as `%.*G` prints it: in so many digits, or in the fewest.
pub(crate) fn general(float: f64, precision: Option<usize>, exponent: u8) -> Vec<u8> {
    if float.is_nan() {
        return b"NAN".to_vec();
    }
    if float.is_infinite() {
        return if float < 0.0 { b"-INF".to_vec() } else { b"INF".to_vec() };
    }
    let Decimal { is_negative, digits, point } = decimal(float, precision);
    let limit = precision.unwrap_or(17).max(1) as i32;
    let mut text = Vec::new();
    if is_negative {
        text.push(b'-');
    }
    if point > limit || point < -3 {
        text.push(digits[0]);
        text.push(b'.');
        text.extend(if digits.len() > 1 { &digits[1..] } else { b"0" });
        text.push(exponent);
        text.extend(format!("{:+}", point - 1).bytes());
    } else if point <= 0 {
        text.extend(b"0.");
        text.extend(std::iter::repeat_n(b'0', point.unsigned_abs() as usize));
        text.extend(digits);
    } else {
        let whole = point as usize;
        for index in 0..whole {
            text.push(digits.get(index).copied().unwrap_or(b'0'));
        }
        if digits.len() > whole {
            text.push(b'.');
            text.extend(&digits[whole..]);
        }
    }
    text
}

/// A float as `echo` prints it.
pub(crate) fn float_to_string(float: f64, _options: Options) -> Vec<u8> {
    // Every PHP has `precision` at 14.
    let text = general(float, Some(14), b'E');
    if float == 0.0 && !text.starts_with(b"-") { b"0".to_vec() } else { text }
}
