//! Conversions and comparisons between PHP's types.
//!
//! PHP 8.0 changed how `==` compares a number with a string that is none.

use std::sync::Arc;

use tilde_syntax::{Options, Version};

use crate::array::{Array, Key};
use crate::error::{ErrorKind, Limit};
use crate::number::{
    Number, Numeric, float_to_int, float_to_string, numeric, string_to_float, string_to_int,
};
use crate::value::{Bytes, Value};

/// How deep values may be nested that are compared, printed or merged.
pub(crate) const MAX_NESTING: u32 = 400;

/// So many levels pass between two looks at the stack, which cost most the
/// first time; so much is left for them.
const LEVELS_PER_CHECK: usize = 16;
const STACK_LEFT: usize = 256 * 1024;
const STACK_MORE: usize = 1024 * 1024;

/// Runs something on a level of nested values, unless it is too deep.
pub(crate) fn deeper<T>(depth: u32, run: impl FnOnce() -> Result<T>) -> Result<T> {
    if depth > MAX_NESTING {
        return Err(ErrorKind::Limit(Limit::Nesting));
    }
    with_stack(depth as usize, run)
}

/// Runs something on such a level, on more stack if there is need.
pub(crate) fn with_stack<T>(level: usize, run: impl FnOnce() -> T) -> T {
    if level % LEVELS_PER_CHECK < LEVELS_PER_CHECK - 1 {
        return run();
    }
    stacker::maybe_grow(STACK_LEFT, STACK_MORE, run)
}

pub(crate) type Result<T> = std::result::Result<T, ErrorKind>;

pub(crate) fn to_bool(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Int(integer) => *integer != 0,
        Value::Float(float) => *float != 0.0,
        Value::String(bytes) => !matches!(&**bytes, b"" | b"0"),
        Value::Array(array) => !array.is_empty(),
        Value::Object(_) | Value::Instance(_) | Value::Closure(_) => true,
        Value::Reference(reference) => to_bool(&reference.get()),
    }
}

pub(crate) fn to_int(value: &Value, options: Options) -> Result<i64> {
    Ok(match value {
        Value::Null => 0,
        Value::Bool(value) => i64::from(*value),
        Value::Int(integer) => *integer,
        Value::Float(float) => float_to_int(*float, options),
        Value::String(bytes) => string_to_int(bytes, options),
        Value::Array(array) => i64::from(!array.is_empty()),
        Value::Object(_) | Value::Instance(_) | Value::Closure(_) => {
            return Err(ErrorKind::unsupported("an object as a number"));
        }
        Value::Reference(reference) => to_int(&reference.get(), options)?,
    })
}

pub(crate) fn to_float(value: &Value, options: Options) -> Result<f64> {
    Ok(match value {
        Value::Float(float) => *float,
        Value::String(bytes) => string_to_float(bytes),
        Value::Reference(reference) => to_float(&reference.get(), options)?,
        other => to_int(other, options)? as f64,
    })
}

pub(crate) fn to_bytes(value: &Value, options: Options) -> Result<Bytes> {
    Ok(match value {
        Value::Null | Value::Bool(false) => Bytes::default(),
        Value::Bool(true) => "1".into(),
        Value::Int(integer) => integer.to_string().into_bytes().into(),
        Value::Float(float) => float_to_string(*float, options).into(),
        Value::String(bytes) => bytes.clone(),
        Value::Array(_) => "Array".into(),
        Value::Object(_) | Value::Closure(_) => {
            return Err(ErrorKind::fatal("an object could not be converted to string"));
        }
        Value::Instance(_) => return Err(ErrorKind::unsupported("an object as a string")),
        Value::Reference(reference) => to_bytes(&reference.get(), options)?,
    })
}

/// The key that a value makes between `[` and `]`; none where PHP refuses it.
pub(crate) fn to_key(value: &Value, options: Options) -> Option<Key> {
    Some(match value {
        Value::Null => Key::String(Bytes::default()),
        Value::Bool(value) => Key::Int(i64::from(*value)),
        Value::Int(integer) => Key::Int(*integer),
        Value::Float(float) => Key::Int(float_to_int(*float, options)),
        Value::String(bytes) => Key::from_string(bytes, options.int_size),
        Value::Array(_) | Value::Object(_) | Value::Instance(_) | Value::Closure(_) => {
            return None;
        }
        Value::Reference(reference) => return to_key(&reference.get(), options),
    })
}

