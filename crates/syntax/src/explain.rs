//! From where the parser stopped to what is told to a person.

use bumpalo::Bump;
use tilde_lexer::{Options, TokenKind, Version};

use crate::error::{Cause, CauseKind, ErrorKind, Expected, SyntaxError};
use crate::parser::{Failure, Parser, Wanted, is_keyword};
use crate::span::Span;
use crate::tokens::{END, Lexeme, Mistake, Strings, is_skipped, read};

/// A hint at another version takes up to fifteen more readings of the source, so
/// one with more bytes gets none.
const MAX_TRIAL_LEN: usize = 1 << 20;

/// The error of a parser that has failed.
pub(crate) fn explain(
    source: &[u8],
    options: Options,
    tokens: &[Lexeme],
    failure: Failure,
    mistake: Option<Mistake>,
) -> SyntaxError {
    let failed = Failed { source, options, tokens, failure };
    // What PHP refuses without a look at the next token it refuses before that
    // has a chance to be wrong.
    let is_before = matches!(failure.kind, ErrorKind::Refused(_)) && failure.line_at.is_some();
    if let Some(mistake) = mistake.filter(|mistake| mistake.index == failure.index && !is_before) {
        return SyntaxError {
            kind: ErrorKind::Lexical(mistake.error),
            span: mistake.span,
            line: line_at(source, mistake.line_at),
            expected: Vec::new(),
            cause: None,
        };
    }
    failed.error()
}

/// What is known of a failure.
#[derive(Clone, Copy)]
struct Failed<'s> {
    source: &'s [u8],
    options: Options,
    tokens: &'s [Lexeme],
    failure: Failure,
}

