//! Functions of strings.
//!
//! `substr()` after the end returns `false` up to PHP 7.4, and an empty string
//! since 8.0.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use md5::{Digest, Md5};
use rustc_hash::FxHashMap;
use sha1::Sha1;
use tilde_syntax::Version;

use super::{Args, Builtin, MANY};
use crate::array::Array;
use crate::convert::{Result, compare, identical, to_bytes};
use crate::error::{ErrorKind, Limit};
use crate::export::add_slashes;
use crate::number::wrap;
use crate::value::{Bytes, Value};

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::pure("strlen", 1, 1, |args| Ok(Value::Int(args.bytes(0)?.len() as i64))),
    Builtin::pure("strtolower", 1, 1, |args| Ok(args.bytes(0)?.to_ascii_lowercase().into())),
    Builtin::pure("strtoupper", 1, 1, |args| Ok(args.bytes(0)?.to_ascii_uppercase().into())),
    Builtin::pure("ucfirst", 1, 1, |args| first(args, u8::to_ascii_uppercase)),
    Builtin::pure("lcfirst", 1, 1, |args| first(args, u8::to_ascii_lowercase)).since(Version::V5_3),
    Builtin::pure("ucwords", 1, 2, ucwords),
    Builtin::pure("str_replace", 3, 3, |args| str_replace(args, false)),
    Builtin::pure("str_ireplace", 3, 3, |args| str_replace(args, true)),
    Builtin::pure("substr", 2, 3, substr),
    Builtin::pure("substr_count", 2, 2, substr_count),
    Builtin::pure("substr_replace", 3, 4, substr_replace),
    Builtin::pure("strpos", 2, 3, |args| strpos(args, false, false)),
    Builtin::pure("stripos", 2, 3, |args| strpos(args, true, false)),
    Builtin::pure("strrpos", 2, 3, |args| strpos(args, false, true)),
    Builtin::pure("strripos", 2, 3, |args| strpos(args, true, true)),
    Builtin::pure("strstr", 2, 3, |args| strstr(args, false)),
    Builtin::pure("strchr", 2, 3, |args| strstr(args, false)),
    Builtin::pure("strip_tags", 1, 1, strip_tags),
    Builtin::pure("stristr", 2, 3, |args| strstr(args, true)),
    Builtin::pure("strrchr", 2, 2, strrchr),
    Builtin::pure("str_contains", 2, 2, |args| {
        Ok((find(&args.bytes(0)?, &args.bytes(1)?, 0).is_some()).into())
    })
    .since(Version::V8_0),
    Builtin::pure("str_starts_with", 2, 2, |args| {
        Ok(args.bytes(0)?.starts_with(&args.bytes(1)?).into())
    })
    .since(Version::V8_0),
    Builtin::pure("str_ends_with", 2, 2, |args| {
        Ok(args.bytes(0)?.ends_with(&args.bytes(1)?).into())
    })
    .since(Version::V8_0),
    Builtin::pure("trim", 1, 2, |args| trim(args, true, true)),
    Builtin::pure("ltrim", 1, 2, |args| trim(args, true, false)),
    Builtin::pure("rtrim", 1, 2, |args| trim(args, false, true)),
    Builtin::pure("chop", 1, 2, |args| trim(args, false, true)),
    Builtin::pure("explode", 2, 3, explode),
    Builtin::pure("implode", 1, 2, implode),
    Builtin::pure("join", 1, 2, implode),
    Builtin::pure("str_split", 1, 2, str_split),
    Builtin::pure("str_repeat", 2, 2, str_repeat),
    Builtin::pure("str_pad", 2, 4, str_pad),
    Builtin::pure("strrev", 1, 1, |args| {
        Ok(args.bytes(0)?.iter().rev().copied().collect::<Vec<_>>().into())
    }),
    Builtin::pure("ord", 1, 1, |args| {
        Ok(Value::Int(i64::from(args.bytes(0)?.first().copied().unwrap_or(0))))
    }),
    Builtin::pure("chr", 1, 1, |args| Ok(vec![args.int(0)? as u8].into())),
    Builtin::pure("strcmp", 2, 2, strcmp),
    Builtin::pure("strcasecmp", 2, 2, |args| {
        order(args, &args.bytes(0)?.to_lower(), &args.bytes(1)?.to_lower())
    }),
    Builtin::pure("nl2br", 1, 2, nl2br),
    Builtin::pure("htmlspecialchars", 1, 4, htmlspecialchars),
    Builtin::pure("addslashes", 1, 1, |args| Ok(add_slashes(&args.bytes(0)?).into())),
    Builtin::pure("stripslashes", 1, 1, stripslashes),
    Builtin::pure("strtr", 2, 3, strtr),
    Builtin::pure("md5", 1, 1, |args| Ok(hex(&Md5::digest(&*args.bytes(0)?)).into())),
    Builtin::pure("sha1", 1, 1, |args| Ok(hex(&Sha1::digest(&*args.bytes(0)?)).into())),
    Builtin::pure("crc32", 1, 1, |args| {
        let sum = crc32fast::hash(&args.bytes(0)?);
        Ok(Value::Int(wrap(i128::from(sum), args.options.int_size)))
    }),
    Builtin::pure("bin2hex", 1, 1, |args| Ok(hex(&args.bytes(0)?).into())),
    Builtin::pure("hex2bin", 1, 1, hex2bin).since(Version::V5_4),
    Builtin::pure("base64_encode", 1, 1, |args| Ok(BASE64.encode(&*args.bytes(0)?).into())),
    Builtin::pure("base64_decode", 1, 2, base64_decode),
    Builtin::pure("wordwrap", 1, 4, wordwrap),
    Builtin::pure("ctype_digit", 1, 1, |args| ctype(args, u8::is_ascii_digit)),
    Builtin::pure("ctype_alpha", 1, 1, |args| ctype(args, u8::is_ascii_alphabetic)),
    Builtin::pure("ctype_alnum", 1, 1, |args| ctype(args, u8::is_ascii_alphanumeric)),
    Builtin::pure("ctype_upper", 1, 1, |args| ctype(args, u8::is_ascii_uppercase)),
    Builtin::pure("ctype_lower", 1, 1, |args| ctype(args, u8::is_ascii_lowercase)),
    Builtin::pure("ctype_xdigit", 1, 1, |args| ctype(args, u8::is_ascii_hexdigit)),
    Builtin::pure("max", 1, MANY, |args| extreme(args, 1)),
    Builtin::pure("min", 1, MANY, |args| extreme(args, -1)),
];

