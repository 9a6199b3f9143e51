//! `--safe`: the caches of a generation without the bugs of its format.
//!
//! The layout and the names stay, and the code is joined as any bundle is:
//! parts of a plan become members of a recipe. A newcomer would get wrong that
//! this can fail where the framework's own way does not, since a bundle that
//! would behave otherwise is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use tilde_eval::Options;
use tilde_lexer::TokenKind;

use crate::code::{CLOSE, OPEN};
use crate::library::Library;
use crate::plan::{BlocksHere, Edit, Part, Plan};
use crate::proof::{self, Tokens};
use tilde_bundle::Diagnostic;
use tilde_bundle::{Docs, Style};
use tilde_bundle::{Recipe, RuntimeBlocks, build};
use tilde_bundle::{SourceId, Sources};

/// All caches in the order of their plans, or what stands in the way.
pub(crate) fn print(
    plans: &[Plan],
    library: &mut Library<'_>,
    options: Options,
) -> (Vec<Vec<u8>>, Vec<Diagnostic>) {
    let mut printed = Vec::new();
    let mut diagnostics = Vec::new();
    for plan in plans {
        let mut members = Members { plans, library, paths: Vec::new(), edited: BTreeMap::new() };
        members.add(plan);
        members.finish(plan, &mut diagnostics);
        let Members { paths, edited, .. } = members;
        let recipe = Recipe {
            name: plan.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            files: paths,
            output: Some(plan.path.clone()),
            style: if plan.style.is_some() { Style::Tight } else { Style::Lines },
            docs: Docs::Drop,
            runtime_blocks: RuntimeBlocks::Remove,
            lexer: options,
        };
        let built = build(&Edited { library, edited }, &recipe);
        diagnostics.extend(built.diagnostics.into_iter().map(|mut diagnostic| {
            for label in &mut diagnostic.labels {
                let path = &built.sources[label.source.index()].path;
                label.source = library.find(path).expect("a member is in the library");
            }
            diagnostic.help = diagnostic
                .help
                .map(|help| help.replace(REQUIRE, LEAVE_OUT).replace(OUT, OUT_OF_LIST));
            diagnostic
        }));
        printed.extend(built.output);
    }
    if printed.len() < plans.len() {
        printed.clear();
    }
    (printed, once_each(diagnostics))
}

/// What helps with a bundle, and with a cache, whose files are in lists.
const REQUIRE: &str = "leave this file out of the bundle and require it";
const LEAVE_OUT: &str = "leave this file out of the list that names it and include it elsewhere";
const OUT: &str = "leave one of the two files out of the bundle";
const OUT_OF_LIST: &str = "leave one of the two files out of the list that names it";

/// The files of an application, some of them as the caches have them. An edit
/// keeps the length of a file, so that places in it stay what they are.
struct Edited<'l, 'a> {
    library: &'l Library<'a>,
    edited: BTreeMap<PathBuf, Vec<u8>>,
}

