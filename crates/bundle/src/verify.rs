//! The proof: a part's tokens are its member's tokens with the edits.
//!
//! It lexes the finished bytes and trusts nothing that printing did. It also
//! looks at how a part ends: outside of strings, after a blank, so that whatever
//! comes next changes nothing. A difference is a bug of tilde and never the
//! user's, but in the styles that may change code.

use tilde_lexer::{Lexer, TokenKind, Version};
use tilde_syntax::{Arena, parse};

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
    let has_docs = has_docs(recipe);
    let new_trace = || Trace::new(printed, TAG.len(), text);
    let mut trace = recipe.has_map.then(new_trace);
    let mut lexed = Lexed::new(printed, recipe, has_docs);
    let mut is_same = lexed.actual.takes(TokenKind::OpenTag, TAG);
    let mut place = None;
    visit(module, text, edits, |item| {
        let (kind, bytes) = match &item {
            Item::Kept(token, bytes) => (token.kind, *bytes),
            Item::New(token, _) => (token.kind, &*token.bytes),
            Item::Edited { .. } => return,
        };
        if !is_same || !is_significant(kind, has_docs) {
            return;
        }
        is_same = lexed.actual.takes(kind, bytes);
        if let Item::Kept(token, _) = item {
            place = Some(token.span);
        }
        if let Some(trace) = trace.as_mut().filter(|_| is_same) {
            note(trace, &item, lexed.end() - bytes.len());
        }
    });
    let is_same = is_same && disagreement(printed, recipe.oldest(), recipe.lexer).is_none();
    if is_same && lexed.is_closed(recipe.style) {
        return (grammar(printed, module, edits, recipe), trace.map(Trace::finish));
    }
    let diagnostic = difference(recipe.style);
    let diagnostic = match place.filter(|_| !is_same) {
        Some(span) => diagnostic.label(module.source, range(span), "first difference"),
        None => diagnostic.label(module.source, 0..0, ""),
    };
    (Some(diagnostic), None)
}

/// Where a token of the output came from, which starts there.
fn note(trace: &mut Trace<'_>, item: &Item<'_>, start: usize) {
    match item {
        Item::Kept(token, bytes) => trace.kept(start, token.span.start as usize, bytes.len()),
        // Where a rule puts HTML, it is the end of what stood there.
        Item::New(token, at) if token.kind == TokenKind::InlineHtml && !at.is_empty() => {
            trace.kept(start, at.end as usize - token.bytes.len(), token.bytes.len());
        }
        Item::New(_, at) if !at.is_empty() => trace.replaced(start, at.start as usize),
        Item::New(..) => trace.own(start),
        Item::Edited { .. } => {}
    }
}

/// Whether a part is still what PHP's parser accepts, where statements were
/// changed.
fn grammar(printed: &[u8], module: &Module, edits: &Edits, recipe: &Recipe) -> Option<Diagnostic> {
    let changes = |rule| {
        matches!(rule, Rule::Return | Rule::Include | Rule::Label | Rule::Shape | Rule::Guard)
    };
    if !edits.rules().any(changes) {
        return None;
    }
    let error = parse(printed, recipe.lexer, &Arena::new()).err()?;
    let message = format!("this file cannot be part of a bundle as it is: {error}");
    let diagnostic = Diagnostic::error("T-RETURN", message).label(module.source, 0..0, "");
    Some(diagnostic.help("leave the file out of the bundle and require it, and please report it"))
}

/// Compares code of the bundle's own with its tokens.
pub(crate) fn generated(
    printed: &[u8],
    tokens: &[NewToken],
    recipe: &Recipe,
) -> Option<Diagnostic> {
    let mut lexed = Lexed::new(printed, recipe, false);
    let mut tokens = tokens.iter().filter(|token| !token.kind.is_trivia());
    let is_same = tokens.all(|token| lexed.actual.takes(token.kind, &token.bytes));
    (!is_same || !lexed.is_closed(recipe.style)).then(|| difference(recipe.style))
}

/// Finished bytes, lexed as they are compared.
struct Lexed<'out> {
    actual: Actual<'out, Significant<'out>>,
    len: usize,
}

/// The significant tokens of finished bytes, and what came last of all tokens.
struct Significant<'out> {
    lexer: Lexer<'out>,
    rest: &'out [u8],
    has_docs: bool,
    drops_bad_characters: bool,
    last: Option<TokenKind>,
    waits_for_semicolon: bool,
}

impl<'out> Iterator for Significant<'out> {
    type Item = (TokenKind, &'out [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let token = self.lexer.next()?;
            let (bytes, rest) = self.rest.split_at(token.len as usize);
            self.rest = rest;
            let kind = self.parsed(token.kind);
            self.last = Some(kind);
            if is_significant(kind, self.has_docs) {
                self.note(kind);
                return Some((kind, bytes));
            }
        }
    }
}

impl Significant<'_> {
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

impl<'out> Lexed<'out> {
    fn new(bytes: &'out [u8], recipe: &Recipe, has_docs: bool) -> Self {
        let lexer = Lexer::new(bytes, recipe.lexer);
        let (last, waits_for_semicolon) = (None, false);
        let drops_bad_characters = recipe.lexer.version < Version::V8_0;
        let tokens = Significant {
            lexer,
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

    /// Whether nothing is left, and nothing that comes next can change it.
    fn is_closed(&mut self, style: Style) -> bool {
        let is_at_end = self.actual.is_at_end();
        let tokens = &self.actual.tokens;
        let ends_apart = matches!(tokens.last, Some(TokenKind::Whitespace | TokenKind::OpenTag));
        // ThinkPHP 2.2 goes on to cut up to the next `;`.
        let cuts = style == Style::ThinkPhp22 && tokens.waits_for_semicolon;
        is_at_end && ends_apart && !tokens.lexer.is_in_string() && !cuts
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
            return self.html.is_none() && self.tokens.next() == Some((kind, bytes));
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
