//! Functions of arrays that call nothing back.
//!
//! Integer keys are counted anew by `array_merge()`, and kept by
//! `array_replace()`, `+` and `array_diff()`.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use tilde_syntax::{Options, Span, Version};

use super::strings::slice;
use super::{Args, Builtin, MANY};
use crate::array::{Array, Key, make_mut, range as int_range};
use crate::convert::{Result, equal, identical, to_array, to_bool, to_bytes, to_key};
use crate::error::{ErrorKind, Limit};
use crate::evaluator::{Evaluator, Outcome};
use crate::number::{Number, Numeric, numeric};
use crate::operator::{binary, number_value};
use crate::value::{Bytes, Value};
use tilde_syntax::ast::BinaryOperator;

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::pure("count", 1, 2, count),
    Builtin::pure("sizeof", 1, 2, count),
    Builtin::pure("array_merge", 0, MANY, array_merge),
    Builtin::pure("array_merge_recursive", 0, MANY, array_merge_recursive),
    Builtin::pure("array_replace", 1, MANY, |args| {
        let mut result = Array::clone(args.array(0)?);
        for index in 1..args.len() {
            for (key, value) in args.array(index)?.iter() {
                result.insert(key, value.clone());
            }
        }
        Ok(result.into())
    })
    .since(Version::V5_3),
    Builtin::pure("array_replace_recursive", 1, MANY, |args| {
        let mut result = args.array(0)?.clone();
        for index in 1..args.len() {
            result = replace_recursive(&result, args.array(index)?, 0)?;
        }
        Ok(Value::Array(result))
    })
    .since(Version::V5_3),
    Builtin::pure("array_change_key_case", 1, 2, array_change_key_case),
    Builtin::pure("array_keys", 1, 3, array_keys),
    Builtin::pure("array_values", 1, 1, |args| {
        Ok(Array::from_list(args.array(0)?.values().cloned().collect()).into())
    }),
    Builtin::pure("array_flip", 1, 1, array_flip),
    Builtin::pure("array_combine", 2, 2, array_combine),
    Builtin::pure("array_fill", 3, 3, array_fill),
    Builtin::pure("array_fill_keys", 2, 2, |args| {
        let keys = args.array(0)?.values();
        let entry = |key| Ok((string_key(key, args.options)?, args.value(1).clone()));
        Ok(keys.map(entry).collect::<Result<Array>>()?.into())
    }),
    Builtin::pure("array_pad", 3, 3, array_pad),
    Builtin::pure("array_slice", 2, 4, array_slice),
    Builtin::pure("array_reverse", 1, 2, |args| {
        let array = args.array(0)?;
        let keep = args.bool_or(1, false)?;
        Ok(rekeyed(array.iter().rev(), keep).into())
    }),
    Builtin::pure("array_unique", 1, 2, array_unique),
    Builtin::pure("array_sum", 1, 1, |args| fold(args, BinaryOperator::Add, 0)),
    Builtin::pure("array_product", 1, 1, |args| fold(args, BinaryOperator::Multiply, 1)),
    Builtin::pure("array_search", 2, 3, |args| {
        Ok(search(args)?.map_or(Value::Bool(false), |key| key.to_value()))
    }),
    Builtin::pure("in_array", 2, 3, |args| Ok(search(args)?.is_some().into())),
    Builtin::pure("array_key_exists", 2, 2, key_exists),
    Builtin::pure("key_exists", 2, 2, key_exists),
    Builtin::pure("array_key_first", 1, 1, |args| {
        Ok(args.array(0)?.keys().next().map_or(Value::Null, |key| key.to_value()))
    })
    .since(Version::V7_3),
    Builtin::pure("array_key_last", 1, 1, |args| {
        Ok(args.array(0)?.keys().next_back().map_or(Value::Null, |key| key.to_value()))
    })
    .since(Version::V7_3),
    Builtin::pure("array_is_list", 1, 1, |args| Ok(args.array(0)?.is_list().into()))
        .since(Version::V8_1),
    Builtin::pure("array_diff", 1, MANY, |args| select(args, false, compare_values)),
    Builtin::pure("array_diff_key", 1, MANY, |args| select(args, false, compare_keys)),
    Builtin::pure("array_diff_assoc", 1, MANY, |args| select(args, false, compare_both)),
    Builtin::pure("array_intersect", 1, MANY, |args| select(args, true, compare_values)),
    Builtin::pure("array_intersect_key", 1, MANY, |args| select(args, true, compare_keys)),
    Builtin::pure("array_intersect_assoc", 1, MANY, |args| select(args, true, compare_both)),
    Builtin::pure("array_column", 2, 3, array_column).since(Version::V5_5),
    Builtin::pure("array_chunk", 2, 3, array_chunk),
    Builtin::pure("array_count_values", 1, 1, array_count_values),
    Builtin::pure("range", 2, 3, range),
    Builtin::full("array_push", 1, MANY, array_push).changing(&[0]),
    Builtin::full("array_unshift", 1, MANY, array_unshift).changing(&[0]),
    Builtin::full("array_pop", 1, 1, |evaluator, arguments, span| {
        change(evaluator, arguments, span, |array, _| {
            array.position = 0;
            let Some(key) = array.keys().next_back() else {
                return Ok(Value::Null);
            };
            let value = array.remove(&key).unwrap_or_default().get();
            array.free_key(&key);
            Ok(value)
        })
    })
    .changing(&[0]),
    Builtin::full("array_shift", 1, 1, |evaluator, arguments, span| {
        change(evaluator, arguments, span, |array, _| {
            let first = array.keys().next();
            let value = first.and_then(|key| array.remove(&key));
            *array = rekeyed(array.iter(), false);
            Ok(value.map_or(Value::Null, |value| value.get()))
        })
    })
    .changing(&[0]),
    Builtin::full("array_splice", 2, 4, array_splice).changing(&[0]),
    Builtin::full("reset", 1, 1, |evaluator, arguments, span| {
        change(evaluator, arguments, span, |array, _| {
            array.position = 0;
            Ok(current(array))
        })
    })
    .changing(&[0]),
    Builtin::full("end", 1, 1, |evaluator, arguments, span| {
        change(evaluator, arguments, span, |array, _| {
            array.position = array.len().saturating_sub(1);
            Ok(current(array))
        })
    })
    .changing(&[0]),
    Builtin::full("next", 1, 1, |evaluator, arguments, span| {
        change(evaluator, arguments, span, |array, _| {
            array.position = (array.position + 1).min(array.len());
            Ok(current(array))
        })
    })
    .changing(&[0]),
    Builtin::full("prev", 1, 1, |evaluator, arguments, span| {
        change(evaluator, arguments, span, |array, _| {
            array.position = if array.position == 0 || array.position >= array.len() {
                array.len()
            } else {
                array.position - 1
            };
            Ok(current(array))
        })
    })
    .changing(&[0]),
    Builtin::pure("current", 1, 1, |args| Ok(current(args.array(0)?))),
    Builtin::pure("pos", 1, 1, |args| Ok(current(args.array(0)?))),
    Builtin::pure("key", 1, 1, |args| {
        let array = args.array(0)?;
        Ok(array.at(array.position).map_or(Value::Null, |(key, _)| key.to_value()))
    }),
];

