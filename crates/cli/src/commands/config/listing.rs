//! The effective configuration as one `tilde.toml`, with the origin of each value behind
//! it.

use std::fmt::Write as _;

use tilde_bundle::{Docs, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::args::ConfigArgs;
use crate::config::{Config, Layers};
use crate::discover;
use crate::escape::shown;
use crate::project;
use crate::variables;

/// What is known of a configuration.
pub(super) struct Listing<'a> {
    pub(super) args: &'a ConfigArgs,
    pub(super) layers: &'a Layers<'a>,
    pub(super) config: &'a Config,
    pub(super) php: discover::Choice,
}

/// A key of a table, its value as TOML has it, and where that comes from.
struct Entry {
    key: String,
    value: String,
    origin: String,
}

type Value<'t> = Spanned<DeValue<'t>>;

const DEFAULT: &str = "default";

impl Listing<'_> {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for path in self.layers.files().paths() {
            let _ = writeln!(text, "# {}", shown(path));
        }
        for addition in self.additions() {
            let _ = writeln!(text, "# {addition}");
        }
        let top = self.layers.table();
        let mut entries = self.entries(top);
        give(&mut entries, "budget", "budget", self.budget());
        print(&mut text, "", &entries);
        let empty = DeTable::new();
        let target = top.get("target").and_then(|it| it.get_ref().as_table()).unwrap_or(&empty);
        print(&mut text, "[target]", &self.target(target));
        self.tables(&mut text, top, "");
        text
    }

    /// The keys of a table that hold no tables, in the order of the files.
    fn entries(&self, table: &DeTable<'_>) -> Vec<Entry> {
        let layers = self.layers.files();
        let mut found: Vec<_> = table.iter().filter(|(_, value)| !is_tables(value)).collect();
        found.sort_by_key(|(key, _)| key.span().start);
        let entry = |(key, value): (&Spanned<_>, &Value<'_>)| {
            let (path, line) = layers.line(value.span());
            Entry {
                key: layers.text(key.span()).to_owned(),
                value: layers.text(value.span()).to_owned(),
                origin: format!("{}:{line}", shown(path)),
            }
        };
        found.into_iter().map(entry).collect()
    }

    /// All tables below one, but `[target]`.
    fn tables(&self, text: &mut String, table: &DeTable<'_>, name: &str) {
        let layers = self.layers.files();
        let mut found: Vec<_> = table.iter().filter(|(_, value)| is_tables(value)).collect();
        found.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in found {
            let name = format!("{name}{}", layers.text(key.span()));
            match value.get_ref() {
                DeValue::Table(_) if name == "target" => {}
                DeValue::Table(below) => self.table(text, &name, &format!("[{name}]"), below),
                DeValue::Array(all) => {
                    for below in all.iter().filter_map(|it| it.get_ref().as_table()) {
                        self.table(text, &name, &format!("[[{name}]]"), below);
                    }
                }
                _ => {}
            }
        }
    }

    fn table(&self, text: &mut String, name: &str, heading: &str, table: &DeTable<'_>) {
        let mut entries = self.entries(table);
        match name {
            "bundle" => self.bundle(&mut entries),
            "thinkphp" => self.thinkphp(&mut entries),
            _ => {}
        }
        print(text, heading, &entries);
        self.tables(text, table, &format!("{name}."));
    }

    fn target(&self, table: &DeTable<'_>) -> Vec<Entry> {
        let mut entries = self.entries(table);
        let (args, php) = (&self.args.project.php, self.php);
        let (oldest, newest) = (php.oldest, php.options.version);
        let range = if oldest == newest {
            quoted(newest.as_str())
        } else {
            quoted(&format!("{oldest} - {newest}"))
        };
        give(&mut entries, "php", "php", args.php.map(|_| range.clone()));
        // An application has a PHP of its own generation where nothing names one.
        if self.config.thinkphp.is_empty() || !php.is_default {
            let origin = if php.is_default { "default: the newest" } else { "composer.json" };
            usual(&mut entries, "php", range, origin);
        }
        let switch = args.short_tags.map(|switch| switch.is_on().to_string());
        give(&mut entries, "short-tags", "short-tags", switch);
        usual(&mut entries, "short-tags", "false".to_owned(), DEFAULT);
        entries
    }

    fn bundle(&self, entries: &mut Vec<Entry>) {
        let args = &self.args.project;
        let style = args.style.map(|style| quoted(style.as_str()));
        give(entries, "style", "style", style);
        let option = args.docs.option().unwrap_or("docs");
        let docs = args.docs.choice().map(|docs| quoted(word(docs)));
        give(entries, "docs", option, docs);
        let paths = args.paths_as.map(|paths| quoted(paths.as_str()));
        give(entries, "paths", "paths", paths);
        give(entries, "map", "map", args.maps.map.then(|| "true".to_owned()));
        let xdebug = args.maps.xdebug_map.then(|| "true".to_owned());
        give(entries, "xdebug-map", "xdebug-map", xdebug);
        give(entries, "budget", "budget", self.budget());
        let style = entries.iter().find(|entry| entry.key == "style");
        let style = style.and_then(|entry| entry.value.trim_matches(['"', '\'']).parse().ok());
        let docs = project::docs(None, style.unwrap_or(Style::Lines));
        let defaults = [
            ("style", quoted(Style::Lines.as_str())),
            ("docs", quoted(word(docs))),
            ("scope", quoted("shared")),
            ("paths", quoted("relative")),
            ("runtime-blocks", quoted("remove")),
            ("state", quoted("keep")),
            ("map", "false".to_owned()),
            ("xdebug-map", "false".to_owned()),
        ];
        for (key, value) in defaults {
            usual(entries, key, value, DEFAULT);
        }
    }

    fn thinkphp(&self, entries: &mut Vec<Entry>) {
        let args = &self.args.project.thinkphp;
        let path = |path: &std::path::PathBuf| quoted(&path.to_string_lossy());
        give(entries, "constants", "constants", args.constants.as_ref().map(path));
        give(entries, "safe", "safe", args.safe.then(|| "true".to_owned()));
        let is_empty = args.empty_request.then(|| "true".to_owned());
        give(entries, "empty-request", "empty-request", is_empty);
        for (key, value) in [
            ("entry", quoted("index.php")),
            ("safe", "false".to_owned()),
            ("eval", quoted("tilde")),
            ("empty-request", "false".to_owned()),
        ] {
            usual(entries, key, value, DEFAULT);
        }
    }

    fn budget(&self) -> Option<String> {
        let limits: Vec<String> =
            self.args.budget.budget.iter().map(|it| quoted(&it.written())).collect();
        (!limits.is_empty()).then(|| format!("[{}]", limits.join(", ")))
    }

    /// Options that take no key's place but add to what the files say.
    fn additions(&self) -> Vec<String> {
        let args = &self.args.project;
        let all = [
            ("allow", args.allow.len()),
            ("deny", args.deny.len()),
            ("define", args.thinkphp.define.len()),
            ("server", args.thinkphp.server.len()),
            ("map-path", args.thinkphp.map_path.len()),
        ];
        let given = all.into_iter().filter(|(_, count)| *count > 0);
        given.map(|(name, count)| format!("and {}", times(&origin(name), count))).collect()
    }
}