/// PHP decodes with and without the `=` at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn hex(bytes: &[u8]) -> Vec<u8> {
    let digit = |value: u8| b"0123456789abcdef"[usize::from(value)];
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn hex2bin(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pairs = bytes.chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    Ok(pairs.collect::<Option<Vec<u8>>>().map_or(Value::Bool(false), Value::from))
}

fn base64_decode(args: &Args<'_>) -> Result<Value> {
    let is_strict = args.bool_or(1, false)?;
    let bytes = args.bytes(0)?;
    let is_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    if is_strict {
        let text: Vec<u8> =
            bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let is_whole = text.iter().all(|byte| is_alphabet(*byte)) && text.len() % 4 != 1;
        let padded = text.len().is_multiple_of(4) && BASE64.decode(&text).is_ok();
        return match BASE64.decode(&text) {
            Ok(value) if is_whole || padded => Ok(value.into()),
            Ok(_) => Err(ErrorKind::unsupported("this text in base64_decode()")),
            Err(_) if text.contains(&b'=') => {
                Err(ErrorKind::unsupported("this text in base64_decode()"))
            }
            Err(_) => Ok(false.into()),
        };
    }
    // PHP skips what is not in the alphabet, and does not mind a lone digit.
    let mut text: Vec<u8> = bytes.iter().copied().filter(|byte| is_alphabet(*byte)).collect();
    if text.len() % 4 == 1 {
        text.pop();
    }
    BASE64
        .decode(&text)
        .map(Value::from)
        .map_err(|_| ErrorKind::unsupported("this text in base64_decode()"))
}

fn first(args: &Args<'_>, change: fn(&u8) -> u8) -> Result<Value> {
    let mut bytes = args.bytes(0)?.to_vec();
    if let Some(first) = bytes.first_mut() {
        *first = change(first);
    }
    Ok(bytes.into())
}

fn ucwords(args: &Args<'_>) -> Result<Value> {
    let mut bytes = args.bytes(0)?.to_vec();
    let delimiters = args.bytes_or(1, " \t\r\n\x0c\x0b")?;
    let mut starts = true;
    for byte in &mut bytes {
        if starts {
            byte.make_ascii_uppercase();
        }
        starts = delimiters.contains(byte);
    }
    Ok(bytes.into())
}

