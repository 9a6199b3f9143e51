//! Plans to bytes: compile each file, join, edit, strip.
//!
//! Most parts of a cache are code that stands for itself: whatever comes before
//! and after, it has the same tokens. Such parts are stripped and compared with
//! their sources side by side. A newcomer would do so with all parts; a comment
//! at the end of a file, or a heredoc without its `;`, reaches into the next
//! one, and then the cache is made in one piece, as ThinkPHP makes all of them.

use std::borrow::Cow;

use rayon::prelude::*;
use tilde_lexer::{Options, TokenKind};

use crate::code;
use crate::library::Library;
use crate::plan::{BlocksHere, Edit, GUARD, Part, Plan};
use crate::proof::{self, Difference};
use tilde_bundle::SourceId;
use tilde_bundle::token::{Token, lex_to_end};
use tilde_bundle::{Docs, StripOptions, Style, strip};

/// A cache, and where it is no longer the program that its sources are.
pub(crate) struct Printed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) difference: Option<Difference>,
}

/// All caches, in the order of their plans.
pub(crate) fn print(plans: &[Plan], library: &Library<'_>, options: Options) -> Vec<Printed> {
    let mut all: Vec<Printed> = Vec::new();
    for plan in plans {
        let printed: Vec<&[u8]> = all.iter().map(|printed| &*printed.bytes).collect();
        let one = in_pieces(plan, library, options);
        let one = one.unwrap_or_else(|| in_one_piece(plan, &printed, library, options));
        all.push(one);
    }
    all
}

// --- In one piece ---

fn in_one_piece(
    plan: &Plan,
    printed: &[&[u8]],
    library: &Library<'_>,
    options: Options,
) -> Printed {
    let text = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::File { source, blocks } => compiled(*source, *blocks, library, options),
        Part::Cache(plan) => printed[*plan].get(5..).unwrap_or_default().to_vec(),
    };
    let texts: Vec<Vec<u8>> = plan.parts.par_iter().map(text).collect();
    let mut joined = texts.concat();
    if plan.edit == Edit::CutLookup {
        joined = code::without_cache_lookup(&joined);
    }
    joined.extend_from_slice(&plan.tail);
    if plan.edit == Edit::Unguard {
        joined = unguarded(&joined);
    }
    joined.splice(..0, plan.head.bytes());
    let bytes = match plan.style {
        Some(style) => strip(&joined, &StripOptions { lexer: options, style, docs: Docs::Drop }),
        None => joined,
    };
    let difference = proof::of_cache(plan, printed, &bytes, library, options);
    Printed { bytes, difference }
}

fn compiled(
    source: SourceId,
    blocks: BlocksHere,
    library: &Library<'_>,
    options: Options,
) -> Vec<u8> {
    let text = library.text(source);
    match blocks {
        BlocksHere::Stay => code::compile(text, false),
        BlocksHere::Go => code::compile(text, true),
        BlocksHere::AfterStripping => {
            code::compile_in_namespace(text, library.tokens(source), options)
        }
    }
}

