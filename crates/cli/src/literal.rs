//! Values for PHP that a person wrote as JSON or TOML.
//!
//! They become values of PHP only when the width of its integers is known. What
//! a newcomer would get wrong: the order of an object's keys counts, since PHP's
//! arrays have one.

use std::fmt;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use tilde_eval::{Array, Bytes, IntSize, Key, Value};

use crate::excerpt::Excerpt;
use crate::problem::{Place, Problem};

/// A value as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(String),
    List(Vec<Literal>),
    Table(Vec<(String, Literal)>),
}

impl Literal {
    /// The value in a PHP with integers of this width. An integer that is too
    /// large becomes a float, as in PHP's own code.
    pub(crate) fn to_value(&self, int_size: IntSize) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) if int_size == IntSize::Four && i32::try_from(*value).is_err() => {
                Value::Float(*value as f64)
            }
            Self::Int(value) => Value::Int(*value),
            Self::Float(value) => Value::Float(*value),
            Self::String(text) => Value::from(text.as_str()),
            Self::List(values) => {
                Array::from_list(values.iter().map(|value| value.to_value(int_size)).collect())
                    .into()
            }
            Self::Table(entries) => {
                let entry = |(key, value): &(String, Self)| {
                    (Key::from_bytes(key.as_bytes(), int_size), value.to_value(int_size))
                };
                entries.iter().map(entry).collect::<Array>().into()
            }
        }
    }
}

/// The constants in a JSON array of `[name, value]` pairs; `path` is for
/// messages.
pub(crate) fn constants(
    path: &Path,
    text: &[u8],
    int_size: IntSize,
) -> Result<Vec<(Bytes, Value)>, Problem> {
    let pairs: Vec<Pair> = serde_json::from_slice(text).map_err(|error| {
        let at = offset_of(text, error.line(), error.column());
        let excerpt = Excerpt::new(text, at..at + 1);
        let place = Place { path: path.to_owned(), excerpt, note: String::new() };
        // Its own place is in other words, and in the snippet.
        let reason = error.to_string();
        let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
        Problem::error("T-CONSTANTS", format!("cannot read {}: {reason}", path.display()))
            .at(place)
            .help("write a list of pairs: [[\"APP_NAME\", \"shop\"], [\"APP_DEBUG\", false]]")
    })?;
    Ok(pairs
        .into_iter()
        .map(|Pair(name, value)| (Bytes::from(name.as_str()), value.to_value(int_size)))
        .collect())
}

/// The byte that a line and a column, both from 1, stand for.
pub(crate) fn offset_of(text: &[u8], line: usize, column: usize) -> usize {
    let before: usize =
        text.split_inclusive(|byte| *byte == b'\n').take(line.max(1) - 1).map(<[u8]>::len).sum();
    before + column.max(1) - 1
}

/// A constant.
struct Pair(String, Literal);

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || D::Error::custom("a constant is a pair of its name and its value");
        let Literal::List(pair) = Literal::deserialize(deserializer)? else { return Err(wrong()) };
        match <[Literal; 2]>::try_from(pair) {
            Ok([Literal::String(name), value]) if !name.is_empty() => Ok(Self(name, value)),
            _ => Err(wrong()),
        }
    }
}

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LiteralVisitor)
    }
}

struct LiteralVisitor;

impl<'de> Visitor<'de> for LiteralVisitor {
    type Value = Literal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Literal, E> {
        Ok(Literal::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Literal, E> {
        Ok(Literal::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Literal, E> {
        Ok(Literal::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Literal, E> {
        Ok(i64::try_from(value).map_or(Literal::Float(value as f64), Literal::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Literal, E> {
        Ok(Literal::Float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Literal, E> {
        Ok(Literal::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Literal, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = access.next_element()? {
            values.push(value);
        }
        Ok(Literal::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Literal, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Literal::Table(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(json: &str) -> Literal {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_keep_their_kind_and_value() {
        assert_eq!(literal("1"), Literal::Int(1));
        assert_eq!(literal("1.0"), Literal::Float(1.0));
        assert_eq!(literal("1e2"), Literal::Float(100.0));
        assert_eq!(literal("-9223372036854775808"), Literal::Int(i64::MIN));
        assert_eq!(literal("9223372036854775808"), Literal::Float(9_223_372_036_854_775_808.0));
        for text in ["0.30000000000000004", "1.7976931348623157e308", "5e-324", "8.5e22"] {
            assert_eq!(literal(text), Literal::Float(text.parse().unwrap()));
        }
    }

    #[test]
    fn integers_that_do_not_fit_are_floats() {
        let value = |int_size| literal("2147483648").to_value(int_size);
        assert!(matches!(value(IntSize::Eight), Value::Int(2_147_483_648)));
        assert!(matches!(value(IntSize::Four), Value::Float(2_147_483_648.0)));
    }

    #[test]
    fn objects_keep_their_order() {
        let Value::Array(array) =
            literal(r#"{"b": [], "8": null, "a": {}}"#).to_value(IntSize::Eight)
        else {
            panic!("no array")
        };
        let keys: Vec<Key> = array.keys().collect();
        assert_eq!(keys, [Key::String("b".into()), Key::Int(8), Key::String("a".into())]);
    }
}
