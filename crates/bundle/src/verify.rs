//! The proof: the output's tokens are the members' tokens with the edits.
//!
//! It lexes the finished bytes and trusts nothing that printing did. A
//! difference is a bug of tilde and never the user's.

use tilde_lexer::TokenKind;

use crate::Recipe;
use crate::diagnostic::Diagnostic;
use crate::link::{Item, Plan};
use crate::scan::Scan;
use crate::source::SourceId;
use crate::strip::{Docs, Style};
use crate::token::Token;

pub(crate) fn verify(
    output: &[u8],
    plan: &Plan,
    scan: &Scan,
    recipe: &Recipe,
) -> Option<Diagnostic> {
    let has_docs = match recipe.style {
        Style::Lines | Style::Tight => recipe.docs == Docs::Keep,
        Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => false,
    };
    let counts = |kind: TokenKind| match kind {
        TokenKind::DocComment => has_docs,
        _ => !kind.is_trivia(),
    };
    let tokens = tilde_lexer::tokens(output, recipe.lexer)
        .map(|(token, bytes)| (token.kind, bytes))
        .filter(|(kind, _)| counts(*kind));
    let mut actual = Actual::new(tokens);
    let mut mismatch: Option<Option<(SourceId, Token)>> = None;
    plan.visit(scan, |item| {
        if let Item::Token(kind, bytes, place) = item
            && counts(kind)
            && mismatch.is_none()
            && !actual.takes(kind, bytes)
        {
            mismatch = Some(place);
        }
    });
    if mismatch.is_none() && !actual.is_at_end() {
        mismatch = Some(None);
    }
    mismatch.map(|place| diagnostic(place, recipe.style))
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

fn diagnostic(place: Option<(SourceId, Token)>, style: Style) -> Diagnostic {
    let diagnostic = match style {
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
    };
    match place {
        Some((source, token)) => diagnostic.label(source, token.span(), "first difference"),
        None => diagnostic,
    }
}