impl Sources for Edited<'_, '_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if let Some(text) = self.edited.get(path) {
            return Ok(text.clone());
        }
        match self.library.find(path) {
            Some(id) => Ok(self.library.text(id).to_vec()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn is_file(&self, path: &Path) -> bool {
        self.read(path).is_ok()
    }

    fn is_dir(&self, _: &Path) -> bool {
        false
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        Some(path.to_owned())
    }
}

/// The members of a plan; code that the framework makes gets a name beside the
/// cache.
struct Members<'m, 'a> {
    plans: &'m [Plan],
    library: &'m mut Library<'a>,
    paths: Vec<PathBuf>,
    edited: BTreeMap<PathBuf, Vec<u8>>,
}

impl Members<'_, '_> {
    fn add(&mut self, plan: &Plan) {
        for (index, part) in plan.parts.iter().enumerate() {
            match part {
                Part::Text(text) => self.add_text(plan, index, text),
                Part::Cache(other) => self.add(&self.plans[*other]),
                Part::File { source, blocks } => self.add_file(plan, *source, *blocks),
            }
        }
    }

    fn add_text(&mut self, plan: &Plan, index: usize, text: &[u8]) {
        let mut path = plan.path.as_os_str().to_owned();
        path.push(format!(" (generated part {})", index + 1));
        let path = self.library.add_text(path.into(), [b"<?php ", text].concat());
        self.paths.push(path);
    }

    /// What is declared already is not declared again.
    fn add_file(&mut self, plan: &Plan, source: SourceId, blocks: BlocksHere) {
        let path = self.library.path(source);
        if self.paths.iter().any(|added| added == path) {
            return;
        }
        self.paths.push(path.to_owned());
        let gone = [self.lookup(plan, source), self.comments(source, blocks)].concat();
        if gone.is_empty() {
            return;
        }
        let mut text = self.library.text(source).to_vec();
        for span in gone {
            let is_code = |byte: &&mut u8| !matches!(byte, b'\n' | b'\r');
            text[span].iter_mut().filter(is_code).for_each(|byte| *byte = b' ');
        }
        self.edited.insert(self.library.path(source).to_owned(), text);
    }

    fn lookup(&self, plan: &Plan, source: SourceId) -> Vec<Range<usize>> {
        if plan.edit != Edit::CutLookup {
            return Vec::new();
        }
        let text = self.library.text(source);
        let tokens = Tokens::new(text, self.library.tokens(source), BlocksHere::Stay);
        let kept: Vec<_> = tokens.kept().collect();
        proof::lookup(text, &kept).into_iter().collect()
    }

    /// Markers that are mere comments: they have no other, or blocks stay.
    fn comments(&self, source: SourceId, blocks: BlocksHere) -> Vec<Range<usize>> {
        let text = self.library.text(source);
        let is_marker = |bytes: &[u8]| bytes == OPEN || bytes == CLOSE;
        let tokens = self.library.tokens(source).iter();
        let comments = tokens.filter(|token| token.kind == TokenKind::Comment);
        let markers = comments
            .map(|token| (token.bytes(text).trim_ascii_end(), token.span()))
            .filter(|(bytes, _)| is_marker(bytes));
        match blocks {
            BlocksHere::Go => unpaired(markers),
            // In 3.2 the framework's own caches have them, too.
            BlocksHere::Stay | BlocksHere::AfterStripping => {
                markers.map(|(_, span)| span).collect()
            }
        }
    }

    /// Adds the tail, and says which markers mean nothing.
    fn finish(&mut self, plan: &Plan, diagnostics: &mut Vec<Diagnostic>) {
        if !plan.tail.is_empty() {
            self.add_text(plan, plan.parts.len(), &plan.tail);
        }
        let goes = plan.parts.iter().filter_map(|part| match part {
            Part::File { source, blocks: BlocksHere::Go } => Some(*source),
            Part::File { .. } | Part::Text(_) | Part::Cache(_) => None,
        });
        for source in goes.collect::<BTreeSet<_>>() {
            for span in self.comments(source, BlocksHere::Go) {
                let message = "a marker without the other: no block is removed here";
                let help =
                    "the code stays, as in the source; pair `//[RUNTIME]` with `//[/RUNTIME]`";
                let note = Diagnostic::note("T-MARKER", message).label(source, span, "");
                diagnostics.push(note.help(help));
            }
        }
    }
}

/// The markers that are in no pair; none where blocks nest, which the linker
/// refuses.
fn unpaired<'t>(markers: impl Iterator<Item = (&'t [u8], Range<usize>)>) -> Vec<Range<usize>> {
    let mut unpaired = Vec::new();
    let mut open = None;
    for (marker, span) in markers {
        if marker == CLOSE {
            unpaired.extend(open.take().is_none().then_some(span));
        } else if open.replace(span).is_some() {
            return Vec::new();
        }
    }
    unpaired.extend(open);
    unpaired
}

/// A file in two caches is wrong in both; that is said once.
fn once_each(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::new();
    for diagnostic in diagnostics {
        if !kept.contains(&diagnostic) {
            kept.push(diagnostic);
        }
    }
    kept
}