impl Failed<'_> {
    fn error(self) -> SyntaxError {
        let span = self.failure.place.unwrap_or_else(|| self.span_of(self.failure.index));
        let line_offset = self.failure.line_at.unwrap_or_else(|| self.line_offset());
        let line = line_at(self.source, line_offset);
        let nesting = self.wrong_nesting();
        let expected = match self.failure.wanted {
            Wanted::Token(kind) => vec![Expected::Token(kind)],
            Wanted::OneOf(expected) => expected.to_vec(),
        };
        let (kind, cause) = match nesting {
            Some((kind, cause)) => (kind, cause),
            None if matches!(self.failure.kind, ErrorKind::Unexpected(_)) => {
                (self.failure.kind, self.cause(&expected))
            }
            None => (self.failure.kind, None),
        };
        SyntaxError { kind, span, line, expected, cause }
    }

    fn kind_of(self, index: usize) -> TokenKind {
        self.tokens[index].kind
    }

    fn span_of(self, index: usize) -> Span {
        let start = self.tokens[index].start;
        let end = self.tokens.get(index + 1).map_or(start, |next| next.start);
        Span { start, end }
    }

    /// The place whose line PHP reports: the end of the token, but for line
    /// breaks that its scanner counts later.
    fn line_offset(self) -> u32 {
        let index = self.failure.index;
        let span = self.span_of(index);
        match self.kind_of(index) {
            TokenKind::CloseTag => span.start,
            TokenKind::EncapsedAndWhitespace
                if self
                    .tokens
                    .get(index + 1)
                    .is_some_and(|next| next.kind == TokenKind::EndHeredoc) =>
            {
                let text = span.of(self.source);
                let newline = if text.ends_with(b"\r\n") { 2 } else { 1 };
                span.end.saturating_sub(newline).max(span.start)
            }
            // PHP 5.2 does not count lines in a comment without an end.
            END if self.options.version < Version::V5_3 => self.open_comment().unwrap_or(span.end),
            // PHP does not count lines in `'…` without an end.
            TokenKind::EncapsedAndWhitespace if !self.is_in_string(index) => span.start,
            _ => span.end,
        }
    }

    /// Where a `/*` starts that the file ends in.
    fn open_comment(self) -> Option<u32> {
        let last = self.tokens.len().checked_sub(2)?;
        let text = self.span_of(last).of(self.source);
        let is_open = self.kind_of(last) == TokenKind::Comment
            && text.starts_with(b"/*")
            && (text.len() < 4 || !text.ends_with(b"*/"));
        is_open.then_some(self.tokens[last].start)
    }

    /// Whether a token is a piece of a string, heredoc or command.
    fn is_in_string(self, index: usize) -> bool {
        let mut strings = Strings::default();
        for token in &self.tokens[..index] {
            strings.pass(token.kind);
        }
        strings.is_inside()
    }

    /// From PHP 8.0 a bracket that does not match is an error of its own.
    fn wrong_nesting(self) -> Option<(ErrorKind, Option<Cause>)> {
        let is_unexpected = matches!(self.failure.kind, ErrorKind::Unexpected(_));
        if self.options.version < Version::V8_0 || !is_unexpected {
            return None;
        }
        let kind = self.kind_of(self.failure.index);
        let closing = closing_bracket(kind);
        if kind != END && closing.is_none() {
            return None;
        }
        let open = self.open_brackets();
        match (open.last(), closing) {
            (None, Some(bracket)) => Some((ErrorKind::Unmatched(bracket), None)),
            (Some(&(index, bracket)), closing) if closing.is_none_or(|c| c != bracket) => {
                let cause = self.unclosed_at(index);
                Some((ErrorKind::Unclosed(opening_of(bracket)), Some(cause)))
            }
            _ => None,
        }
    }

    /// The brackets open before the failure, each with what would close it.
    fn open_brackets(self) -> Vec<(usize, char)> {
        let mut open = Vec::new();
        for (index, token) in self.tokens[..self.failure.index].iter().enumerate() {
            if let Some(closing) = opening_bracket(token.kind) {
                open.push((index, closing));
            } else if closing_bracket(token.kind).is_some() {
                open.pop();
            }
        }
        open
    }

    fn cause_at(self, kind: CauseKind, span: Span) -> Cause {
        Cause { kind, span, line: line_at(self.source, span.start) }
    }

    fn cause(self, expected: &[Expected]) -> Option<Cause> {
        let found = self.span_of(self.failure.index);
        self.other_version()
            .or_else(|| self.keyword(expected))
            .map(|kind| self.cause_at(kind, found))
            .or_else(|| self.unterminated())
            .or_else(|| self.missing_semicolon(expected))
            .or_else(|| self.unclosed(expected))
    }

    /// The version under which there is no error here: a newer one may have
    /// another mistake later, an older one must have none at all.
    fn other_version(self) -> Option<CauseKind> {
        if self.source.len() > MAX_TRIAL_LEN {
            return None;
        }
        let version = self.options.version;
        let is_beyond =
            |other: Version, end: u32| self.accepted_until(other).is_none_or(|until| until > end);
        let start = self.tokens[self.failure.index].start;
        if is_beyond(Version::LATEST, start) {
            // One that fails in the same statement has only come to the next of
            // its novelties.
            let end = self.end_of_statement();
            let newer = || Version::ALL.into_iter().filter(|&other| other > version);
            let found = newer().find(|&other| is_beyond(other, end));
            let found = found.or_else(|| newer().find(|&other| is_beyond(other, start)));
            return found.map(CauseKind::NeedsVersion);
        }
        // What is an attribute now was a comment, which says nothing.
        let is_comment = |token: &Lexeme| token.kind == TokenKind::Attribute;
        let oldest = if self.tokens.iter().any(is_comment) { Version::V8_0 } else { Version::V5_2 };
        let accepts = |other: &Version| self.accepted_until(*other).is_none();
        let older = Version::ALL.into_iter().rev().filter(|&other| oldest <= other);
        let found = older.filter(|&other| other < version).find(accepts)?;
        Some(CauseKind::LostAfter(self.last_compiled(found)))
    }

    /// The last version that also compiles what the grammar of that one has.
    fn last_compiled(self, version: Version) -> Version {
        // The grammar of PHP 8.0 to 8.3 has `$a{0}` only to refuse it.
        let is_offset = self.kind_of(self.failure.index) == TokenKind::OpenBrace;
        let is_refused = (Version::V8_0..=Version::V8_3).contains(&version);
        if is_offset && is_refused { Version::V7_4 } else { version }
    }

    /// Where the next token stands that may end a statement.
    fn end_of_statement(self) -> u32 {
        let ends = |token: &&Lexeme| {
            matches!(
                token.kind,
                TokenKind::Semicolon
                    | TokenKind::CloseTag
                    | TokenKind::OpenBrace
                    | TokenKind::CloseBrace
            )
        };
        let behind = self.tokens.get(self.failure.index + 1..).unwrap_or_default();
        behind.iter().find(ends).map_or(self.source.len() as u32, |token| token.start)
    }

    fn keyword(self, expected: &[Expected]) -> Option<CauseKind> {
        let wants_name = expected
            .iter()
            .any(|expected| matches!(expected, Expected::Identifier | Expected::Name));
        (wants_name && is_keyword(self.kind_of(self.failure.index))).then_some(CauseKind::Keyword)
    }

    /// Where the first mistake is under that version, if there is one.
    fn accepted_until(self, version: Version) -> Option<u32> {
        let options = self.options.with_version(version);
        let (tokens, mistake) = read(self.source, options);
        let arena = Bump::new();
        let mut parser = Parser::new(self.source, version, &arena, &tokens);
        let is_accepted = parser.program().is_ok();
        let failure = parser.failure.filter(|_| !is_accepted)?;
        let index = mistake.map_or(failure.index, |mistake| mistake.index.min(failure.index));
        Some(tokens[index].start)
    }

    /// Where the token before is on an earlier line and a `;` could follow it.
    fn missing_semicolon(self, expected: &[Expected]) -> Option<Cause> {
        let found = self.kind_of(self.failure.index);
        let begins_or_ends = found == END
            || is_keyword(found)
            || matches!(found, TokenKind::Variable | TokenKind::String | TokenKind::CloseBrace);
        let is_wanted = expected.contains(&Expected::Token(TokenKind::Semicolon));
        if !begins_or_ends || !is_wanted {
            return None;
        }
        let before =
            self.tokens[..self.failure.index].iter().rposition(|token| !is_skipped(token.kind))?;
        let end = self.tokens[before + 1].start;
        let next = self.tokens[self.failure.index].start;
        let is_later = self.source[end as usize..next as usize].contains(&b'\n');
        let may_be_missing = is_later || found == TokenKind::CloseBrace;
        may_be_missing.then(|| self.cause_at(CauseKind::MissingSemicolon, Span { start: end, end }))
    }

    /// The string, heredoc or command that the file ends in.
    fn unterminated(self) -> Option<Cause> {
        let index = self.failure.index;
        let opening = match self.kind_of(index) {
            TokenKind::EncapsedAndWhitespace if !self.is_in_string(index) => index,
            END => self.open_string()?,
            _ => return None,
        };
        Some(self.cause_at(CauseKind::Unterminated, self.span_of(opening)))
    }

    fn open_string(self) -> Option<usize> {
        let mut strings = Strings::default();
        let mut open = Vec::new();
        for (index, token) in self.tokens[..self.failure.index].iter().enumerate() {
            strings.pass(token.kind);
            if strings.depth() > open.len() {
                open.push(index);
            }
            open.truncate(strings.depth());
        }
        open.pop().filter(|_| strings.is_inside())
    }

    /// What is open where the file ends or something is wanted that closes it.
    fn unclosed(self, expected: &[Expected]) -> Option<Cause> {
        let closes = |expected: &Expected| matches!(expected, Expected::Token(kind) if closing_bracket(*kind).is_some());
        if self.kind_of(self.failure.index) != END && !expected.iter().any(closes) {
            return None;
        }
        let &(index, _) = self.open_brackets().last()?;
        Some(self.unclosed_at(index))
    }

    /// A bracket that is open, or rather the first one before it whose closing
    /// brace begins a line with another indentation: that brace was meant for
    /// something around it.
    fn unclosed_at(self, index: usize) -> Cause {
        let guilty = self.misplaced_brace(index).unwrap_or(index);
        self.cause_at(CauseKind::Unclosed, self.span_of(guilty))
    }

    fn misplaced_brace(self, from: usize) -> Option<usize> {
        if self.kind_of(self.failure.index) != END {
            return None;
        }
        let mut lines = Lines { source: self.source, start: 0, text: 0, at: 0 };
        let mut open = Vec::new();
        for (index, token) in self.tokens[..self.failure.index].iter().enumerate().skip(from) {
            if opening_bracket(token.kind).is_some() {
                open.push((index, lines.indentation(token.start).1));
            } else if closing_bracket(token.kind).is_some()
                && let Some((opening, outer)) = open.pop()
            {
                let (first, inner) = lines.indentation(token.start);
                if first && inner < outer {
                    return Some(opening);
                }
            }
        }
        None
    }
}

