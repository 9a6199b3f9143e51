//! An output with one statement on each row, whatever lines it has itself.
//!
//! Rows are for comparing and for reading: blanks are set anew and comments are gone, so
//! two outputs that differ only in those have the same rows. A token that holds line
//! breaks (a string, a heredoc, HTML) is several rows, and nothing else in it is touched.

use std::collections::HashMap;
use std::ops::Range;

use tilde_bundle::token::{self, Token};
use tilde_lexer::{Options, TokenKind};

use super::symbol::{Declarations, Symbol, SymbolId};
use crate::excerpt::Lines;

/// A list within brackets is broken up, an element a row, if it is longer than this.
const MAX_LIST: usize = 80;
const INDENT: &[u8] = b"    ";

/// An output as rows.
pub(crate) struct Layout {
    pub(crate) rows: Vec<Row>,
    /// The first is the code outside of all declarations.
    pub(crate) symbols: Vec<Symbol>,
}

/// A statement, or a part of one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// What is shown: indented, without a line break.
    pub(crate) text: Vec<u8>,
    /// Two rows hold the same tokens if these are equal.
    pub(crate) key: Vec<u8>,
    /// Where its first token is in the output, in bytes.
    pub(crate) offset: usize,
    /// Where its last token ends.
    pub(crate) end: usize,
    /// The line of its first token, from 1.
    pub(crate) line: usize,
    pub(crate) symbol: SymbolId,
}

impl Layout {
    /// The rows of an output of at most `u32::MAX` bytes, as this PHP reads it.
    pub(crate) fn of(text: &[u8], options: Options) -> Self {
        let tokens = token::lex(text, options);
        let mut builder = Builder::new(text, &tokens);
        for index in 0..builder.tokens.len() {
            builder.token(index);
        }
        builder.end_row();
        let lines = Lines::of(text);
        for row in &mut builder.rows {
            row.line = lines.line(row.offset);
        }
        Self { rows: builder.rows, symbols: builder.declarations.symbols }
    }

    /// The rows of each symbol, in their order.
    pub(crate) fn rows_by_symbol(&self) -> Vec<Vec<usize>> {
        let mut rows = vec![Vec::new(); self.symbols.len()];
        for (index, row) in self.rows.iter().enumerate() {
            rows[row.symbol.index()].push(index);
        }
        rows
    }

    /// The rows that begin within these bytes.
    pub(crate) fn rows_within(&self, span: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| self.rows.partition_point(|row| row.offset < offset);
        at(span.start)..at(span.end)
    }

    /// All symbols, in the order of the output.
    pub(crate) fn ids(&self) -> impl Iterator<Item = SymbolId> + use<> {
        (0..self.symbols.len() as u32).map(SymbolId)
    }
}

/// The bytes of a token that count: the blank of `<?php ` and the line break of `?>` print
/// nothing.
pub(super) fn significant<'t>(token: &Token, text: &'t [u8]) -> &'t [u8] {
    let bytes = token.bytes(text);
    match token.kind {
        TokenKind::OpenTag | TokenKind::CloseTag => bytes.trim_ascii_end(),
        _ => bytes,
    }
}

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// `{` of a block, and whether a declaration ends with it.
    Block { is_declaration: bool },
    /// `(` or `[`, and whether each element is a row.
    List { is_broken: bool },
    /// A string with variables.
    String,
    /// `{$` in a string.
    Variable,
}

