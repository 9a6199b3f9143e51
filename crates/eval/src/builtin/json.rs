//! JSON.
//!
//! PHP's JSON is not anybody's: it escapes `/`, returns integers that are too large
//! as floats, and has its own idea of a list.

use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use tilde_syntax::Version;

use super::format::short_float;
use super::{Args, Builtin};
use crate::array::{Array, Key, range};
use crate::convert::Result;
use crate::error::{ErrorKind, Limit};
use crate::value::{Object, Value};

pub(super) static FUNCTIONS: &[Builtin] = &[
    Builtin::pure("json_decode", 1, 4, json_decode),
    Builtin::pure("json_encode", 1, 3, json_encode),
];

fn json_decode(args: &Args<'_>) -> Result<Value> {
    let bytes = args.bytes(0)?;
    let flags = args.int_or(3, 0)?;
    let depth = args.int_or(2, 512)?;
    if flags & !1 != 0 || depth != 512 {
        return Err(ErrorKind::unsupported("json_decode() with these arguments"));
    }
    if !args.is_since(Version::V7_0) && !matches!(bytes.first(), Some(b'{' | b'[')) {
        return Err(ErrorKind::unsupported("json_decode() of no array or object"));
    }
    let as_arrays = args.bool_or(1, false)? || (args.value(1).is_null() && flags & 1 != 0);
    let has_float_zero = bytes.windows(3).any(|text| matches!(text, b"-0." | b"-0e" | b"-0E"));
    let seed = Seed { as_arrays, has_float_zero, args };
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    match deeper_json(|| seed.deserialize(&mut deserializer))
        .and_then(|value| deserializer.end().map(|()| value))
    {
        Ok(value) => Ok(value),
        Err(error) if error.to_string().contains("recursion limit") => {
            Err(ErrorKind::Limit(Limit::Nesting))
        }
        Err(error) if error.to_string().contains("tilde:") => {
            Err(ErrorKind::unsupported("json_decode() of such an object"))
        }
        Err(error) if error.to_string().contains("number out of range") => {
            Err(ErrorKind::unsupported("json_decode() of such a number"))
        }
        Err(_) => Ok(Value::Null),
    }
}

/// The reader goes down 128 levels by itself.
fn deeper_json<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(1024 * 1024, 2 * 1024 * 1024, run)
}

#[derive(Clone, Copy)]
struct Seed<'s> {
    as_arrays: bool,
    has_float_zero: bool,
    args: &'s Args<'s>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Value, E> {
        let (min, max) = range(self.args.options.int_size);
        Ok(if value >= min && value <= max {
            Value::Int(value)
        } else {
            Value::Float(value as f64)
        })
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> std::result::Result<Value, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Ok(Value::Float(value as f64)),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> std::result::Result<Value, E> {
        if value == 0.0 && value.is_sign_negative() {
            // `-0` is an integer and `-0.0` is not, and they look the same here.
            return if self.has_float_zero {
                Err(serde::de::Error::custom("tilde: a negative zero"))
            } else {
                Ok(Value::Int(0))
            };
        }
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Array::from_list(list).into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut entries = Array::new();
        let options = self.args.options;
        while let Some(name) = items.next_key::<String>()? {
            let value = items.next_value_seed(self)?;
            if self.as_arrays {
                entries.insert(Key::from_bytes(name.as_bytes(), options.int_size), value);
                continue;
            }
            let is_odd =
                name.starts_with('\0') || (name.is_empty() && options.version < Version::V7_1);
            if is_odd {
                return Err(serde::de::Error::custom("tilde: such a name"));
            }
            entries.insert(Key::String(name.as_str().into()), value);
        }
        if self.as_arrays {
            return Ok(entries.into());
        }
        Ok(Value::Object(Arc::new(Object::new(entries))))
    }
}

const HEX_TAG: i64 = 1;
const HEX_AMP: i64 = 2;
const HEX_APOS: i64 = 4;
const HEX_QUOT: i64 = 8;
const FORCE_OBJECT: i64 = 16;
const UNESCAPED_SLASHES: i64 = 64;
const PRETTY_PRINT: i64 = 128;
const UNESCAPED_UNICODE: i64 = 256;
const PRESERVE_ZERO_FRACTION: i64 = 1024;
const KNOWN: i64 = HEX_TAG
    | HEX_AMP
    | HEX_APOS
    | HEX_QUOT
    | FORCE_OBJECT
    | UNESCAPED_SLASHES
    | PRETTY_PRINT
    | UNESCAPED_UNICODE
    | PRESERVE_ZERO_FRACTION;