/// `(array) …`
pub(crate) fn to_array(value: &Value, options: Options) -> Result<Arc<Array>> {
    Ok(match value {
        Value::Null => Arc::default(),
        Value::Array(array) => array.clone(),
        Value::Object(object) => {
            let properties = object.properties();
            if options.version >= Version::V7_2 {
                let entries = properties.iter().map(|(key, value)| {
                    (Key::from_bytes(&key.to_bytes(), options.int_size), value)
                });
                Arc::new(entries.map(|(key, value)| (key, value.clone())).collect())
            } else if has_number_like_key(&properties, options) {
                // Such an array has keys that nothing can find.
                return Err(ErrorKind::unsupported(
                    "an array of an object with properties that are called like numbers",
                ));
            } else {
                Arc::new(properties)
            }
        }
        Value::Instance(_) => return Err(ErrorKind::unsupported("an array of an object")),
        Value::Reference(reference) => to_array(&reference.get(), options)?,
        other => Arc::new(Array::from_list(vec![other.clone()])),
    })
}

fn has_number_like_key(properties: &Array, options: Options) -> bool {
    properties
        .keys()
        .any(|key| matches!(Key::from_bytes(&key.to_bytes(), options.int_size), Key::Int(_)))
}

/// The number that an operator takes a scalar for; none for what is no scalar,
/// and since PHP 8.0 for a string that does not begin with a number.
pub(crate) fn to_number(value: &Value, options: Options) -> Option<Number> {
    Some(match value {
        Value::Null => Number::Int(0),
        Value::Bool(value) => Number::Int(i64::from(*value)),
        Value::Int(integer) => Number::Int(*integer),
        Value::Float(float) => Number::Float(*float),
        Value::String(bytes) => match numeric(bytes, options) {
            Numeric::None if options.version >= Version::V8_0 => return None,
            numeric => numeric.number(),
        },
        Value::Array(_) | Value::Object(_) | Value::Instance(_) | Value::Closure(_) => {
            return None;
        }
        Value::Reference(reference) => return to_number(&reference.get(), options),
    })
}

/// `===`
pub(crate) fn identical(left: &Value, right: &Value) -> Result<bool> {
    identical_at(left, right, 0)
}

fn identical_at(left: &Value, right: &Value, depth: u32) -> Result<bool> {
    crate::convert::deeper(depth, || {
        Ok(match (left, right) {
            (Value::Reference(left), right) => identical_at(&left.get(), right, depth)?,
            (left, Value::Reference(right)) => identical_at(left, &right.get(), depth)?,
            (Value::Null, Value::Null) => true,
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Int(left), Value::Int(right)) => left == right,
            (Value::Float(left), Value::Float(right)) => left == right,
            (Value::String(left), Value::String(right)) => left == right,
            (Value::Array(left), Value::Array(right)) => {
                if Arc::ptr_eq(left, right) && !has_float(left) {
                    return Ok(true);
                }
                if left.len() != right.len() {
                    return Ok(false);
                }
                for ((left_key, left), (right_key, right)) in left.iter().zip(right.iter()) {
                    if left_key != right_key || !identical_at(left, right, depth + 1)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Value::Object(left), Value::Object(right)) => Arc::ptr_eq(left, right),
            (Value::Instance(left), Value::Instance(right)) => left.is_same(right),
            (Value::Closure(left), Value::Closure(right)) => left == right,
            _ => false,
        })
    })
}

/// NAN is not even identical to itself.
fn has_float(array: &Array) -> bool {
    array.values().any(|value| {
        !matches!(value, Value::Null | Value::Bool(_) | Value::Int(_) | Value::String(_))
    })
}

/// `==`
pub(crate) fn equal(left: &Value, right: &Value, options: Options) -> Result<bool> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Ok(left == right),
        (Value::Float(left), Value::Float(right)) => Ok(left == right),
        (Value::Closure(left), Value::Closure(right)) => Ok(left == right),
        _ => Ok(compare(left, right, options)? == 0),
    }
}

/// `<`
pub(crate) fn less(left: &Value, right: &Value, options: Options) -> Result<bool> {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => Ok(left < right),
        _ => Ok(compare(left, right, options)? < 0),
    }
}

/// `<=`
pub(crate) fn less_or_equal(left: &Value, right: &Value, options: Options) -> Result<bool> {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => Ok(left <= right),
        _ => Ok(compare(left, right, options)? <= 0),
    }
}

/// `<=>`: -1, 0 or 1; 1 also for what cannot be compared.
pub(crate) fn compare(left: &Value, right: &Value, options: Options) -> Result<i32> {
    compare_at(left, right, options, 0)
}

fn order<T: PartialOrd + ?Sized>(left: &T, right: &T) -> i32 {
    if left == right {
        0
    } else if left < right {
        -1
    } else {
        1
    }
}

