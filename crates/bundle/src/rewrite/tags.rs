//! What becomes of tags and HTML: a member begins and ends in PHP code.
//!
//! `?>` is a `;` to PHP's parser and swallows one line break; `<?php` needs a
//! blank after it. A byte order mark and a `#!` line are HTML.

use std::borrow::Cow;

use tilde_lexer::TokenKind as K;
use tilde_syntax::{Span, Token};

use crate::ByteOrderMarks;
use crate::diagnostic::Diagnostic;
use crate::edit::{Edits, NewToken, Rule, new_token};
use crate::rewrite::{Context, shape};
use crate::style::shebang_len;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Returns the `#!` line for the head of the bundle, and findings.
pub(super) fn rewrite(
    context: Context<'_>,
    edits: &mut Edits,
) -> (Option<NewToken>, Vec<Diagnostic>) {
    complete(context, edits);
    let mut start = Start { context, shebang: None, diagnostics: Vec::new() };
    let first = start.leading_html(edits);
    open(context, first, edits);
    close(context, edits);
    (start.shebang, start.diagnostics)
}

/// `<?` and a `<?php` that ends its file become `<?php` and a blank.
fn complete(context: Context<'_>, edits: &mut Edits) {
    for &token in &*context.module.tags {
        let bytes = context.bytes(token);
        let is_bare = bytes == b"<?" || bytes.eq_ignore_ascii_case(b"<?php");
        let stays = || !is_after_lone_html(context, token);
        if is_bare && !context.module.is_removed(token.span) && stays() {
            edits.replace(token.span, vec![new_token(K::OpenTag, b"<?php ")], Rule::Tag);
        }
    }
}

/// Whether the tag comes after HTML that goes; then it goes as well.
fn is_after_lone_html(context: Context<'_>, tag: Token) -> bool {
    let html = &context.text[..tag.span.start as usize];
    let is_mark = html == BOM && context.marks == ByteOrderMarks::Remove;
    is_mark || shebang_len(html) == Some(html.len())
}

struct Start<'a> {
    context: Context<'a>,
    shebang: Option<NewToken>,
    diagnostics: Vec<Diagnostic>,
}

/// What a member begins with, after what is left out.
struct First {
    /// Where it is.
    token: Option<Token>,
    /// The HTML that stays, where that is it.
    html: Option<Vec<u8>>,
}

impl Start<'_> {
    fn token(&self, index: usize) -> Option<Token> {
        let tokens = &self.context.module.tokens;
        (index < tokens.len()).then(|| tokens.get(index))
    }

    fn first(&self, index: usize) -> First {
        let token = self.token(index);
        let html = token.filter(|token| token.kind == K::InlineHtml);
        First { token, html: html.map(|token| self.context.bytes(token).to_vec()) }
    }

    fn leading_html(&mut self, edits: &mut Edits) -> First {
        let Some(token) = self.token(0).filter(|token| token.kind == K::InlineHtml) else {
            return self.first(0);
        };
        let html = self.context.bytes(token);
        if html.starts_with(BOM) {
            return self.bom(token, edits);
        }
        let Some(len) = shebang_len(html) else { return self.first(0) };
        let (line, rest) = html.split_at(len);
        self.shebang(line);
        if rest.is_empty() {
            edits.remove(token.span, Rule::Tag);
            return self.first(1);
        }
        let bytes = Cow::Owned(rest.to_vec());
        edits.replace(token.span, vec![NewToken { kind: K::InlineHtml, bytes }], Rule::Tag);
        First { token: Some(token), html: Some(rest.to_vec()) }
    }

    fn shebang(&mut self, line: &[u8]) {
        if self.context.position == 0 {
            let bytes = Cow::Owned(line.to_vec());
            self.shebang = Some(NewToken { kind: K::InlineHtml, bytes });
            return;
        }
        let diagnostic =
            Diagnostic::warning("T-SHEBANG", "the `#!` line of this member is left out")
                .label(self.context.module.source, 0..line.len(), "")
                .help("only the first member's can start the bundle");
        self.diagnostics.push(diagnostic);
    }

    fn bom(&mut self, token: Token, edits: &mut Edits) -> First {
        let next = self.token(1).map(|token| token.kind);
        let goes = self.context.marks == ByteOrderMarks::Remove
            && token.span.len() == 3
            && next == Some(K::OpenTag);
        let message = if goes {
            "the byte order mark of this member is left out"
        } else {
            "this member prints a byte order mark"
        };
        let diagnostic = Diagnostic::warning("T-BOM", message)
            .label(self.context.module.source, 0..3, "")
            .help("save the file without a byte order mark");
        self.diagnostics.push(diagnostic);
        if goes {
            edits.remove(token.span, Rule::Tag);
        }
        self.first(usize::from(goes))
    }
}

/// From the bundle's PHP code into the member.
fn open(context: Context<'_>, first: First, edits: &mut Edits) {
    // What a member without more than a `#!` line opens stands at its end.
    let start = first.token.map_or(context.end(), |token| token.span.start);
    if context.is_wrapped && context.module.facts.namespaces.is_empty() {
        edits.insert(start, new_token(K::Namespace, b"namespace"), Rule::Namespace);
        edits.insert(start, new_token(K::OpenBrace, b"{"), Rule::Namespace);
    }
    shape::open_at_start(context, start, edits);
    let Some(token) = first.token else { return };
    match token.kind {
        K::OpenTag => edits.remove(token.span, Rule::Tag),
        K::InlineHtml | K::OpenTagWithEcho => {
            // `?>` would swallow the first line break of the HTML.
            let html = first.html.unwrap_or_default();
            let starts_line = matches!(html.first(), Some(b'\n' | b'\r'));
            let tag: &[u8] = if starts_line { b"?>\n" } else { b"?>" };
            edits.insert(start, new_token(K::CloseTag, tag), Rule::Tag);
        }
        _ => {}
    }
}

/// From the member back into the bundle's PHP code.
fn close(context: Context<'_>, edits: &mut Edits) {
    let Some(last) = context.last() else { return };
    match last.kind {
        K::InlineHtml if edits.replacement(last.span).is_some_and(<[_]>::is_empty) => {}
        K::InlineHtml => edits.insert(context.end(), new_token(K::OpenTag, b"<?php\n"), Rule::Tag),
        K::CloseTag if needs_semicolon(context, last) => {
            edits.replace(last.span, vec![new_token(K::Semicolon, b";")], Rule::Tag);
        }
        K::CloseTag => edits.remove(last.span, Rule::Tag),
        _ => {}
    }
}

/// Whether the last `?>` ends a statement. A `;` too many is harmless but after
/// a namespace's block.
fn needs_semicolon(context: Context<'_>, last: Token) -> bool {
    let mut tokens = context.module.significant().rev().skip(1);
    let Some(before) = tokens.next() else { return false };
    let facts = &context.module.facts;
    let ends_namespace = facts.namespaces.iter().any(|namespace| match namespace.terminator {
        Some(terminator) => context.is_wrapped && terminator == last.span,
        None => namespace.span.end == before.span.end,
    });
    let ends_at = |span: Span| span.end == last.span.end;
    let ends_declare = facts.declares.iter().any(|declare| ends_at(declare.span));
    let is_ended = matches!(before.kind, K::Semicolon | K::OpenTag);
    !ends_namespace && !ends_declare && !is_ended
}