/// Where one string is in another, from an offset on.
pub(super) fn find(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let rest = haystack.get(from..)?;
    if needle.is_empty() {
        return Some(from);
    }
    let mut at = 0;
    while at + needle.len() <= rest.len() {
        let step = rest[at..].iter().position(|byte| *byte == needle[0])?;
        at += step;
        if rest[at..].starts_with(needle) {
            return Some(from + at);
        }
        at += 1;
    }
    None
}

fn replace(
    args: &Args<'_>,
    subject: &[u8],
    from: &[u8],
    to: &[u8],
    any_case: bool,
) -> Result<Vec<u8>> {
    if from.is_empty() {
        return Ok(subject.to_vec());
    }
    let (lower_subject, lower_from);
    let (haystack, needle) = if any_case {
        lower_subject = subject.to_ascii_lowercase();
        lower_from = from.to_ascii_lowercase();
        (&*lower_subject, &*lower_from)
    } else {
        (subject, from)
    };
    let mut result = Vec::with_capacity(subject.len());
    let mut at = 0;
    while let Some(found) = find(haystack, needle, at) {
        result.extend_from_slice(&subject[at..found]);
        result.extend_from_slice(to);
        args.check(result.len())?;
        at = found + from.len();
    }
    result.extend_from_slice(&subject[at..]);
    Ok(result)
}

/// What is replaced, and with what.
fn replacements(args: &Args<'_>) -> Result<Vec<(Bytes, Bytes)>> {
    let options = args.options;
    match (args.value(0), args.value(1)) {
        (Value::Array(from), Value::Array(to)) => {
            let mut to = to.values();
            let pair = |from: &Value| {
                let to = to.next().map_or(Ok(Bytes::default()), |to| to_bytes(to, options))?;
                Ok((to_bytes(from, options)?, to))
            };
            from.values().map(pair).collect()
        }
        (Value::Array(from), _) => {
            let to = args.bytes(1)?;
            from.values().map(|from| Ok((to_bytes(from, options)?, to.clone()))).collect()
        }
        _ => Ok(vec![(args.bytes(0)?, args.bytes(1)?)]),
    }
}

fn str_replace(args: &Args<'_>, any_case: bool) -> Result<Value> {
    let (options, pairs) = (args.options, replacements(args)?);
    let run = |subject: &[u8]| -> Result<Value> {
        let mut text = subject.to_vec();
        for (from, to) in &pairs {
            text = replace(args, &text, from, to, any_case)?;
        }
        Ok(text.into())
    };
    match args.value(2) {
        Value::Array(subjects) => {
            let mut result = Array::new();
            for (key, subject) in subjects.iter() {
                let value = match subject {
                    Value::Array(_) if !args.is_since(Version::V8_0) => subject.clone(),
                    Value::Object(_) | Value::Instance(_) | Value::Closure(_) => {
                        return Err(ErrorKind::unsupported("an object in str_replace()"));
                    }
                    subject => run(&to_bytes(subject, options)?)?,
                };
                result.insert(key, value);
            }
            Ok(result.into())
        }
        _ => run(&args.bytes(2)?),
    }
}

/// The range that an offset and a length mean; none where it begins outside.
pub(super) fn slice(len: usize, offset: i64, length: Option<i64>) -> Option<(usize, usize)> {
    let len = len as i64;
    if offset > len {
        return None;
    }
    let start = if offset < 0 { (len + offset).max(0) } else { offset };
    let end = match length {
        None => len,
        Some(length) if length < 0 => (len + length).max(start),
        Some(length) => start.saturating_add(length).min(len),
    };
    Some((start as usize, end as usize))
}

/// Of plain tags: with quotes, comments or `<` in them, each PHP has its own way.
fn strip_tags(args: &Args<'_>) -> Result<Value> {
    let text = args.bytes(0)?;
    let refuse = || ErrorKind::unsupported("strip_tags() of such a text");
    if text.contains(&0) {
        return Err(refuse());
    }
    let (mut stripped, mut rest) = (Vec::with_capacity(text.len()), &*text);
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        stripped.extend_from_slice(&rest[..at]);
        let tag = &rest[at + 1..];
        let end = tag.iter().position(|byte| *byte == b'>').ok_or_else(refuse)?;
        let begins = tag.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/');
        if !begins || tag[..end].iter().any(|byte| b"<'\"()!?-".contains(byte)) {
            return Err(refuse());
        }
        rest = &tag[end + 1..];
    }
    stripped.extend_from_slice(rest);
    Ok(stripped.into())
}

