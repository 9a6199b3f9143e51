//! Source maps of the cases in `testdata`, as the `sourcemap` crate reads
//! them: each token that a map names stands where it says.
//!
//! Only tokens that a rule replaces may be others, and those must be of a kind that
//! a rule replaces.

// The helpers are test code as well.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tilde_bundle::map::{Mappings, Segment, SourceMap};
use tilde_bundle::{
    Build, ByteOrderMarks, Docs, Recipe, RuntimeBlocks, Scope, Source, Style, build,
};
use tilde_lexer::{Lexer, Options, TokenKind};
use tilde_testing::sources::Folder;

const CASES: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/semantics"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/bundle"),
];

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

/// A text with the starts of its lines and its tokens.
struct Text<'a> {
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
        Self { lines, tokens }
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

/// The map, as the crate reads it.
fn read(map: &SourceMap) -> sourcemap::SourceMap {
    let names: Vec<String> = map.sources.iter().map(|it| it.0.to_string()).collect();
    let names = names.join("\",\"");
    let json = format!(
        "{{\"version\":3,\"sources\":[\"{names}\"],\"names\":[],\"mappings\":\"{}\"}}",
        map.mappings
    );
    sourcemap::SourceMap::from_slice(json.as_bytes()).unwrap()
}

/// Where an output and its map do not agree.
fn mistakes(output: &[u8], map: &SourceMap, sources: &[Source]) -> Vec<String> {
    let output = Text::new(output);
    let texts: Vec<Text<'_>> =
        map.sources.iter().map(|it| Text::new(&sources[it.index()].text)).collect();
    let mut mistakes = Vec::new();
    for token in read(map).tokens().filter(sourcemap::Token::has_source) {
        let text = &texts[token.get_src_id() as usize];
        let origin = text.offset(token.get_src_line(), token.get_src_col());
        let offset = output.offset(token.get_dst_line(), token.get_dst_col());
        let (start, kind, bytes) = output.token(offset);
        let (first, other, expected) = text.token(origin);
        let is_same = kind == other && bytes[offset - start..] == expected[origin - first..];
        let is_label = bytes.starts_with(&[expected, b"_tilde_"].concat());
        if !is_same && !(origin == first && (REPLACED.contains(&other) || is_label)) {
            let shown = |bytes| String::from_utf8_lossy(bytes).into_owned();
            mistakes.push(format!("{} is no {} ({other:?})", shown(bytes), shown(expected)));
        }
    }
    mistakes
}

/// The lines of an output that hold code of several lines of source.
fn shared_lines(map: &SourceMap) -> Vec<String> {
    let mut lines: BTreeMap<u32, BTreeSet<(u32, u32)>> = BTreeMap::new();
    for token in read(map).tokens().filter(sourcemap::Token::has_source) {
        let places = lines.entry(token.get_dst_line()).or_default();
        places.insert((token.get_src_id(), token.get_src_line()));
    }
    let shared = lines.iter().filter(|(_, places)| places.len() > 1);
    shared.map(|(line, places)| format!("line {line} is that of {places:?}")).collect()
}

/// What we read of a map is what the crate reads, in its order.
fn assert_read_the_same(map: &SourceMap) {
    let mappings = Mappings::new(map.mappings.clone(), map.sources.len()).unwrap();
    let mut ours = Vec::new();
    for line in 0..mappings.len() {
        for Segment { column, origin } in mappings.line(line) {
            ours.push((line as u32, column, origin.map(|it| (it.source, it.line, it.column))));
        }
    }
    let theirs = read(map);
    let theirs = theirs.tokens().map(|it| {
        let origin = (it.get_src_id(), it.get_src_line(), it.get_src_col());
        (it.get_dst_line(), it.get_dst_col(), it.has_source().then_some(origin))
    });
    assert!(ours.iter().copied().eq(theirs));
    assert!(ours.is_sorted_by_key(|(line, column, _)| (*line, *column)));
}

fn recipe(files: Vec<PathBuf>, on_demand: Vec<PathBuf>, style: Style) -> Recipe {
    Recipe {
        name: "case".to_owned(),
        files,
        on_demand,
        composer_files: Vec::new(),
        has_companions: true,
        has_map: true,
        paths: tilde_bundle::Paths::Relative,
        scope: Scope::Shared,
        output: Some(PathBuf::from("bundle.php")),
        style,
        docs: if style == Style::Lines { Docs::Keep } else { Docs::Drop },
        runtime_blocks: RuntimeBlocks::Remove,
        marks: ByteOrderMarks::Keep,
        state: tilde_bundle::State::Keep,
        oldest: Options::default().version,
        lexer: Options::default(),
    }
}

/// The folders of all cases, with the PHP files in them.
fn cases() -> Vec<(PathBuf, Vec<PathBuf>)> {
    let mut cases = Vec::new();
    for root in CASES {
        for entry in fs::read_dir(root).unwrap() {
            let folder = entry.unwrap().path();
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            let names = entries.map(|it| PathBuf::from(it.unwrap().file_name()));
            let is_php = |it: &PathBuf| it.extension().is_some_and(|end| end == "php");
            let mut files: Vec<PathBuf> = names.filter(is_php).collect();
            files.retain(|it| it != Path::new("entry.php"));
            files.sort();
            cases.push((folder, files));
        }
    }
    cases.sort();
    cases
}

/// What is wrong with the maps of a bundle, and how many files it has.
fn judge(folder: &Path, recipe: &Recipe) -> (Vec<String>, usize) {
    let Build { sources, output, map, companions, .. } = build(&Folder(folder.into()), recipe);
    let companions = companions.into_iter().map(|it| (it.bytes, it.map.unwrap()));
    let files: Vec<_> = output.into_iter().map(|it| (it, map.clone().unwrap())).collect();
    let files: Vec<_> = files.into_iter().chain(companions).collect();
    let mut found = Vec::new();
    for (output, map) in &files {
        found.extend(mistakes(output.whole(), map, &sources));
        found.extend(shared_lines(map).into_iter().filter(|_| recipe.style == Style::Lines));
        assert_read_the_same(map);
    }
    let place = |it| format!("{} ({}): {it}", folder.display(), recipe.style);
    (found.into_iter().map(place).collect(), files.len())
}

#[test]
fn each_token_stands_where_its_map_says() {
    let (mut found, mut count) = (Vec::new(), 0);
    for (folder, files) in cases() {
        for style in Style::ALL {
            let at_once = recipe(files.clone(), Vec::new(), style);
            let on_demand = recipe(Vec::new(), files.clone(), style);
            for recipe in [at_once, on_demand] {
                let (mistakes, files) = judge(&folder, &recipe);
                found.extend(mistakes);
                count += files;
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(count > 1000, "only {count} files were built");
}
