//! PHP's operators on two values, and on one.

use std::sync::Arc;

use tilde_syntax::ast::BinaryOperator;
use tilde_syntax::{IntSize, Options, Version};

use crate::array::{Array, make_mut};
use crate::convert::{
    Result, compare, equal, identical, less, less_or_equal, to_bool, to_bytes, to_int, to_number,
};
use crate::error::ErrorKind;
use crate::number::{Number, Numeric, fit, float_to_int, numeric, wrap};
use crate::value::Value;

/// An operator that evaluates both of its operands.
pub(crate) fn binary(
    operator: BinaryOperator,
    left: &Value,
    right: &Value,
    options: Options,
) -> Result<Value> {
    use BinaryOperator as B;
    Ok(match operator {
        B::Add => match (left, right) {
            (Value::Array(left), Value::Array(right)) => Value::Array(union(left, right)),
            _ => arithmetic(left, right, options, i128::checked_add, |left, right| left + right)?,
        },
        B::Subtract => {
            arithmetic(left, right, options, i128::checked_sub, |left, right| left - right)?
        }
        B::Multiply => {
            arithmetic(left, right, options, i128::checked_mul, |left, right| left * right)?
        }
        B::Divide => divide(left, right, options)?,
        B::Modulo => modulo(left, right, options)?,
        B::Power => power(left, right, options)?,
        B::Concat => [&*to_bytes(left, options)?, &to_bytes(right, options)?].concat().into(),
        B::BitwiseAnd | B::BitwiseOr | B::BitwiseXor => bitwise(operator, left, right, options)?,
        B::ShiftLeft | B::ShiftRight => shift(operator, left, right, options)?,
        B::Equal => equal(left, right, options)?.into(),
        B::NotEqual => (!equal(left, right, options)?).into(),
        B::Identical => identical(left, right)?.into(),
        B::NotIdentical => (!identical(left, right)?).into(),
        B::Smaller => less(left, right, options)?.into(),
        B::SmallerOrEqual => less_or_equal(left, right, options)?.into(),
        B::Greater => less(right, left, options)?.into(),
        B::GreaterOrEqual => less_or_equal(right, left, options)?.into(),
        B::Spaceship => Value::Int(i64::from(compare(left, right, options)?)),
        B::LogicalXor => (to_bool(left) != to_bool(right)).into(),
        B::BooleanAnd | B::LogicalAnd => (to_bool(left) && to_bool(right)).into(),
        B::BooleanOr | B::LogicalOr => (to_bool(left) || to_bool(right)).into(),
        B::Coalesce if left.is_null() => right.clone(),
        B::Coalesce => left.clone(),
        B::Pipe => return Err(ErrorKind::unsupported("|>")),
    })
}

/// All elements of both, those of the left side where they share a key.
fn union(left: &Arc<Array>, right: &Array) -> Arc<Array> {
    let mut sum = left.clone();
    let entries = make_mut(&mut sum);
    for (key, value) in right.iter() {
        if entries.get(&key).is_none() {
            entries.insert(key, value.clone());
        }
    }
    sum
}

fn wrong_operands() -> ErrorKind {
    ErrorKind::fatal("unsupported operand types")
}

fn operand(value: &Value, options: Options) -> Result<Number> {
    to_number(value, options).ok_or_else(wrong_operands)
}

pub(crate) fn number_value(number: Number) -> Value {
    match number {
        Number::Int(integer) => Value::Int(integer),
        Number::Float(float) => Value::Float(float),
    }
}

fn arithmetic(
    left: &Value,
    right: &Value,
    options: Options,
    of_integers: fn(i128, i128) -> Option<i128>,
    of_floats: fn(f64, f64) -> f64,
) -> Result<Value> {
    let (left, right) = (operand(left, options)?, operand(right, options)?);
    if let (Number::Int(left), Number::Int(right)) = (left, right) {
        let exact = of_integers(i128::from(left), i128::from(right));
        if let Some(result) = exact.and_then(|result| fit(result, options.int_size)) {
            return Ok(Value::Int(result));
        }
    }
    Ok(Value::Float(of_floats(left.to_float(), right.to_float())))
}