fn current(array: &Array) -> Value {
    array.at(array.position).map_or(Value::Bool(false), |(_, value)| value.get())
}

/// Changes the array behind the first argument.
pub(super) fn change(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
    run: impl FnOnce(&mut Array, Options) -> Result<Value>,
) -> Outcome<Value> {
    let options = evaluator.options;
    let Some(Value::Reference(reference)) = arguments.first() else {
        return evaluator.fail(span, ErrorKind::fatal("this is no variable"));
    };
    let reference = reference.clone();
    if evaluator.shares_elements {
        // An array that contains itself cannot be read while it is changed.
        evaluator.resolve(&reference.get(), span)?;
    }
    let mut value = reference.lock();
    let Value::Array(array) = &mut *value else {
        drop(value);
        return evaluator.fail(span, ErrorKind::fatal("something else where an array is expected"));
    };
    evaluator.steps += array.len() as u64 / 16;
    let charged = evaluator.charge(array.len());
    let result = match charged {
        Ok(()) => run(make_mut(array), options),
        Err(kind) => Err(kind),
    };
    drop(value);
    evaluator.at(span, result)
}

fn count(args: &Args<'_>) -> Result<Value> {
    let mode = args.int_or(1, 0)?;
    match args.value(0) {
        Value::Array(array) if mode == 1 => Ok(Value::Int(count_recursive(array, 0)? as i64)),
        Value::Array(array) if mode == 0 || !args.is_since(Version::V8_0) => {
            Ok(Value::Int(array.len() as i64))
        }
        Value::Array(_) => Err(ErrorKind::fatal("count() in an unknown mode")),
        _ if args.is_since(Version::V8_0) => Err(ErrorKind::fatal("count() of what is no array")),
        Value::Null => Ok(Value::Int(0)),
        Value::Object(_) => Ok(Value::Int(1)),
        _ => Ok(Value::Int(1)),
    }
}

