//! Functions that call functions.
//!
//! `array_map()` keeps all keys of one array, and none of several.

use tilde_syntax::{Span, Version};

use super::{Args, Builtin, MANY};
use crate::array::{Array, Key};
use crate::convert::{to_bool, to_int};
use crate::error::ErrorKind;
use crate::evaluator::{Evaluator, Outcome};
use crate::value::{Reference, Value};

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::full("array_map", 2, MANY, array_map),
    Builtin::full("array_filter", 1, 3, array_filter),
    Builtin::full("array_reduce", 2, 3, |evaluator, arguments, span| {
        let array = array(evaluator, &arguments[0], span)?;
        check_callback(evaluator, &arguments[1], span)?;
        let mut carry = arguments.get(2).map_or(Value::Null, Value::get);
        for value in array.values() {
            carry = evaluator.call_value(&arguments[1].get(), vec![carry, value.get()], span)?;
        }
        Ok(carry)
    }),
    Builtin::full("array_walk", 2, 3, array_walk).changing(&[0]),
    Builtin::full("call_user_func", 1, MANY, |evaluator, arguments, span| {
        let rest = arguments[1..].iter().map(Value::get).collect();
        evaluator.call_value(&arguments[0].get(), rest, span)
    }),
    Builtin::full("call_user_func_array", 2, 2, |evaluator, arguments, span| {
        let array = array(evaluator, &arguments[1], span)?;
        if array.keys().any(|key| matches!(key, Key::String(_)))
            && evaluator.options.version >= Version::V8_0
        {
            return evaluator.fail(span, ErrorKind::unsupported("named arguments here"));
        }
        let rest = array.values().map(Value::get).collect();
        evaluator.call_value(&arguments[0].get(), rest, span)
    }),
    Builtin::full("usort", 2, 2, |evaluator, arguments, span| {
        sort_by(evaluator, arguments, span, false, false)
    })
    .changing(&[0]),
    Builtin::full("uasort", 2, 2, |evaluator, arguments, span| {
        sort_by(evaluator, arguments, span, true, false)
    })
    .changing(&[0]),
    Builtin::full("uksort", 2, 2, |evaluator, arguments, span| {
        sort_by(evaluator, arguments, span, true, true)
    })
    .changing(&[0]),
];

/// Refuses what cannot be called, also where it never would be; a host may
/// still answer it.
pub(super) fn check_callback(
    evaluator: &mut Evaluator<'_>,
    callback: &Value,
    span: Span,
) -> Outcome<()> {
    if evaluator.host.is_some() {
        return Ok(());
    }
    evaluator.callee(&callback.get(), span)?.callable.map(|_| ())
}

fn array(evaluator: &Evaluator<'_>, value: &Value, span: Span) -> Outcome<std::sync::Arc<Array>> {
    match value.get() {
        Value::Array(array) => Ok(array),
        _ => evaluator.fail(span, ErrorKind::fatal("something else where an array is expected")),
    }
}

fn array_map(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let callback = arguments[0].get();
    if !callback.is_null() {
        check_callback(evaluator, &callback, span)?;
    }
    let arrays = arguments[1..]
        .iter()
        .map(|value| array(evaluator, value, span))
        .collect::<Outcome<Vec<_>>>()?;
    let len = arrays.iter().map(|array| array.len()).max().unwrap_or(0);
    let charged = evaluator.charge(len * 48);
    evaluator.at(span, charged)?;
    if let [array] = &*arrays {
        if callback.is_null() {
            return Ok(Value::Array(array.clone()));
        }
        let mut result = Array::new();
        for (key, value) in array.iter() {
            let value = evaluator.call_value(&callback, vec![value.get()], span)?;
            result.insert(key, value);
        }
        return Ok(result.into());
    }
    let mut result = Vec::new();
    for position in 0..len {
        let at = |array: &std::sync::Arc<Array>| {
            array.at(position).map_or(Value::Null, |(_, value)| value.get())
        };
        let row: Vec<Value> = arrays.iter().map(at).collect();
        result.push(if callback.is_null() {
            Array::from_list(row).into()
        } else {
            evaluator.call_value(&callback, row, span)?
        });
    }
    Ok(Array::from_list(result).into())
}

