//! `preg_match()` and its like, for the patterns of [`crate::pattern`].
//!
//! A group that took no part is an empty string in the middle of the matches
//! and missing at their end, but where `preg_match_all()` makes columns.

use std::sync::Arc;

use tilde_syntax::{Span, Version};

use super::{Args, Builtin};
use crate::array::{Array, Key};
use crate::convert::Result;
use crate::error::ErrorKind;
use crate::evaluator::{Evaluator, Outcome};
use crate::pattern::{Groups, Pattern, Search};
use crate::value::{Bytes, Value};

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::full("preg_match", 2, 5, |evaluator, arguments, span| {
        with_matches(evaluator, arguments, span, preg_match)
    })
    .changing(&[2]),
    Builtin::full("preg_match_all", 2, 5, |evaluator, arguments, span| {
        with_matches(evaluator, arguments, span, preg_match_all)
    })
    .changing(&[2]),
    Builtin::pure("preg_quote", 1, 2, preg_quote),
    Builtin::pure("preg_split", 2, 4, preg_split),
    Builtin::pure("preg_replace", 3, 4, preg_replace),
    Builtin::pure("preg_grep", 2, 3, preg_grep),
    Builtin::full("preg_replace_callback", 3, 4, preg_replace_callback),
];

/// Runs a function that returns a value and the matches for its third argument.
fn with_matches(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
    run: fn(&Args<'_>) -> Result<(Value, Array)>,
) -> Outcome<Value> {
    let values: Vec<Value> = arguments.iter().map(Value::get).collect();
    let (result, matches) = evaluator.at(span, run(&Args::of(&values, evaluator.options)))?;
    let charged = evaluator.charge(matches.len() * 48);
    evaluator.at(span, charged)?;
    if let Some(Value::Reference(reference)) = arguments.get(2) {
        reference.set(matches.into());
    }
    Ok(result)
}

fn pattern(args: &Args<'_>, index: usize) -> Result<Pattern> {
    Pattern::new(&args.bytes(index)?)
}

/// Where the search begins.
fn offset(args: &Args<'_>, index: usize, len: usize) -> Result<usize> {
    let offset = args.int_or(index, 0)?;
    usize::try_from(offset)
        .ok()
        .filter(|offset| *offset <= len)
        .ok_or_else(|| ErrorKind::unsupported("this offset of a search"))
}

fn group(groups: &Groups, index: usize, subject: &[u8]) -> Value {
    match groups.get(index).copied().flatten() {
        Some((start, end)) => subject[start..end].into(),
        None => "".into(),
    }
}

/// The groups up to the last one that took part.
fn taking_part(groups: &Groups) -> &[Option<(usize, usize)>] {
    let len = groups.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    &groups[..len]
}

/// A match as an array: each group under its name and its number.
fn as_array(pattern: &Pattern, groups: &Groups, subject: &[u8]) -> Array {
    let mut array = Array::new();
    for index in 0..taking_part(groups).len() {
        let value = group(groups, index, subject);
        if let Some(name) = &pattern.names[index] {
            array.insert(Key::String(name.clone()), value.clone());
        }
        array.insert(Key::Int(index as i64), value);
    }
    array
}

fn preg_match(args: &Args<'_>) -> Result<(Value, Array)> {
    let (pattern, subject) = (pattern(args, 0)?, args.bytes(1)?);
    if args.int_or(3, 0)? != 0 {
        return Err(ErrorKind::unsupported("flags of preg_match()"));
    }
    let from = offset(args, 4, subject.len())?;
    let found = pattern.find(&subject, from, Search::Anywhere)?;
    let matches = found.as_ref().map(|groups| as_array(&pattern, groups, &subject));
    Ok((Value::Int(i64::from(found.is_some())), matches.unwrap_or_default()))
}

fn preg_match_all(args: &Args<'_>) -> Result<(Value, Array)> {
    if args.len() < 3 && !args.is_since(Version::V5_4) {
        return Err(ErrorKind::fatal("too few arguments for preg_match_all()"));
    }
    let (pattern, subject) = (pattern(args, 0)?, args.bytes(1)?);
    if offset(args, 4, subject.len())? != 0 {
        return Err(ErrorKind::unsupported("an offset of preg_match_all()"));
    }
    let all = pattern.find_all(&subject, 0, usize::MAX)?;
    let matches = match args.int_or(3, 0)? {
        0 | 1 => columns(&pattern, &all, &subject),
        2 => {
            let rows = all.iter().map(|groups| as_array(&pattern, groups, &subject).into());
            Array::from_list(rows.collect())
        }
        _ => return Err(ErrorKind::unsupported("these flags of preg_match_all()")),
    };
    Ok((Value::Int(all.len() as i64), matches))
}

/// What each group matched, group by group.
fn columns(pattern: &Pattern, all: &[Groups], subject: &[u8]) -> Array {
    let mut array = Array::new();
    for (index, name) in pattern.names.iter().enumerate() {
        let values = all.iter().map(|groups| group(groups, index, subject));
        let column = Value::from(Array::from_list(values.collect()));
        if let Some(name) = name {
            array.insert(Key::String(name.clone()), column.clone());
        }
        array.insert(Key::Int(index as i64), column);
    }
    array
}

fn preg_quote(args: &Args<'_>) -> Result<Value> {
    let (text, delimiter) = (args.bytes(0)?, args.bytes_or(1, "")?);
    let delimiter = delimiter.first().copied();
    let mut quoted = Vec::with_capacity(text.len());
    for byte in text.iter().copied() {
        let is_special = match byte {
            b'-' => args.is_since(Version::V5_3),
            b'#' => args.is_since(Version::V7_3),
            byte => b".\\+*?[^]$(){}=!<>|:".contains(&byte),
        };
        match byte {
            0 => quoted.extend_from_slice(b"\\000"),
            byte if is_special || delimiter == Some(byte) => quoted.extend([b'\\', byte]),
            byte => quoted.push(byte),
        }
    }
    Ok(quoted.into())
}

const NO_EMPTY: i64 = 1;
const DELIMITERS: i64 = 2;

fn preg_split(args: &Args<'_>) -> Result<Value> {
    let (pattern, subject) = (pattern(args, 0)?, args.bytes(1)?);
    let (limit, flags) = (if args.is_set(2) { args.int(2)? } else { -1 }, args.int_or(3, 0)?);
    if flags & !(NO_EMPTY | DELIMITERS) != 0 {
        return Err(ErrorKind::unsupported("these flags of preg_split()"));
    }
    let skips_empty = flags & NO_EMPTY != 0;
    let mut left = if limit == 0 { -1 } else { limit };
    let (mut parts, mut last) = (Vec::new(), 0);
    let mut add = |range: &[u8]| {
        let adds = !skips_empty || !range.is_empty();
        if adds {
            parts.push(Value::from(range));
        }
        adds
    };
    for groups in pattern.find_all(&subject, 0, usize::MAX)? {
        let (start, end) = groups[0].unwrap_or_default();
        if left != -1 && left <= 1 {
            break;
        }
        if add(&subject[last..start]) && left != -1 {
            left -= 1;
        }
        if flags & DELIMITERS != 0 {
            for (start, end) in
                taking_part(&groups)[1..].iter().map(|group| group.unwrap_or_default())
            {
                add(&subject[start..end]);
            }
        }
        last = end;
    }
    add(&subject[last..]);
    Ok(Array::from_list(parts).into())
}

/// A list of texts, or one text.
fn texts(args: &Args<'_>, index: usize) -> Result<Vec<Bytes>> {
    match args.value(index) {
        Value::Array(array) => {
            array.values().map(|value| Args::of(&[value.get()], args.options).bytes(0)).collect()
        }
        _ => Ok(vec![args.bytes(index)?]),
    }
}

fn limit(args: &Args<'_>, index: usize) -> Result<usize> {
    let limit = if args.has(index) { args.int(index)? } else { -1 };
    match limit {
        -1 => Ok(usize::MAX),
        limit if limit > 0 => Ok(limit as usize),
        _ => Err(ErrorKind::unsupported("this limit of a replacement")),
    }
}

fn preg_replace(args: &Args<'_>) -> Result<Value> {
    let limit = limit(args, 3)?;
    let patterns = texts(args, 0)?;
    let is_list = matches!(args.value(0), Value::Array(_));
    let replacements = match args.value(1) {
        Value::Array(_) if !is_list => {
            return Err(ErrorKind::fatal("a list of replacements for one pattern"));
        }
        Value::Array(_) => texts(args, 1)?,
        _ => vec![args.bytes(1)?; patterns.len()],
    };
    let patterns: Vec<Pattern> =
        patterns.iter().map(|text| Pattern::new(text)).collect::<Result<_>>()?;
    let empty = Bytes::default();
    let replace = |subject: Bytes| {
        let mut subject = subject;
        for (index, pattern) in patterns.iter().enumerate() {
            let replacement = replacements.get(index).unwrap_or(&empty);
            subject = replaced(args, pattern, &subject, replacement, limit)?;
        }
        Ok(Value::String(subject))
    };
    match args.value(2) {
        Value::Array(array) => {
            let entry = |(key, value): (Key, &Value)| {
                let text = Args::of(&[value.get()], args.options).bytes(0)?;
                Ok((key, replace(text)?))
            };
            Ok(array.iter().map(entry).collect::<Result<Array>>()?.into())
        }
        _ => replace(args.bytes(2)?),
    }
}

fn replaced(
    args: &Args<'_>,
    pattern: &Pattern,
    subject: &[u8],
    replacement: &[u8],
    limit: usize,
) -> Result<Bytes> {
    let pieces = pieces(replacement)?;
    let (mut text, mut last) = (Vec::new(), 0);
    for groups in pattern.find_all(subject, 0, limit)? {
        let (start, end) = groups[0].unwrap_or_default();
        text.extend_from_slice(&subject[last..start]);
        for piece in &pieces {
            match piece {
                Piece::Text(piece) => text.extend_from_slice(piece),
                Piece::Group(index) => {
                    if let Some((start, end)) = groups.get(*index).copied().flatten() {
                        text.extend_from_slice(&subject[start..end]);
                    }
                }
            }
        }
        args.check(text.len())?;
        last = end;
    }
    text.extend_from_slice(&subject[last..]);
    args.check(text.len())?;
    Ok(text.into())
}

enum Piece<'r> {
    Text(&'r [u8]),
    Group(usize),
}

/// `\1`, `$1` and `${1}` in a replacement. A backslash before another one or
/// before `$` has rules of its own.
fn pieces(replacement: &[u8]) -> Result<Vec<Piece<'_>>> {
    if replacement.windows(2).any(|pair| matches!(pair, [b'\\', b'\\' | b'$'])) {
        return Err(ErrorKind::unsupported("a backslash before `\\` or `$` in a replacement"));
    }
    let (mut pieces, mut at, mut last) = (Vec::new(), 0, 0);
    while at < replacement.len() {
        match group_number(&replacement[at..]) {
            Some((number, len)) => {
                pieces.extend([Piece::Text(&replacement[last..at]), Piece::Group(number)]);
                at += len;
                last = at;
            }
            None => at += 1,
        }
    }
    pieces.push(Piece::Text(&replacement[last..]));
    Ok(pieces)
}

