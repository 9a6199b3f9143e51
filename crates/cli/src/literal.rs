//! Values for PHP that a person wrote as JSON, TOML or PHP.
//!
//! They become values of PHP only when the width of its integers is known. The
//! order of an object's keys counts, since PHP's arrays have one.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use tilde_eval::{Arena, Array, Bytes, Evaluator, IntSize, Key, Sources, Target, Value};
use tilde_lexer::{Lexer, Options as PhpOptions, TokenKind};

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

/// The value of a literal of PHP: null, a boolean, a number or a string in
/// quotes. None for anything else.
pub(crate) fn php(text: &[u8], options: PhpOptions) -> Option<Value> {
    let code = [b"<?php return ", text, b";"].concat();
    if !is_literal(&tokens_of(&code, options)) {
        return None;
    }
    let target = Target { options, ..Target::new(options.version) };
    let arena = Arena::new();
    Evaluator::new(&arena, &NoFiles, &target).run(Path::new("literal"), &code).ok()
}

/// The tokens of code with their text, without blanks.
fn tokens_of(code: &[u8], options: PhpOptions) -> Vec<(TokenKind, &[u8])> {
    let mut rest = code;
    let mut tokens = Vec::new();
    for token in Lexer::new(code, options) {
        let (text, after) = rest.split_at(token.len as usize);
        rest = after;
        if token.kind != TokenKind::Whitespace {
            tokens.push((token.kind, text));
        }
    }
    tokens
}

/// Whether this is `<?php return LITERAL;`, with a sign before a number.
fn is_literal(tokens: &[(TokenKind, &[u8])]) -> bool {
    let is_word = |text: &[u8]| {
        [&b"null"[..], b"true", b"false"].iter().any(|word| text.eq_ignore_ascii_case(word))
    };
    let is_number = |kind: TokenKind| matches!(kind, TokenKind::LNumber | TokenKind::DNumber);
    match tokens {
        [_, _, (TokenKind::ConstantEncapsedString, _), (_, b";")] => true,
        [_, _, (TokenKind::String, text), (_, b";")] => is_word(text),
        [_, _, (kind, _), (_, b";")] | [_, _, (_, b"-" | b"+"), (kind, _), (_, b";")] => {
            is_number(*kind)
        }
        _ => false,
    }
}

/// Whether `define()` of every PHP takes this name, and a file can use it.
pub(crate) fn is_constant_name(name: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_' || *byte >= 0x80;
    name.split(|byte| *byte == b'\\').all(|part| {
        part.first().is_some_and(is_letter)
            && part.iter().all(|byte| is_letter(byte) || byte.is_ascii_digit())
    })
}

/// A literal needs none.
pub(crate) struct NoFiles;

impl Sources for NoFiles {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, _: &Path) -> bool {
        false
    }

    fn is_dir(&self, _: &Path) -> bool {
        false
    }

    fn realpath(&self, _: &Path) -> Option<PathBuf> {
        None
    }
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
    fn literals_of_php() {
        let options = PhpOptions::new(tilde_lexer::Version::V5_6);
        let shown = |text: &str| php(text.as_bytes(), options).map(|value| format!("{value:?}"));
        let same = |text: &str, value: Value| assert_eq!(shown(text), Some(format!("{value:?}")));
        same("false", false.into());
        same(" NULL ", Value::Null);
        same("-0x1F", Value::Int(-31));
        same("1.5e3", Value::Float(1500.0));
        same(r"'it\'s'", "it's".into());
        same(r#""a\n""#, "a\n".into());
        for text in [
            "",
            "abc",
            "1 + 1",
            "1; echo 2",
            "'a",
            "-true",
            "$a",
            "\"$a\"",
            "1 ?>",
            "E_ALL",
            "1 // a",
        ] {
            assert_eq!(shown(text), None, "{text}");
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