fn array_filter(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let array = array(evaluator, &arguments[0], span)?;
    let callback = arguments.get(1).map_or(Value::Null, Value::get);
    if !callback.is_null() {
        check_callback(evaluator, &callback, span)?;
    }
    let mode = match arguments.get(2) {
        Some(_) => evaluator.at(span, Args::of(arguments, evaluator.options).int(2))?,
        None => 0,
    };
    let mut result = Array::new();
    for (key, value) in array.iter() {
        evaluator.step(span)?;
        let value = value.get();
        let row = match mode {
            1 => vec![value.clone(), key.to_value()],
            2 => vec![key.to_value()],
            _ => vec![value.clone()],
        };
        let stays = if callback.is_null() {
            to_bool(&value)
        } else {
            to_bool(&evaluator.call_value(&callback, row, span)?)
        };
        if stays {
            result.insert(key, value);
        }
    }
    Ok(result.into())
}

fn array_walk(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let array = array(evaluator, &arguments[0], span)?;
    check_callback(evaluator, &arguments[1], span)?;
    let mut result = Array::clone(&array);
    drop(array);
    for position in 0..result.len() {
        let Some((key, value)) = result.at(position) else { break };
        let reference = Reference::new(value.get());
        let mut row = vec![Value::Reference(reference.clone()), key.to_value()];
        row.extend(arguments.get(2).map(Value::get));
        evaluator.call_value(&arguments[1].get(), row, span)?;
        result.insert(key, reference.get());
    }
    if let Value::Reference(reference) = &arguments[0] {
        reference.set(result.into());
    }
    Ok(true.into())
}

/// Sorts with a function of the program. Before PHP 8.0 the order of equal
/// elements is whatever the algorithm made of it, so they are refused.
fn sort_by(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
    keep: bool,
    by_key: bool,
) -> Outcome<Value> {
    let array = array(evaluator, &arguments[0], span)?;
    let callback = arguments[1].get();
    check_callback(evaluator, &callback, span)?;
    let entries: Vec<(Key, Value)> = array.iter().map(|(key, value)| (key, value.get())).collect();
    drop(array);
    let (mut failure, mut has_equal) = (None, false);
    let entries = merge_sort(entries, &mut |left, right| {
        if failure.is_some() {
            return false;
        }
        let row = if by_key {
            [left.0.to_value(), right.0.to_value()]
        } else {
            [left.1.clone(), right.1.clone()]
        };
        let order = order_by(evaluator, &callback, row, span);
        let order = order.map_err(|error| failure = Some(error)).unwrap_or_default();
        has_equal |= order == 0;
        order > 0
    });
    if let Some(error) = failure {
        return Err(error);
    }
    if has_equal && evaluator.options.version < Version::V8_0 {
        return evaluator.fail(span, ErrorKind::unsupported("a sort that is not stable"));
    }
    if let Value::Reference(reference) = &arguments[0] {
        reference.set(with_keys(entries, keep).into());
    }
    Ok(true.into())
}

/// What a function of the program says of two values.
fn order_by(
    evaluator: &mut Evaluator<'_>,
    callback: &Value,
    row: [Value; 2],
    span: Span,
) -> Outcome<i64> {
    // How far apart its answers are is the C library's, and of no matter here.
    let is_strcmp = matches!(callback, Value::String(name) if name.eq_ignore_ascii_case(b"strcmp"));
    if is_strcmp && let [Value::String(left), Value::String(right)] = &row {
        return Ok(left.cmp(right) as i64);
    }
    match evaluator.call_value(callback, row.into(), span)? {
        Value::Bool(_) => {
            evaluator.fail(span, ErrorKind::unsupported("a comparison that gives a boolean"))
        }
        value => evaluator.at(span, to_int(&value, evaluator.options)),
    }
}

/// An array of these entries, or a list of their values.
fn with_keys(entries: Vec<(Key, Value)>, keep: bool) -> Array {
    if keep {
        return entries.into_iter().collect();
    }
    Array::from_list(entries.into_iter().map(|(_, value)| value).collect())
}

/// A stable sort that takes any answers: those of a program may contradict
/// themselves.
pub(super) fn merge_sort<T>(
    mut entries: Vec<T>,
    is_greater: &mut impl FnMut(&T, &T) -> bool,
) -> Vec<T> {
    if entries.len() < 2 {
        return entries;
    }
    let right = entries.split_off(entries.len() / 2);
    let left = merge_sort(entries, is_greater);
    let right = merge_sort(right, is_greater);
    let mut result = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    loop {
        let takes_right = match (left.peek(), right.peek()) {
            (Some(first), Some(second)) => is_greater(first, second),
            (None, Some(_)) => true,
            (Some(_), None) => false,
            (None, None) => return result,
        };
        result.extend(if takes_right { right.next() } else { left.next() });
    }
}
