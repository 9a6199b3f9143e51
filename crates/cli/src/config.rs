//! `tilde.toml`, read and checked.
//!
//! The TOML crate parses and `layers.rs` puts files on top of each other; the tables are
//! then read by hand, because that finds all mistakes in one go, each with its place, and
//! a misspelled key with the one that was meant. Nothing here touches the disk. Paths and
//! patterns stay as they were written.

mod layers;
mod module;
pub(crate) mod schema;
mod thinkphp;

use std::fmt::Display;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

use tilde_bundle::{Docs, Paths, RuntimeBlocks, Scope, State, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(crate) use self::layers::{Files, Layer, Layers};
pub(crate) use self::module::Module;
pub(crate) use self::thinkphp::{Evaluator, Target, ThinkPhp};
use crate::budget::Placed;
use crate::console::MAX_PROBLEMS;
use crate::problem::{Place, Problem};
use crate::rules::{Rule, Rules};
use crate::versions::Versions;

const TOP_KEYS: &[&str] =
    &["bundle", "target", "thinkphp", "module", "allow", "deny", "budget", layers::EXTENDS];
const BUNDLE_KEYS: &[&str] = &[
    "name",
    "files",
    "on-demand",
    "exclude",
    "paths",
    "scope",
    "output",
    "style",
    "runtime-blocks",
    "docs",
    "map",
    "xdebug-map",
    "budget",
    "state",
];

/// A whole configuration.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) target: Target,
    pub(crate) bundles: Vec<Bundle>,
    pub(crate) thinkphp: Vec<ThinkPhp>,
    pub(crate) modules: Vec<Module>,
    /// Paths are relative to the folder of the file.
    pub(crate) rules: Rules,
    /// Of outputs that have none of their own.
    pub(crate) budget: Vec<Placed>,
    files: Files,
}

/// One `[[bundle]]`.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub(crate) name: String,
    pub(crate) files: Vec<Value>,
    pub(crate) on_demand: Vec<Value>,
    pub(crate) exclude: Vec<Value>,
    pub(crate) paths: Option<Paths>,
    pub(crate) scope: Scope,
    pub(crate) output: Value,
    pub(crate) style: Option<Style>,
    pub(crate) runtime_blocks: RuntimeBlocks,
    pub(crate) state: State,
    pub(crate) docs: Option<Docs>,
    pub(crate) has_map: bool,
    pub(crate) has_xdebug_map: bool,
    pub(crate) budget: Vec<Placed>,
}

/// A string and where it stands, in bytes.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

impl Config {
    /// What the files of a configuration say together. Returns all that is wrong with it
    /// otherwise.
    pub(crate) fn of(layers: &Layers<'_>) -> Result<Self, Vec<Problem>> {
        let files = layers.files().clone();
        let mut reader = Reader { files: &files, problems: Vec::new() };
        let read = reader.config(layers.table());
        let problems = reader.problems;
        match read {
            Some((target, bundles, thinkphp, modules, rules, budget)) if problems.is_empty() => {
                Ok(Self { target, bundles, thinkphp, modules, rules, budget, files })
            }
            _ => Err(problems),
        }
    }

    /// A place in one of the files, for a message about it.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        self.files.place(span)
    }
}

/// Reads tables and collects what is wrong with them.
struct Reader<'a> {
    files: &'a Files,
    problems: Vec<Problem>,
}

type Entry<'t> = &'t Spanned<DeValue<'t>>;
type Settings = (Target, Vec<Bundle>, Vec<ThinkPhp>, Vec<Module>, Rules, Vec<Placed>);

