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
    let mut actual =
        tilde_lexer::tokens(output, recipe.lexer).filter(|(token, _)| counts(token.kind));
    let mut mismatch: Option<Option<(SourceId, Token)>> = None;
    plan.visit(scan, |item| {
        if let Item::Token(kind, bytes, place) = item
            && counts(kind)
            && mismatch.is_none()
        {
            let found = actual.next().map(|(token, bytes)| (token.kind, bytes));
            if found != Some((kind, bytes)) {
                mismatch = Some(place);
            }
        }
    });
    if mismatch.is_none() && actual.next().is_some() {
        mismatch = Some(None);
    }
    mismatch.map(|place| diagnostic(place, recipe.style))
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
