//! The table `[thinkphp]`, and what `[target]` says about the machine.

use std::ops::Range;

use tilde_eval::{IntSize, System};
use toml::de::{DeTable, DeValue};

use super::{Entry, Reader, Value};
use crate::literal::{self, Literal};
use crate::versions::Versions;

pub(super) const TARGET_KEYS: &[&str] = &[
    "php",
    "short-tags",
    "int-size",
    "sapi",
    "os",
    "script-name",
    "document-root",
    "host",
    "magic-quotes",
    "extensions",
];
pub(super) const KEYS: &[&str] = &[
    "root",
    "entry",
    "constants",
    "define",
    "safe",
    "eval",
    "php-binary",
    "map-path",
    "server",
    "empty-request",
    "known",
];

/// `[target]`: the PHP and the machine that will run the code.
#[derive(Debug, Default)]
pub(crate) struct Target {
    pub(crate) php: Option<Versions>,
    pub(crate) short_tags: Option<bool>,
    pub(crate) int_size: Option<IntSize>,
    pub(crate) sapi: Option<String>,
    pub(crate) system: Option<System>,
    pub(crate) script_name: Option<String>,
    pub(crate) document_root: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) magic_quotes: Option<bool>,
    pub(crate) extensions: Option<Vec<String>>,
}

/// `[thinkphp]`: an application.
#[derive(Debug)]
pub(crate) struct ThinkPhp {
    pub(crate) root: Option<Value>,
    pub(crate) entry: Option<Value>,
    pub(crate) constants: Option<Value>,
    /// Constants that are there before the entry script runs.
    pub(crate) define: Vec<(String, Literal)>,
    pub(crate) is_safe: bool,
    pub(crate) evaluator: Evaluator,
    pub(crate) php_binary: Option<Value>,
    /// Deployed paths and local ones.
    pub(crate) map_path: Vec<(Value, Value)>,
    pub(crate) server: Vec<(String, Option<String>)>,
    pub(crate) is_request_empty: bool,
    /// Names of functions and what they give.
    pub(crate) known: Vec<(String, Literal)>,
    /// Where the table begins.
    pub(crate) span: Range<usize>,
}

/// Who runs the files that compute something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Evaluator {
    /// Nobody but tilde.
    #[default]
    Tilde,
    /// PHP, where tilde cannot.
    Php,
}