fn times(option: &str, count: usize) -> String {
    if count == 1 { option.to_owned() } else { format!("{option}, {count} times") }
}

/// Who gives an option.
fn origin(option: &str) -> String {
    if variables::has(option) { variables::name(option) } else { format!("--{option}") }
}

/// Puts the value of an option in place of what the files say.
fn give(entries: &mut Vec<Entry>, key: &str, option: &str, value: Option<String>) {
    let Some(value) = value else { return };
    let new = Entry { key: key.to_owned(), value, origin: origin(option) };
    match entries.iter_mut().find(|entry| entry.key == key) {
        Some(entry) => *entry = new,
        None => entries.push(new),
    }
}

/// Adds a value that nobody gives.
fn usual(entries: &mut Vec<Entry>, key: &str, value: String, origin: &str) {
    if entries.iter().all(|entry| entry.key != key) {
        entries.push(Entry { key: key.to_owned(), value, origin: origin.to_owned() });
    }
}

/// Whether a value is a table, or a list of tables.
fn is_tables(value: &Value<'_>) -> bool {
    match value.get_ref() {
        DeValue::Table(_) => true,
        DeValue::Array(all) => !all.is_empty() && all.iter().all(|it| it.get_ref().is_table()),
        _ => false,
    }
}

fn word(docs: Docs) -> &'static str {
    match docs {
        Docs::Keep => "keep",
        Docs::Drop => "drop",
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A table, with what is behind the values in one column.
fn print(text: &mut String, heading: &str, entries: &[Entry]) {
    if entries.is_empty() && heading.is_empty() {
        return;
    }
    text.push('\n');
    if !heading.is_empty() {
        text.push_str(heading);
        text.push('\n');
    }
    let line = |entry: &Entry| format!("{} = {}", entry.key, entry.value);
    let is_short = |line: &String| !line.contains('\n') && line.chars().count() <= 60;
    let widths = entries.iter().map(line).filter(is_short).map(|it| it.chars().count());
    let width = widths.max().unwrap_or(0);
    for entry in entries {
        let line = line(entry);
        if line.contains('\n') {
            let _ = writeln!(text, "# {}\n{line}", entry.origin);
        } else {
            let _ = writeln!(text, "{line:width$}  # {}", entry.origin);
        }
    }
}
