//! `printf` and numbers as people read them; `var_export`.
//!
//! Floats are rounded in two ways: `sprintf()` looks at the exact value,
//! `number_format()` at the digits that a person sees.

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

/// A conversion of a format: `%1$'*-10.2f`.
struct Conversion {
    /// Which argument it takes, counted from 1; none for the next one.
    position: Option<usize>,
    pad: u8,
    is_left: bool,
    has_plus: bool,
    width: usize,
    precision: Option<usize>,
    kind: u8,
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
        let conversion = conversion(&mut rest)?;
        let index = conversion.position.map_or(next, |position| position - 1);
        next += usize::from(conversion.position.is_none());
        let Some(value) = values.get(index) else {
            return if options.version >= Version::V8_0 {
                Err(ErrorKind::fatal("too few arguments for the format"))
            } else {
                Ok(false.into())
            };
        };
        conversion.write(value, options, &mut text)?;
        args.check(text.len())?;
    }
    Ok(text.into())
}

/// A number that a text begins with.
fn leading_number(rest: &mut &[u8]) -> Result<Option<usize>> {
    let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if len > 6 {
        return Err(ErrorKind::unsupported("such a wide format"));
    }
    let (digits, tail) = rest.split_at(len);
    *rest = tail;
    Ok(str::from_utf8(digits).ok().and_then(|text| text.parse().ok()))
}

/// What follows a `%`.
fn conversion(rest: &mut &[u8]) -> Result<Conversion> {
    let mut ahead = *rest;
    let mut position = None;
    if let Some(index) = leading_number(&mut ahead)?
        && let [b'$', tail @ ..] = ahead
    {
        position = Some(index);
        *rest = tail;
    }
    let (mut pad, mut is_left, mut has_plus) = (b' ', false, false);
    loop {
        match *rest {
            [b'-', tail @ ..] => (is_left, *rest) = (true, tail),
            [b'+', tail @ ..] => (has_plus, *rest) = (true, tail),
            [b'0', tail @ ..] => (pad, *rest) = (b'0', tail),
            [b' ', tail @ ..] => (pad, *rest) = (b' ', tail),
            [b'\'', other, tail @ ..] => (pad, *rest) = (*other, tail),
            _ => break,
        }
    }
    let width = leading_number(rest)?.unwrap_or(0);
    let mut precision = None;
    if let [b'.', tail @ ..] = *rest {
        *rest = tail;
        precision = Some(leading_number(rest)?.unwrap_or(0));
    }
    *rest = rest.strip_prefix(b"l").unwrap_or(rest);
    let Some((kind, tail)) = rest.split_first() else {
        return Err(ErrorKind::fatal("a format without its letter"));
    };
    *rest = tail;
    if position == Some(0) {
        return Err(ErrorKind::fatal("there is no argument 0"));
    }
    Ok(Conversion { position, pad, is_left, has_plus, width, precision, kind: *kind })
}

impl Conversion {
    fn write(&self, value: &Value, options: Options, text: &mut Vec<u8>) -> Result<()> {
        let Self { pad, is_left, width, kind, .. } = *self;
        let piece = convert(kind, value, self.precision, self.has_plus, options)?;
        let missing = width.saturating_sub(piece.len());
        let has_zeros = pad == b'0' && kind != b's';
        if is_left {
            if has_zeros && missing > 0 {
                return Err(ErrorKind::unsupported("zeros after a number"));
            }
            text.extend(&piece);
            text.extend(std::iter::repeat_n(pad, missing));
            return Ok(());
        }
        let (sign, digits) = match &*piece {
            // Zeros stand after the sign.
            [b'-' | b'+', ..] if has_zeros => piece.split_at(1),
            piece => piece.split_at(0),
        };
        text.extend_from_slice(sign);
        text.extend(std::iter::repeat_n(pad, missing));
        text.extend_from_slice(digits);
        Ok(())
    }
}

fn convert(
    kind: u8,
    value: &Value,
    precision: Option<usize>,
    plus: bool,
    options: Options,
) -> Result<Vec<u8>> {
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
            signed(integer.unsigned_abs().to_string().as_bytes(), integer < 0, plus)
        }
        b'u' => bits()?.to_string().into_bytes(),
        b'x' => format!("{:x}", bits()?).into_bytes(),
        b'X' => format!("{:X}", bits()?).into_bytes(),
        b'o' => format!("{:o}", bits()?).into_bytes(),
        b'b' => format!("{:b}", bits()?).into_bytes(),
        b'c' => vec![integer()? as u8],
        b'f' | b'F' | b'e' | b'E' | b'g' | b'G' => {
            convert_float(kind, to_float(value, options)?, precision, plus)?
        }
        _ => return Err(ErrorKind::unsupported("this letter of a format")),
    })
}

fn signed(digits: &[u8], is_negative: bool, plus: bool) -> Vec<u8> {
    let sign: &[u8] = match (is_negative, plus) {
        (true, _) => b"-",
        (false, true) => b"+",
        (false, false) => b"",
    };
    [sign, digits].concat()
}

fn convert_float(kind: u8, float: f64, precision: Option<usize>, plus: bool) -> Result<Vec<u8>> {
    let precision = precision.unwrap_or(6);
    if !float.is_finite() {
        return Err(ErrorKind::unsupported("a number that is not finite here"));
    }
    Ok(match kind {
        b'e' | b'E' if precision > 14 => {
            return Err(ErrorKind::unsupported("this number here"));
        }
        b'e' | b'E' => {
            let text = format!("{:.*e}", precision, float.abs());
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or(0);
            let letter = char::from(kind);
            signed(format!("{mantissa}{letter}{exponent:+}").as_bytes(), float < 0.0, plus)
        }
        b'g' | b'G' if plus => return Err(ErrorKind::unsupported("this number here")),
        b'g' | b'G' => {
            general(float, Some(precision.max(1)), if kind == b'g' { b'e' } else { b'E' })
        }
        _ => signed(&fixed(float, precision)?, float < 0.0, plus),
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
