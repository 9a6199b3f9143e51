//! Functions of numbers.
//!
//! `round()` looks at the decimal digits that a person sees, in a way that changed
//! with PHP 5.3 and 8.4.

use tilde_syntax::Version;

use super::{Args, Builtin};
use crate::array::range;
use crate::convert::Result;
use crate::error::ErrorKind;
use crate::number::{Number, from_digits};
use crate::operator::{number_value, power, sign};
use crate::value::Value;

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::pure("abs", 1, 1, |args| match args.number(0)? {
        Number::Int(integer) if integer < 0 => sign(&Value::Int(integer), true, args.options),
        Number::Int(integer) => Ok(Value::Int(integer)),
        Number::Float(float) => Ok(Value::Float(float.abs())),
    }),
    Builtin::pure("floor", 1, 1, |args| Ok(Value::Float(args.float(0)?.floor()))),
    Builtin::pure("ceil", 1, 1, |args| {
        let float = args.float(0)?.ceil();
        Ok(Value::Float(float))
    }),
    Builtin::pure("round", 1, 2, round),
    Builtin::pure("sqrt", 1, 1, |args| Ok(Value::Float(args.float(0)?.sqrt()))),
    Builtin::pure("pow", 2, 2, |args| {
        let (base, exponent) = (number_value(args.number(0)?), number_value(args.number(1)?));
        power(&base, &exponent, args.options)
    }),
    Builtin::pure("intdiv", 2, 2, intdiv).since(Version::V7_0),
    Builtin::pure("fmod", 2, 2, |args| Ok(Value::Float(args.float(0)? % args.float(1)?))),
    Builtin::pure("fdiv", 2, 2, |args| Ok(Value::Float(args.float(0)? / args.float(1)?)))
        .since(Version::V8_0),
    Builtin::pure("pi", 0, 0, |_| Ok(Value::Float(std::f64::consts::PI))),
    Builtin::pure("is_nan", 1, 1, |args| Ok(args.float(0)?.is_nan().into())),
    Builtin::pure("is_finite", 1, 1, |args| Ok(args.float(0)?.is_finite().into())),
    Builtin::pure("is_infinite", 1, 1, |args| Ok(args.float(0)?.is_infinite().into())),
    Builtin::pure("hexdec", 1, 1, |args| from_base(args, 16)),
    Builtin::pure("octdec", 1, 1, |args| from_base(args, 8)),
    Builtin::pure("bindec", 1, 1, |args| from_base(args, 2)),
    Builtin::pure("dechex", 1, 1, |args| Ok(format!("{:x}", unsigned(args)?).into())),
    Builtin::pure("decoct", 1, 1, |args| Ok(format!("{:o}", unsigned(args)?).into())),
    Builtin::pure("decbin", 1, 1, |args| Ok(format!("{:b}", unsigned(args)?).into())),
];

fn unsigned(args: &Args<'_>) -> Result<u64> {
    let integer = args.int(0)?;
    let (_, max) = range(args.options.int_size);
    Ok(if max == i64::MAX { integer as u64 } else { u64::from(integer as u32) })
}

fn from_base(args: &Args<'_>, base: u32) -> Result<Value> {
    let bytes = args.bytes(0)?;
    // PHP skips what is no digit.
    let is_digit = |byte: &u8| char::from(*byte).is_digit(base);
    let digits: Vec<u8> = bytes.iter().copied().filter(is_digit).collect();
    Ok(number_value(from_digits(&digits, base, args.options.int_size)))
}

fn intdiv(args: &Args<'_>) -> Result<Value> {
    let (left, right) = (args.int(0)?, args.int(1)?);
    let (min, _) = range(args.options.int_size);
    if right == 0 || (left == min && right == -1) {
        return Err(ErrorKind::fatal("intdiv() has no result"));
    }
    Ok(Value::Int(left / right))
}

fn round(args: &Args<'_>) -> Result<Value> {
    let places = args.int_or(1, 0)?;
    let number = args.number(0)?;
    if let Number::Int(integer) = number {
        return match places {
            places if places < 0 => Err(ErrorKind::unsupported("round() to tens")),
            _ if args.is_since(Version::V8_0) || places >= 0 => Ok(Value::Float(integer as f64)),
            _ => Ok(Value::Float(integer as f64)),
        };
    }
    let float = number.to_float();
    if !float.is_finite() || float == 0.0 {
        return Ok(Value::Float(float));
    }
    Ok(Value::Float(rounded(float, places)?))
}

/// Rounds half away from zero, as the decimal digits show it.
pub(super) fn rounded(float: f64, places: i64) -> Result<f64> {
    if !(0..=15).contains(&places) || float.abs() >= 1e15 {
        return Err(ErrorKind::unsupported("round() of such a number"));
    }
    let places = places as usize;
    let scaled = float.abs() * 10_f64.powi(places as i32);
    if scaled >= 1e15 {
        return Ok(float);
    }
    // Fifteen digits are all that PHP looks at.
    let digits = format!("{scaled:.14e}");
    let shown: f64 = digits.parse().unwrap_or(scaled);
    let whole = (shown + 0.5).floor();
    let text = format!("{whole}e-{places}");
    let result: f64 = text.parse().unwrap_or(float);
    Ok(result.copysign(float))
}