struct Builder<'t> {
    text: &'t [u8],
    /// Without blanks and comments.
    tokens: Vec<Token>,
    /// The brackets whose elements are rows, by the index of their token.
    broken: Vec<bool>,
    /// Whether something stood between a token and the one before it.
    has_gap: Vec<bool>,
    open: Vec<Open>,
    declarations: Declarations,
    row: Row,
    is_row_empty: bool,
    /// The symbol that the row declares or ends.
    row_symbol: Option<SymbolId>,
    rows: Vec<Row>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t [u8], all: &[Token]) -> Self {
        let tokens: Vec<Token> = all.iter().filter(|it| !it.kind.is_trivia()).copied().collect();
        let mut end = 0;
        let gap = |token: &Token| {
            let has_gap = token.span().start > end;
            end = token.span().end;
            has_gap
        };
        let has_gap = tokens.iter().map(gap).collect();
        Self {
            text,
            broken: broken_lists(&tokens),
            tokens,
            has_gap,
            open: Vec::new(),
            declarations: Declarations::new(),
            row: Row::default(),
            is_row_empty: true,
            row_symbol: None,
            rows: Vec::new(),
        }
    }

    fn token(&mut self, index: usize) {
        let kind = self.tokens[index].kind;
        if self.is_string_part(kind) {
            return self.add(index);
        }
        match kind {
            TokenKind::OpenBrace => self.open_block(index),
            TokenKind::CloseBrace => self.close_block(index),
            TokenKind::OpenParenthesis | TokenKind::OpenBracket | TokenKind::Attribute => {
                self.open_list(index);
            }
            TokenKind::CloseParenthesis | TokenKind::CloseBracket => self.close_list(index),
            TokenKind::Comma if self.open.last() == Some(&Open::List { is_broken: true }) => {
                self.add(index);
                self.end_row();
            }
            TokenKind::Semicolon => self.semicolon(index),
            TokenKind::OpenTag | TokenKind::InlineHtml => {
                self.end_row();
                self.add(index);
                self.end_row();
            }
            TokenKind::CloseTag => {
                self.add(index);
                self.end_row();
            }
            _ => {
                self.declare(index);
                self.add(index);
            }
        }
    }

    /// Follows strings with variables, within which no row ends.
    fn is_string_part(&mut self, kind: TokenKind) -> bool {
        let is_within = matches!(self.open.last(), Some(Open::String | Open::Variable));
        match kind {
            TokenKind::DoubleQuote | TokenKind::Backtick
                if self.open.last() == Some(&Open::String) =>
            {
                self.open.pop();
            }
            TokenKind::DoubleQuote | TokenKind::Backtick | TokenKind::StartHeredoc => {
                self.open.push(Open::String);
            }
            TokenKind::EndHeredoc => drop(self.open.pop()),
            TokenKind::CurlyOpen | TokenKind::DollarOpenCurlyBraces => {
                self.open.push(Open::Variable);
            }
            TokenKind::OpenBrace if is_within => self.open.push(Open::Variable),
            TokenKind::CloseBrace if self.open.last() == Some(&Open::Variable) => {
                self.open.pop();
            }
            _ => return is_within,
        }
        true
    }

    fn open_block(&mut self, index: usize) {
        let opened = self.declarations.open_block();
        self.row_symbol = self.row_symbol.or(opened);
        self.add(index);
        self.open.push(Open::Block { is_declaration: opened.is_some() });
        self.end_row();
    }

    fn close_block(&mut self, index: usize) {
        let open = self.open.pop();
        self.end_row();
        if open == Some(Open::Block { is_declaration: true }) {
            self.row_symbol = Some(self.declarations.close_block());
        }
        self.add(index);
        let next = self.tokens.get(index + 1).map(|token| token.kind);
        if !next.is_some_and(goes_on) {
            self.end_row();
        }
    }

    fn open_list(&mut self, index: usize) {
        self.add(index);
        let is_broken = self.broken[index];
        self.open.push(Open::List { is_broken });
        if is_broken {
            self.end_row();
        }
    }

    fn close_list(&mut self, index: usize) {
        if matches!(self.open.last(), Some(Open::List { .. }))
            && self.open.pop() == Some(Open::List { is_broken: true })
        {
            self.end_row();
        }
        self.add(index);
    }

    fn semicolon(&mut self, index: usize) {
        self.add(index);
        if !matches!(self.open.last(), Some(Open::List { .. })) {
            self.declarations.end_statement();
            self.end_row();
        }
    }

    fn declare(&mut self, index: usize) {
        let before = index.checked_sub(1).map(|index| self.tokens[index].kind);
        let rest = &self.tokens[index..];
        let declared = self.declarations.token(before, rest, self.text);
        self.row_symbol = self.row_symbol.or(declared);
    }

    /// Puts a token at the end of the row.
    fn add(&mut self, index: usize) {
        let token = self.tokens[index];
        let bytes = significant(&token, self.text);
        let mut offset = token.span().start;
        for (part, bytes) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            if part > 0 {
                self.end_row();
            }
            self.begin(offset, part > 0);
            if part == 0
                && self.has_gap[index]
                && self.row.text.last().is_some_and(|byte| *byte != b' ')
            {
                self.row.text.push(b' ');
            }
            let shown = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            self.row.text.extend_from_slice(shown.strip_suffix(b"\r").unwrap_or(shown));
            self.row.key.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            self.row.key.extend_from_slice(bytes);
            offset += bytes.len();
            self.row.end = offset;
        }
    }

    fn begin(&mut self, offset: usize, is_raw: bool) {
        if !self.is_row_empty {
            return;
        }
        self.is_row_empty = false;
        self.row.offset = offset;
        if !is_raw {
            let is_level =
                |it: &&Open| matches!(it, Open::Block { .. } | Open::List { is_broken: true });
            let depth = self.open.iter().filter(is_level).count();
            self.row.text = INDENT.repeat(depth);
        }
    }

    fn end_row(&mut self) {
        let declared = self.row_symbol.take();
        if std::mem::replace(&mut self.is_row_empty, true) {
            self.row_symbol = declared;
            return;
        }
        let row = std::mem::take(&mut self.row);
        let symbol = declared.unwrap_or_else(|| self.declarations.current());
        self.declarations.symbols[symbol.index()].extend(row.offset..row.end);
        self.rows.push(Row { symbol, ..row });
    }
}