pub(crate) fn compare_numbers(left: Number, right: Number) -> i32 {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => order(&left, &right),
        (left, right) => order(&left.to_float(), &right.to_float()),
    }
}

fn compare_at(left: &Value, right: &Value, options: Options, depth: u32) -> Result<i32> {
    use Value as V;
    crate::convert::deeper(depth, || {
        Ok(match (left, right) {
            (V::Reference(left), right) => compare_at(&left.get(), right, options, depth)?,
            (left, V::Reference(right)) => compare_at(left, &right.get(), options, depth)?,
            (V::Float(float), _) | (_, V::Float(float))
                if float.is_nan() && options.version < Version::V7_0 =>
            {
                return Err(ErrorKind::unsupported("a comparison with NAN"));
            }
            (V::Int(left), V::Int(right)) => order(left, right),
            (V::Int(left), V::Float(right)) => order(&(*left as f64), right),
            (V::Float(left), V::Int(right)) => order(left, &(*right as f64)),
            (V::Float(left), V::Float(right)) => order(left, right),
            (V::String(left), V::String(right)) => compare_strings(left, right, options),
            (V::Null, V::String(right)) => -i32::from(!right.is_empty()),
            (V::String(left), V::Null) => i32::from(!left.is_empty()),
            (V::Null | V::Bool(_), _) | (_, V::Null | V::Bool(_)) => {
                order(&to_bool(left), &to_bool(right))
            }
            (V::Int(left), V::String(right)) => {
                compare_with_string(Number::Int(*left), right, options)
            }
            (V::Float(left), V::String(right)) => {
                compare_with_string(Number::Float(*left), right, options)
            }
            (V::String(left), V::Int(right)) => {
                -compare_with_string(Number::Int(*right), left, options)
            }
            (V::String(left), V::Float(right)) => {
                let order = compare_with_string(Number::Float(*right), left, options);
                // NAN is greater on either side.
                if right.is_nan() { order } else { -order }
            }
            (V::Array(left), V::Array(right)) => compare_arrays(left, right, options, depth)?,
            (V::Object(left), V::Object(right)) => {
                if Arc::ptr_eq(left, right) {
                    return Ok(0);
                }
                compare_arrays(&left.properties(), &right.properties(), options, depth)?
            }
            (V::Instance(left), V::Instance(right)) if left.is_same(right) => 0,
            (V::Object(_) | V::Instance(_) | V::Closure(_), _)
            | (_, V::Object(_) | V::Instance(_) | V::Closure(_)) => {
                return Err(ErrorKind::unsupported("a comparison with an object"));
            }
            (V::Array(_), _) => 1,
            (_, V::Array(_)) => -1,
        })
    })
}

fn compare_arrays(left: &Array, right: &Array, options: Options, depth: u32) -> Result<i32> {
    if left.len() != right.len() {
        return Ok(order(&left.len(), &right.len()));
    }
    for (key, value) in left.iter() {
        let Some(other) = right.get(&key) else {
            return Ok(1);
        };
        let result = compare_at(value, other, options, depth + 1)?;
        if result != 0 {
            return Ok(result);
        }
    }
    Ok(0)
}

fn compare_strings(left: &Bytes, right: &Bytes, options: Options) -> i32 {
    if left == right {
        return 0;
    }
    let numbers = (numeric(left, options).whole(), numeric(right, options).whole());
    match numbers {
        (Some(left_number), Some(right_number)) => {
            let overflow = |number, text: &[u8]| {
                matches!(number, Number::Float(float) if f64::abs(float) >= 9_007_199_254_740_992.0)
                    && !text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
            };
            // Both too large for an integer, and equal as floats only.
            if compare_numbers(left_number, right_number) == 0
                && overflow(left_number, left)
                && overflow(right_number, right)
            {
                return order::<[u8]>(left, right);
            }
            compare_numbers(left_number, right_number)
        }
        _ => order::<[u8]>(left, right),
    }
}

fn compare_with_string(number: Number, text: &Bytes, options: Options) -> i32 {
    let numeric = numeric(text, options);
    if options.version < Version::V8_0 {
        return compare_numbers(number, numeric.number());
    }
    if let Number::Float(float) = number
        && float.is_nan()
    {
        return 1;
    }
    match (numeric.whole(), number) {
        (Some(other), _) => compare_numbers(number, other),
        (None, Number::Int(integer)) => order::<[u8]>(integer.to_string().as_bytes(), text),
        (None, Number::Float(float)) => order::<[u8]>(&float_to_string(float, options), text),
    }
}
