//! `--safe`: the caches of a generation without the bugs of its format.
//!
//! The layout and the names stay, and the code is joined as any bundle is:
//! parts of a plan become members of a recipe. This can fail where the
//! framework's own way does not, since a bundle that would behave otherwise is
//! refused.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use tilde_eval::{Options, Sources};
use tilde_lexer::TokenKind;

use crate::code::{CLOSE, OPEN};
use crate::library::Library;
use crate::plan::{BlocksHere, Edit, Part, Plan};
use crate::proof::{self, Tokens};
use crate::report::once_each;
use tilde_bundle::{Build, ByteOrderMarks, Recipe, RuntimeBlocks, build_sources};
use tilde_bundle::{Diagnostic, Docs, Source, SourceId, Style};

/// All caches in the order of their plans, or what stands in the way.
pub(crate) fn print(
    plans: &[Plan],
    sources: &dyn Sources,
    library: &mut Library<'_>,
    options: Options,
) -> (Vec<Vec<u8>>, Vec<Diagnostic>) {
    let mut printed = Vec::new();
    let mut diagnostics = Vec::new();
    for plan in plans {
        let mut members = Members { plans, library, ids: Vec::new(), texts: Vec::new() };
        members.add(plan);
        members.finish(plan, &mut diagnostics);
        let Members { ids, texts, .. } = members;
        let built = build_sources(texts, sources, &recipe(plan, options));
        let Build { diagnostics: findings, output, .. } = built;
        diagnostics.extend(findings.into_iter().map(|mut diagnostic| {
            for label in &mut diagnostic.labels {
                label.source = ids[label.source.index()];
            }
            diagnostic
        }));
        printed.extend(output.map(|bytes| bytes.whole().to_vec()));
    }
    if printed.len() < plans.len() {
        printed.clear();
    }
    (printed, once_each(diagnostics))
}

fn recipe(plan: &Plan, options: Options) -> Recipe {
    Recipe {
        name: plan.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        files: Vec::new(),
        on_demand: Vec::new(),
        composer_files: Vec::new(),
        has_companions: false,
        has_map: false,
        paths: tilde_bundle::Paths::Relative,
        scope: tilde_bundle::Scope::Shared,
        output: Some(plan.path.clone()),
        style: if plan.style.is_some() { Style::Tight } else { Style::Lines },
        docs: Docs::Drop,
        runtime_blocks: RuntimeBlocks::Remove,
        marks: ByteOrderMarks::Remove,
        state: tilde_bundle::State::Keep,
        lexer: options,
        oldest: options.version,
    }
}

/// The members of a plan; code that the framework makes gets a name beside the
/// cache.
struct Members<'m, 'a> {
    plans: &'m [Plan],
    library: &'m mut Library<'a>,
    ids: Vec<SourceId>,
    /// What the caches have of each. An edit keeps the length of a file, so that
    /// places in it stay what they are.
    texts: Vec<Source>,
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
        let text = [b"<?php ", text].concat();
        let id = self.library.add_text(path.into(), text.clone());
        self.push(id, text);
    }

    /// What is declared already is not declared again.
    fn add_file(&mut self, plan: &Plan, source: SourceId, blocks: BlocksHere) {
        if self.ids.contains(&source) {
            return;
        }
        let mut text = self.library.text(source).to_vec();
        for span in [self.lookup(plan, source), self.comments(source, blocks)].concat() {
            let is_code = |byte: &&mut u8| !matches!(byte, b'\n' | b'\r');
            text[span].iter_mut().filter(is_code).for_each(|byte| *byte = b' ');
        }
        self.push(source, text);
    }

    fn push(&mut self, id: SourceId, text: Vec<u8>) {
        let path = self.library.path(id).to_owned();
        self.ids.push(id);
        self.texts.push(Source { path: path.into(), text: Arc::new(text) });
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
