//! Changes to the tokens of a member, each with the rule that asks for it.
//!
//! Edits are ranges of bytes that begin and end where tokens do, sorted and
//! disjoint; an empty range inserts. Whatever is not in an edit stays as it is:
//! the proof repeats the edits and accepts nothing else.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use tilde_lexer::{Options, TokenKind};
use tilde_syntax::{Span, Tokens};

use crate::module::{Module, range};

/// A token that no member holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NewToken {
    pub(crate) kind: TokenKind,
    pub(crate) bytes: Cow<'static, [u8]>,
}

/// A token of the program text.
pub(crate) const fn new_token(kind: TokenKind, bytes: &'static [u8]) -> NewToken {
    NewToken { kind, bytes: Cow::Borrowed(bytes) }
}

/// The tokens of a piece of PHP code that no member holds. A line break in it is
/// one of the bundle's, where the style keeps any.
pub(crate) fn new_tokens(code: &[u8], options: Options) -> Vec<NewToken> {
    let text = [b"<?php ", code].concat();
    let tokens = Tokens::lex(&text, options);
    let code = tokens.iter().skip(1).map(|token| (token.kind, token.span.of(&text)));
    let stays = |(kind, bytes): &(TokenKind, &[u8])| !kind.is_trivia() || bytes.contains(&b'\n');
    code.filter(stays)
        .map(|(kind, bytes)| NewToken { kind, bytes: Cow::Owned(bytes.to_vec()) })
        .collect()
}

/// Text in single quotes.
pub(crate) fn quoted(text: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'\''];
    for &byte in text {
        if matches!(byte, b'\'' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(byte);
    }
    quoted.push(b'\'');
    quoted
}

/// Why a member is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Between HTML and PHP, where a member begins and ends, and in tags that
    /// need a blank.
    Tag,
    /// A namespace gets a block of its own.
    Namespace,
    /// The code of a member becomes a function, or its declarations come first.
    Shape,
    /// A declaration stands in a block, so that it is there from its place on.
    Guard,
    /// `declare(strict_types)` moves to the head of the bundle.
    Strict,
    /// `__LINE__`, `__FILE__` and `__DIR__` become what they were.
    Magic,
    /// An `include` of a member becomes a call, or `true` if it has run for sure.
    Include,
    /// A `return` becomes a jump to the end of its part.
    Return,
    /// A `try` begins with an `echo` of nothing.
    Try,
    /// A label that another member has too gets another name.
    Label,
    /// A `//[RUNTIME]` block is left out.
    Runtime,
    /// A doc comment is kept from a declaration that is not its own.
    Doc,
    /// `static` variables of a function can be put back.
    State,
}

impl Rule {
    /// All of them, in their order.
    pub(crate) const ALL: [Self; 13] = [
        Self::Tag,
        Self::Namespace,
        Self::Shape,
        Self::Guard,
        Self::Strict,
        Self::Magic,
        Self::Include,
        Self::Return,
        Self::Try,
        Self::Label,
        Self::Runtime,
        Self::Doc,
        Self::State,
    ];
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) at: Span,
    /// Shared, where many places become the same.
    pub(crate) put: Arc<[NewToken]>,
    pub(crate) rule: Rule,
}

impl Edit {
    /// Whether the edit is part of a range that it is in: not if it inserts
    /// something at its edge, but for what stands around a declaration.
    fn belongs_to(&self, range: Span) -> bool {
        let is_at_edge =
            self.at.is_empty() && (self.at.start == range.start || self.at.start == range.end);
        !is_at_edge || self.rule == Rule::Guard
    }
}

/// All changes to a member, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Edits(Vec<Edit>);

impl Edits {
    pub(crate) fn insert(&mut self, offset: u32, token: NewToken, rule: Rule) {
        self.replace(Span { start: offset, end: offset }, vec![token], rule);
    }

    pub(crate) fn insert_all(&mut self, offset: u32, put: impl Into<Arc<[NewToken]>>, rule: Rule) {
        self.replace(Span { start: offset, end: offset }, put, rule);
    }

    pub(crate) fn remove(&mut self, at: Span, rule: Rule) {
        self.replace(at, Vec::new(), rule);
    }

