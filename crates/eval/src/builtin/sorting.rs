//! Sorting.
//!
//! The order of equal elements is stable only since PHP 8.0. Before, where two
//! different elements are equal, we refuse.

use tilde_syntax::{Options, Span, Version};

use super::callbacks::merge_sort;
use super::{Args, Builtin};
use crate::array::{Array, Key};
use crate::convert::{Result, compare, compare_numbers, identical, to_bytes, to_float};
use crate::error::ErrorKind;
use crate::evaluator::{Evaluator, Outcome};
use crate::number::{Number, numeric};
use crate::value::Value;

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::full("sort", 1, 2, |evaluator, arguments, span| {
        sort(evaluator, arguments, span, Sorting { by_key: false, keep: false, sign: 1 })
    })
    .changing(&[0]),
    Builtin::full("rsort", 1, 2, |evaluator, arguments, span| {
        sort(evaluator, arguments, span, Sorting { by_key: false, keep: false, sign: -1 })
    })
    .changing(&[0]),
    Builtin::full("asort", 1, 2, |evaluator, arguments, span| {
        sort(evaluator, arguments, span, Sorting { by_key: false, keep: true, sign: 1 })
    })
    .changing(&[0]),
    Builtin::full("arsort", 1, 2, |evaluator, arguments, span| {
        sort(evaluator, arguments, span, Sorting { by_key: false, keep: true, sign: -1 })
    })
    .changing(&[0]),
    Builtin::full("ksort", 1, 2, |evaluator, arguments, span| {
        sort(evaluator, arguments, span, Sorting { by_key: true, keep: true, sign: 1 })
    })
    .changing(&[0]),
    Builtin::full("krsort", 1, 2, |evaluator, arguments, span| {
        sort(evaluator, arguments, span, Sorting { by_key: true, keep: true, sign: -1 })
    })
    .changing(&[0]),
];

#[derive(Clone, Copy)]
struct Sorting {
    by_key: bool,
    keep: bool,
    sign: i32,
}

fn sort(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
    sorting: Sorting,
) -> Outcome<Value> {
    let options = evaluator.options;
    let args = Args { values: arguments, options, is_windows: false, limit: 0 };
    let flags = evaluator.at(span, args.int_or(1, 0))?;
    super::arrays::change(evaluator, arguments, span, |array, _| {
        let entries = array.iter().map(|(key, value)| (key, value.get())).collect();
        let sorted = sorted(entries, flags, sorting, options)?;
        let mut result = Array::new();
        for (key, value) in sorted {
            if sorting.keep {
                result.insert(key, value);
            } else {
                result.append(value);
            }
        }
        *array = result;
        Ok(true.into())
    })
}

fn sorted(
    entries: Vec<(Key, Value)>,
    flags: i64,
    sorting: Sorting,
    options: Options,
) -> Result<Vec<(Key, Value)>> {
    let mut failure = None;
    let is_stable = options.version >= Version::V8_0;
    let entries = merge_sort(entries, &mut |left, right| {
        let order = if sorting.by_key {
            compare_keys(&left.0, &right.0, flags, options)
        } else {
            compare_values(&left.1, &right.1, flags, options)
        };
        let is_same = || {
            let is_same = identical(&left.1, &right.1).unwrap_or(false);
            is_same && !sorting.keep
        };
        match order {
            Ok(0) if !is_stable && !is_same() => {
                failure = Some(ErrorKind::unsupported("a sort that is not stable"));
                false
            }
            Ok(order) => order * sorting.sign > 0,
            Err(error) => {
                failure = Some(error);
                false
            }
        }
    });
    match failure {
        Some(error) => Err(error),
        None => Ok(entries),
    }
}

fn compare_keys(left: &Key, right: &Key, flags: i64, options: Options) -> Result<i32> {
    match (left, right, flags) {
        (Key::Int(left), Key::Int(right), 0 | 1) => {
            Ok(compare_numbers(Number::Int(*left), Number::Int(*right)))
        }
        // Strings of letters compare the same in all versions.
        (Key::String(_), Key::String(_), _) | (_, _, 2) => {
            compare_values(&left.to_value(), &right.to_value(), flags, options)
        }
        _ => Err(ErrorKind::unsupported("a sort of keys of both types")),
    }
}

fn compare_values(left: &Value, right: &Value, flags: i64, options: Options) -> Result<i32> {
    Ok(match flags {
        0 => {
            let is_mixed = matches!(left, Value::String(_)) != matches!(right, Value::String(_));
            if is_mixed || matches!(left, Value::Array(_)) || matches!(right, Value::Array(_)) {
                // Such an order contradicts itself, and the result depends on
                // the algorithm.
                return Err(ErrorKind::unsupported("a sort of values of several types"));
            }
            if let (Value::String(left), Value::String(right)) = (left, right)
                && numeric(left, options).whole().is_some()
                    != numeric(right, options).whole().is_some()
            {
                return Err(ErrorKind::unsupported("a sort of numbers and other strings"));
            }
            if [left, right]
                .iter()
                .any(|value| matches!(value, Value::Float(float) if float.is_nan()))
            {
                return Err(ErrorKind::unsupported("a sort of NAN"));
            }
            compare(left, right, options)?
        }
        1 => {
            let (left, right) = (to_float(left, options)?, to_float(right, options)?);
            if left.is_nan() || right.is_nan() {
                // It has no order, and the result depends on the algorithm.
                return Err(ErrorKind::unsupported("a sort of NAN"));
            }
            compare_numbers(Number::Float(left), Number::Float(right))
        }
        2 => to_bytes(left, options)?.cmp(&to_bytes(right, options)?) as i32,
        10 => to_bytes(left, options)?.to_lower().cmp(&to_bytes(right, options)?.to_lower()) as i32,
        _ => return Err(ErrorKind::unsupported("a sort with these flags")),
    })
}
