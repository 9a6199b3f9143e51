//! The proof: a part's tokens are its member's tokens with the edits.
//!
//! It lexes the finished bytes and trusts nothing that printing did. It also
//! looks at how a part ends: outside of strings, after a blank, so that whatever
//! comes next changes nothing. A difference is a bug of tilde and never the
//! user's, but in the styles that may change code.

use tilde_lexer::{Lexer, TokenKind, Version};
use tilde_syntax::{Arena, Span, SyntaxError, Token, parse};

use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::edit::{Edits, Item, NewToken, Rule, visit};
use crate::link::has_docs;
use crate::map::{PartMap, Trace};
use crate::module::{Module, is_significant, range};
use crate::print::TAG;
use crate::range::disagreement;
use crate::style::Style;

/// Compares a printed part with its member. Also notes where each token came from,
/// if the recipe asks for a map.
pub(crate) fn part(
    printed: &[u8],
    module: &Module,
    text: &[u8],
    edits: &Edits,
    recipe: &Recipe,
) -> (Option<Diagnostic>, Option<PartMap>) {
    let arena = Arena::new();
    let tree = changes_statements(edits).then(|| parse(printed, recipe.lexer, &arena));
    let mut proof = Proof::new(printed, module, text, edits, recipe);
    // They are kept where an older PHP must read the same.
    let mut tokens: Vec<(TokenKind, u32)> = Vec::new();
    let has_older = recipe.oldest != recipe.lexer.version;
    let is_closed = if let Some(Ok(tree)) = &tree {
        let all = || tree.tokens().map(|token| (token.kind, token.span.len()));
        tokens.extend(all().filter(|_| has_older));
        proof.compare(all())
    } else {
        let mut lexer = Lexer::new(printed, recipe.lexer);
        let all = lexer.by_ref().map(|token| (token.kind, token.len));
        let is_same = if has_older {
            tokens.extend(all);
            proof.compare(tokens.iter().copied())
        } else {
            proof.compare(all)
        };
        is_same && !lexer.is_in_string()
    };
    let reads_otherwise =
        || disagreement(printed, recipe.oldest(), recipe.lexer, tokens.into_iter());
    let is_same = proof.is_same && !(has_older && reads_otherwise().is_some());
    if is_same && is_closed {
        debug_assert!(tree.is_some() || parse(printed, recipe.lexer, &arena).is_ok(), "{edits:?}");
        let error = tree.and_then(Result::err);
        return (error.map(|it| grammar(&it, module)), proof.trace.map(Trace::finish));
    }
    let diagnostic = difference(recipe.style);
    let diagnostic = match proof.place.filter(|_| !is_same) {
        Some(span) => diagnostic.label(module.source, range(span), "first difference"),
        None => diagnostic.label(module.source, 0..0, ""),
    };
    (Some(diagnostic), None)
}

/// Where a token that a rule put into the output came from, which starts there.
fn note(trace: &mut Trace<'_>, token: &NewToken, at: Span, start: usize) {
    if at.is_empty() {
        trace.own(start);
    } else if token.kind == TokenKind::InlineHtml {
        // Where a rule puts HTML, it is the end of what stood there.
        trace.kept(start, at.end as usize - token.bytes.len(), token.bytes.len());
    } else {
        trace.replaced(start, at.start as usize);
    }
}

/// Whether statements were changed, so that a part may no longer be what PHP's parser
/// accepts. A block around a whole statement is as good a statement.
fn changes_statements(edits: &Edits) -> bool {
    let changes = |rule| {
        matches!(rule, Rule::Return | Rule::Include | Rule::Label | Rule::Shape | Rule::State)
    };
    edits.rules().any(changes)
}

/// A part that PHP's parser does not accept.
fn grammar(error: &SyntaxError, module: &Module) -> Diagnostic {
    let message = format!("this file cannot be part of a bundle as it is: {error}");
    let diagnostic = Diagnostic::error("T-RETURN", message).label(module.source, 0..0, "");
    diagnostic.help("leave the file out of the bundle and require it, and please report it")
}

/// The comparison of a part with its member.
struct Proof<'a> {
    printed: &'a [u8],
    module: &'a Module,
    text: &'a [u8],
    edits: &'a Edits,
    recipe: &'a Recipe,
    /// Whether all tokens so far were the same.
    is_same: bool,
    /// The last token of the member that was compared.
    place: Option<Span>,
    trace: Option<Trace<'a>>,
}