fn count_recursive(array: &Array, depth: u32) -> Result<usize> {
    crate::convert::deeper(depth, || {
        let mut count = array.len();
        for value in array.values() {
            if let Value::Array(array) = value {
                count += count_recursive(array, depth + 1)?;
            }
        }
        Ok(count)
    })
}

fn array_merge(args: &Args<'_>) -> Result<Value> {
    if args.len() == 0 && !args.is_since(Version::V7_4) {
        return Err(ErrorKind::fatal("array_merge() of nothing"));
    }
    let is_array = |value: &Value| matches!(value, Value::Array(_));
    if !args.values.iter().all(is_array) && !args.is_since(Version::V8_0) {
        // PHP warns.
        return Ok(Value::Null);
    }
    let mut result = Array::new();
    for index in 0..args.len() {
        for (key, value) in args.array(index)?.iter() {
            match key {
                Key::Int(_) => result.append(value.clone()),
                Key::String(_) => result.insert(key, value.clone()),
            }
        }
    }
    Ok(result.into())
}

fn array_merge_recursive(args: &Args<'_>) -> Result<Value> {
    if args.len() == 0 && !args.is_since(Version::V7_4) {
        return Err(ErrorKind::fatal("array_merge_recursive() of nothing"));
    }
    let mut result = Array::new();
    for index in 0..args.len() {
        merge_recursive(&mut result, args.array(index)?, args.options, 0)?;
    }
    Ok(result.into())
}

fn merge_recursive(result: &mut Array, other: &Array, options: Options, depth: u32) -> Result<()> {
    crate::convert::deeper(depth, || {
        for (key, value) in other.iter() {
            let old = match key {
                Key::Int(_) => {
                    result.append(value.clone());
                    continue;
                }
                Key::String(_) => result.get(&key).cloned(),
            };
            let Some(old) = old else {
                result.insert(key, value.clone());
                continue;
            };
            let mut old = match old {
                Value::Null => Arc::new(Array::from_list(vec![Value::Null])),
                old => to_array(&old, options)?,
            };
            let entries = make_mut(&mut old);
            match value {
                Value::Array(value) => merge_recursive(entries, value, options, depth + 1)?,
                value => {
                    if !entries.push(value.clone(), options) {
                        return Err(ErrorKind::fatal("the next element is already occupied"));
                    }
                }
            }
            result.insert(key, Value::Array(old));
        }
        Ok(())
    })
}

fn replace_recursive(left: &Arc<Array>, right: &Array, depth: u32) -> Result<Arc<Array>> {
    crate::convert::deeper(depth, || {
        let mut result = Array::clone(left);
        for (key, value) in right.iter() {
            let value = match (result.get(&key), value) {
                (Some(Value::Array(old)), Value::Array(new)) => {
                    Value::Array(replace_recursive(old, new, depth + 1)?)
                }
                _ => value.clone(),
            };
            result.insert(key, value);
        }
        Ok(Arc::new(result))
    })
}

fn array_change_key_case(args: &Args<'_>) -> Result<Value> {
    let is_upper = args.int_or(1, 0)? != 0;
    let entries = args.array(0)?.iter().map(|(key, value)| {
        let key = match key {
            Key::Int(_) => key,
            Key::String(name) if is_upper => Key::String(name.to_ascii_uppercase().into()),
            Key::String(name) => Key::String(name.to_lower()),
        };
        (key, value.clone())
    });
    Ok(entries.collect::<Array>().into())
}

