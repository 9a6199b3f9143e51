//! Whether a cache has the tokens of its sources.
//!
//! The finished bytes are lexed and compared with what the files themselves
//! say, less their tags and blocks and with heredocs under their new name. A
//! newcomer would expect a difference to be our mistake. It is the format's:
//! the bytes are the framework's, and `diagnose.rs` says which of its cuts made
//! another program of them.

use std::ops::Range;

use tilde_lexer::{Options, TokenKind};

use crate::source::SourceId;
use crate::strip::Style;
use crate::thinkphp::code;
use crate::thinkphp::library::Library;
use crate::thinkphp::plan::{BlocksHere, Edit, GUARD, Part, Plan};
use crate::token::{Token, lex};
use crate::verify::Actual;

/// A file's tokens: all of them, and which of them a cache should have.
pub(crate) struct Tokens {
    pub(crate) all: Vec<Token>,
    /// Places in `all`.
    pub(crate) kept: Vec<u32>,
}

/// The tokens of a file that is compiled.
pub(crate) fn tokens(text: &[u8], blocks: BlocksHere, options: Options) -> Tokens {
    let all = lex(text, options);
    let gone = match blocks {
        BlocksHere::Go => code::blocks(text),
        BlocksHere::Stay | BlocksHere::AfterStripping => Vec::new(),
    };
    let mut gone = gone.into_iter().peekable();
    let mut kept = Vec::with_capacity(all.len() / 2);
    for (index, token) in all.iter().enumerate() {
        let span = token.span();
        while gone.next_if(|block| block.end <= span.start).is_some() {}
        let is_gone =
            gone.peek().is_some_and(|block| block.start <= span.start && span.end <= block.end);
        if !token.kind.is_trivia() && !is_gone {
            kept.push(index as u32);
        }
    }
    let kind = |index: &u32| all[*index as usize].kind;
    let is_blank = |index: &u32| {
        kind(index) == TokenKind::InlineHtml
            && code::trim(all[*index as usize].bytes(text)).is_empty()
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
    Tokens { all, kept }
}

/// The first place where a cache differs from its sources: in a file, or in
/// code that the framework made.
pub(crate) struct Difference(pub(crate) Option<(SourceId, Range<usize>)>);

/// Compares a cache with its parts; `tokens` has those of its files, in order.
pub(crate) fn first_difference(
    plan: &Plan,
    printed: &[Vec<u8>],
    bytes: &[u8],
    tokens: &[(SourceId, Tokens)],
    library: &Library<'_>,
    options: Options,
) -> Option<Difference> {
    let output = tilde_lexer::tokens(bytes, options)
        .map(|(token, bytes)| (token.kind, bytes))
        .filter(|(kind, _)| !kind.is_trivia());
    let mut comparison = Comparison {
        actual: Actual::new(output),
        options,
        renames: matches!(plan.style, Some(Style::ThinkPhp22)),
        difference: None,
    };
    comparison.actual.skip_open_tag();
    let mut files = tokens.iter();
    for part in &plan.parts {
        match part {
            Part::Text(text) => comparison.text(text),
            Part::Cache(plan) => comparison.text(printed[*plan].get(5..).unwrap_or_default()),
            Part::File { source, blocks } => {
                let (_, tokens) = files.next().expect("each file has its tokens");
                comparison.file(*source, &library.get(*source).text, *blocks, plan.edit, tokens);
            }
        }
    }
    comparison.text(&plan.tail);
    if comparison.difference.is_none() && !comparison.actual.is_at_end() {
        comparison.difference = Some(Difference(None));
    }
    comparison.difference
}

struct Comparison<'out, Output> {
    actual: Actual<'out, Output>,
    options: Options,
    renames: bool,
    difference: Option<Difference>,
}

impl<'out, Output: Iterator<Item = (TokenKind, &'out [u8])>> Comparison<'out, Output> {
    fn takes(&mut self, kind: TokenKind, bytes: &[u8], place: Option<(SourceId, Range<usize>)>) {
        if self.difference.is_some() {
            return;
        }
        let bytes: &[u8] = match kind {
            TokenKind::StartHeredoc if self.renames => b"<<<THINK\n",
            TokenKind::EndHeredoc if self.renames => b"THINK",
            _ => bytes,
        };
        if !self.actual.takes(kind, bytes) {
            self.difference = Some(Difference(place));
        }
    }

    fn text(&mut self, text: &[u8]) {
        let code = [b"<?php ", text].concat();
        let tokens = tilde_lexer::tokens(&code, self.options).skip(1);
        for (token, bytes) in tokens.filter(|(token, _)| !token.kind.is_trivia()) {
            self.takes(token.kind, bytes, None);
        }
    }

    fn file(
        &mut self,
        source: SourceId,
        text: &[u8],
        blocks: BlocksHere,
        edit: Edit,
        tokens: &Tokens,
    ) {
        let is_namespaced = blocks == BlocksHere::AfterStripping;
        let kept: Vec<Token> =
            tokens.kept.iter().map(|index| tokens.all[*index as usize]).collect();
        let has_namespace = kept.first().is_some_and(|token| token.kind == TokenKind::Namespace);
        let mut opening = has_namespace.then_some(TokenKind::Semicolon).filter(|_| is_namespaced);
        if is_namespaced && !has_namespace {
            self.text(b"namespace {");
        }
        let mut skipped = skipped(text, &kept, edit, self.options).into_iter().peekable();
        for token in kept {
            let span = token.span();
            while skipped.next_if(|range| range.end <= span.start).is_some() {}
            if skipped.peek().is_some_and(|range| range.contains(&span.start)) {
                continue;
            }
            if opening == Some(token.kind) {
                opening = None;
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

/// What an edit of the whole cache takes from a file.
fn skipped(text: &[u8], kept: &[Token], edit: Edit, options: Options) -> Vec<Range<usize>> {
    match edit {
        Edit::None => Vec::new(),
        Edit::Unguard => {
            memchr::memmem::find_iter(text, GUARD).map(|at| at..at + GUARD.len()).collect()
        }
        Edit::CutLookup => lookup(text, kept)
            .filter(|_| {
                let compiled = code::compile_in_namespace(text, options);
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
    let first = (0..kept.len())
        .find(|&at| is(at, b"$runtimefile") && is(at + 1, b"=") && is(at + 2, b"RUNTIME_PATH"))?;
    let last = (first..kept.len())
        .find(|&at| is(at, b"if") && is(at + 1, b"(") && is(at + 2, b"APP_STATUS"))?;
    Some(kept[first].span().start..kept[last].span().start)
}