fn substr(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let offset = args.int(1)?;
    let since_8 = args.is_since(Version::V8_0);
    // Null is no length only since 8.0.
    let length = match args.value(2) {
        Value::Null if since_8 || !args.has(2) => None,
        _ => Some(args.int(2)?),
    };
    if since_8 {
        let part = slice(bytes.len(), offset, length);
        return Ok(part.map_or_else(|| "".into(), |(start, end)| bytes[start..end].into()));
    }
    Ok(match old_slice(bytes.len() as i64, offset, length) {
        // At the very end there is nothing, which counts since 7.0.
        Some((start, _)) if start == bytes.len() && !args.is_since(Version::V7_0) => false.into(),
        Some((start, end)) => bytes[start..end].into(),
        None => false.into(),
    })
}

/// What `substr()` takes up to PHP 7.4: none where it begins or ends outside, in
/// an order of questions that shows.
fn old_slice(len: i64, offset: i64, length: Option<i64>) -> Option<(usize, usize)> {
    let mut start = offset;
    let mut length = length.unwrap_or(len).min(len);
    if -length > len || start > len {
        return None;
    }
    if start < 0 && -start > len {
        start = 0;
    }
    if length < 0 && length + len - start < 0 {
        return None;
    }
    if start < 0 {
        start += len;
    }
    if length < 0 {
        length = (len - start + length).max(0);
    }
    Some((start as usize, (start + length).min(len) as usize))
}

fn substr_count(args: &Args<'_>) -> Result<Value> {
    let (haystack, needle) = (args.bytes(0)?, args.bytes(1)?);
    if needle.is_empty() {
        return Err(ErrorKind::fatal("an empty needle"));
    }
    let (mut count, mut at) = (0, 0);
    while let Some(found) = find(&haystack, &needle, at) {
        count += 1;
        at = found + needle.len();
    }
    Ok(Value::Int(count))
}

fn substr_replace(args: &Args<'_>) -> Result<Value> {
    let (bytes, to) = (args.bytes(0)?, args.bytes(1)?);
    let offset = args.int(2)?.min(bytes.len() as i64);
    let length = if args.is_set(3) { Some(args.int(3)?) } else { None };
    let (start, end) = slice(bytes.len(), offset, length).unwrap_or((bytes.len(), bytes.len()));
    Ok([&bytes[..start], &to, &bytes[end..]].concat().into())
}

fn strpos(args: &Args<'_>, any_case: bool, is_last: bool) -> Result<Value> {
    let mut haystack = args.bytes(0)?;
    let mut needle = match args.value(1) {
        Value::String(needle) => needle.clone(),
        _ if args.is_since(Version::V8_0) => args.bytes(1)?,
        // A number was a character before 8.0.
        _ => return Err(ErrorKind::unsupported("a needle that is no string")),
    };
    if any_case {
        haystack = haystack.to_lower();
        needle = needle.to_lower();
    }
    let offset = args.int_or(2, 0)?;
    let len = haystack.len() as i64;
    if needle.is_empty() && !args.is_since(Version::V8_0) {
        return Ok(false.into());
    }
    if offset.unsigned_abs() > len as u64 {
        return Err(ErrorKind::fatal("offset not contained in string"));
    }
    if offset < 0 && !is_last && !args.is_since(Version::V7_1) {
        return Err(ErrorKind::fatal("offset not contained in string"));
    }
    let found = if is_last {
        let (from, to) = if offset >= 0 {
            (offset, len)
        } else {
            (0, (len + offset + needle.len() as i64).min(len))
        };
        rfind(&haystack[..to as usize], &needle, from as usize)
    } else {
        let from = if offset < 0 { len + offset } else { offset };
        find(&haystack, &needle, from as usize)
    };
    Ok(found.map_or(Value::Bool(false), |found| Value::Int(found as i64)))
}

fn rfind(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let last = haystack.len().checked_sub(needle.len())?;
    (from..=last).rev().find(|at| haystack[*at..].starts_with(needle))
}