fn array_keys(args: &Args<'_>) -> Result<Value> {
    let mut keys = Vec::new();
    let is_strict = args.bool_or(2, false)?;
    for (key, value) in args.array(0)?.iter() {
        let is_wanted = match (args.has(1), is_strict) {
            (false, _) => true,
            (true, true) => identical(value, args.value(1))?,
            (true, false) => equal(value, args.value(1), args.options)?,
        };
        if is_wanted {
            keys.push(key.to_value());
        }
    }
    Ok(Array::from_list(keys).into())
}

fn array_flip(args: &Args<'_>) -> Result<Value> {
    let mut result = Array::new();
    for (key, value) in args.array(0)?.iter() {
        // PHP warns about others and leaves them out.
        if let Value::Int(_) | Value::String(_) = value
            && let Some(new) = to_key(value, args.options)
        {
            result.insert(new, key.to_value());
        }
    }
    Ok(result.into())
}

/// A key made of the string of a value.
fn string_key(value: &Value, options: Options) -> Result<Key> {
    match value {
        Value::Int(integer) => Ok(Key::Int(*integer)),
        value => Ok(Key::from_string(&to_bytes(value, options)?, options.int_size)),
    }
}

fn array_combine(args: &Args<'_>) -> Result<Value> {
    let (keys, values) = (args.array(0)?, args.array(1)?);
    if keys.len() != values.len() {
        return if args.is_since(Version::V8_0) {
            Err(ErrorKind::fatal("array_combine() of arrays of different length"))
        } else {
            Ok(false.into())
        };
    }
    if keys.is_empty() && !args.is_since(Version::V5_4) {
        return Ok(false.into());
    }
    let mut result = Array::new();
    for (key, value) in keys.values().zip(values.values()) {
        result.insert(string_key(key, args.options)?, value.clone());
    }
    Ok(result.into())
}

fn array_fill(args: &Args<'_>) -> Result<Value> {
    let (start, count) = (args.int(0)?, args.int(1)?);
    if count < 0 || (count == 0 && !args.is_since(Version::V5_6)) {
        return if args.is_since(Version::V8_0) {
            Err(ErrorKind::fatal("array_fill() with less than nothing"))
        } else {
            Ok(false.into())
        };
    }
    args.check((count as usize).saturating_mul(48))?;
    let mut result = Array::new();
    for index in 0..count {
        if index == 0 {
            result.insert(Key::Int(start), args.value(2).clone());
        } else if !result.push(args.value(2).clone(), args.options) {
            return Err(ErrorKind::fatal("the next element is already occupied"));
        }
    }
    Ok(result.into())
}

fn array_pad(args: &Args<'_>) -> Result<Value> {
    let array = args.array(0)?;
    let size = args.int(1)?;
    let missing =
        usize::try_from(size.unsigned_abs()).unwrap_or(usize::MAX).saturating_sub(array.len());
    if missing > 1 << 20 {
        return Err(ErrorKind::fatal("array_pad() with more than 1048576 elements"));
    }
    if missing == 0 {
        return Ok(Value::Array(array.clone()));
    }
    args.check(missing.saturating_mul(48))?;
    let mut result = Array::new();
    let fill = |result: &mut Array| (0..missing).for_each(|_| result.append(args.value(2).clone()));
    if size < 0 {
        fill(&mut result);
    }
    for (key, value) in array.iter() {
        match key {
            Key::Int(_) => result.append(value.clone()),
            Key::String(_) => result.insert(key, value.clone()),
        }
    }
    if size > 0 {
        fill(&mut result);
    }
    Ok(result.into())
}

/// The elements in a new array: integer keys counted anew, or kept.
fn rekeyed<'v>(entries: impl Iterator<Item = (Key, &'v Value)>, keep: bool) -> Array {
    let mut result = Array::new();
    for (key, value) in entries {
        match key {
            Key::Int(_) if !keep => result.append(value.clone()),
            key => result.insert(key, value.clone()),
        }
    }
    result
}

fn array_slice(args: &Args<'_>) -> Result<Value> {
    let array = args.array(0)?;
    let length = if args.is_set(2) { Some(args.int(2)?) } else { None };
    let keep = args.bool_or(3, false)?;
    let Some((start, end)) = slice(array.len(), args.int(1)?, length) else {
        return Ok(Array::new().into());
    };
    Ok(rekeyed((start..end).filter_map(|position| array.at(position)), keep).into())
}