fn unguarded(joined: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(joined.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(joined, GUARD) {
        text.extend_from_slice(&joined[from..at]);
        text.push(b' ');
        from = at + GUARD.len();
    }
    text.extend_from_slice(&joined[from..]);
    text
}

// --- In pieces ---

/// What each piece is stripped behind.
const TAG: &[u8] = b"<?php ";

/// A part that stands for itself.
#[derive(Clone)]
pub(crate) struct Piece {
    bytes: Vec<u8>,
    /// Whether it begins with a blank that stands for white space.
    begins_with_blank: bool,
    /// Whether it ends with one; nothing where it has no code at all.
    ends_with_blank: Option<bool>,
    difference: Option<Difference>,
}

impl Piece {
    /// The code of a file of 3.2 about which there is nothing to say.
    pub(crate) fn clean(bytes: Vec<u8>) -> Self {
        let ends_with_blank = Some(false);
        Self { bytes, begins_with_blank: false, ends_with_blank, difference: None }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn in_pieces(plan: &Plan, library: &Library<'_>, options: Options) -> Option<Printed> {
    let style = plan.style?;
    if plan.edit == Edit::CutLookup || plan.head.as_bytes() != TAG {
        return None;
    }
    let tail = Part::Text(plan.tail.clone());
    let parts: Vec<&Part> = plan.parts.iter().chain([&tail]).collect();
    // Most parts are done already; threads are for the others.
    let mut pieces: Vec<Option<Cow<'_, Piece>>> =
        parts.iter().map(|part| done(part, plan, library).map(Cow::Borrowed)).collect();
    let missing = pieces.iter_mut().zip(&parts).filter(|(piece, _)| piece.is_none());
    missing.collect::<Vec<_>>().into_par_iter().for_each(|(piece, part)| {
        let is_last = std::ptr::eq(*part, &raw const tail);
        *piece = print_part(part, is_last, plan, style, library, options).map(Cow::Owned);
    });
    let pieces = pieces.into_iter().collect::<Option<Vec<_>>>()?;
    let mut bytes = TAG.to_vec();
    bytes.reserve(pieces.iter().map(|piece| piece.bytes.len()).sum());
    let mut is_after_blank = false;
    for piece in &pieces {
        let is_twice = is_after_blank && piece.begins_with_blank;
        bytes.extend_from_slice(&piece.bytes[usize::from(is_twice)..]);
        is_after_blank = piece.ends_with_blank.unwrap_or(is_after_blank);
    }
    let difference = pieces.iter().find_map(|piece| piece.difference.clone());
    Some(Printed { bytes, difference })
}

/// What a part is, if its file was done when it was read.
fn done<'l>(part: &Part, plan: &Plan, library: &'l Library<'_>) -> Option<&'l Piece> {
    match part {
        Part::File { source, blocks: BlocksHere::AfterStripping } if plan.edit == Edit::None => {
            library.piece(*source)
        }
        _ => None,
    }
}

fn print_part(
    part: &Part,
    is_last: bool,
    plan: &Plan,
    style: Style,
    library: &Library<'_>,
    options: Options,
) -> Option<Piece> {
    let text = match part {
        Part::Text(text) => text.clone(),
        Part::File { source, blocks } => compiled(*source, *blocks, library, options),
        Part::Cache(_) => return None,
    };
    let text = if plan.edit == Edit::Unguard { unguarded(&text) } else { text };
    let code = [TAG, &text].concat();
    let (tokens, is_in_string) = lex_to_end(&code, options);
    let look = Look::at(&code, &tokens, is_in_string);
    if !is_last && !look.stands_for_itself {
        return None;
    }
    let (bytes, difference) = if look.is_stripped {
        let output = tokens.iter().map(|token| (token.kind, token.bytes(&code)));
        let difference = proof::of_part(part, plan, output, library, options);
        (text, difference)
    } else {
        let stripped = strip(&code, &StripOptions { lexer: options, style, docs: Docs::Drop });
        let output = tilde_lexer::tokens(&stripped, options);
        let output = output.map(|(token, bytes)| (token.kind, bytes));
        let difference = proof::of_part(part, plan, output, library, options);
        (stripped[TAG.len()..].to_vec(), difference)
    };
    let Look { begins_with_blank, ends_with_blank, .. } = look;
    Some(Piece { bytes, begins_with_blank, ends_with_blank, difference })
}

/// What there is to know of code before it is stripped.
struct Look {
    /// Whether it has the same tokens whatever is put behind it: it ends with
    /// one that nothing lengthens, in PHP, and with no heredoc whose `;` is to
    /// come.
    stands_for_itself: bool,
    /// Whether stripping leaves it as it is.
    is_stripped: bool,
    begins_with_blank: bool,
    ends_with_blank: Option<bool>,
}

impl Look {
    /// The first token is the tag.
    fn at(code: &[u8], tokens: &[Token], is_in_string: bool) -> Self {
        let mut look = Self {
            stands_for_itself: true,
            is_stripped: true,
            begins_with_blank: false,
            ends_with_blank: None,
        };
        let mut waits_for_semicolon = false;
        for token in &tokens[1..] {
            let mut is_blank = false;
            match token.kind {
                TokenKind::Whitespace => {
                    is_blank = true;
                    look.is_stripped &= token.bytes(code) == b" ";
                }
                TokenKind::Comment | TokenKind::DocComment | TokenKind::Dropped => {
                    look.is_stripped = false;
                    continue;
                }
                TokenKind::StartHeredoc => look.is_stripped = false,
                TokenKind::EndHeredoc => waits_for_semicolon = true,
                TokenKind::Semicolon | TokenKind::CloseTag => waits_for_semicolon = false,
                TokenKind::HaltCompiler => look.stands_for_itself = false,
                _ => {}
            }
            if look.ends_with_blank.is_none() {
                look.begins_with_blank = is_blank;
            }
            look.ends_with_blank = Some(is_blank);
        }
        let ends_alone = matches!(
            tokens[tokens.len() - 1].kind,
            TokenKind::Semicolon
                | TokenKind::OpenBrace
                | TokenKind::CloseBrace
                | TokenKind::OpenTag
                | TokenKind::Whitespace
        );
        look.stands_for_itself &= ends_alone && !waits_for_semicolon && !is_in_string;
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_goes_on_in_the_next_part() {
        let stands_for_itself = |code: &str| {
            let code = [TAG, code.as_bytes()].concat();
            let (tokens, is_in_string) = lex_to_end(&code, Options::default());
            Look::at(&code, &tokens, is_in_string).stands_for_itself
        };
        for code in ["", "f();", "if (1) {", "f(\"$a[0] {$b['c']}\");", "<<<A\nA\n; "] {
            assert!(stands_for_itself(code), "{code}");
        }
        for code in [
            "f()",
            "\"$a[;",
            "f(\"$a[\";",
            "\"$a[}\";",
            "\"{$a;",
            "\"{$a . \"{$b;",
            "`${a}",
            "<<<A\nA\n ",
            "?>",
        ] {
            assert!(!stands_for_itself(code), "{code}");
        }
    }
}
