//! JSON whose values know where they stand, and that is printed as PHP prints it.
//!
//! Objects keep the order of their keys, and numbers their digits: what is only
//! handed on must not change. Of a key that is there twice the last counts, as
//! for PHP.

use std::fmt::Write as _;
use std::ops::Range;

/// A value and its place, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// What it is.
    pub kind: Kind,
    /// Where it stands; empty for a value that was made.
    pub span: Range<usize>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A string.
    String(String),
    /// `[…]`
    List(Vec<Json>),
    /// `{…}`: keys with their places, and values.
    Object(Vec<(Json, Json)>),
}

/// A mistake in the JSON itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syntax {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes.
    pub offset: usize,
}

impl From<Kind> for Json {
    fn from(kind: Kind) -> Self {
        Self { kind, span: 0..0 }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Kind::String(text.to_owned()).into()
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Kind::Bool(value).into()
    }
}

impl Json {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// The first mistake, as `serde_json` words it.
    pub fn parse(text: &[u8]) -> Result<Self, Syntax> {
        if let Err(error) = serde_json::from_slice::<serde_json::Value>(text) {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            return Err(Syntax { message, offset: offset(text, error.line(), error.column()) });
        }
        // It is JSON, and so it is UTF-8.
        let text = str::from_utf8(text).map_err(|error| Syntax {
            message: "it is not UTF-8".into(),
            offset: error.valid_up_to(),
        })?;
        Ok(Reader { text, at: 0 }.value())
    }

    /// A list of strings.
    pub fn strings<'s>(strings: impl IntoIterator<Item = &'s str>) -> Self {
        Kind::List(strings.into_iter().map(Self::from).collect()).into()
    }

    /// An object.
    pub fn object(entries: impl IntoIterator<Item = (String, Json)>) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (Self::from(key.as_str()), value));
        Kind::Object(entries.collect()).into()
    }

    /// The value of a key of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.entries().iter().rev().find(|(name, _)| name.text() == Some(key)).map(|(_, it)| it)
    }

    /// Sets a key of an object; anything else becomes an object first. A new key
    /// comes last.
    pub fn set(&mut self, key: &str, value: Json) {
        *self.entry(key) = value;
    }

    /// The value of a key, which is null if there was none.
    pub fn entry(&mut self, key: &str) -> &mut Json {
        if !matches!(self.kind, Kind::Object(_)) {
            self.kind = Kind::Object(Vec::new());
        }
        let Kind::Object(entries) = &mut self.kind else { unreachable!("it is an object now") };
        let at = entries.iter().rposition(|(name, _)| name.text() == Some(key));
        let at = at.unwrap_or_else(|| {
            entries.push((Self::from(key), Kind::Null.into()));
            entries.len() - 1
        });
        &mut entries[at].1
    }

    /// The keys and values of an object; nothing for anything else.
    #[must_use]
    pub fn entries(&self) -> &[(Json, Json)] {
        if let Kind::Object(entries) = &self.kind { entries } else { &[] }
    }

    /// The values of a list; nothing for anything else.
    #[must_use]
    pub fn items(&self) -> &[Json] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }

    /// The text of a string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Kind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// The value without its place.
    #[must_use]
    pub fn value(&self) -> Json {
        let plain = |(key, value): &(Json, Json)| (key.value(), value.value());
        Json::from(match &self.kind {
            Kind::List(items) => Kind::List(items.iter().map(Json::value).collect()),
            Kind::Object(entries) => Kind::Object(entries.iter().map(plain).collect()),
            kind => kind.clone(),
        })
    }

    /// As `json_encode` prints it with `JSON_PRETTY_PRINT |
    /// JSON_UNESCAPED_UNICODE`, and with `JSON_UNESCAPED_SLASHES` if slashes are
    /// to stay plain.
    #[must_use]
    pub fn print(&self, has_plain_slashes: bool) -> String {
        let mut out = String::new();
        self.print_to(&mut out, 0, has_plain_slashes);
        out
    }

    fn print_to(&self, out: &mut String, depth: usize, has_plain_slashes: bool) {
        match &self.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Kind::Number(digits) => out.push_str(digits),
            Kind::String(text) => print_string(out, text, has_plain_slashes),
            Kind::List(items) if items.is_empty() => out.push_str("[]"),
            Kind::Object(entries) if entries.is_empty() => out.push_str("{}"),
            Kind::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    line(out, depth + 1, index);
                    item.print_to(out, depth + 1, has_plain_slashes);
                }
                end(out, depth, ']');
            }
            Kind::Object(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    line(out, depth + 1, index);
                    key.print_to(out, depth + 1, has_plain_slashes);
                    out.push_str(": ");
                    value.print_to(out, depth + 1, has_plain_slashes);
                }
                end(out, depth, '}');
            }
        }
    }
}

