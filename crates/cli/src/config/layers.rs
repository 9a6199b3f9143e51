//! The files that a configuration is made of, one on top of the other.
//!
//! A key of a higher file takes the place of the same key of a lower one. Tables are
//! joined key by key, bundles by their names. Offsets count on from one file to the next,
//! so a place in any of them is one range of bytes.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::{Reader, Value, file_name};
use crate::excerpt::{Excerpt, Lines};
use crate::problem::{Place, Problem};

/// The key that names the files below a file.
pub(super) const EXTENDS: &str = "extends";

/// One file, parsed.
pub(crate) struct Layer<'t> {
    file: File,
    table: DeTable<'t>,
}

impl<'t> Layer<'t> {
    /// Parses the text of the file at `path`, which is for messages.
    pub(crate) fn parse(path: &Path, text: &'t [u8]) -> Result<Self, Vec<Problem>> {
        let lines = Lines::of(text);
        let file = File { path: path.to_owned(), lines, text: text.to_owned(), start: 0 };
        let text = match str::from_utf8(text) {
            Ok(text) => text,
            Err(error) => {
                let at = error.valid_up_to();
                let message = format!("cannot read {}: it is not UTF-8", path.display());
                return Err(vec![file.problem(message, at..at + 1)]);
            }
        };
        let (table, errors) = DeTable::parse_recoverable(text);
        // What follows the first error in the syntax helps nobody, and neither
        // does the meaning of tables that are half read.
        if let Some(error) = errors.first() {
            let message = format!("cannot read {}: {}", path.display(), error.message());
            return Err(vec![file.problem(message, error.span().unwrap_or(0..0))]);
        }
        Ok(Self { file, table: table.into_inner() })
    }

    /// The files that are to be below it, the lowest first.
    pub(crate) fn extends(&self) -> Result<Vec<Value>, Vec<Problem>> {
        let Some(entry) = self.table.get(EXTENDS) else { return Ok(Vec::new()) };
        let files = Files(vec![self.file.clone()]);
        let mut reader = Reader { files: &files, problems: Vec::new() };
        let named = match entry.get_ref() {
            DeValue::Array(_) => reader.strings(entry, EXTENDS),
            _ => reader.string(entry, EXTENDS).map(|value| vec![value]),
        };
        if reader.problems.is_empty() {
            Ok(named.unwrap_or_default())
        } else {
            Err(reader.problems)
        }
    }

    /// A place in the file, for a message about it.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        self.file.place(span)
    }
}

/// A file, and what its first byte is called.
#[derive(Clone, Debug)]
struct File {
    path: PathBuf,
    lines: Lines,
    text: Vec<u8>,
    start: usize,
}

impl File {
    fn local(&self, span: Range<usize>) -> Range<usize> {
        span.start - self.start..span.end - self.start
    }

    fn place(&self, span: Range<usize>) -> Place {
        self.place_of(self.lines.excerpt(&self.text, self.local(span)))
    }

    fn place_of(&self, excerpt: Excerpt) -> Place {
        Place { path: self.path.clone(), excerpt, note: String::new() }
    }

    fn problem(&self, message: String, span: Range<usize>) -> Problem {
        Problem::error("T-CONFIG", message).at(self.place(span))
    }
}

/// All files, and what they say together.
#[derive(Default)]
pub(crate) struct Layers<'t> {
    files: Files,
    table: DeTable<'t>,
}

impl<'t> Layers<'t> {
    /// Puts a file on top of all others.
    pub(crate) fn push(&mut self, layer: Layer<'t>) {
        // A byte more, so that the end of a file is no place in the next one.
        let start = self.files.0.last().map_or(0, |file| file.start + file.text.len() + 1);
        let Layer { file, mut table } = layer;
        table.remove(EXTENDS);
        join(&mut self.table, moved(table, start));
        self.files.0.push(File { start, ..file });
    }

    pub(crate) fn table(&self) -> &DeTable<'t> {
        &self.table
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }
}

/// The files of a configuration, the lowest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files(Vec<File>);