/// The number of a group that a text begins with, and how long that is.
fn group_number(text: &[u8]) -> Option<(usize, usize)> {
    let (digits, is_braced) = match text {
        [b'$', b'{', rest @ ..] => (rest, true),
        [b'$' | b'\\', rest @ ..] => (rest, false),
        _ => return None,
    };
    let len = digits.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    let number = str::from_utf8(&digits[..len]).ok()?.parse().ok()?;
    if is_braced {
        return (digits.get(len) == Some(&b'}')).then_some((number, len + 3));
    }
    Some((number, len + 1))
}

fn preg_grep(args: &Args<'_>) -> Result<Value> {
    let (pattern, array) = (pattern(args, 0)?, args.array(1)?);
    let is_inverted = match args.int_or(2, 0)? {
        0 => false,
        1 => true,
        _ => return Err(ErrorKind::unsupported("these flags of preg_grep()")),
    };
    let mut result = Array::new();
    for (key, value) in array.iter() {
        let text = Args::of(&[value.get()], args.options).bytes(0)?;
        if pattern.find(&text, 0, Search::Anywhere)?.is_some() != is_inverted {
            result.insert(key, value.get());
        }
    }
    Ok(Value::Array(Arc::new(result)))
}

/// Of one pattern and one text.
fn preg_replace_callback(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Value],
    span: Span,
) -> Outcome<Value> {
    let values: Vec<Value> = arguments.iter().map(Value::get).collect();
    super::callbacks::check_callback(evaluator, &values[1], span)?;
    let args = Args::of(&values, evaluator.options);
    let found = (|| {
        let (pattern, subject) = (pattern(&args, 0)?, args.bytes(2)?);
        let all = pattern.find_all(&subject, 0, limit(&args, 3)?)?;
        Ok((pattern, subject, all))
    })();
    let (pattern, subject, all) = evaluator.at(span, found)?;
    let (mut text, mut last) = (Vec::new(), 0);
    for groups in &all {
        let (start, end) = groups[0].unwrap_or_default();
        text.extend_from_slice(&subject[last..start]);
        let matches = as_array(&pattern, groups, &subject).into();
        let value = evaluator.call_value(&values[1], vec![matches], span)?;
        let value = evaluator.at(span, Args::of(&[value], evaluator.options).bytes(0))?;
        let charged = evaluator.charge(value.len() + end - last);
        evaluator.at(span, charged)?;
        text.extend_from_slice(&value);
        last = end;
    }
    text.extend_from_slice(&subject[last..]);
    Ok(text.into())
}