fn line(out: &mut String, depth: usize, index: usize) {
    out.push_str(if index > 0 { ",\n" } else { "\n" });
    out.extend(std::iter::repeat_n("    ", depth));
}

fn end(out: &mut String, depth: usize, bracket: char) {
    out.push('\n');
    out.extend(std::iter::repeat_n("    ", depth));
    out.push(bracket);
}

fn print_string(out: &mut String, text: &str, has_plain_slashes: bool) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' if !has_plain_slashes => out.push_str("\\/"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // PHP spells out the line breaks of JavaScript too.
            '\0'..'\u{20}' | '\u{2028}' | '\u{2029}' => {
                // A `String` takes all that is written to it.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// The place of a line and a column, both from 1, in bytes.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let breaks = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let start = std::iter::once(0).chain(breaks).nth(line.saturating_sub(1)).unwrap_or(0);
    (start + column.saturating_sub(1)).min(text.len())
}

/// Reads what is known to be JSON.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Json {
        self.blanks();
        let start = self.at;
        let kind = match self.text.as_bytes().get(start) {
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"') => Kind::String(self.string()),
            _ => self.word(),
        };
        Json { kind, span: start..self.at }
    }

    fn object(&mut self) -> Kind {
        let mut entries = Vec::new();
        while self.goes_on(b'}') {
            let key = self.value();
            self.blanks();
            // The colon.
            self.at += 1;
            entries.push((key, self.value()));
        }
        Kind::Object(entries)
    }

    fn list(&mut self) -> Kind {
        let mut items = Vec::new();
        while self.goes_on(b']') {
            items.push(self.value());
        }
        Kind::List(items)
    }

    /// Passes a bracket that opens or a comma, and says whether a value follows.
    fn goes_on(&mut self, close: u8) -> bool {
        self.blanks();
        let is_end = |this: &Self| this.text.as_bytes().get(this.at).is_none_or(|it| *it == close);
        if !is_end(self) {
            self.at += 1;
            self.blanks();
        }
        let goes_on = !is_end(self);
        if !goes_on {
            self.at += 1;
        }
        goes_on
    }

    fn string(&mut self) -> String {
        let bytes = &self.text.as_bytes()[self.at + 1..];
        let mut len = 0;
        while bytes.get(len).is_some_and(|byte| *byte != b'"') {
            len += if bytes[len] == b'\\' { 2 } else { 1 };
        }
        let quoted = &self.text[self.at..(self.at + len + 2).min(self.text.len())];
        self.at += quoted.len();
        serde_json::from_str(quoted).unwrap_or_default()
    }

    fn word(&mut self) -> Kind {
        let rest = &self.text[self.at..];
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, ',' | '}' | ']');
        let word = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        self.at += word.len();
        match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            _ => Kind::Number(word.to_owned()),
        }
    }

    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_ascii_start().len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_places() {
        let text = r#" { "a" : [1, {"b": "x\"}"}], "é": -1.50e3 , "a": null}"#;
        let json = Json::parse(text.as_bytes()).expect("it is JSON");
        let [(_, list), (_, number), (_, again)] = json.entries() else { panic!("{json:?}") };
        assert_eq!(&text[list.span.clone()], r#"[1, {"b": "x\"}"}]"#);
        assert_eq!(number.kind, Kind::Number("-1.50e3".into()));
        assert_eq!(list.items()[1].get("b").and_then(Json::text), Some("x\"}"));
        assert_eq!(json.get("a"), Some(again));
    }

    #[test]
    fn it_is_printed_as_php_does() {
        let json =
            Json::parse(br#"{"a":[],"b":{},"c":[1,"x/y"],"d":"\u00e9\u2028"}"#).expect("JSON");
        let expected = "{\n    \"a\": [],\n    \"b\": {},\n    \"c\": [\n        1,\n        \"x\\/y\"\n    ],\n    \"d\": \"é\\u2028\"\n}";
        assert_eq!(json.print(false), expected);
        assert_eq!(json.print(true), expected.replace("\\/", "/"));
        assert_eq!(Json::parse(json.print(true).as_bytes()).expect("JSON").value(), json.value());
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, offset) in [("{\"a\": 1,\n  b}", 11), ("", 0), ("{} x", 3)] {
            assert_eq!(Json::parse(text.as_bytes()).expect_err(text).offset, offset, "{text}");
        }
    }
}