impl Reader<'_> {
    pub(super) fn target(&mut self, table: &DeTable<'_>) -> Target {
        self.check_keys(table, TARGET_KEYS, "[target]");
        let systems =
            [("linux", System::Linux), ("darwin", System::Darwin), ("windows", System::Windows)];
        let mut text = |key: &str| Some(self.string(table.get(key)?, key)?.text);
        let (sapi, script_name) = (text("sapi"), text("script-name"));
        let (document_root, host) = (text("document-root"), text("host"));
        Target {
            php: table.get("php").and_then(|entry| self.version(entry)),
            short_tags: self.optional_bool(table, "short-tags"),
            int_size: table.get("int-size").and_then(|entry| self.int_size(entry)),
            sapi,
            system: table.get("os").and_then(|entry| self.one_of(entry, "os", systems)),
            script_name,
            document_root,
            host,
            magic_quotes: self.optional_bool(table, "magic-quotes"),
            extensions: table.get("extensions").and_then(|entry| self.extensions(entry)),
        }
    }

    /// All that are loaded, which may be none.
    fn extensions(&mut self, entry: Entry<'_>) -> Option<Vec<String>> {
        let DeValue::Array(entries) = entry.get_ref() else {
            let message = "`extensions` must be a list of strings: [\"mbstring\", \"gd\"]";
            return self.wrong(entry.span(), message.to_owned());
        };
        let name = |entry| Some(self.string(entry, "extensions")?.text.to_ascii_lowercase());
        Some(entries.iter().filter_map(name).collect())
    }

    fn int_size(&mut self, entry: Entry<'_>) -> Option<IntSize> {
        let bits = match entry.get_ref() {
            DeValue::Integer(bits) => bits.as_str(),
            _ => "",
        };
        match bits {
            "32" => Some(IntSize::Four),
            "64" => Some(IntSize::Eight),
            _ => self.wrong(entry.span(), "`int-size` must be 32 or 64".to_owned()),
        }
    }

    pub(super) fn thinkphp(&mut self, table: &DeTable<'_>, span: Range<usize>) -> ThinkPhp {
        self.check_keys(table, KEYS, "[thinkphp]");
        let evaluators = [("tilde", Evaluator::Tilde), ("php", Evaluator::Php)];
        let mut path = |key: &str| self.string(table.get(key)?, key);
        let (root, entry) = (path("root"), path("entry"));
        let (constants, php_binary) = (path("constants"), path("php-binary"));
        let evaluator = table.get("eval").and_then(|entry| self.one_of(entry, "eval", evaluators));
        ThinkPhp {
            root,
            entry,
            constants,
            define: self.define(table),
            is_safe: self.optional_bool(table, "safe").unwrap_or(false),
            evaluator: evaluator.unwrap_or_default(),
            php_binary,
            map_path: self.map_path(table),
            server: self.server(table),
            is_request_empty: self.optional_bool(table, "empty-request").unwrap_or(false),
            known: self.known(table),
            span,
        }
    }

    fn map_path(&mut self, table: &DeTable<'_>) -> Vec<(Value, Value)> {
        let entries = self.entries(table, "map-path");
        let mapping = |(deployed, entry): (Value, Entry<'_>)| {
            let local = self.string(entry, &deployed.text)?;
            Some((deployed, local))
        };
        entries.into_iter().filter_map(mapping).collect()
    }

    fn server(&mut self, table: &DeTable<'_>) -> Vec<(String, Option<String>)> {
        let entries = self.entries(table, "server");
        let entry = |(name, entry): (Value, Entry<'_>)| match entry.get_ref() {
            DeValue::String(text) => Some((name.text, Some(text.as_ref().to_owned()))),
            DeValue::Boolean(false) => Some((name.text, None)),
            _ => {
                let message = format!("`{}` must be a string, or false if it is absent", name.text);
                self.wrong(entry.span(), message)
            }
        };
        entries.into_iter().filter_map(entry).collect()
    }

    fn define(&mut self, table: &DeTable<'_>) -> Vec<(String, Literal)> {
        let entries = self.entries(table, "define");
        let constant = |(name, entry): (Value, Entry<'_>)| {
            if !literal::is_constant_name(name.text.as_bytes()) {
                let message = format!("`{}` is no name of a constant", name.text);
                return self.wrong(name.span, message);
            }
            if matches!(entry.get_ref(), DeValue::Array(_) | DeValue::Table(_)) {
                let message = format!("`{}` must be a boolean, a number or a string", name.text);
                return self.wrong(entry.span(), message);
            }
            Some((name.text, self.literal(entry)?))
        };
        entries.into_iter().filter_map(constant).collect()
    }

    fn known(&mut self, table: &DeTable<'_>) -> Vec<(String, Literal)> {
        let entries = self.entries(table, "known");
        let answer = |(name, entry): (Value, Entry<'_>)| {
            let function = name.text.strip_suffix("()").unwrap_or(&name.text);
            Some((function.to_ascii_lowercase(), self.literal(entry)?))
        };
        entries.into_iter().filter_map(answer).collect()
    }

    fn literal(&mut self, entry: Entry<'_>) -> Option<Literal> {
        let literal = match entry.get_ref() {
            DeValue::Boolean(value) => Literal::Bool(*value),
            DeValue::String(text) => Literal::String(text.as_ref().to_owned()),
            DeValue::Integer(integer) => {
                match i64::from_str_radix(integer.as_str(), integer.radix()) {
                    Ok(integer) => Literal::Int(integer),
                    Err(_) => return self.wrong(entry.span(), "this integer is too large".into()),
                }
            }
            DeValue::Float(float) => match float.as_str().parse() {
                Ok(float) => Literal::Float(float),
                Err(_) => return self.wrong(entry.span(), "this is no number".into()),
            },
            DeValue::Datetime(_) => {
                let message = "PHP has no dates like this one; write it as a string";
                return self.wrong(entry.span(), message.to_owned());
            }
            DeValue::Array(values) => {
                Literal::List(values.iter().filter_map(|value| self.literal(value)).collect())
            }
            DeValue::Table(table) => {
                let value =
                    |(key, entry): (Value, Entry<'_>)| Some((key.text, self.literal(entry)?));
                Literal::Table(in_order(table).into_iter().filter_map(value).collect())
            }
        };
        Some(literal)
    }

    /// The entries of a table with keys of any name; none if it is missing.
    fn entries<'t>(&mut self, table: &'t DeTable<'t>, key: &str) -> Vec<(Value, Entry<'t>)> {
        let table = table.get(key).and_then(|entry| self.table(entry, key));
        table.map(in_order).unwrap_or_default()
    }

    fn optional_bool(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        self.bool(table.get(key)?, key)
    }
}

/// The entries as they were written, one after the other.
fn in_order<'t>(table: &'t DeTable<'t>) -> Vec<(Value, Entry<'t>)> {
    let key = |(key, entry): (&'t toml::Spanned<_>, Entry<'t>)| {
        let key: &toml::Spanned<toml::de::DeString<'t>> = key;
        (Value { text: key.get_ref().as_ref().to_owned(), span: key.span() }, entry)
    };
    let mut entries: Vec<_> = table.iter().map(key).collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    entries
}
