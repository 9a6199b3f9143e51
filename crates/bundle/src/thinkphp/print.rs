//! Plans to bytes: compile each file, join, edit, strip.
//!
//! Most parts of a cache are code that stands for itself: whatever comes before
//! and after, it has the same tokens. Such parts are stripped and compared with
//! their sources side by side. A newcomer would do so with all parts; a comment
//! at the end of a file, or a heredoc without its `;`, reaches into the next
//! one, and then the cache is made in one piece, as ThinkPHP makes all of them.

use rayon::prelude::*;
use tilde_lexer::{Options, TokenKind};

use crate::source::SourceId;
use crate::strip::{Docs, StripOptions, Style, strip};
use crate::thinkphp::code;
use crate::thinkphp::diagnose::{Member, diagnose};
use crate::thinkphp::library::Library;
use crate::thinkphp::plan::{BlocksHere, Edit, GUARD, Part, Plan};
use crate::thinkphp::proof::{self, Difference};
use crate::token::{Token, lex, lex_into};

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
    let text = &library.get(source).text;
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

fn in_pieces(plan: &Plan, library: &Library<'_>, options: Options) -> Option<Printed> {
    let style = plan.style?;
    if plan.edit == Edit::CutLookup || plan.head.as_bytes() != TAG {
        return None;
    }
    let tail = Part::Text(plan.tail.clone());
    let pieces: Option<Vec<Piece>> = plan
        .parts
        .par_iter()
        .chain(rayon::iter::once(&tail))
        .map(|part| {
            let is_last = std::ptr::eq(part, &raw const tail);
            piece(part, is_last, plan, style, library, options)
        })
        .collect();
    let pieces = pieces?;
    let mut bytes = TAG.to_vec();
    bytes.reserve(pieces.iter().map(|piece| piece.bytes.len()).sum());
    let mut is_after_blank = false;
    for piece in &pieces {
        let is_twice = is_after_blank && piece.begins_with_blank;
        bytes.extend_from_slice(&piece.bytes[usize::from(is_twice)..]);
        is_after_blank = piece.ends_with_blank.unwrap_or(is_after_blank);
    }
    let difference = pieces.into_iter().find_map(|piece| piece.difference);
    Some(Printed { bytes, difference })
}

fn piece(
    part: &Part,
    is_last: bool,
    plan: &Plan,
    style: Style,
    library: &Library<'_>,
    options: Options,
) -> Option<Piece> {
    let text = match part {
        Part::Text(text) => text.clone(),
        Part::File { source, blocks: BlocksHere::AfterStripping }
            if plan.edit == Edit::None && library.piece(*source).is_some() =>
        {
            return library.piece(*source).cloned();
        }
        Part::File { source, blocks } => compiled(*source, *blocks, library, options),
        Part::Cache(_) => return None,
    };
    let text = if plan.edit == Edit::Unguard { unguarded(&text) } else { text };
    let code = [TAG, &text].concat();
    let tokens = lex(&code, options);
    let look = Look::at(&code, &tokens);
    if !is_last && !look.stands_for_itself {
        return None;
    }
    let (bytes, difference) = if look.is_stripped {
        let is_same = match part {
            // What the framework makes is what it should be, if it stays as it is.
            Part::Text(_) => true,
            Part::File { source, blocks: BlocksHere::AfterStripping } => {
                let source_text = &library.get(*source).text;
                proof::is_plainly_same(source_text, library.tokens(*source), &code, &tokens)
            }
            Part::File { .. } | Part::Cache(_) => false,
        };
        let output = tokens.iter().map(|token| (token.kind, token.bytes(&code)));
        let compare = || proof::of_part(part, plan, output, library, options);
        (text, if is_same { None } else { compare() })
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

/// Room for the work on one file after the other.
#[derive(Default)]
pub(crate) struct Room {
    stripped: Vec<u8>,
    code: Vec<u8>,
    output: Vec<Token>,
}

/// The code of a file of 3.2 about which there is nothing to say: it stands for
/// itself, has the tokens of its source, and no bug of the format touches it.
/// Such a file is done as soon as it is read.
pub(crate) fn clean_piece(
    text: &[u8],
    tokens: &[Token],
    options: Options,
    room: &mut Room,
) -> Option<Piece> {
    let member = Member {
        id: SourceId(0),
        text,
        tokens,
        is_same: true,
        blocks: BlocksHere::AfterStripping,
        style: Some(Style::ThinkPhp22),
        is_before_newline: &|| false,
        options,
    };
    if !diagnose(&member).is_empty() {
        return None;
    }
    let Room { stripped, code, output } = room;
    code.clear();
    code.extend_from_slice(TAG);
    code::compile_in_namespace_onto(text, tokens, options, stripped, code);
    lex_into(code, options, output);
    let look = Look::at(code, output);
    let is_clean = look.is_stripped
        && look.stands_for_itself
        && proof::is_plainly_same(text, tokens, code, output);
    is_clean.then(|| Piece {
        bytes: code[TAG.len()..].to_vec(),
        begins_with_blank: look.begins_with_blank,
        ends_with_blank: look.ends_with_blank,
        difference: None,
    })
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
    fn at(code: &[u8], tokens: &[Token]) -> Self {
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
        look.stands_for_itself &= ends_alone && !waits_for_semicolon;
        look
    }
}