    pub(crate) fn replace(&mut self, at: Span, put: impl Into<Arc<[NewToken]>>, rule: Rule) {
        self.0.push(Edit { at, put: put.into(), rule });
    }

    /// What stands for the bytes at a place, where an edit begins there.
    pub(crate) fn replacement(&self, at: Span) -> Option<&[NewToken]> {
        let edit = self.0.iter().find(|edit| edit.at == at && !at.is_empty())?;
        Some(&edit.put)
    }

    /// The same member but for these declarations, which go with what is changed
    /// in them.
    pub(crate) fn without(&self, gone: &[Span]) -> Self {
        let is_gone =
            |edit: &&Edit| !gone.iter().any(|it| it.contains(edit.at) && edit.belongs_to(*it));
        let mut edits = Self(self.0.iter().filter(is_gone).cloned().collect());
        for span in gone {
            edits.remove(*span, Rule::Shape);
        }
        edits
    }

    /// Only the heads of a member's namespaces and some declarations, and the end of
    /// the last namespace.
    pub(crate) fn only(&self, heads: &[Span], declarations: &[Span], len: u32) -> Self {
        let is_kept = |edit: &&Edit| {
            let ends = edit.rule == Rule::Namespace && edit.at.start == len;
            let is_inside = |it: &Span| it.contains(edit.at) && edit.belongs_to(*it);
            // What stands around code of a member is not in its heads.
            let is_of_code = matches!(edit.rule, Rule::Shape | Rule::Return | Rule::Guard);
            let is_head = || !is_of_code && heads.iter().any(|it| it.contains(edit.at));
            ends || declarations.iter().any(is_inside) || is_head()
        };
        let mut edits = Self(self.0.iter().filter(is_kept).cloned().collect());
        let mut kept = [heads, declarations].concat();
        kept.push(Span { start: len, end: len });
        kept.sort_by_key(|span| span.start);
        let mut start = 0;
        for span in kept {
            if start < span.start {
                edits.remove(Span { start, end: span.start }, Rule::Shape);
            }
            start = span.end;
        }
        edits
    }

    /// Puts the edits in order: an insertion before what is replaced at the same
    /// place, and insertions as they were made.
    ///
    /// # Panics
    ///
    /// If two edits change the same bytes, which is a mistake of a rule.
    pub(crate) fn sorted(mut self) -> Self {
        self.0.sort_by_key(|edit| (edit.at.start, edit.at.end));
        let is_disjoint = self.0.is_sorted_by(|first, second| first.at.end <= second.at.start);
        assert!(is_disjoint, "two rules change the same place: {:?}", self.0);
        self
    }

    pub(crate) fn rules(&self) -> impl Iterator<Item = Rule> + '_ {
        self.0.iter().map(|edit| edit.rule)
    }
}

/// One step of going through an edited member.
pub(crate) enum Item<'a> {
    /// Tokens of the member, by their indexes.
    Kept(Range<usize>),
    /// A token that a rule puts there, and what it stands for: nothing where the
    /// range is empty.
    New(&'a NewToken, Span),
    /// What comes next did not follow in the source; whether a line ended in what
    /// is left out.
    Edited { has_break: bool },
}

/// Goes through the tokens of a member after its edits, trivia included.
pub(crate) fn visit<'a>(
    module: &Module,
    text: &[u8],
    edits: &'a Edits,
    mut visit: impl FnMut(Item<'a>),
) {
    let tokens = &module.tokens;
    let mut next = 0;
    for edit in &edits.0 {
        let gone = tokens.within(edit.at);
        if next < gone.start {
            visit(Item::Kept(next..gone.start));
        }
        put(edit, text, &mut visit);
        next = gone.end;
    }
    if next < tokens.len() {
        visit(Item::Kept(next..tokens.len()));
    }
}

fn put<'a>(edit: &'a Edit, text: &[u8], visit: &mut impl FnMut(Item<'a>)) {
    let left_out = &text[range(edit.at)];
    let has_break = memchr::memchr2(b'\n', b'\r', left_out).is_some();
    for token in &*edit.put {
        visit(Item::Edited { has_break: false });
        visit(Item::New(token, edit.at));
    }
    visit(Item::Edited { has_break });
}
