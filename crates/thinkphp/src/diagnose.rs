//! What ThinkPHP's way to compile does to a file.
//!
//! The bugs are kept, since the bytes are the framework's, and named here. Each
//! depends on the PHP: from 8.0 on a line break after `//` is no longer part of
//! the comment, so that less is glued.

use std::cell::OnceCell;

use tilde_lexer::{Options, TokenKind, Version};

use crate::code::{self, CLOSE, OPEN};
use crate::plan::{BlocksHere, GUARD};
use crate::proof::Tokens;
use tilde_bundle::Diagnostic;
use tilde_bundle::SourceId;
use tilde_bundle::Style;
use tilde_bundle::token::{Token, lex};

/// A compiled file, and what is around it.
pub(crate) struct Member<'m> {
    pub(crate) id: SourceId,
    pub(crate) text: &'m [u8],
    pub(crate) tokens: &'m [Token],
    /// Whether the cache is known to have the tokens of its sources.
    pub(crate) is_same: bool,
    pub(crate) blocks: BlocksHere,
    /// None where blanks and comments stay.
    pub(crate) style: Option<Style>,
    /// Whether the framework's guard is cut out wherever its bytes stand.
    pub(crate) is_unguarded: bool,
    /// Whether what follows in the cache begins with a line break.
    pub(crate) is_before_newline: &'m (dyn Fn() -> bool + Sync),
    pub(crate) options: Options,
}

const LOST: &str = "the compiled code is another; mend the file, or build with --safe";

const REFUSED: &str = "the compiled code is another; mend the file, or leave it out of the list that names it (--safe refuses it)";

/// All findings about a file, in no order.
pub(crate) fn diagnose(member: &Member<'_>) -> Vec<Diagnostic> {
    let mut findings = Findings { member, kept: OnceCell::new(), found: Vec::new() };
    findings.head();
    findings.end();
    findings.blanks();
    findings.markers();
    findings.magic();
    findings.returns();
    if member.blocks == BlocksHere::AfterStripping {
        findings.namespaces();
    }
    if member.style.is_some() {
        if !member.is_same {
            findings.glued();
            findings.guards();
        }
        findings.heredocs();
    }
    findings.found
}

struct Findings<'m> {
    member: &'m Member<'m>,
    /// What a cache should have of the file, for which few files have a use.
    kept: OnceCell<Tokens<'m>>,
    found: Vec<Diagnostic>,
}