fn divide(left: &Value, right: &Value, options: Options) -> Result<Value> {
    let (left, right) = (operand(left, options)?, operand(right, options)?);
    if right.to_float() == 0.0 {
        return match options.version {
            version if version >= Version::V8_0 => Err(ErrorKind::fatal("Division by zero")),
            version if version >= Version::V7_0 => {
                Ok(Value::Float(left.to_float() / right.to_float()))
            }
            _ => Ok(Value::Bool(false)),
        };
    }
    if let (Number::Int(left), Number::Int(right)) = (left, right)
        && left % right.checked_abs().unwrap_or(right) == 0
        && let Some(result) = fit(i128::from(left) / i128::from(right), options.int_size)
    {
        return Ok(Value::Int(result));
    }
    Ok(Value::Float(left.to_float() / right.to_float()))
}

/// An operand of `%`, `<<`, `&` and their like.
fn integer_operand(value: &Value, options: Options) -> Result<i64> {
    match value {
        Value::String(bytes)
            if options.version >= Version::V8_0 && numeric(bytes, options) == Numeric::None =>
        {
            Err(wrong_operands())
        }
        Value::Array(_) if options.version >= Version::V8_0 => Err(wrong_operands()),
        other => to_int(other, options),
    }
}

fn modulo(left: &Value, right: &Value, options: Options) -> Result<Value> {
    let (left, right) = (integer_operand(left, options)?, integer_operand(right, options)?);
    match right {
        0 if options.version < Version::V7_0 => Ok(Value::Bool(false)),
        0 => Err(ErrorKind::fatal("Modulo by zero")),
        -1 => Ok(Value::Int(0)),
        right => Ok(Value::Int(left % right)),
    }
}

pub(crate) fn power(left: &Value, right: &Value, options: Options) -> Result<Value> {
    let (left, right) = (operand(left, options)?, operand(right, options)?);
    if let (Number::Int(base), Number::Int(exponent)) = (left, right)
        && exponent >= 0
    {
        return Ok(integer_power(base, exponent, options.int_size));
    }
    Ok(Value::Float(left.to_float().powf(right.to_float())))
}

/// By squaring, and with floats from where an integer does not do any more, as
/// PHP does it: the last digits depend on that.
fn integer_power(base: i64, exponent: i64, int_size: IntSize) -> Value {
    let (mut result, mut base, mut exponent) = (1_i64, base, exponent);
    while exponent > 0 {
        if exponent & 1 == 1 {
            exponent -= 1;
            let product = i128::from(result) * i128::from(base);
            match fit(product, int_size) {
                Some(product) => result = product,
                None => {
                    let product = result as f64 * base as f64;
                    return Value::Float(product * (base as f64).powf(exponent as f64));
                }
            }
        } else {
            exponent /= 2;
            match fit(i128::from(base) * i128::from(base), int_size) {
                Some(square) => base = square,
                None => {
                    let square = base as f64 * base as f64;
                    return Value::Float(result as f64 * square.powf(exponent as f64));
                }
            }
        }
    }
    Value::Int(result)
}

fn bitwise(
    operator: BinaryOperator,
    left: &Value,
    right: &Value,
    options: Options,
) -> Result<Value> {
    if let (Value::String(left), Value::String(right)) = (left, right) {
        let pairs = left.iter().zip(right.iter());
        return Ok(match operator {
            BinaryOperator::BitwiseAnd => {
                pairs.map(|(left, right)| left & right).collect::<Vec<_>>()
            }
            BinaryOperator::BitwiseXor => pairs.map(|(left, right)| left ^ right).collect(),
            _ => {
                let (long, short) =
                    if left.len() >= right.len() { (left, right) } else { (right, left) };
                let mut result = long.to_vec();
                result.iter_mut().zip(short.iter()).for_each(|(byte, other)| *byte |= other);
                result
            }
        }
        .into());
    }
    let (left, right) = (integer_operand(left, options)?, integer_operand(right, options)?);
    Ok(Value::Int(match operator {
        BinaryOperator::BitwiseAnd => left & right,
        BinaryOperator::BitwiseXor => left ^ right,
        _ => left | right,
    }))
}