impl<'a> Proof<'a> {
    fn new(
        printed: &'a [u8],
        module: &'a Module,
        text: &'a [u8],
        edits: &'a Edits,
        recipe: &'a Recipe,
    ) -> Self {
        let new_trace = || Trace::new(printed, TAG.len(), text);
        let trace = recipe.has_map.then(new_trace);
        Self { printed, module, text, edits, recipe, is_same: true, place: None, trace }
    }

    /// Compares all tokens of the part, each with its length. Returns whether nothing is
    /// left and nothing that comes next can change it, unless the part ends in a string.
    fn compare(&mut self, tokens: impl Iterator<Item = (TokenKind, u32)>) -> bool {
        let has_docs = has_docs(self.recipe);
        let mut lexed = Lexed::new(self.printed, tokens, self.recipe, has_docs);
        self.is_same = lexed.actual.takes(TokenKind::OpenTag, TAG);
        visit(self.module, self.text, self.edits, |item| match item {
            Item::Kept(tokens) => {
                let tokens = self.module.tokens.slice(tokens);
                tokens
                    .filter(|token| is_significant(token.kind, has_docs))
                    .take_while(|token| self.kept(&mut lexed, *token))
                    .for_each(drop);
            }
            Item::New(token, at) if self.is_same && is_significant(token.kind, has_docs) => {
                self.is_same = lexed.actual.takes(token.kind, &token.bytes);
                if let Some(trace) = self.trace.as_mut().filter(|_| self.is_same) {
                    note(trace, token, at, lexed.end() - token.bytes.len());
                }
            }
            Item::New(..) | Item::Edited { .. } => {}
        });
        lexed.is_closed(self.recipe.style)
    }

    /// Compares a token of the member.
    #[inline]
    fn kept<Tokens>(&mut self, lexed: &mut Lexed<'_, Tokens>, token: Token) -> bool
    where
        Tokens: Iterator<Item = (TokenKind, u32)>,
    {
        if !self.is_same {
            return false;
        }
        let bytes = token.span.of(self.text);
        self.is_same = lexed.actual.takes(token.kind, bytes);
        self.place = Some(token.span);
        if let Some(trace) = self.trace.as_mut().filter(|_| self.is_same) {
            trace.kept(lexed.end() - bytes.len(), token.span.start as usize, bytes.len());
        }
        self.is_same
    }
}

/// Compares code of the bundle's own with its tokens.
pub(crate) fn generated(
    printed: &[u8],
    tokens: &[NewToken],
    recipe: &Recipe,
) -> Option<Diagnostic> {
    let mut lexer = Lexer::new(printed, recipe.lexer);
    let actual = lexer.by_ref().map(|token| (token.kind, token.len));
    let mut comparison = Lexed::new(printed, actual, recipe, false);
    let mut tokens = tokens.iter().filter(|token| !token.kind.is_trivia());
    let is_same = tokens.all(|token| comparison.actual.takes(token.kind, &token.bytes));
    let is_closed = comparison.is_closed(recipe.style) && !lexer.is_in_string();
    (!is_same || !is_closed).then(|| difference(recipe.style))
}

/// Finished bytes, whose tokens are compared.
struct Lexed<'out, Tokens> {
    actual: Actual<'out, Significant<'out, Tokens>>,
    len: usize,
}

/// The significant tokens of finished bytes, and what came last of all tokens.
struct Significant<'out, Tokens> {
    tokens: Tokens,
    rest: &'out [u8],
    has_docs: bool,
    drops_bad_characters: bool,
    last: Option<TokenKind>,
    waits_for_semicolon: bool,
}

impl<'out, Tokens> Iterator for Significant<'out, Tokens>
where
    Tokens: Iterator<Item = (TokenKind, u32)>,
{
    type Item = (TokenKind, &'out [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (kind, len) = self.tokens.next()?;
            let (bytes, rest) = self.rest.split_at(len as usize);
            self.rest = rest;
            let kind = self.parsed(kind);
            self.last = Some(kind);
            if is_significant(kind, self.has_docs) {
                self.note(kind);
                return Some((kind, bytes));
            }
        }
    }
}