fn json_encode(args: &Args<'_>) -> Result<Value> {
    let flags = args.int_or(1, 0)?;
    if flags & !KNOWN != 0 || args.has(2) {
        return Err(ErrorKind::unsupported("json_encode() with these arguments"));
    }
    let mut text = Vec::new();
    encode(args.value(0), flags, args, 0, &mut text)?;
    Ok(text.into())
}

fn line(flags: i64, depth: u32, text: &mut Vec<u8>) {
    if flags & PRETTY_PRINT != 0 {
        text.push(b'\n');
        text.extend(std::iter::repeat_n(b' ', 4 * depth as usize));
    }
}

fn encode(
    value: &Value,
    flags: i64,
    args: &Args<'_>,
    depth: u32,
    text: &mut Vec<u8>,
) -> Result<()> {
    crate::convert::deeper(depth, || {
        args.check(text.len())?;
        match value {
            Value::Null => text.extend(b"null"),
            Value::Bool(value) => text.extend(value.to_string().bytes()),
            Value::Int(integer) => text.extend(integer.to_string().bytes()),
            Value::Float(float) if float.is_finite() => {
                let number = short_float(*float, args.options);
                let is_whole = !number.contains(&b'.');
                text.extend(number);
                if is_whole && flags & PRESERVE_ZERO_FRACTION != 0 {
                    text.extend(b".0");
                }
            }
            Value::String(bytes) => encode_string(bytes, flags, text)?,
            Value::Array(array) => {
                let is_object = flags & FORCE_OBJECT != 0 || !array.is_list();
                encode_entries(array, is_object, flags, args, depth, text)?;
            }
            Value::Object(object) => {
                encode_entries(&object.properties(), true, flags, args, depth, text)?;
            }
            Value::Reference(reference) => encode(&reference.get(), flags, args, depth, text)?,
            Value::Float(_) | Value::Instance(_) | Value::Closure(_) => {
                return Err(ErrorKind::unsupported("json_encode() of this"));
            }
        }
        Ok(())
    })
}

fn encode_entries(
    array: &Array,
    is_object: bool,
    flags: i64,
    args: &Args<'_>,
    depth: u32,
    text: &mut Vec<u8>,
) -> Result<()> {
    let (open, close) = if is_object { (b'{', b'}') } else { (b'[', b']') };
    text.push(open);
    for (index, (key, value)) in array.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        line(flags, depth + 1, text);
        if is_object {
            encode_string(&key.to_bytes(), flags, text)?;
            text.extend(if flags & PRETTY_PRINT != 0 { &b": "[..] } else { b":" });
        }
        encode(value, flags, args, depth + 1, text)?;
    }
    if !array.is_empty() {
        line(flags, depth, text);
    }
    text.push(close);
    Ok(())
}

fn encode_string(bytes: &[u8], flags: i64, text: &mut Vec<u8>) -> Result<()> {
    let Ok(string) = str::from_utf8(bytes) else {
        return Err(ErrorKind::unsupported("json_encode() of bytes that are no UTF-8"));
    };
    text.push(b'"');
    for character in string.chars() {
        match character {
            '"' if flags & HEX_QUOT != 0 => text.extend(b"\\u0022"),
            '"' => text.extend(b"\\\""),
            '\\' => text.extend(b"\\\\"),
            '/' if flags & UNESCAPED_SLASHES == 0 => text.extend(b"\\/"),
            '\u{8}' => text.extend(b"\\b"),
            '\u{c}' => text.extend(b"\\f"),
            '\n' => text.extend(b"\\n"),
            '\r' => text.extend(b"\\r"),
            '\t' => text.extend(b"\\t"),
            '<' if flags & HEX_TAG != 0 => text.extend(b"\\u003C"),
            '>' if flags & HEX_TAG != 0 => text.extend(b"\\u003E"),
            '&' if flags & HEX_AMP != 0 => text.extend(b"\\u0026"),
            '\'' if flags & HEX_APOS != 0 => text.extend(b"\\u0027"),
            '\0'..='\u{1f}' => text.extend(format!("\\u{:04x}", character as u32).bytes()),
            '\u{2028}' | '\u{2029}' => {
                // Since 7.1 these are escaped even where others are not.
                return Err(ErrorKind::unsupported("json_encode() of a line separator"));
            }
            '\u{80}'.. if flags & UNESCAPED_UNICODE == 0 => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    text.extend(format!("\\u{unit:04x}").bytes());
                }
            }
            character => text.extend(character.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    text.push(b'"');
    Ok(())
}
