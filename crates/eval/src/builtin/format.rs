//! `printf` and numbers as people read them; `var_export`.
//!
//! A newcomer would round all floats alike. `sprintf()` looks at the exact
//! value, `number_format()` at the digits that a person sees.

use tilde_syntax::{Options, Version};

use super::maths::rounded;
use super::{Args, Builtin, MANY};
use crate::array::Key;
use crate::convert::{Result, to_bytes, to_float, to_int};
use crate::error::ErrorKind;
use crate::export::var_export_with;
use crate::number::general;
use crate::serialize::{serialize, unserialize};
use crate::value::{Object, Value};

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::pure("sprintf", 1, MANY, |args| format(args, &args.bytes(0)?, &args.values[1..])),
    Builtin::pure("vsprintf", 2, 2, |args| {
        let values: Vec<Value> = args.array(1)?.values().cloned().collect();
        format(args, &args.bytes(0)?, &values)
    }),
    Builtin::pure("number_format", 1, 4, number_format),
    Builtin::full("var_export", 2, 2, |evaluator, arguments, span| {
        let args = Args::of(arguments, evaluator.options);
        let returns = args.bool_or(1, false);
        evaluator.charge_whole(&arguments[0], span)?;
        if !evaluator.at(span, returns)? {
            let text = var_export_with(&arguments[0], evaluator.options);
            let text = evaluator.at(span, text)?;
            evaluator.print(&text, span)?;
            return Ok(Value::Null);
        }
        let text = var_export_with(&arguments[0], evaluator.options);
        let text = evaluator.at(span, text)?;
        let charged = evaluator.charge(text.len());
        evaluator.at(span, charged)?;
        Ok(text.into())
    }),
    Builtin::full("serialize", 1, 1, |evaluator, arguments, span| {
        evaluator.charge_whole(&arguments[0], span)?;
        let result = match arguments[0].get() {
            Value::Object(object) => serialize_object(&object, evaluator.options),
            value => serialize(&value, evaluator.options),
        };
        let text = evaluator.at(span, result)?;
        let charged = evaluator.charge(text.len());
        evaluator.at(span, charged)?;
        Ok(text.into())
    }),
    Builtin::pure("unserialize", 1, 1, |args| unserialize(&args.bytes(0)?, args.options)),
];

/// An object that has none in it, as one that is there twice is written
/// otherwise the second time.
fn serialize_object(object: &Object, options: Options) -> Result<Vec<u8>> {
    let properties = object.properties();
    if properties.keys().any(|key| matches!(key, Key::Int(_))) {
        return Err(ErrorKind::unsupported("an object with such properties in serialize()"));
    }
    let text = serialize(&properties.into(), options)?;
    Ok([b"O:8:\"stdClass\"", &text[1..]].concat())
}

/// A float with so many decimals, of which a tie goes to the even one.
pub(super) fn fixed(float: f64, places: usize) -> Result<Vec<u8>> {
    if places > 53 {
        return Err(ErrorKind::unsupported("so many digits"));
    }
    Ok(format!("{:.places$}", float.abs()).into_bytes())
}

fn format(args: &Args<'_>, template: &[u8], values: &[Value]) -> Result<Value> {
    let options = args.options;
    let mut text = Vec::new();
    let mut rest = template;
    let mut next = 0;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'%' {
            text.push(*byte);
            continue;
        }
        if let [b'%', tail @ ..] = rest {
            text.push(b'%');
            rest = tail;
            continue;
        }
        let number = |rest: &mut &[u8]| -> Result<Option<usize>> {
            let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if len == 0 {
                return Ok(None);
            }
            if len > 6 {
                return Err(ErrorKind::unsupported("such a wide format"));
            }
            let value = str::from_utf8(&rest[..len]).ok().and_then(|text| text.parse().ok());
            *rest = &rest[len..];
            Ok(value)
        };
        let mut position = None;
        let mut ahead = rest;
        if let Some(index) = number(&mut ahead)?
            && let [b'$', tail @ ..] = ahead
        {
            position = Some(index);
            rest = tail;
        }
        let (mut pad, mut left, mut plus) = (b' ', false, false);
        loop {
            match rest {
                [b'-', tail @ ..] => (left, rest) = (true, tail),
                [b'+', tail @ ..] => (plus, rest) = (true, tail),
                [b'0', tail @ ..] => (pad, rest) = (b'0', tail),
                [b' ', tail @ ..] => (pad, rest) = (b' ', tail),
                [b'\'', other, tail @ ..] => (pad, rest) = (*other, tail),
                _ => break,
            }
        }
        let width = number(&mut rest)?.unwrap_or(0);
        let mut precision = None;
        if let [b'.', tail @ ..] = rest {
            rest = tail;
            precision = Some(number(&mut rest)?.unwrap_or(0));
        }
        if let [b'l', tail @ ..] = rest {
            rest = tail;
        }
        let [kind, tail @ ..] = rest else {
            return Err(ErrorKind::fatal("a format without its letter"));
        };
        rest = tail;
        let index = match position {
            Some(0) => return Err(ErrorKind::fatal("there is no argument 0")),
            Some(index) => index - 1,
            None => {
                next += 1;
                next - 1
            }
        };
        let Some(value) = values.get(index) else {
            return if options.version >= Version::V8_0 {
                Err(ErrorKind::fatal("too few arguments for the format"))
            } else {
                Ok(false.into())
            };
        };
        let piece = convert(*kind, value, precision, plus, options)?;
        let (sign, digits): (&[u8], &[u8]) = match &*piece {
            // Zeros stand behind the sign.
            [sign @ (b'-' | b'+'), digits @ ..] if pad == b'0' && !left && *kind != b's' => {
                (std::slice::from_ref(sign), digits)
            }
            piece => (b"", piece),
        };
        let missing = width.saturating_sub(piece.len());
        if left {
            if pad == b'0' && *kind != b's' && missing > 0 {
                return Err(ErrorKind::unsupported("zeros behind a number"));
            }
            text.extend(&piece);
            text.extend(std::iter::repeat_n(pad, missing));
        } else {
            text.extend_from_slice(sign);
            text.extend(std::iter::repeat_n(pad, missing));
            text.extend_from_slice(digits);
        }
        args.check(text.len())?;
    }
    Ok(text.into())
}