fn array_unique(args: &Args<'_>) -> Result<Value> {
    let flags = args.int_or(1, 2)?;
    if flags != 2 {
        return Err(ErrorKind::unsupported("array_unique() with flags"));
    }
    let mut seen: FxHashSet<Bytes> = FxHashSet::default();
    let mut result = Array::new();
    for (key, value) in args.array(0)?.iter() {
        if seen.insert(to_bytes(value, args.options)?) {
            result.insert(key, value.clone());
        }
    }
    Ok(result.into())
}

fn fold(args: &Args<'_>, operator: BinaryOperator, first: i64) -> Result<Value> {
    let mut result = Value::Int(first);
    for value in args.array(0)?.values() {
        let number = match value {
            Value::Array(_) | Value::Object(_) | Value::Instance(_) | Value::Closure(_) => {
                return Err(ErrorKind::unsupported("a sum of arrays"));
            }
            Value::String(bytes) => match numeric(bytes, args.options) {
                Numeric::None => Number::Int(0),
                numeric => numeric.number(),
            },
            Value::Float(float) => Number::Float(*float),
            Value::Int(integer) => Number::Int(*integer),
            other => Number::Int(i64::from(to_bool(other))),
        };
        result = binary(operator, &result, &number_value(number), args.options)?;
    }
    Ok(result)
}

