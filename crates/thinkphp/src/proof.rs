//! Whether a cache has the tokens of its sources.
//!
//! The finished bytes are lexed and compared with what the files themselves
//! say, less their tags and blocks and with heredocs under their new name. A
//! difference is no mistake of ours but the format's: the bytes are the
//! framework's, and `diagnose.rs` says which of its cuts made another program
//! of them.

use std::ops::Range;

use tilde_lexer::{Options, TokenKind};

use crate::code;
use crate::plan::{BlocksHere, Edit, GUARD, Part, Plan};
use crate::print::Context;
use tilde_bundle::Actual;
use tilde_bundle::SourceId;
use tilde_bundle::Style;
use tilde_bundle::token::Token;

/// A file's tokens: all of them, and which of them a cache should have.
pub(crate) struct Tokens<'t> {
    pub(crate) all: &'t [Token],
    /// Places in `all`.
    pub(crate) kept: Vec<u32>,
}

impl<'t> Tokens<'t> {
    /// The tokens of a file that is compiled.
    pub(crate) fn new(text: &[u8], all: &'t [Token], blocks: BlocksHere) -> Self {
        let gone = match blocks {
            BlocksHere::Go => code::blocks(text),
            BlocksHere::Stay | BlocksHere::AfterStripping => Vec::new(),
        };
        let mut gone = gone.into_iter().peekable();
        let mut kept = Vec::with_capacity(all.len() / 2);
        for (index, token) in all.iter().enumerate().filter(|(_, token)| !token.kind.is_trivia()) {
            let span = token.span();
            while gone.next_if(|block| block.end <= span.start).is_some() {}
            let is_in = |block: &Range<usize>| block.start <= span.start && span.end <= block.end;
            if !gone.peek().is_some_and(is_in) {
                kept.push(index as u32);
            }
        }
        let kind = |index: &u32| all[*index as usize].kind;
        let is_blank = |index: &u32| {
            let token = all[*index as usize];
            token.kind == TokenKind::InlineHtml && code::trim(token.bytes(text)).is_empty()
        };
        if kept.first().is_some_and(is_blank) {
            kept.remove(0);
        }
        if kept.first().map(kind) == Some(TokenKind::OpenTag) {
            kept.remove(0);
        }
        if kept.last().is_some_and(is_blank) {
            kept.pop();
        }
        if kept.last().map(kind) == Some(TokenKind::CloseTag) {
            kept.pop();
        }
        Self { all, kept }
    }

    pub(crate) fn kept(&self) -> impl DoubleEndedIterator<Item = Token> + '_ {
        self.kept.iter().map(|index| self.all[*index as usize])
    }
}

/// The first place where code differs from its source: in a file, or in what
/// the framework made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference(pub(crate) Option<(SourceId, Range<usize>)>);

/// Compares the code of these parts and a tail, after a tag, with what it should
/// be.
pub(crate) fn difference<'out>(
    parts: &[Part],
    tail: &[u8],
    output: impl Iterator<Item = (TokenKind, &'out [u8])>,
    context: Context<'_>,
) -> Option<Difference> {
    let output = output.filter(|(kind, _)| !kind.is_trivia());
    let output = output.map(|(kind, bytes)| (kind, without_blank(kind, bytes)));
    let mut comparison = Comparison::new(output, context.plan, context.options);
    for part in parts {
        comparison.part(part, context);
    }
    comparison.text(tail);
    comparison.finish()
}

struct Comparison<'out, Output> {
    actual: Actual<'out, Output>,
    options: Options,
    edit: Edit,
    renames: bool,
    difference: Option<Difference>,
}

