//! The tables `[[module]]`.

use std::ops::Range;

use tilde_bundle::{Docs, Style};
use toml::de::{DeTable, DeValue};

use super::{Entry, Reader, Value};

pub(super) const KEYS: &[&str] =
    &["names", "project", "data", "load-path", "target", "cache", "strip", "docs"];

/// `[[module]]`: modules of a project, each of which becomes a package.
#[derive(Debug)]
pub(crate) struct Module {
    /// None for all.
    pub(crate) names: Vec<Value>,
    pub(crate) project: Option<Value>,
    pub(crate) data: Option<Value>,
    pub(crate) load_path: Vec<Value>,
    pub(crate) target: Option<Value>,
    pub(crate) cache: Option<Value>,
    pub(crate) strip: Option<Style>,
    pub(crate) docs: Option<Docs>,
    pub(crate) span: Range<usize>,
}

impl Reader<'_> {
    pub(super) fn modules(&mut self, entry: Entry<'_>) -> Vec<Module> {
        let DeValue::Array(entries) = entry.get_ref() else {
            let message = "`module` must be written as [[module]], with two brackets";
            return self.wrong(entry.span(), message.to_owned()).unwrap_or_default();
        };
        let mut modules = Vec::new();
        for entry in entries {
            let table = self.table(entry, "module");
            modules.extend(table.map(|table| self.module(table, entry.span())));
        }
        modules
    }

    fn module(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Module {
        self.check_keys(table, KEYS, "[[module]]");
        let mut list =
            |key| table.get(key).and_then(|entry| self.strings(entry, key)).unwrap_or_default();
        let (names, load_path) = (list("names"), list("load-path"));
        let mut string = |key| table.get(key).and_then(|entry| self.string(entry, key));
        let (project, data) = (string("project"), string("data"));
        let (target, cache) = (string("target"), string("cache"));
        let strip = table.get("strip").and_then(|entry| self.parsed(entry, "strip"));
        let docs = [("keep", Docs::Keep), ("drop", Docs::Drop)];
        let docs = table.get("docs").and_then(|entry| self.one_of(entry, "docs", docs));
        Module { names, project, data, load_path, target, cache, strip, docs, span }
    }
}