/// The lines of a source, gone through once: the places asked for ascend.
struct Lines<'s> {
    source: &'s [u8],
    /// Where the line starts that the last place is in.
    start: usize,
    /// Where the first byte of that line is that is not blank.
    text: usize,
    /// The last place.
    at: usize,
}

impl Lines<'_> {
    /// Whether a place is the first on its line that is not blank, and how far
    /// that line is indented.
    fn indentation(&mut self, offset: u32) -> (bool, usize) {
        let offset = offset as usize;
        let passed = &self.source[self.at..offset];
        if let Some(newline) = memchr::memrchr2(b'\n', b'\r', passed) {
            self.start = self.at + newline + 1;
            self.text = self.start;
        }
        self.at = offset;
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        while self.source.get(self.text).is_some_and(is_blank) {
            self.text += 1;
        }
        (self.text == offset, self.text - self.start)
    }
}

/// What closes a bracket that opens with this token.
fn opening_bracket(kind: TokenKind) -> Option<char> {
    Some(match kind {
        TokenKind::OpenBrace | TokenKind::CurlyOpen | TokenKind::DollarOpenCurlyBraces => '}',
        TokenKind::OpenParenthesis => ')',
        TokenKind::OpenBracket | TokenKind::Attribute => ']',
        _ => return None,
    })
}

fn closing_bracket(kind: TokenKind) -> Option<char> {
    Some(match kind {
        TokenKind::CloseBrace => '}',
        TokenKind::CloseParenthesis => ')',
        TokenKind::CloseBracket => ']',
        _ => return None,
    })
}

fn opening_of(closing: char) -> char {
    match closing {
        '}' => '{',
        ')' => '(',
        _ => '[',
    }
}

/// The line of a place, from 1. A line ends with LF, CR LF or a lone CR.
fn line_at(source: &[u8], offset: u32) -> u32 {
    let before = &source[..offset as usize];
    let line_feeds = memchr::memchr_iter(b'\n', before).count();
    let is_lone = |&at: &usize| source.get(at + 1) != Some(&b'\n');
    let returns = memchr::memchr_iter(b'\r', before).filter(is_lone).count();
    (line_feeds + returns) as u32 + 1
}