impl<'m> Findings<'m> {
    fn text(&self) -> &'m [u8] {
        self.member.text
    }

    fn all(&self) -> &'m [Token] {
        self.member.tokens
    }

    fn kept(&self) -> Vec<Token> {
        let tokens = || Tokens::new(self.text(), self.all(), self.member.blocks);
        self.kept.get_or_init(tokens).kept().collect()
    }

    fn warn(&mut self, code: &'static str, span: std::ops::Range<usize>, message: String) {
        let diagnostic = Diagnostic::warning(code, message).label(self.member.id, span, "");
        self.found.push(diagnostic.help(LOST));
    }

    /// A warning of what --safe refuses.
    fn refuse(&mut self, code: &'static str, span: std::ops::Range<usize>, message: String) {
        let diagnostic = Diagnostic::warning(code, message).label(self.member.id, span, "");
        self.found.push(diagnostic.help(REFUSED));
    }

    fn note(
        &mut self,
        code: &'static str,
        span: std::ops::Range<usize>,
        message: String,
        help: &str,
    ) {
        let diagnostic = Diagnostic::note(code, message).label(self.member.id, span, "");
        self.found.push(diagnostic.help(help));
    }

    /// The five first bytes.
    fn head(&mut self) {
        let text = self.text();
        // 3.2 strips first, and trims nothing before.
        let start = match self.member.blocks {
            BlocksHere::AfterStripping => 0,
            BlocksHere::Stay | BlocksHere::Go => code::trimmed(text).start,
        };
        let head = &text[start..];
        let span = start..(start + 5).min(text.len());
        // It is a tag only with a blank after it: `<?php<?php ` begins with HTML, or
        // with a short tag.
        let has_word = head.get(..5).is_some_and(|head| head.eq_ignore_ascii_case(b"<?php"));
        let tag = self.token_at(start).filter(|token| token.kind == TokenKind::OpenTag);
        if head.is_empty() || has_word && tag.is_some_and(|tag| tag.span().len() >= 5) {
            return;
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            let message = "a byte order mark: it and `<?` are cut off, and `php` stays as code";
            self.warn("T-BOM", span, message.to_owned());
        } else if head.starts_with(b"<?") && (tag.is_some() || !has_word) {
            let message = "a short tag: three bytes of the code behind it are cut off";
            self.warn("T-SHORT-TAG", span, message.to_owned());
        } else {
            let message = "no `<?php` at the beginning: five bytes are cut off all the same, and the rest becomes code";
            self.warn("T-HEAD", span, message.to_owned());
        }
    }

    /// A tag at the end, which is one because of the blank after it.
    fn last_tag(&mut self) {
        let end = code::trimmed(self.text()).end;
        let code = self.all().get(1..).unwrap_or_default();
        let last = code.iter().rfind(|token| token.kind != TokenKind::Whitespace).copied();
        let is_cut = |tag: &Token| tag.kind == TokenKind::OpenTag && tag.span().end > end;
        let Some(tag) = last.filter(is_cut) else { return };
        // 3.2 puts a brace there.
        let is_joined = self.member.blocks == BlocksHere::AfterStripping;
        if is_joined || !(self.member.is_before_newline)() {
            let message = "the blank after this tag is cut off, so that it is none in the cache: the code that follows is printed";
            self.warn("T-HTML", tag.span(), message.to_owned());
        }
    }

    /// What the next file follows.
    fn end(&mut self) {
        let text = self.text();
        let end = code::trimmed(text).end;
        let body = &text[..end];
        let without_tag = body.strip_suffix(b"?>").unwrap_or(body).len();
        let last = without_tag.checked_sub(1).and_then(|offset| self.token_at(offset));
        self.open_end();
        self.last_tag();
        // PHP 5.2 knows no comment without text at the end of a file.
        let is_comment = |token: &Token| {
            let is_empty = matches!(token.bytes(text), b"//" | b"#");
            token.kind == TokenKind::Comment || (token.kind == TokenKind::Dropped && is_empty)
        };
        if let Some(last) = last
            && is_comment(&last)
            && !last.bytes(text).starts_with(b"/*")
            && self.member.blocks != BlocksHere::AfterStripping
            && !text[..without_tag].ends_with(b"\n")
            && !(self.member.is_before_newline)()
        {
            let message =
                "this comment ends the file, and swallows the code that follows in the cache";
            self.warn("T-COMMENT", last.span(), message.to_owned());
        }
        let is_end = |kind: TokenKind| {
            matches!(kind, TokenKind::Semicolon | TokenKind::OpenBrace | TokenKind::CloseBrace)
        };
        if self
            .all()
            .iter()
            .rfind(|token| !token.kind.is_trivia())
            .is_some_and(|last| is_end(last.kind))
        {
            return;
        }
        let Some(last) = self.kept().pop() else { return };
        if matches!(last.kind, TokenKind::InlineHtml | TokenKind::CloseTag) {
            let message =
                "the file ends outside of PHP: the code that follows in the cache is printed";
            self.warn("T-HTML", last.span(), message.to_owned());
        } else if without_tag < body.len() && !is_end(last.kind) && last.bytes(text) != b":" {
            let message = "`?>` ends the last statement here, and is cut off: the statement runs on into what follows";
            self.warn("T-CLOSE-TAG", last.span(), message.to_owned());
        }
    }

    /// What is open at the end and no mistake. A comment may never end;
    /// `php_strip_whitespace()` of 3.2 drops it before the files are joined.
    fn open_end(&mut self) {
        let text = self.text();
        let is_open = |token: &&Token| token.kind.is_trivia() && is_open_comment(token.bytes(text));
        // PHP 5.2 passes over a quote that has no other.
        if let Some(quote) = self.all().iter().find(|token| token.bytes(text) == b"'") {
            let message =
                "this quote has no other, and finds one in the code that follows in the cache";
            self.warn("T-UNTERM", quote.span(), message.to_owned());
        }
        let is_joined = self.member.blocks != BlocksHere::AfterStripping;
        if let Some(comment) = self.all().last().filter(|last| is_joined && is_open(last)) {
            let message =
                "this comment has no end, and swallows the code that follows in the cache";
            self.warn("T-UNTERM", comment.span(), message.to_owned());
        }
    }

    /// Blanks before and after the code, which are output, and trimmed.
    fn blanks(&mut self) {
        let text = self.text();
        let is_blank = |token: &&Token| {
            token.kind == TokenKind::InlineHtml && code::trim(token.bytes(text)).is_empty()
        };
        // 3.2 cuts five bytes at the beginning all the same: that is T-HEAD.
        let is_trimmed = self.member.blocks != BlocksHere::AfterStripping;
        let first = self.all().first().filter(|token| is_trimmed && is_blank(token));
        let last = self.all().get(1..).and_then(<[Token]>::last).filter(is_blank);
        for blank in first.into_iter().chain(last) {
            let message = "the file prints these blanks, and they are not in the cache";
            self.warn("T-BLANK", blank.span(), message.to_owned());
        }
        let end = code::trimmed(text).end;
        let is_bad =
            |token: &&Token| matches!(token.kind, TokenKind::BadCharacter | TokenKind::Dropped);
        // 3.2 cuts five bytes and trims the rest.
        let is_cut = self.member.blocks == BlocksHere::AfterStripping;
        let kept = self.kept();
        let start = kept.iter().find(|token| !is_bad(token)).filter(|_| is_cut);
        let start = start.map_or(0, |token| token.span().start);
        let is_trimmed = |span: std::ops::Range<usize>| span.start >= end || span.end <= start;
        let bad = self.all().iter().filter(is_bad).find(|token| is_trimmed(token.span()));
        if let Some(bad) = bad.filter(|_| !self.member.is_same) {
            let message = "PHP warns of this character, and it is not in the cache";
            self.warn("T-BLANK", bad.span(), message.to_owned());
        }
    }

    /// `//[RUNTIME]` and its end.
    fn markers(&mut self) {
        let text = self.text();
        if memchr::memmem::find(text, b"RUNTIME]").is_none() {
            return;
        }
        let positions = |marker: &'static [u8]| {
            memchr::memmem::find_iter(text, marker).map(move |at| (at, marker))
        };
        let mut markers: Vec<(usize, &[u8])> = positions(OPEN).chain(positions(CLOSE)).collect();
        markers.sort_unstable();
        match self.member.blocks {
            BlocksHere::Stay => {}
            BlocksHere::Go => self.markers_that_cut(&markers),
            BlocksHere::AfterStripping => self.markers_that_are_gone(&markers),
        }
        self.almost_markers();
    }

    fn markers_that_cut(&mut self, markers: &[(usize, &[u8])]) {
        let blocks = code::blocks(self.text());
        for &(at, marker) in markers {
            let span = at..at + marker.len();
            match blocks.iter().find(|block| block.contains(&at)) {
                None => {
                    let message = "a marker without the other: no block is removed here";
                    let help =
                        "the code stays, as in the source; pair `//[RUNTIME]` with `//[/RUNTIME]`";
                    self.note("T-MARKER", span, message.to_owned(), help);
                }
                Some(block) if block.start != at && block.end != span.end => {}
                Some(_) if !self.is_marker(at, marker) && self.cuts_token(at, marker.len()) => {
                    let message = "a marker that is no comment of its own: a part of this token is cut out with the block";
                    self.warn("T-MARKER", span, message.to_owned());
                }
                Some(block) if block.end == span.end && self.leaves_code(block) => {
                    let message =
                        "a marker inside a comment: what is left of the comment is no comment";
                    self.warn("T-MARKER", span, message.to_owned());
                }
                Some(_) => {}
            }
        }
    }

    /// 3.2 looks for them when comments are gone; those in strings are left.
    fn markers_that_are_gone(&mut self, markers: &[(usize, &[u8])]) {
        if let Some(&(at, marker)) = markers.iter().find(|(at, marker)| self.is_marker(*at, marker))
        {
            let message =
                "ThinkPHP 3.2 removes comments before it looks for blocks, so that this one stays";
            let help = "the compiled code means the same: the block runs from the cache as from the source";
            self.note("T-MARKER", at..at + marker.len(), message.to_owned(), help);
        }
        let in_code = markers.iter().filter(|(at, _)| !self.is_in_comment(*at));
        let in_code: Vec<_> = in_code.copied().collect();
        if let Some(&(at, marker)) = in_code.first()
            && marker == OPEN
            && in_code.iter().any(|(_, marker)| *marker == CLOSE)
        {
            let message =
                "a marker that is no comment: what stands between it and its end is cut out";
            self.warn("T-MARKER", at..at + marker.len(), message.to_owned());
        }
    }

    fn token_at(&self, offset: usize) -> Option<Token> {
        let all = self.all();
        let index = all.partition_point(|token| token.span().end <= offset);
        all.get(index).copied()
    }

    fn is_in_comment(&self, offset: usize) -> bool {
        let kind = self.token_at(offset).map(|token| token.kind);
        matches!(kind, Some(TokenKind::Comment | TokenKind::DocComment))
    }

    /// Whether the marker there is a comment of its own.
    fn is_marker(&self, at: usize, marker: &[u8]) -> bool {
        self.token_at(at).is_some_and(|token| {
            token.kind == TokenKind::Comment
                && token.span().start == at
                && token.bytes(self.text()).trim_ascii_end() == marker
        })
    }

    /// Whether a cut at this marker leaves a piece of a token that is no
    /// comment.
    fn cuts_token(&self, at: usize, len: usize) -> bool {
        self.token_at(at).is_some_and(|token| {
            let span = token.span();
            !token.kind.is_trivia() && (span.start < at || span.end > at + len)
        })
    }

    /// Whether the comments that a block begins and ends in are none any more
    /// without it.
    fn leaves_code(&self, block: &std::ops::Range<usize>) -> bool {
        let is_comment = |token: &Token| token.kind.is_trivia();
        let first = self.token_at(block.start).filter(is_comment);
        let last = self.token_at(block.end - 1).filter(is_comment);
        let before = first.map_or(block.start, |token| token.span().start);
        let after = last.map_or(block.end, |token| token.span().end);
        let text = self.text();
        let left = [b"<?php ", &text[before..block.start], &text[block.end..after]].concat();
        // A quote that PHP 5.2 skips at the end begins a string where more follows.
        let is_quote = |token: &Token| {
            token.kind == TokenKind::Dropped && matches!(token.bytes(&left)[0], b'\'' | b'"' | b'`')
        };
        lex(&left, self.member.options).iter().skip(1).any(|token| {
            !token.kind.is_trivia() || is_quote(token) || is_open_comment(token.bytes(&left))
        })
    }

    /// Comments that look like markers and are none.
    fn almost_markers(&mut self) {
        let text = self.text();
        for token in self.all().iter().filter(|token| token.kind == TokenKind::Comment) {
            let bytes = token.bytes(text);
            let squeezed: Vec<u8> = bytes
                .iter()
                .filter(|byte| !byte.is_ascii_whitespace())
                .map(u8::to_ascii_uppercase)
                .collect();
            let is_like = matches!(
                &*squeezed,
                b"//[RUNTIME]" | b"//[/RUNTIME]" | b"#[RUNTIME]" | b"#[/RUNTIME]"
            );
            let is_marker = memchr::memmem::find(bytes, OPEN).is_some()
                || memchr::memmem::find(bytes, CLOSE).is_some();
            if is_like && !is_marker {
                let message = "this looks like a marker, and ThinkPHP takes it for a comment";
                let help =
                    "the code stays, as in the source; write it without blanks and in capitals";
                self.note("T-MARKER", token.span(), message.to_owned(), help);
            }
        }
    }

    /// Code that knows in which file it is.
    fn magic(&mut self) {
        let is_magic = |kind: TokenKind| {
            matches!(kind, TokenKind::File | TokenKind::Dir | TokenKind::HaltCompiler)
        };
        if !self.all().iter().any(|token| is_magic(token.kind)) {
            return;
        }
        for token in self.kept() {
            match token.kind {
                TokenKind::File | TokenKind::Dir => {
                    let name = String::from_utf8_lossy(token.bytes(self.text()));
                    let message = format!("`{name}` is the cache's in the cache, not this file's");
                    self.refuse("T-MAGIC", token.span(), message);
                }
                TokenKind::HaltCompiler => {
                    let message = "`__halt_compiler` cuts off the rest of the cache".to_owned();
                    self.refuse("T-HALT", token.span(), message);
                }
                _ => {}
            }
        }
    }

    /// What ends a file, and now all that follows.
    fn returns(&mut self) {
        // Whether each open block is a body, and whether the next one is.
        let (mut blocks, mut is_body) = (Vec::new(), false);
        let mut before = TokenKind::OpenTag;
        for token in self.kept() {
            match token.kind {
                TokenKind::Function
                | TokenKind::Class
                | TokenKind::Interface
                | TokenKind::Trait
                    if before != TokenKind::DoubleColon =>
                {
                    is_body = true;
                }
                TokenKind::Semicolon => is_body = false,
                TokenKind::OpenBrace | TokenKind::CurlyOpen | TokenKind::DollarOpenCurlyBraces => {
                    blocks.push(std::mem::take(&mut is_body));
                }
                TokenKind::CloseBrace => {
                    blocks.pop();
                }
                TokenKind::Return if !blocks.contains(&true) => {
                    let message = "`return` ends the cache here, not only this file".to_owned();
                    self.refuse("T-RETURN", token.span(), message);
                }
                _ => {}
            }
            before = token.kind;
        }
    }

    /// 3.2 puts each file into braces.
    fn namespaces(&mut self) {
        let count = self.all().iter().filter(|token| token.kind == TokenKind::Namespace).count();
        let is_name = |kind: TokenKind| {
            matches!(kind, TokenKind::String | TokenKind::NameQualified | TokenKind::NsSeparator)
        };
        let mut kinds =
            self.all().iter().map(|token| token.kind).filter(|kind| !kind.is_trivia()).skip(1);
        let is_first = kinds.next() == Some(TokenKind::Namespace);
        // `namespace\ A;` is a constant.
        let is_named =
            kinds.next().is_some_and(|kind| is_name(kind) && kind != TokenKind::NsSeparator);
        let is_usual = is_first
            && is_named
            && kinds.find(|kind| !is_name(*kind)) == Some(TokenKind::Semicolon);
        if count == 1 && is_usual {
            return;
        }
        let kept = self.kept();
        let text = self.text();
        // The end of the declaration that begins at a token, if it is one.
        let end_of = |index: usize| {
            let mut end = index + 1;
            if kept.get(end)?.kind == TokenKind::NsSeparator {
                return None;
            }
            while kept.get(end).is_some_and(|token| is_name(token.kind)) {
                end += 1;
            }
            let kind = kept.get(end)?.kind;
            matches!(kind, TokenKind::Semicolon | TokenKind::OpenBrace).then_some(kind)
        };
        let declarations: Vec<(usize, TokenKind)> = kept
            .iter()
            .enumerate()
            .filter(|(_, token)| token.kind == TokenKind::Namespace)
            .filter_map(|(index, _)| Some((index, end_of(index)?)))
            .collect();
        let what = match *declarations {
            [] if kept.first().is_some_and(|token| token.kind == TokenKind::Declare) => Some((
                0,
                "a `declare` inside of the braces that ThinkPHP adds is no longer the first statement",
            )),
            [] => {
                let compiled = code::trim(text.get(5..).unwrap_or_default());
                let is_prefix =
                    !kept.is_empty() && compiled.get(..9).is_some_and(|word| word == b"namespace");
                is_prefix.then_some((0, "a file that begins with this word is taken for one with a namespace, and gets no brace"))
            }
            [(0, TokenKind::Semicolon)] => None,
            [(index, TokenKind::OpenBrace), ..] => Some((
                index,
                "a namespace with braces gets more of them: up to the first `;` ThinkPHP takes all for its name",
            )),
            [(0, _), (second, _), ..] => {
                Some((second, "only the first namespace of a file gets its braces"))
            }
            [(first, _), ..] => Some((
                first,
                "a namespace that is not the first statement ends up inside of another",
            )),
        };
        if let Some((index, message)) = what {
            self.warn("T-NAMESPACE", kept[index].span(), message.to_owned());
        }
    }

    /// Tokens that only a comment kept apart.
    fn glued(&mut self) {
        let text = self.text();
        let mut before: Option<Token> = None;
        let mut comment: Option<Token> = None;
        let mut has_blank = false;
        for &token in self.all() {
            match token.kind {
                TokenKind::Whitespace => has_blank = true,
                TokenKind::Comment | TokenKind::DocComment | TokenKind::Dropped => {
                    comment = comment.or(Some(token));
                }
                _ => {
                    if let (Some(before), Some(comment)) = (before, comment)
                        && !has_blank
                        && self.are_glued(before.bytes(text), token.bytes(text))
                    {
                        let (before, after) = (shown(before.bytes(text)), shown(token.bytes(text)));
                        let what = match comment.kind {
                            TokenKind::Dropped => "character, which this PHP skips,",
                            _ => "comment",
                        };
                        let message =
                            format!("without this {what} `{before}` and `{after}` become one");
                        self.warn("T-GLUE", comment.span(), message);
                    }
                    let is_code = !matches!(
                        token.kind,
                        TokenKind::OpenTag | TokenKind::CloseTag | TokenKind::InlineHtml
                    );
                    (before, comment, has_blank) = (is_code.then_some(token), None, false);
                }
            }
        }
    }

    /// Guards within other code, which are cut out all the same.
    fn guards(&mut self) {
        let text = self.text();
        let starts_token =
            |at: &usize| self.token_at(*at).is_some_and(|token| token.span().start == *at);
        let within = memchr::memmem::find_iter(text, GUARD).filter(|at| !starts_token(at));
        let within: Vec<usize> = within.filter(|_| self.member.is_unguarded).collect();
        for at in within {
            let message = "ThinkPHP cuts these bytes out, and what is around them becomes one";
            self.warn("T-GLUE", at..at + GUARD.len(), message.to_owned());
        }
    }

    fn are_glued(&self, before: &[u8], after: &[u8]) -> bool {
        let (Some(last), Some(first)) = (before.last(), after.first()) else { return false };
        let separates = |byte: &u8| b";,(){}[]".contains(byte);
        if separates(last) || separates(first) {
            return false;
        }
        let code = [b"<?php ", before, after].concat();
        let tokens = lex(&code, self.member.options);
        let mut spans = tokens.iter().skip(1).map(|token| token.bytes(&code));
        spans.next() != Some(before) || spans.next() != Some(after)
    }

    fn heredocs(&mut self) {
        let starts: Vec<usize> = self
            .all()
            .iter()
            .enumerate()
            .filter(|(_, token)| token.kind == TokenKind::StartHeredoc)
            .map(|(index, _)| index)
            .collect();
        for start in starts {
            match self.member.style {
                Some(Style::ThinkPhp20) => self.heredoc_of_20(start),
                _ => self.heredoc_of_22(start),
            }
        }
    }

    fn heredoc_of_20(&mut self, start: usize) {
        if self.member.options.version < Version::V7_3 {
            let message = "the line break behind the end of this heredoc becomes a blank: PHP before 7.3 refuses the cache";
            self.warn("T-HEREDOC-LABEL", self.all()[start].span(), message.to_owned());
        }
    }

    fn heredoc_of_22(&mut self, start: usize) {
        let (all, text) = (self.all(), self.text());
        let mut depth = 0;
        let Some(end) = (start..all.len()).find(|&index| {
            depth += match all[index].kind {
                TokenKind::StartHeredoc => 1,
                TokenKind::EndHeredoc => -1,
                _ => 0,
            };
            depth == 0
        }) else {
            return;
        };
        let opening = all[start].span();
        let body = &text[opening.end..all[end].span().start];
        if memchr::memchr(b'\'', &text[opening.clone()]).is_some() {
            if memchr::memchr2(b'$', b'\\', body).is_some() {
                let message =
                    "this nowdoc becomes a heredoc: PHP reads the variables and backslashes in it";
                self.warn("T-NOWDOC", opening.clone(), message.to_owned());
            } else {
                let message = "this nowdoc becomes a heredoc";
                let help =
                    "the compiled code means the same: nothing in it is a variable or an escape";
                self.note("T-NOWDOC", opening.clone(), message.to_owned(), help);
            }
        }
        if matches!(all[end].bytes(text).first(), Some(b' ' | b'\t')) {
            let message = "the end of this heredoc is indented: its label is replaced, and the text keeps the indentation";
            self.warn("T-HEREDOC-INDENT", all[end].span(), message.to_owned());
        }
        if let Some(line) = think_line(body, self.member.options.version) {
            let at = opening.end + line;
            let message = "this line is the label that ThinkPHP gives every heredoc, and ends it";
            self.warn("T-HEREDOC-THINK", at..at + 5, message.to_owned());
        }
        self.heredoc_tail(end);
    }

    /// What stands between the label and the next `;` is lost, unless the code
    /// ends before: then it stays, after a `;` of ThinkPHP's.
    fn heredoc_tail(&mut self, end: usize) {
        let all = self.all();
        let is_end = |kind: TokenKind| matches!(kind, TokenKind::Semicolon | TokenKind::CloseTag);
        let semicolon = (end + 1..all.len()).find(|&index| is_end(all[index].kind));
        let last = semicolon.unwrap_or(all.len());
        let is_cut = all.get(last).is_none_or(|token| token.kind != TokenKind::CloseTag);
        let tail = all[end + 1..last].iter().filter(|token| !token.kind.is_trivia());
        let spans: Vec<_> = tail.map(Token::span).collect();
        if let [first, ..] = &*spans {
            let span = first.start..spans[spans.len() - 1].end;
            let message = if is_cut {
                "all between the end of a heredoc and the next `;` is lost"
            } else {
                "ThinkPHP ends the statement at the end of a heredoc, before this code"
            };
            self.warn("T-HEREDOC-TAIL", span, message.to_owned());
        }
    }
}

fn is_open_comment(bytes: &[u8]) -> bool {
    bytes.starts_with(b"/*") && !(bytes.len() >= 4 && bytes.ends_with(b"*/"))
}

/// Where a body has a line that ends a heredoc called THINK.
fn think_line(body: &[u8], version: Version) -> Option<usize> {
    let word = b"THINK";
    memchr::memmem::find_iter(body, word).find(|&at| {
        let line = memchr::memrchr2(b'\n', b'\r', &body[..at]).map_or(0, |end| end + 1);
        let before = &body[line..at];
        let is_first = before.is_empty()
            || (version >= Version::V7_3 && before.iter().all(|byte| matches!(byte, b' ' | b'\t')));
        let rest = &body[at + word.len()..];
        let ends = match rest.first() {
            Some(byte) if version >= Version::V7_3 => {
                !(byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
            }
            Some(byte) => {
                let rest = rest.strip_prefix(b";").unwrap_or(rest);
                matches!(rest.first(), Some(b'\n' | b'\r')) || matches!(byte, b'\n' | b'\r')
            }
            None => true,
        };
        is_first && ends
    })
}

fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match text.char_indices().nth(20) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}