fn convert(
    kind: u8,
    value: &Value,
    precision: Option<usize>,
    plus: bool,
    options: Options,
) -> Result<Vec<u8>> {
    let signed = |digits: Vec<u8>, is_negative: bool| {
        let mut text = Vec::with_capacity(digits.len() + 1);
        if is_negative {
            text.push(b'-');
        } else if plus {
            text.push(b'+');
        }
        text.extend(digits);
        text
    };
    let integer = || to_int(value, options);
    let bits = || -> Result<u64> {
        let integer = integer()?;
        let is_small = crate::array::range(options.int_size).1 != i64::MAX;
        Ok(if is_small { u64::from(integer as u32) } else { integer as u64 })
    };
    Ok(match kind {
        b's' => {
            let bytes = to_bytes(value, options)?;
            bytes[..bytes.len().min(precision.unwrap_or(usize::MAX))].to_vec()
        }
        b'd' => {
            let integer = integer()?;
            signed(integer.unsigned_abs().to_string().into_bytes(), integer < 0)
        }
        b'u' => bits()?.to_string().into_bytes(),
        b'x' => format!("{:x}", bits()?).into_bytes(),
        b'X' => format!("{:X}", bits()?).into_bytes(),
        b'o' => format!("{:o}", bits()?).into_bytes(),
        b'b' => format!("{:b}", bits()?).into_bytes(),
        b'c' => vec![integer()? as u8],
        b'f' | b'F' => {
            let float = to_float(value, options)?;
            if !float.is_finite() {
                return Err(ErrorKind::unsupported("a number that is not finite here"));
            }
            signed(fixed(float, precision.unwrap_or(6))?, float < 0.0)
        }
        b'e' | b'E' => {
            let float = to_float(value, options)?;
            if !float.is_finite() || precision.unwrap_or(6) > 14 {
                return Err(ErrorKind::unsupported("this number here"));
            }
            let text = format!("{:.*e}", precision.unwrap_or(6), float.abs());
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or(0);
            let letter = char::from(kind);
            signed(format!("{mantissa}{letter}{exponent:+}").into_bytes(), float < 0.0)
        }
        b'g' | b'G' => {
            let float = to_float(value, options)?;
            let precision = precision.unwrap_or(6).max(1);
            if !float.is_finite() || plus {
                return Err(ErrorKind::unsupported("this number here"));
            }
            general(float, Some(precision), if kind == b'g' { b'e' } else { b'E' })
        }
        _ => return Err(ErrorKind::unsupported("this letter of a format")),
    })
}

fn number_format(args: &Args<'_>) -> Result<Value> {
    let float = args.float(0)?;
    if !float.is_finite() {
        return Err(ErrorKind::unsupported("number_format() of what is not finite"));
    }
    let places = usize::try_from(args.int_or(1, 0)?)
        .map_err(|_| ErrorKind::unsupported("a number of tens"))?;
    let point = if args.is_set(2) { args.bytes(2)? } else { ".".into() };
    let separator = if args.is_set(3) { args.bytes(3)? } else { ",".into() };
    if args.len() == 3 && !args.is_since(Version::V8_0) {
        return Err(ErrorKind::unsupported("number_format() with three arguments"));
    }
    // Unlike `sprintf()` it rounds as `round()` does.
    let float = if float == 0.0 { 0.0 } else { rounded(float, places as i64)? };
    let digits = fixed(float, places)?;
    let whole_len = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, fraction) = digits.split_at(whole_len);
    let mut text = Vec::new();
    let is_zero = digits.iter().all(|byte| matches!(byte, b'0' | b'.'));
    if float.is_sign_negative() && (!is_zero || !args.is_since(Version::V7_2)) {
        text.push(b'-');
    }
    for (index, digit) in whole.iter().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.extend_from_slice(&separator);
        }
        text.push(*digit);
    }
    if let [_, fraction @ ..] = fraction {
        text.extend_from_slice(&point);
        text.extend_from_slice(fraction);
    }
    Ok(text.into())
}

/// A float as JSON has it in a PHP before 7.1.
pub(super) fn short_float(float: f64, options: Options) -> Vec<u8> {
    if options.version < Version::V7_1 {
        return general(float, Some(14), b'e');
    }
    general(float, None, b'e')
}