impl<'out, Output: Iterator<Item = (TokenKind, &'out [u8])>> Comparison<'out, Output> {
    fn new(output: Output, plan: &Plan, options: Options) -> Self {
        let mut actual = Actual::new(output);
        actual.skip_open_tag();
        let renames = matches!(plan.style, Some(Style::ThinkPhp22));
        Self { actual, options, edit: plan.edit, renames, difference: None }
    }

    fn finish(mut self) -> Option<Difference> {
        if self.difference.is_none() && !self.actual.is_at_end() {
            self.difference = Some(Difference(None));
        }
        self.difference
    }

    fn takes(&mut self, kind: TokenKind, bytes: &[u8], place: Option<(SourceId, Range<usize>)>) {
        if self.difference.is_some() {
            return;
        }
        let bytes: &[u8] = match kind {
            TokenKind::StartHeredoc if self.renames => b"<<<THINK\n",
            TokenKind::EndHeredoc if self.renames => b"THINK",
            _ => without_blank(kind, bytes),
        };
        if !self.actual.takes(kind, bytes) {
            self.difference = Some(Difference(place));
        }
    }

    fn part(&mut self, part: &Part, context: Context<'_>) {
        match part {
            Part::Text(text) => self.text(text),
            Part::Cache(plan) => self.text(context.earlier(*plan)),
            Part::File { source, blocks } => {
                let text = context.library.text(*source);
                let tokens = Tokens::new(text, context.library.tokens(*source), *blocks);
                self.file(*source, text, *blocks, &tokens);
            }
        }
    }

    fn text(&mut self, text: &[u8]) {
        let code = [b"<?php ", text].concat();
        let tokens = tilde_lexer::tokens(&code, self.options).skip(1);
        for (token, bytes) in tokens.filter(|(token, _)| !token.kind.is_trivia()) {
            self.takes(token.kind, bytes, None);
        }
    }

    fn file(&mut self, source: SourceId, text: &[u8], blocks: BlocksHere, tokens: &Tokens<'_>) {
        let is_namespaced = blocks == BlocksHere::AfterStripping;
        let first = tokens.kept().next().map(|token| token.kind);
        let has_namespace = is_namespaced && first == Some(TokenKind::Namespace);
        if is_namespaced && !has_namespace {
            self.text(b"namespace {");
        }
        let mut is_opening = has_namespace;
        let mut skipped = skipped(text, tokens, self.edit, self.options).into_iter().peekable();
        let mut before = TokenKind::OpenTag;
        for token in tokens.kept() {
            let span = token.span();
            // ThinkPHP puts it there, and the tag means the same.
            let is_after_heredoc = std::mem::replace(&mut before, token.kind)
                == TokenKind::EndHeredoc
                && token.kind == TokenKind::CloseTag;
            if self.renames && is_after_heredoc {
                self.takes(TokenKind::Semicolon, b";", Some((source, span.clone())));
            }
            while skipped.next_if(|range| range.end <= span.start).is_some() {}
            if skipped.peek().is_some_and(|range| range.contains(&span.start)) {
                continue;
            }
            if is_opening && token.kind == TokenKind::Semicolon {
                is_opening = false;
                self.takes(TokenKind::OpenBrace, b"{", Some((source, span)));
                continue;
            }
            self.takes(token.kind, &text[span.clone()], Some((source, span)));
        }
        if is_namespaced {
            self.takes(TokenKind::CloseBrace, b"}", None);
        }
    }
}

/// A tag has a blank of its own, which means nothing and becomes another one.
fn without_blank(kind: TokenKind, bytes: &[u8]) -> &[u8] {
    if kind == TokenKind::OpenTag { bytes.trim_ascii_end() } else { bytes }
}

/// What an edit of the whole cache takes from a file.
fn skipped(text: &[u8], tokens: &Tokens<'_>, edit: Edit, options: Options) -> Vec<Range<usize>> {
    match edit {
        Edit::None => Vec::new(),
        Edit::Unguard => {
            memchr::memmem::find_iter(text, GUARD).map(|at| at..at + GUARD.len()).collect()
        }
        Edit::CutLookup => lookup(text, &tokens.kept().collect::<Vec<_>>())
            .filter(|_| {
                let compiled = code::compile_in_namespace(text, tokens.all, options);
                code::without_cache_lookup(&compiled) != compiled
            })
            .into_iter()
            .collect(),
    }
}

/// In `Think::start()`: from the name of the cache to where it has been looked
/// for.
pub(crate) fn lookup(text: &[u8], kept: &[Token]) -> Option<Range<usize>> {
    let is = |index: usize, bytes: &[u8]| {
        kept.get(index).is_some_and(|token| token.bytes(text) == bytes)
    };
    // The framework looks for the text, which a longer name begins with, too.
    let begins = |index: usize, bytes: &[u8]| {
        kept.get(index).is_some_and(|token| token.bytes(text).starts_with(bytes))
    };
    let first = (0..kept.len()).find(|&at| {
        is(at, b"$runtimefile") && is(at + 1, b"=") && begins(at + 2, b"RUNTIME_PATH")
    })?;
    let last = (first..kept.len())
        .find(|&at| is(at, b"if") && is(at + 1, b"(") && is(at + 2, b"APP_STATUS"))?;
    Some(kept[first].span().start..kept[last].span().start)
}
