//! Source maps of the cases in `testdata/semantics`, as the `sourcemap` crate reads
//! them: each token that a map names stands where it says.
//!
//! Only tokens that a rule replaces may be others, and those must be of a kind that
//! a rule replaces.

// The helpers are test code as well.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tilde_bundle::map::{Mappings, SourceMap};
use tilde_bundle::{
    ByteOrderMarks, Docs, Recipe, RuntimeBlocks, Scope, Source, Sources, Style, build,
};
use tilde_lexer::{Lexer, Options, TokenKind};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/semantics");

/// What a rule replaces begins with one of these.
const REPLACED: &[TokenKind] = &[
    TokenKind::Line,
    TokenKind::File,
    TokenKind::Dir,
    TokenKind::Return,
    TokenKind::Include,
    TokenKind::IncludeOnce,
    TokenKind::Require,
    TokenKind::RequireOnce,
    TokenKind::Const,
    TokenKind::Namespace,
    TokenKind::Semicolon,
    TokenKind::OpenTag,
    TokenKind::CloseTag,
    TokenKind::Goto,
];

struct Folder(PathBuf);

impl Sources for Folder {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.join(path).is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.0.join(path).is_dir()
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        Some(path.to_owned())
    }
}

/// A text with the starts of its lines and its tokens.
struct Text<'a> {
    bytes: &'a [u8],
    lines: Vec<usize>,
    tokens: BTreeMap<usize, (TokenKind, &'a [u8])>,
}

impl<'a> Text<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let mut lines = vec![0];
        let ends = (0..bytes.len()).filter(|at| {
            bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n')
        });
        lines.extend(ends.map(|at| at + 1));
        let mut start = 0;
        let place = |token: tilde_lexer::Token| {
            let end = start + token.len as usize;
            let placed = (start, (token.kind, &bytes[start..end]));
            start = end;
            placed
        };
        let tokens = Lexer::new(bytes, Options::default()).map(place).collect();
        Self { bytes, lines, tokens }
    }

    fn offset(&self, line: u32, column: u32) -> usize {
        self.lines[line as usize] + column as usize
    }

    /// The token that begins before this place or at it.
    fn token(&self, offset: usize) -> (usize, TokenKind, &'a [u8]) {
        let (start, (kind, bytes)) = self.tokens.range(..=offset).next_back().unwrap();
        (*start, *kind, bytes)
    }
}

/// What is wrong with the map of a file.
fn mistakes(output: &[u8], map: &SourceMap, sources: &[Source], style: Style) -> Vec<String> {
    let names: Vec<String> = map.sources.iter().map(|it| it.0.to_string()).collect();
    let names = names.join("\",\"");
    let json = format!(
        "{{\"version\":3,\"sources\":[\"{names}\"],\"names\":[],\"mappings\":\"{}\"}}",
        map.mappings
    );
    let read = sourcemap::SourceMap::from_slice(json.as_bytes()).unwrap();
    let output = Text::new(output);
    let texts: Vec<Text<'_>> =
        map.sources.iter().map(|it| Text::new(&sources[it.index()].text)).collect();
    let mut mistakes = Vec::new();
    let mut lines: BTreeMap<u32, BTreeSet<(u32, u32)>> = BTreeMap::new();
    let mut last = None;
    for token in read.tokens() {
        let place = token.get_dst();
        assert!(last < Some(place), "{place:?} comes after {last:?}");
        last = Some(place);
        let offset = output.offset(place.0, place.1);
        if !token.has_source() {
            continue;
        }
        lines.entry(place.0).or_default().insert((token.get_src_id(), token.get_src_line()));
        let text = &texts[token.get_src_id() as usize];
        let origin = text.offset(token.get_src_line(), token.get_src_col());
        let (start, kind, bytes) = output.token(offset);
        let (first, other, expected) = text.token(origin);
        let is_same = kind == other && bytes[offset - start..] == expected[origin - first..];
        let is_label = bytes.starts_with(&[expected, b"_tilde_"].concat());
        if !is_same && !(origin == first && (REPLACED.contains(&other) || is_label)) {
            let shown = |bytes| String::from_utf8_lossy(bytes).into_owned();
            mistakes.push(format!("{} is no {} ({other:?})", shown(bytes), shown(expected)));
        }
    }
    let is_split = |places: &BTreeSet<_>| style == Style::Lines && places.len() > 1;
    for (line, places) in lines.iter().filter(|(_, places)| is_split(places)) {
        let bytes = &output.bytes[output.offset(*line, 0)..];
        let bytes = &bytes[..bytes.iter().position(|it| *it == b'\n').unwrap_or(bytes.len())];
        let shown = String::from_utf8_lossy(bytes).into_owned();
        mistakes.push(format!("one line for {places:?}: {shown}"));
    }
    // What we read of it is the same.
    let mappings = Mappings::new(map.mappings.clone(), map.sources.len()).unwrap();
    let ours = (0..mappings.len()).flat_map(|line| {
        let segments = mappings.line(line).into_iter();
        segments.map(move |it| {
            (line as u32, it.column, it.origin.map(|it| (it.source, it.line, it.column)))
        })
    });
    let theirs = read.tokens().map(|it| {
        let origin = (it.get_src_id(), it.get_src_line(), it.get_src_col());
        (it.get_dst_line(), it.get_dst_col(), it.has_source().then_some(origin))
    });
    assert!(ours.eq(theirs));
    mistakes
}

fn recipe(files: Vec<PathBuf>, on_demand: Vec<PathBuf>, style: Style) -> Recipe {
    Recipe {
        name: "case".to_owned(),
        files,
        on_demand,
        composer_files: Vec::new(),
        has_companions: true,
        has_map: true,
        scope: Scope::Shared,
        output: Some(PathBuf::from("bundle.php")),
        style,
        docs: if style == Style::Lines { Docs::Keep } else { Docs::Drop },
        runtime_blocks: RuntimeBlocks::Remove,
        marks: ByteOrderMarks::Keep,
        lexer: Options::default(),
    }
}

#[test]
fn each_token_stands_where_its_map_says() {
    let mut mistakes_of = Vec::new();
    let mut built = 0;
    for root in [CASES.to_owned(), CASES.replace("semantics", "bundle")] {
        let mut folders: Vec<PathBuf> = fs::read_dir(root)
            .unwrap()
            .map(|it| it.unwrap().path())
            .filter(|it| it.is_dir())
            .collect();
        folders.sort();
        for folder in folders {
            let mut files: Vec<PathBuf> = fs::read_dir(&folder)
                .unwrap()
                .map(|it| PathBuf::from(it.unwrap().file_name()))
                .filter(|it| {
                    it.extension().is_some_and(|it| it == "php") && it != Path::new("entry.php")
                })
                .collect();
            files.sort();
            for style in Style::ALL {
                for (files, on_demand) in [(files.clone(), Vec::new()), (Vec::new(), files.clone())]
                {
                    let built_one =
                        build(&Folder(folder.clone()), &recipe(files, on_demand, style));
                    let Some(output) = &built_one.output else { continue };
                    built += 1;
                    let companions =
                        built_one.companions.iter().map(|it| (&it.bytes, it.map.as_ref().unwrap()));
                    let all = std::iter::once((output, built_one.map.as_ref().unwrap()))
                        .chain(companions);
                    for (output, map) in all {
                        for it in mistakes(output, map, &built_one.sources, style) {
                            mistakes_of.push(format!("{} ({style}): {it}", folder.display()));
                        }
                    }
                }
            }
        }
    }
    eprintln!("{built} bundles");
    assert!(mistakes_of.is_empty(), "{}", mistakes_of.join("\n"));
}