fn strstr(args: &Args<'_>, any_case: bool) -> Result<Value> {
    let (haystack, needle) = (args.bytes(0)?, args.bytes(1)?);
    if !matches!(args.value(1), Value::String(_)) && !args.is_since(Version::V8_0) {
        return Err(ErrorKind::unsupported("a needle that is no string"));
    }
    if needle.is_empty() && !args.is_since(Version::V8_0) {
        return Ok(false.into());
    }
    let is_before = args.bool_or(2, false)?;
    let found = if any_case {
        find(&haystack.to_lower(), &needle.to_lower(), 0)
    } else {
        find(&haystack, &needle, 0)
    };
    Ok(match found {
        None => false.into(),
        Some(at) if is_before => haystack[..at].into(),
        Some(at) => haystack[at..].into(),
    })
}

fn strrchr(args: &Args<'_>) -> Result<Value> {
    let haystack = args.bytes(0)?;
    let Value::String(needle) = args.value(1) else {
        return Err(ErrorKind::unsupported("a needle that is no string"));
    };
    let needle = needle.first().copied().unwrap_or(0);
    let found = haystack.iter().rposition(|byte| *byte == needle);
    Ok(found.map_or(Value::Bool(false), |at| haystack[at..].into()))
}

fn trim(args: &Args<'_>, left: bool, right: bool) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let characters = mask(&args.bytes_or(1, " \n\r\t\x0b\0")?);
    let mut text = &*bytes;
    while left
        && let [byte, rest @ ..] = text
        && characters[usize::from(*byte)]
    {
        text = rest;
    }
    while right
        && let [rest @ .., byte] = text
        && characters[usize::from(*byte)]
    {
        text = rest;
    }
    Ok(text.into())
}

/// The characters of a list in which `a..z` is a range.
fn mask(list: &[u8]) -> [bool; 256] {
    let mut mask = [false; 256];
    let mut rest = list;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match tail {
            [b'.', b'.', end, tail @ ..] if end >= byte => {
                for byte in *byte..=*end {
                    mask[usize::from(byte)] = true;
                }
                rest = tail;
            }
            _ => mask[usize::from(*byte)] = true,
        }
    }
    mask
}

/// What a short text takes as an element of an array.
const PART: usize = 96;

fn explode(args: &Args<'_>) -> Result<Value> {
    let (separator, text) = (args.bytes(0)?, args.bytes(1)?);
    if separator.is_empty() {
        return if args.is_since(Version::V8_0) {
            Err(ErrorKind::fatal("explode() with an empty separator"))
        } else {
            Ok(false.into())
        };
    }
    let limit = args.int_or(2, i64::MAX)?;
    let mut parts = Vec::new();
    let mut at = 0;
    while (parts.len() as i64) < limit.saturating_sub(1).max(if limit < 0 { i64::MAX } else { 0 })
        && let Some(found) = find(&text, &separator, at)
    {
        args.check(parts.len() * PART)?;
        parts.push(Value::from(&text[at..found]));
        at = found + separator.len();
    }
    if limit < 0 {
        let is_nothing_found = at == 0;
        parts.push(text[at..].into());
        let keep = (parts.len() as i64 + limit).max(0) as usize;
        if is_nothing_found && parts.len() == 1 {
            return Ok(Array::new().into());
        }
        parts.truncate(keep);
    } else {
        parts.push(text[at..].into());
    }
    Ok(Array::from_list(parts).into())
}

fn implode(args: &Args<'_>) -> Result<Value> {
    let (glue, array) = match (args.value(0), args.value(1)) {
        (Value::Array(array), _) if args.len() == 1 => (Bytes::default(), array),
        (_, Value::Array(array)) => (args.bytes(0)?, array),
        (Value::Array(array), _) if !args.is_since(Version::V8_0) => (args.bytes(1)?, array),
        _ => return Err(ErrorKind::fatal("implode() without an array")),
    };
    let mut text = Vec::new();
    for (index, value) in array.values().enumerate() {
        if index > 0 {
            text.extend_from_slice(&glue);
        }
        text.extend_from_slice(&to_bytes(value, args.options)?);
        args.check(text.len())?;
    }
    Ok(text.into())
}