/// Whether a token after `}` stays on its row.
fn goes_on(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Semicolon
            | TokenKind::Comma
            | TokenKind::CloseParenthesis
            | TokenKind::CloseBracket
            | TokenKind::Else
            | TokenKind::ElseIf
            | TokenKind::Catch
            | TokenKind::Finally
            | TokenKind::ObjectOperator
    )
}

/// Which brackets have elements and are long.
fn broken_lists(tokens: &[Token]) -> Vec<bool> {
    let mut broken = vec![false; tokens.len()];
    let mut open: Vec<(usize, bool)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::OpenParenthesis
            | TokenKind::OpenBracket
            | TokenKind::Attribute
            | TokenKind::OpenBrace
            | TokenKind::CurlyOpen
            | TokenKind::DollarOpenCurlyBraces => open.push((index, false)),
            TokenKind::Comma => {
                if let Some((_, has_comma)) = open.last_mut() {
                    *has_comma = true;
                }
            }
            TokenKind::CloseParenthesis | TokenKind::CloseBracket | TokenKind::CloseBrace => {
                let Some((start, has_comma)) = open.pop() else { continue };
                broken[start] = has_comma && len(&tokens[start..=index]) > MAX_LIST;
            }
            _ => {}
        }
    }
    broken
}

/// The bytes of tokens without what is between them.
fn len(tokens: &[Token]) -> usize {
    // More is not asked for, and a list may be very long.
    let mut len = 0;
    for token in tokens {
        len += token.span().len();
        if len > MAX_LIST {
            break;
        }
    }
    len
}

/// Names for rows that are cheap to compare: equal keys have equal numbers.
#[derive(Default)]
pub(crate) struct Keys<'r>(HashMap<&'r [u8], u32>);

impl<'r> Keys<'r> {
    pub(crate) fn number(&mut self, row: &'r Row) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(&row.key).or_insert(next)
    }
}