fn search(args: &Args<'_>) -> Result<Option<Key>> {
    let is_strict = args.bool_or(2, false)?;
    for (key, value) in args.array(1)?.iter() {
        let is_same = if is_strict {
            identical(value, args.value(0))?
        } else {
            equal(args.value(0), value, args.options)?
        };
        if is_same {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

fn key_exists(args: &Args<'_>) -> Result<Value> {
    let array = args.array(1)?;
    match args.value(0) {
        Value::Null | Value::Int(_) | Value::String(_) => {
            let key = to_key(args.value(0), args.options);
            Ok(key.is_some_and(|key| array.get(&key).is_some()).into())
        }
        _ => Err(ErrorKind::unsupported("such a key in array_key_exists()")),
    }
}

type Same = fn(&Array, &Key, &Value, Options) -> Result<bool>;

fn compare_keys(other: &Array, key: &Key, _: &Value, _: Options) -> Result<bool> {
    Ok(other.get(key).is_some())
}

fn compare_both(other: &Array, key: &Key, value: &Value, options: Options) -> Result<bool> {
    match other.get(key) {
        Some(other) => Ok(to_bytes(other, options)? == to_bytes(value, options)?),
        None => Ok(false),
    }
}

fn compare_values(other: &Array, _: &Key, value: &Value, options: Options) -> Result<bool> {
    let value = to_bytes(value, options)?;
    for other in other.values() {
        if to_bytes(other, options)? == value {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The elements that are in all other arrays, or in none of them.
fn select(args: &Args<'_>, in_all: bool, is_same: Same) -> Result<Value> {
    let first = args.array(0)?;
    let mut result = Array::new();
    let others = (1..args.len()).map(|index| args.array(index)).collect::<Result<Vec<_>>>()?;
    let others_len: usize = others.iter().map(|other| other.len()).sum();
    if first.len().saturating_mul(others_len) > 50_000_000 {
        return Err(ErrorKind::Limit(Limit::Steps));
    }
    for (key, value) in first.iter() {
        let mut stays = true;
        for other in &others {
            if is_same(other, &key, value, args.options)? != in_all {
                stays = false;
                break;
            }
        }
        if stays {
            result.insert(key, value.clone());
        }
    }
    Ok(result.into())
}

fn array_column(args: &Args<'_>) -> Result<Value> {
    let is_key = |value: &Value| matches!(value, Value::Null | Value::Int(_) | Value::String(_));
    if !is_key(args.value(1)) || !is_key(args.value(2)) {
        return Err(ErrorKind::unsupported("such a key in array_column()"));
    }
    let mut result = Array::new();
    for row in args.array(0)?.values() {
        let Value::Array(row) = row else {
            match row {
                Value::Object(_) | Value::Instance(_) | Value::Closure(_) => {
                    return Err(ErrorKind::unsupported("array_column() of objects"));
                }
                _ if !args.is_set(1) => {
                    return Err(ErrorKind::unsupported("array_column() of what are no rows"));
                }
                _ => continue,
            }
        };
        let field = |index: usize| -> Option<&Value> {
            to_key(args.value(index), args.options).and_then(|key| row.get(&key))
        };
        let value = if args.is_set(1) {
            match field(1) {
                Some(value) => value.clone(),
                None => continue,
            }
        } else {
            Value::Array(row.clone())
        };
        match if args.is_set(2) { field(2) } else { None } {
            Some(key) => result.insert(string_key(key, args.options)?, value),
            None => result.append(value),
        }
    }
    Ok(result.into())
}

fn array_chunk(args: &Args<'_>) -> Result<Value> {
    let array = args.array(0)?;
    let size = usize::try_from(args.int(1)?).unwrap_or(0);
    if size == 0 {
        return Err(ErrorKind::fatal("array_chunk() into pieces of nothing"));
    }
    let keep = args.bool_or(2, false)?;
    let mut chunks = Vec::new();
    for start in (0..array.len()).step_by(size) {
        let mut chunk = Array::new();
        for position in start..(start + size).min(array.len()) {
            if let Some((key, value)) = array.at(position) {
                if keep {
                    chunk.insert(key, value.clone());
                } else {
                    chunk.append(value.clone());
                }
            }
        }
        chunks.push(chunk.into());
    }
    Ok(Array::from_list(chunks).into())
}

fn array_count_values(args: &Args<'_>) -> Result<Value> {
    let mut result = Array::new();
    for value in args.array(0)?.values() {
        if let Value::Int(_) | Value::String(_) = value
            && let Some(key) = to_key(value, args.options)
        {
            let count = match result.get(&key) {
                Some(Value::Int(count)) => count + 1,
                _ => 1,
            };
            result.insert(key, Value::Int(count));
        }
    }
    Ok(result.into())
}

fn array_push(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let values = &arguments[1..];
    change(evaluator, arguments, span, |array, options| {
        for value in values {
            if !array.push(value.get(), options) {
                return Err(ErrorKind::fatal("the next element is already occupied"));
            }
        }
        Ok(Value::Int(array.len() as i64))
    })
}

fn array_unshift(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let values = &arguments[1..];
    change(evaluator, arguments, span, |array, _| {
        let mut result = Array::from_list(values.iter().map(Value::get).collect());
        for (key, value) in array.iter() {
            match key {
                Key::Int(_) => result.append(value.clone()),
                Key::String(_) => result.insert(key, value.clone()),
            }
        }
        *array = result;
        Ok(Value::Int(array.len() as i64))
    })
}

fn array_splice(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Outcome<Value> {
    let options = evaluator.options;
    let args = Args { values: arguments, options, is_windows: false, limit: 0 };
    let offset = evaluator.at(span, args.int(1))?;
    let length = if args.is_set(2) { Some(evaluator.at(span, args.int(2))?) } else { None };
    let new = match arguments.get(3) {
        Some(value) => evaluator.at(span, to_array(value, options))?,
        None => Arc::default(),
    };
    change(evaluator, arguments, span, |array, _| {
        let (start, end) = slice(array.len(), offset, length).unwrap_or((array.len(), array.len()));
        let removed = rekeyed((start..end).filter_map(|position| array.at(position)), false);
        let mut result = rekeyed((0..start).filter_map(|position| array.at(position)), false);
        new.values().for_each(|value| result.append(value.clone()));
        for (key, value) in (end..array.len()).filter_map(|position| array.at(position)) {
            match key {
                Key::Int(_) => result.append(value.clone()),
                Key::String(_) => result.insert(key, value.clone()),
            }
        }
        *array = result;
        Ok(removed.into())
    })
}

fn range(args: &Args<'_>) -> Result<Value> {
    if args.is_since(Version::V8_3) && !is_plain_range(args) {
        return Err(ErrorKind::unsupported("range() of these"));
    }
    if let (Value::String(low), Value::String(high)) = (args.value(0), args.value(1))
        && let ([low, ..], [high, ..]) = (&**low, &**high)
        && !is_numeric(args, 0)
        && !is_numeric(args, 1)
    {
        return range_of_letters(args, *low, *high);
    }
    let (low, high) = (range_end(args, 0)?, range_end(args, 1)?);
    let step = if args.has(2) { args.number(2)? } else { Number::Int(1) };
    if let (Number::Int(low), Number::Int(high), Number::Int(step)) = (low, high, step) {
        return range_of_integers(args, low, high, step.unsigned_abs());
    }
    range_of_floats(args, low.to_float(), high.to_float(), step.to_float().abs())
}

/// Only in two strings a float is looked for.
fn range_end(args: &Args<'_>, index: usize) -> Result<Number> {
    let Value::String(bytes) = args.value(index) else { return args.number(index) };
    let are_texts = matches!(args.value(1 - index), Value::String(other) if !other.is_empty());
    let other_is_float = matches!(
        args.value(1 - index),
        Value::String(other) if matches!(numeric(other, args.options).whole(), Some(Number::Float(_)))
    );
    match numeric(bytes, args.options).whole() {
        Some(number) if are_texts => Ok(number),
        _ if other_is_float => Err(ErrorKind::unsupported("range() of a float and a text")),
        _ => Ok(Number::Int(crate::number::string_to_int(bytes, args.options))),
    }
}

fn step_leads_outside() -> ErrorKind {
    // Up to 8.2 such a step is refused with a warning.
    ErrorKind::unsupported("range() with a step that leads outside")
}

fn range_of_letters(args: &Args<'_>, low: u8, high: u8) -> Result<Value> {
    let step = match args.value(2) {
        Value::Null if !args.has(2) => 1,
        Value::Int(step) => step.unsigned_abs(),
        _ => return Err(ErrorKind::unsupported("range() of letters with such a step")),
    };
    if step == 0 || (step > u64::from(low.abs_diff(high)) && low != high) {
        return Err(step_leads_outside());
    }
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    let letters: Vec<u8> = if low <= high {
        (low..=high).step_by(step).collect()
    } else {
        (high..=low).rev().step_by(step).collect()
    };
    Ok(Array::from_list(letters.into_iter().map(|byte| vec![byte].into()).collect()).into())
}

fn range_of_integers(args: &Args<'_>, low: i64, high: i64, step: u64) -> Result<Value> {
    if low == high && (step > 0 || !args.has(2)) {
        return Ok(Array::from_list(vec![Value::Int(low)]).into());
    }
    let distance = low.abs_diff(high);
    if step == 0 || step > distance || distance >= i64::MAX as u64 {
        return Err(step_leads_outside());
    }
    let count = (distance / step).saturating_add(1);
    args.check(usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(48))?;
    let (_, max) = int_range(args.options.int_size);
    let at = |index: u64| {
        let offset = i128::from(index) * i128::from(step);
        let value = i128::from(low) + if low <= high { offset } else { -offset };
        Value::Int(value.min(i128::from(max)) as i64)
    };
    Ok(Array::from_list((0..count).map(at).collect()).into())
}

fn range_of_floats(args: &Args<'_>, low: f64, high: f64, step: f64) -> Result<Value> {
    let distance = (high - low).abs();
    let steps = distance / step + 1e-9;
    if step == 0.0 || !steps.is_finite() || distance < step || steps > 1e9 {
        return Err(ErrorKind::unsupported("range() with such a step"));
    }
    let count = steps.floor() as u64 + 1;
    args.check(usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(48))?;
    let sign = if low <= high { 1.0 } else { -1.0 };
    let at = |index: u64| match index {
        // It keeps its sign of minus.
        0 => low,
        index => low + sign * (index as f64 * step),
    };
    if (at(count - 1) - high) * sign > 0.0 {
        // PHPs differ in whether there is such a last element.
        return Err(ErrorKind::unsupported("range() whose last step leads outside"));
    }
    Ok(Array::from_list((0..count).map(|index| Value::Float(at(index))).collect()).into())
}

fn is_numeric(args: &Args<'_>, index: usize) -> bool {
    matches!(args.value(index), Value::String(bytes) if numeric(bytes, args.options).whole().is_some())
}

/// What PHP 8.3 did not change.
fn is_plain_range(args: &Args<'_>) -> bool {
    let is_letter = |value: &Value| matches!(value, Value::String(bytes) if bytes.len() == 1 && !bytes[0].is_ascii_digit());
    match (args.value(0), args.value(1), args.value(2)) {
        (Value::Int(_), Value::Int(_), Value::Null) => true,
        (Value::Int(_), Value::Int(_), Value::Int(step)) => *step > 0,
        (low, high, Value::Null) => is_letter(low) && is_letter(high),
        _ => false,
    }
}