fn str_split(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let length = usize::try_from(args.int_or(1, 1)?).unwrap_or(0);
    if length == 0 {
        return Err(ErrorKind::fatal("str_split() into pieces of nothing"));
    }
    if bytes.is_empty() && !args.is_since(Version::V8_2) {
        return Ok(Array::from_list(vec!["".into()]).into());
    }
    args.check(bytes.len() / length * PART)?;
    Ok(Array::from_list(bytes.chunks(length).map(Value::from).collect()).into())
}

fn str_repeat(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let Ok(times) = usize::try_from(args.int(1)?) else {
        return Err(ErrorKind::fatal("str_repeat() a negative number of times"));
    };
    args.check(bytes.len().saturating_mul(times))?;
    Ok(bytes.repeat(times).into())
}

fn str_pad(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let length = args.int(1)?;
    let pad = args.bytes_or(2, " ")?;
    let side = args.int_or(3, 1)?;
    if pad.is_empty() {
        return Err(ErrorKind::fatal("str_pad() with nothing"));
    }
    let missing = usize::try_from(length.saturating_sub(bytes.len() as i64)).unwrap_or(0);
    args.check(missing)?;
    let left = match side {
        0 => missing,
        1 => 0,
        2 => missing / 2,
        _ if missing == 0 => 0,
        _ => return Err(ErrorKind::fatal("str_pad() on an unknown side")),
    };
    let filled = |len: usize| pad.iter().copied().cycle().take(len);
    let mut text: Vec<u8> = filled(left).collect();
    text.extend_from_slice(&bytes);
    text.extend(filled(missing - left));
    Ok(text.into())
}

/// `strcmp()` of strings of which one begins with the other. How far others are
/// apart is what `memcmp()` of the C library says, which may be any number.
fn strcmp(args: &Args<'_>) -> Result<Value> {
    let (left, right) = (args.bytes(0)?, args.bytes(1)?);
    if left.starts_with(&right) || right.starts_with(&left) {
        return order(args, &left, &right);
    }
    Err(ErrorKind::unsupported("how far apart strings are in strcmp()"))
}

/// How far the first different bytes are apart, or the lengths; since 8.2 the
/// lengths only as 1 or -1.
fn order(args: &Args<'_>, left: &[u8], right: &[u8]) -> Result<Value> {
    let different = left.iter().zip(right).find(|(left, right)| left != right);
    Ok(Value::Int(match different {
        Some((left, right)) => i64::from(*left) - i64::from(*right),
        None if args.is_since(Version::V8_2) => left.len().cmp(&right.len()) as i64,
        None => left.len() as i64 - right.len() as i64,
    }))
}

fn nl2br(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let tag: &[u8] = if args.bool_or(1, true)? { b"<br />" } else { b"<br>" };
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = &*bytes;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if matches!(byte, b'\n' | b'\r') {
            text.extend_from_slice(tag);
            text.push(*byte);
            if let [other @ (b'\n' | b'\r'), tail @ ..] = tail
                && other != byte
            {
                text.push(*other);
                rest = tail;
            }
        } else {
            text.push(*byte);
        }
    }
    Ok(text.into())
}

fn htmlspecialchars(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let default = if args.is_since(Version::V8_1) { 3 | 8 } else { 2 };
    let flags = args.int_or(1, default)?;
    if args.is_set(2) && !args.bytes(2)?.eq_ignore_ascii_case(b"utf-8") {
        return Err(ErrorKind::unsupported("htmlspecialchars() in another encoding"));
    }
    if !args.bool_or(3, true)? {
        return Err(ErrorKind::unsupported("htmlspecialchars() that keeps entities"));
    }
    if str::from_utf8(&bytes).is_err() || flags & 0x30 != 0 {
        return Err(ErrorKind::unsupported("htmlspecialchars() of this text"));
    }
    let mut text = Vec::with_capacity(bytes.len());
    for byte in bytes.iter() {
        match byte {
            b'&' => text.extend(b"&amp;"),
            b'<' => text.extend(b"&lt;"),
            b'>' => text.extend(b"&gt;"),
            b'"' if flags & 2 != 0 => text.extend(b"&quot;"),
            b'\'' if flags & 3 == 3 => text.extend(b"&#039;"),
            _ => text.push(*byte),
        }
    }
    Ok(text.into())
}

fn stripslashes(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => text.extend(rest.next().map(|byte| if *byte == b'0' { 0 } else { *byte })),
            _ => text.push(*byte),
        }
    }
    Ok(text.into())
}