impl Reader<'_> {
    fn config(&mut self, table: &DeTable<'_>) -> Option<Settings> {
        self.check_keys(table, TOP_KEYS, "tilde.toml");
        let target = table.get("target").and_then(|entry| self.table(entry, "target"));
        let target = target.map(|table| self.target(table)).unwrap_or_default();
        let thinkphp = table.get("thinkphp").map(|entry| self.applications(entry));
        let modules = table.get("module").map(|entry| self.modules(entry));
        let bundles = match table.get("bundle") {
            Some(entry) => self.bundles(entry)?,
            None => Vec::new(),
        };
        let rules = Rules {
            allow: self.rules(table, "allow", Rule::parse_configured),
            deny: self.rules(table, "deny", Rule::parse_code),
        };
        let budget = self.budget(table);
        let (thinkphp, modules) = (thinkphp.unwrap_or_default(), modules.unwrap_or_default());
        Some((target, bundles, thinkphp, modules, rules, budget))
    }

    /// One limit, or a list of them.
    fn budget(&mut self, table: &DeTable<'_>) -> Vec<Placed> {
        let Some(entry) = table.get("budget") else { return Vec::new() };
        let entries = match entry.get_ref() {
            DeValue::Array(entries) => entries.iter().collect(),
            _ => vec![entry],
        };
        let placed = |entry: Entry<'_>| {
            let limit = self.parsed(entry, "budget")?;
            Some(Placed { limit, place: Some(self.files.place(entry.span())) })
        };
        entries.into_iter().filter_map(placed).collect()
    }

    /// `[thinkphp]`, or several as `[[thinkphp]]`.
    fn applications(&mut self, entry: Entry<'_>) -> Vec<ThinkPhp> {
        let entries = match entry.get_ref() {
            DeValue::Array(entries) => entries.iter().collect(),
            _ => vec![entry],
        };
        let mut applications = Vec::new();
        for entry in entries {
            let table = self.table(entry, "thinkphp");
            applications.extend(table.map(|table| self.thinkphp(table, entry.span())));
        }
        applications
    }

    fn rules(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        parse: impl Fn(&str) -> Result<Rule, String>,
    ) -> Vec<Rule> {
        let Some(entry) = table.get(key) else { return Vec::new() };
        let DeValue::Array(entries) = entry.get_ref() else {
            let message = format!("`{key}` must be a list of codes: [\"T-ORDER\"]");
            return self.wrong(entry.span(), message).unwrap_or_default();
        };
        let rule = |entry| {
            let value = self.string(entry, key)?;
            match parse(&value.text) {
                Ok(rule) => Some(rule),
                Err(error) => self.wrong(value.span, error),
            }
        };
        entries.iter().filter_map(rule).collect()
    }

    fn bundles(&mut self, entry: Entry<'_>) -> Option<Vec<Bundle>> {
        let DeValue::Array(entries) = entry.get_ref() else {
            let message = "`bundle` must be written as [[bundle]], with two brackets";
            return self.wrong(entry.span(), message.to_owned());
        };
        let mut bundles = Vec::new();
        for entry in entries {
            let bundle =
                self.table(entry, "bundle").and_then(|table| self.bundle(table, entry.span()));
            bundles.extend(bundle);
        }
        Some(bundles)
    }

    fn bundle(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Option<Bundle> {
        self.check_keys(table, BUNDLE_KEYS, "[[bundle]]");
        let mut list = |key| table.get(key).map(|entry| self.strings(entry, key));
        let (on_demand, exclude) = (list("on-demand"), list("exclude"));
        let files = match table.get("files") {
            None if on_demand.is_some() => Some(Vec::new()),
            _ => self.required(table, "files", &span).and_then(|it| self.strings(it, "files")),
        };
        let kinds = [("relative", Paths::Relative), ("absolute", Paths::Absolute)];
        let paths = table.get("paths").map(|entry| self.one_of(entry, "paths", kinds));
        let scopes = [("shared", Scope::Shared), ("own", Scope::Own)];
        let scope = table.get("scope").and_then(|entry| self.one_of(entry, "scope", scopes));
        let output =
            self.required(table, "output", &span).and_then(|entry| self.string(entry, "output"));
        let style = table.get("style").and_then(|entry| self.parsed(entry, "style"));
        let blocks = [("remove", RuntimeBlocks::Remove), ("keep", RuntimeBlocks::Keep)];
        let runtime_blocks = table
            .get("runtime-blocks")
            .and_then(|entry| self.one_of(entry, "runtime-blocks", blocks));
        let states = [("keep", State::Keep), ("instrument", State::Instrument)];
        let state = table.get("state").and_then(|entry| self.one_of(entry, "state", states));
        let docs = [("keep", Docs::Keep), ("drop", Docs::Drop)];
        let docs = table.get("docs").and_then(|entry| self.one_of(entry, "docs", docs));
        let mut is_on =
            |key| table.get(key).and_then(|entry| self.bool(entry, key)).unwrap_or(false);
        let (has_map, has_xdebug_map) = (is_on("map"), is_on("xdebug-map"));
        let budget = self.budget(table);
        let name = table.get("name").and_then(|entry| self.string(entry, "name"));
        let (files, output) = (files?, output?);
        let on_demand = on_demand.flatten().unwrap_or_default();
        let exclude = exclude.flatten().unwrap_or_default();
        let scope = scope.unwrap_or_default();
        let name = name.map_or_else(|| file_name(&output.text), |name| name.text);
        let runtime_blocks = runtime_blocks.unwrap_or(RuntimeBlocks::Remove);
        Some(Bundle {
            name,
            files,
            on_demand,
            exclude,
            paths: paths.flatten(),
            scope,
            output,
            style,
            runtime_blocks,
            state: state.unwrap_or_default(),
            docs,
            has_map,
            has_xdebug_map,
            budget,
        })
    }

    fn required<'t>(
        &mut self,
        table: &'t DeTable<'t>,
        key: &str,
        span: &Range<usize>,
    ) -> Option<Entry<'t>> {
        match table.get(key) {
            Some(entry) => Some(entry),
            // Misspelled is not missing, and has been said.
            None if table.keys().any(|name| nearest(name.get_ref(), BUNDLE_KEYS) == Some(key)) => {
                None
            }
            None => self.wrong(span.clone(), format!("this [[bundle]] has no `{key}`")),
        }
    }

    fn check_keys(&mut self, table: &DeTable<'_>, valid: &[&str], place: &str) {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if valid.contains(&name) {
                continue;
            }
            let help = match nearest(name, valid) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("the keys of {place} are {}", valid.join(", ")),
            };
            let message = format!("unknown key `{name}` in {place}");
            let problem = if self.problems.len() < MAX_PROBLEMS {
                self.files.problem(message, key.span())
            } else {
                Problem::error("T-CONFIG", message).at(self.files.bare_place(key.span()))
            };
            self.problems.push(problem.help(help));
        }
    }

    fn table<'t>(&mut self, entry: Entry<'t>, key: &str) -> Option<&'t DeTable<'t>> {
        match entry.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => self.wrong(entry.span(), format!("`{key}` must be a table")),
        }
    }

    fn bool(&mut self, entry: Entry<'_>, key: &str) -> Option<bool> {
        match entry.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => self.wrong(entry.span(), format!("`{key}` must be true or false")),
        }
    }

    fn string(&mut self, entry: Entry<'_>, key: &str) -> Option<Value> {
        match entry.get_ref() {
            DeValue::String(text) if text.is_empty() => {
                self.wrong(entry.span(), format!("`{key}` must not be empty"))
            }
            DeValue::String(text) if text.contains('\0') => {
                self.wrong(entry.span(), format!("`{key}` must not contain a NUL character"))
            }
            DeValue::String(text) => {
                Some(Value { text: text.as_ref().to_owned(), span: entry.span() })
            }
            _ => self.wrong(entry.span(), format!("`{key}` must be a string")),
        }
    }

    fn strings(&mut self, entry: Entry<'_>, key: &str) -> Option<Vec<Value>> {
        match entry.get_ref() {
            DeValue::Array(entries) if entries.is_empty() => {
                self.wrong(entry.span(), format!("`{key}` must name at least one file"))
            }
            DeValue::Array(entries) => {
                Some(entries.iter().filter_map(|entry| self.string(entry, key)).collect())
            }
            _ => self.wrong(
                entry.span(),
                format!("`{key}` must be a list of strings: [\"a.php\", \"lib/*.php\"]"),
            ),
        }
    }

    /// `php = 8.2` without quotes is a number in TOML, and everyone writes it
    /// once; `8.10` would lose its zero, so it is not taken.
    fn version(&mut self, entry: Entry<'_>) -> Option<Versions> {
        match entry.get_ref() {
            DeValue::Float(number) => self.wrong(
                entry.span(),
                format!("`php` must be a string: php = \"{}\"", number.as_str()),
            ),
            _ => self.parsed(entry, "php"),
        }
    }

    fn parsed<T: FromStr<Err: Display>>(&mut self, entry: Entry<'_>, key: &str) -> Option<T> {
        let value = self.string(entry, key)?;
        match value.text.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => self.wrong(value.span, error.to_string()),
        }
    }

    fn one_of<T: Copy, const N: usize>(
        &mut self,
        entry: Entry<'_>,
        key: &str,
        choices: [(&str, T); N],
    ) -> Option<T> {
        let value = self.string(entry, key)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == value.text) {
            return Some(*choice);
        }
        let names = choices.map(|(name, _)| format!("\"{name}\"")).join(" or ");
        self.wrong(value.span, format!("`{key}` must be {names}, not \"{}\"", value.text))
    }

    /// Notes a problem. Returns `None`, for the value that is not there.
    fn wrong<T>(&mut self, span: Range<usize>, message: String) -> Option<T> {
        self.problems.push(self.files.problem(message, span));
        None
    }
}

fn file_name(path: &str) -> String {
    Path::new(path)
        .file_name()
        .map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The valid name that was probably meant, if one is near enough.
pub(crate) fn nearest<'v>(name: &str, valid: &[&'v str]) -> Option<&'v str> {
    let (distance, nearest) = valid.iter().map(|key| (edit_distance(name, key), *key)).min()?;
    (distance <= 1 + nearest.len() / 3).then_some(nearest)
}

/// How many characters must be put in, taken out or exchanged (Levenshtein).
fn edit_distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (i, from_char) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to_char) in to.chars().enumerate() {
            let exchanged = diagonal + usize::from(from_char != to_char);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.chars().count()]
}
