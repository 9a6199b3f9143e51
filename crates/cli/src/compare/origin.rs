//! Where the code of an output came from: a file and a line.
//!
//! Known from the map of a build, which was proved; or, for a cache of ThinkPHP, which
//! has no map, from the sources themselves: the symbol of a row is looked up in them, and
//! then the row. What is not found so is not guessed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tilde_bundle::map::Segment;
use tilde_lexer::Options;

use super::layout::{Layout, Row};
use super::symbol::{SymbolId, SymbolKind};
use super::{Hunk, Line, Tag};
use crate::excerpt::Lines;

/// A line of a source, from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    pub(crate) path: PathBuf,
    pub(crate) line: usize,
}

/// What is known of both sides.
#[derive(Default)]
pub(crate) struct Origins {
    pub(crate) old: Side,
    pub(crate) new: Side,
}

/// What is known of one output.
#[derive(Default)]
pub(crate) enum Side {
    #[default]
    Unknown,
    Map(Arc<Segments>),
    Sources(Sources),
}

impl Side {
    fn of_row(&self, layout: &Layout, row: usize) -> Option<Origin> {
        let it = layout.rows.get(row)?;
        match self {
            Self::Unknown => None,
            Self::Map(segments) => segments.at(it.offset..it.end),
            Self::Sources(sources) => sources.find(layout, it),
        }
    }
}

impl Origins {
    /// The first row of the hunk that the new output has and the old one has not decides;
    /// for what was only removed, its own place, else that of the rows around it.
    pub(super) fn of_hunk(&self, hunk: &Hunk, old: &Layout, new: &Layout) -> Option<Origin> {
        let of = |line: &Line| match line.tag {
            Tag::Removed => self.old.of_row(old, line.old),
            Tag::Equal | Tag::Added => self.new.of_row(new, line.new),
        };
        let first = |tag: Tag| hunk.lines.iter().filter(|it| it.tag == tag).find_map(of);
        let around = || hunk.lines.iter().filter(|it| it.tag == Tag::Equal).rev().find_map(of);
        first(Tag::Added).or_else(|| first(Tag::Removed)).or_else(around)
    }
}

/// A map, by offsets of the output.
pub(crate) struct Segments {
    sources: Vec<PathBuf>,
    /// In the order of the output: an offset, and the source and its line from 0 there.
    starts: Vec<(usize, Option<(u32, u32)>)>,
}

impl Segments {
    /// Of an output, by the segments of its lines.
    pub(crate) fn new(
        output: &[u8],
        lines: impl Iterator<Item = Vec<Segment>>,
        sources: Vec<PathBuf>,
    ) -> Self {
        let starts_of_lines = Lines::of(output);
        let segment = |(line, segments): (usize, Vec<Segment>)| {
            let start = starts_of_lines.start(line + 1);
            segments.into_iter().map(move |segment| {
                let origin = segment.origin.map(|it| (it.source, it.line));
                (start + segment.column as usize, origin)
            })
        };
        let starts = lines.enumerate().flat_map(segment).collect();
        Self { sources, starts }
    }

    /// The first place within these bytes that came from a source.
    fn at(&self, span: std::ops::Range<usize>) -> Option<Origin> {
        let first =
            self.starts.partition_point(|(start, _)| *start <= span.start).checked_sub(1)?;
        let mut within = self.starts[first..].iter().take_while(|(start, _)| *start < span.end);
        let (source, line) = within.find_map(|(_, origin)| *origin)?;
        let path = self.sources.get(source as usize)?.clone();
        Some(Origin { path, line: line as usize + 1 })
    }
}

/// The sources of an output, laid out as it is.
pub(crate) struct Sources {
    files: Vec<(PathBuf, Layout)>,
    symbols: HashMap<(SymbolKind, String), (usize, SymbolId)>,
    /// Rows outside of declarations.
    rows: HashMap<Vec<u8>, (usize, usize)>,
}

impl Sources {
    /// Reads sources as this PHP does.
    pub(crate) fn new(files: Vec<(PathBuf, Vec<u8>)>, options: Options) -> Self {
        let layout = |(path, text): (PathBuf, Vec<u8>)| (path, Layout::of(&text, options));
        let files: Vec<(PathBuf, Layout)> = files.into_iter().map(layout).collect();
        let (mut symbols, mut rows) = (HashMap::new(), HashMap::new());
        for (file, (_, layout)) in files.iter().enumerate() {
            for id in layout.ids().skip(1) {
                let symbol = &layout.symbols[id.index()];
                let name = (symbol.kind, symbol.name.to_ascii_lowercase());
                symbols.entry(name).or_insert((file, id));
            }
            for row in layout.rows.iter().filter(|row| row.symbol == SymbolId::OUTSIDE) {
                rows.entry(row.key.clone()).or_insert((file, row.line));
            }
        }
        Self { files, symbols, rows }
    }

    fn find(&self, layout: &Layout, row: &Row) -> Option<Origin> {
        let origin = |file: usize, line| Origin { path: self.path(file).to_owned(), line };
        let symbol = &layout.symbols[row.symbol.index()];
        if symbol.kind == SymbolKind::Outside {
            return self.rows.get(&row.key).map(|(file, line)| origin(*file, *line));
        }
        let name = (symbol.kind, symbol.name.to_ascii_lowercase());
        let (file, id) = *self.symbols.get(&name)?;
        let source = &self.files[file].1;
        let rows = source.rows_within(&source.symbols[id.index()].span);
        let mut rows = rows.map(|index| &source.rows[index]).filter(|it| it.symbol == id);
        let first = rows.next()?;
        let found = std::iter::once(first).chain(rows).find(|it| it.key == row.key);
        Some(origin(file, found.unwrap_or(first).line))
    }

    fn path(&self, file: usize) -> &Path {
        &self.files[file].0
    }
}