fn strtr(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    if !args.has(2) {
        return replace_pairs(args, &bytes);
    }
    if args.value(2).is_null() {
        return Err(ErrorKind::unsupported("strtr() with null"));
    }
    let (from, to) = (args.bytes(1)?, args.bytes(2)?);
    let mut map: [u8; 256] = std::array::from_fn(|byte| byte as u8);
    for (from, to) in from.iter().zip(to.iter()) {
        map[usize::from(*from)] = *to;
    }
    Ok(bytes.iter().map(|byte| map[usize::from(*byte)]).collect::<Vec<_>>().into())
}

/// `strtr($text, $pairs)`, the longest key first.
fn replace_pairs(args: &Args<'_>, bytes: &[u8]) -> Result<Value> {
    let mut pairs: FxHashMap<Bytes, Bytes> = FxHashMap::default();
    for (key, value) in args.array(1)?.iter() {
        let key = key.to_bytes();
        if key.is_empty() {
            return Err(ErrorKind::unsupported("strtr() with an empty key"));
        }
        pairs.insert(key, to_bytes(value, args.options)?);
    }
    let mut lens: Vec<usize> = pairs.keys().map(|from| from.len()).collect();
    lens.sort_unstable_by(|left, right| right.cmp(left));
    lens.dedup();
    let mut text = Vec::with_capacity(bytes.len());
    let (mut rest, mut hashed) = (bytes, 0_usize);
    while let [byte, tail @ ..] = rest {
        let mut fitting = lens.iter().filter_map(|len| rest.get(..*len));
        let found = fitting.find_map(|start| {
            hashed += start.len() + 8;
            Some((start.len(), pairs.get(start)?))
        });
        if hashed > MAX_HASHED {
            return Err(ErrorKind::Limit(Limit::Steps));
        }
        if let Some((len, to)) = found {
            text.extend_from_slice(to);
            args.check(text.len())?;
            rest = &rest[len..];
        } else {
            text.push(*byte);
            rest = tail;
        }
    }
    Ok(text.into())
}

/// The limit of the bytes that one `strtr()` compares with its keys.
const MAX_HASHED: usize = 1 << 30;

fn wordwrap(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let width = args.int_or(1, 75)?;
    let wrap = args.bytes_or(2, "\n")?;
    let cuts = args.bool_or(3, false)?;
    if wrap.len() != 1 || cuts || width < 0 {
        return Err(ErrorKind::unsupported("wordwrap() with these arguments"));
    }
    let mut text = bytes.to_vec();
    let (mut start, mut space) = (0_i64, 0_i64);
    for index in 0..text.len() {
        let at = index as i64;
        if text[index] == wrap[0] {
            start = at + 1;
            space = start;
        } else if text[index] == b' ' {
            if at - start >= width {
                text[index] = wrap[0];
                start = at + 1;
            }
            space = at;
        } else if at - start >= width && start != space {
            text[space as usize] = wrap[0];
            start = space + 1;
        }
    }
    Ok(text.into())
}

fn ctype(args: &Args<'_>, test: fn(&u8) -> bool) -> Result<Value> {
    match args.value(0) {
        Value::String(bytes) => Ok((!bytes.is_empty() && bytes.iter().all(test)).into()),
        Value::Int(_) => Err(ErrorKind::unsupported("a number in ctype_…()")),
        _ => Ok(false.into()),
    }
}

/// `max()` and `min()`
fn extreme(args: &Args<'_>, sign: i32) -> Result<Value> {
    let values: Vec<&Value> = match args.values {
        [Value::Array(array)] => array.values().collect(),
        [_] => return Err(ErrorKind::fatal("max() or min() of one value")),
        values => values.iter().collect(),
    };
    let mut values = values.into_iter();
    let Some(mut best) = values.next() else {
        return if args.is_since(Version::V8_0) {
            Err(ErrorKind::fatal("max() or min() of nothing"))
        } else {
            Ok(false.into())
        };
    };
    for value in values {
        match compare(value, best, args.options)? * sign {
            // Which of two equal ones it is has changed.
            0 if args.is_since(Version::V8_3) && !identical(value, best)? => {
                return Err(ErrorKind::unsupported("max() or min() of equal values"));
            }
            1 => best = value,
            _ => {}
        }
    }
    Ok(best.clone())
}