fn shift(operator: BinaryOperator, left: &Value, right: &Value, options: Options) -> Result<Value> {
    let (left, right) = (integer_operand(left, options)?, integer_operand(right, options)?);
    let width = if options.int_size == IntSize::Four { 32 } else { 64 };
    if options.version < Version::V7_0 && !(0..width).contains(&right) {
        return Err(ErrorKind::unsupported("a shift that is left to the processor"));
    }
    if right < 0 {
        return Err(ErrorKind::fatal("Bit shift by negative number"));
    }
    let is_left = operator == BinaryOperator::ShiftLeft;
    Ok(Value::Int(match (is_left, right) {
        (true, right) if right >= width => 0,
        (true, right) => wrap(i128::from(left) << right, options.int_size),
        (false, right) => left >> right.min(63),
    }))
}

/// `~`
pub(crate) fn bitwise_not(value: &Value, options: Options) -> Result<Value> {
    Ok(match value {
        Value::Int(integer) => Value::Int(!integer),
        Value::Float(float) => Value::Int(!float_to_int(*float, options)),
        Value::String(bytes) => bytes.iter().map(|byte| !byte).collect::<Vec<_>>().into(),
        _ => return Err(ErrorKind::fatal("cannot perform bitwise not on this type")),
    })
}

/// `-` and `+` before a value.
pub(crate) fn sign(value: &Value, is_minus: bool, options: Options) -> Result<Value> {
    if options.version < Version::V7_0 {
        // So that `-0.0` is 0.
        let operator = if is_minus { BinaryOperator::Subtract } else { BinaryOperator::Add };
        return binary(operator, &Value::Int(0), value, options);
    }
    let factor = Value::Int(if is_minus { -1 } else { 1 });
    binary(BinaryOperator::Multiply, value, &factor, options)
}

/// `++` and `--`
pub(crate) fn step(value: &Value, is_increment: bool, options: Options) -> Result<Value> {
    let one = Value::Int(1);
    let operator = if is_increment { BinaryOperator::Add } else { BinaryOperator::Subtract };
    Ok(match value {
        Value::Null => {
            if is_increment {
                one
            } else {
                Value::Null
            }
        }
        Value::Bool(_) => value.clone(),
        Value::Int(_) | Value::Float(_) => binary(operator, value, &one, options)?,
        Value::String(bytes) if bytes.is_empty() => {
            if is_increment {
                "1".into()
            } else {
                Value::Int(-1)
            }
        }
        Value::String(bytes) => match numeric(bytes, options) {
            Numeric::Whole(number) => binary(operator, &number_value(number), &one, options)?,
            _ if is_increment => increment_letters(bytes).into(),
            _ => value.clone(),
        },
        _ => return Err(ErrorKind::fatal("cannot increment or decrement this type")),
    })
}

/// `'az'` becomes `'ba'`, `'Zz9'` becomes `'AAa0'`.
fn increment_letters(bytes: &[u8]) -> Vec<u8> {
    let mut text = bytes.to_vec();
    let mut first = None;
    for byte in text.iter_mut().rev() {
        let (wrapped, carry) = match *byte {
            b'z' => (b'a', b'a'),
            b'Z' => (b'A', b'A'),
            b'9' => (b'0', b'1'),
            b'a'..=b'y' | b'A'..=b'Y' | b'0'..=b'8' => {
                *byte += 1;
                return text;
            }
            _ => return text,
        };
        *byte = wrapped;
        first = Some(carry);
    }
    if let Some(first) = first {
        text.insert(0, first);
    }
    text
}