impl<Tokens> Significant<'_, Tokens> {
    /// What PHP's parser makes of a token: up to 7.4 it drops bad characters.
    fn parsed(&self, kind: TokenKind) -> TokenKind {
        match kind {
            TokenKind::BadCharacter if self.drops_bad_characters => TokenKind::Dropped,
            kind => kind,
        }
    }

    fn note(&mut self, kind: TokenKind) {
        match kind {
            TokenKind::EndHeredoc => self.waits_for_semicolon = true,
            TokenKind::Semicolon | TokenKind::CloseTag => self.waits_for_semicolon = false,
            _ => {}
        }
    }
}

impl<'out, Tokens: Iterator<Item = (TokenKind, u32)>> Lexed<'out, Tokens> {
    fn new(bytes: &'out [u8], tokens: Tokens, recipe: &Recipe, has_docs: bool) -> Self {
        let (last, waits_for_semicolon) = (None, false);
        let drops_bad_characters = recipe.lexer.version < Version::V8_0;
        let tokens = Significant {
            tokens,
            rest: bytes,
            has_docs,
            drops_bad_characters,
            last,
            waits_for_semicolon,
        };
        Self { actual: Actual::new(tokens), len: bytes.len() }
    }

    /// Where the last token that was compared ends.
    fn end(&self) -> usize {
        let rest = self.actual.html.map_or(0, <[u8]>::len);
        self.len - self.actual.tokens.rest.len() - rest
    }

    /// Whether nothing is left, and nothing that comes next can change it, unless that
    /// is in a string.
    fn is_closed(&mut self, style: Style) -> bool {
        let is_at_end = self.actual.is_at_end();
        let tokens = &self.actual.tokens;
        let ends_apart = matches!(tokens.last, Some(TokenKind::Whitespace | TokenKind::OpenTag));
        // ThinkPHP 2.2 goes on to cut up to the next `;`.
        let cuts = style == Style::ThinkPhp22 && tokens.waits_for_semicolon;
        is_at_end && ends_apart && !cuts
    }
}

/// The output's tokens that are still to be compared.
pub struct Actual<'out, Tokens> {
    tokens: Tokens,
    /// What is left of a piece of HTML.
    html: Option<&'out [u8]>,
}

impl<'out, Tokens: Iterator<Item = (TokenKind, &'out [u8])>> Actual<'out, Tokens> {
    /// From the tokens of an output.
    pub fn new(tokens: Tokens) -> Self {
        Self { tokens, html: None }
    }

    /// Passes over the tag that a text begins with.
    pub fn skip_open_tag(&mut self) {
        self.tokens.next();
    }

    /// Whether the next token is this one. Where PHP 5.2 cuts HTML in pieces
    /// depends on what is around it, so that HTML counts as bytes.
    pub fn takes(&mut self, kind: TokenKind, mut bytes: &[u8]) -> bool {
        if kind != TokenKind::InlineHtml {
            let is_next = |next: (TokenKind, &[u8])| next.0 == kind && is_equal(next.1, bytes);
            return self.html.is_none() && self.tokens.next().is_some_and(is_next);
        }
        while !bytes.is_empty() {
            let Some(html) = self.html.take().or_else(|| self.next_html()) else { return false };
            let len = html.len().min(bytes.len());
            if html[..len] != bytes[..len] {
                return false;
            }
            bytes = &bytes[len..];
            self.html = Some(&html[len..]).filter(|rest| !rest.is_empty());
        }
        true
    }

    fn next_html(&mut self) -> Option<&'out [u8]> {
        let next = self.tokens.next().filter(|(kind, _)| *kind == TokenKind::InlineHtml);
        next.map(|(_, bytes)| bytes)
    }

    /// Whether nothing is left.
    pub fn is_at_end(&mut self) -> bool {
        self.html.is_none() && self.tokens.next().is_none()
    }
}

/// Whether they are equal: most tokens are one byte, for which a call takes too long.
#[inline]
fn is_equal(first: &[u8], second: &[u8]) -> bool {
    match (first, second) {
        ([first], [second]) => first == second,
        _ => first == second,
    }
}

fn difference(style: Style) -> Diagnostic {
    match style {
        Style::Lines | Style::Tight => Diagnostic::error(
            "T-VERIFY",
            "the bundle's tokens are not those of its members; this is a bug in tilde",
        )
        .help("please report it with the file at this place"),
        Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => Diagnostic::error(
            "T-STYLE",
            format!("the style `{style}` changes what the code means here"),
        )
        .help("use the style `lines` or `tight`"),
    }
}