impl Files {
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(|file| file.path.as_path())
    }

    fn file(&self, span: &Range<usize>) -> &File {
        let after = self.0.partition_point(|file| file.start <= span.start);
        &self.0[after.saturating_sub(1)]
    }

    /// A place, for a message about it.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        self.file(&span).place(span)
    }

    /// For a message that is hardly ever shown.
    pub(super) fn bare_place(&self, span: Range<usize>) -> Place {
        let file = self.file(&span);
        file.place_of(file.lines.bare(&file.text, file.local(span)))
    }

    pub(super) fn problem(&self, message: String, span: Range<usize>) -> Problem {
        self.file(&span).problem(message, span)
    }

    /// What is written there.
    pub(crate) fn text(&self, span: Range<usize>) -> &str {
        let file = self.file(&span);
        str::from_utf8(&file.text[file.local(span)]).expect("a layer is UTF-8")
    }

    /// The file and the line of a place.
    pub(crate) fn line(&self, span: Range<usize>) -> (&Path, usize) {
        let file = self.file(&span);
        (&file.path, file.lines.excerpt(&file.text, file.local(span)).start.line)
    }
}

/// Puts what is in `upper` on top.
fn join<'t>(lower: &mut DeTable<'t>, upper: DeTable<'t>) {
    for (key, value) in upper {
        let Some((old_key, old)) = lower.remove_entry(&key) else {
            lower.insert(key, value);
            continue;
        };
        let span = old.span();
        match (old.into_inner(), value) {
            (DeValue::Table(mut old), value) if value.get_ref().is_table() => {
                if let DeValue::Table(new) = value.into_inner() {
                    join(&mut old, new);
                }
                lower.insert(old_key, Spanned::new(span, DeValue::Table(old)));
            }
            (DeValue::Array(old), value) if key.get_ref() == "bundle" && is_array(&value) => {
                let joined = join_bundles(old, value);
                lower.insert(old_key, Spanned::new(span, DeValue::Array(joined)));
            }
            // The key stays where it was, so that a list of all keeps its order.
            (_, value) => {
                lower.insert(old_key, value);
            }
        }
    }
}

fn is_array(value: &Spanned<DeValue<'_>>) -> bool {
    matches!(value.get_ref(), DeValue::Array(_))
}

/// A bundle of the same name is the same bundle; others come after those that are there.
fn join_bundles<'t>(lower: DeArray<'t>, upper: Spanned<DeValue<'t>>) -> DeArray<'t> {
    let mut bundles: Vec<Spanned<DeValue<'t>>> = lower.into_iter().collect();
    let DeValue::Array(upper) = upper.into_inner() else { return bundles.into_iter().collect() };
    for new in upper {
        let name = name(new.get_ref());
        let old =
            bundles.iter_mut().find(|old| name.is_some() && self::name(old.get_ref()) == name);
        match (old.map(Spanned::get_mut), new) {
            (Some(DeValue::Table(old)), new) => {
                if let DeValue::Table(new) = new.into_inner() {
                    join(old, new);
                }
            }
            (_, new) => bundles.push(new),
        }
    }
    bundles.into_iter().collect()
}

/// What a bundle is called.
fn name(bundle: &DeValue<'_>) -> Option<String> {
    let text = |key| bundle.as_table()?.get(key)?.get_ref().as_str();
    text("name").map(str::to_owned).or_else(|| text("output").map(file_name))
}

/// A table whose spans begin `by` bytes later.
fn moved(table: DeTable<'_>, by: usize) -> DeTable<'_> {
    let span = |span: Range<usize>| span.start + by..span.end + by;
    let entries = table.into_iter().map(|(key, value)| {
        let key = Spanned::new(span(key.span()), key.into_inner());
        (key, moved_value(value, by))
    });
    entries.collect()
}

fn moved_value(value: Spanned<DeValue<'_>>, by: usize) -> Spanned<DeValue<'_>> {
    let span = value.span().start + by..value.span().end + by;
    let value = match value.into_inner() {
        DeValue::Table(table) => DeValue::Table(moved(table, by)),
        DeValue::Array(array) => {
            DeValue::Array(array.into_iter().map(|value| moved_value(value, by)).collect())
        }
        other => other,
    };
    Spanned::new(span, value)
}
