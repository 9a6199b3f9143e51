//! All tokens of a source in one list, and the mistakes that PHP's scanner
//! finds in them before its parser sees them.

use std::ops::Range;

use memchr::{memchr, memmem};
use tilde_lexer::{Lexer, Options, TokenKind, Version};

use crate::Span;
use crate::error::LexicalError;

/// A token: what it is and where it starts. It ends where the next one starts.
///
/// It takes no more bytes than it has: the tokens of all members of a bundle are in
/// memory at the same time, and are more than their sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(Rust, packed)]
pub(crate) struct Lexeme {
    pub(crate) start: u32,
    pub(crate) kind: TokenKind,
}

const _: () = assert!(size_of::<Lexeme>() == 5);

/// The kind of the lexeme that follows the last one. The lexer never gives it, so
/// the parser needs no enum of its own.
pub(crate) const END: TokenKind = TokenKind::Character;

/// What PHP's parser never sees. A closing tag is not among it: it ends a
/// statement.
#[inline]
pub(crate) fn is_skipped(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::DocComment
            | TokenKind::OpenTag
            | TokenKind::Dropped
    )
}

/// A mistake in a token, which ends PHP's parsing there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mistake {
    /// The place of the token in the list.
    pub(crate) index: usize,
    pub(crate) error: LexicalError,
    /// What is wrong of it.
    pub(crate) span: Span,
    /// The place whose line PHP reports.
    pub(crate) line_at: u32,
}

/// The tokens of a source, with [`END`] behind them, and the first mistake.
///
/// A token with a mistake is a [`TokenKind::BadCharacter`], which no grammar
/// accepts.
pub(crate) fn read(source: &[u8], options: Options) -> (Vec<Lexeme>, Option<Mistake>) {
    let mut reader = Reader {
        source,
        version: options.version,
        lexemes: Vec::with_capacity(source.len() / 4 + 2),
        heredocs: Vec::new(),
        ended: Vec::new(),
        mistake: None,
    };
    let mut start = 0;
    // PHP 7.4 has a token for them, but not when it parses.
    let drops_bad_characters = options.version < Version::V8_0;
    for token in Lexer::new(source, options) {
        let mut kind = token.kind;
        if kind == TokenKind::BadCharacter && drops_bad_characters {
            kind = TokenKind::Dropped;
        }
        reader.lexemes.push(Lexeme { start, kind });
        let end = start + token.len;
        match token.kind {
            TokenKind::LNumber | TokenKind::DNumber if token.len > 1 => reader.number(start, end),
            TokenKind::ConstantEncapsedString | TokenKind::EncapsedAndWhitespace => {
                reader.text(start, end);
            }
            TokenKind::StartHeredoc => reader.heredocs.push(reader.lexemes.len() - 1),
            TokenKind::EndHeredoc => reader.end_heredoc(start, end),
            TokenKind::Comment | TokenKind::DocComment => reader.comment(start, end),
            TokenKind::DoubleCast => reader.cast(start, end),
            _ => {}
        }
        start = end;
    }
    reader.lexemes.push(Lexeme { start, kind: END });
    reader.endless_nowdoc();
    if let Some(mistake) = reader.mistake {
        reader.lexemes[mistake.index].kind = TokenKind::BadCharacter;
    }
    (reader.lexemes, reader.mistake)
}

struct Reader<'src> {
    source: &'src [u8],
    version: Version,
    lexemes: Vec<Lexeme>,
    /// Where the heredocs that have not ended begin.
    heredocs: Vec<usize>,
    /// From where to where those are that have ended inside of them, without
    /// what is inside of these.
    ended: Vec<Range<usize>>,
    mistake: Option<Mistake>,
}

impl Reader<'_> {
    fn bytes(&self, start: u32, end: u32) -> &[u8] {
        &self.source[start as usize..end as usize]
    }

    /// Notes a mistake in the last token.
    fn mistake(&mut self, error: LexicalError, span: Span, line_at: u32) {
        self.mistake_at(self.lexemes.len() - 1, error, span, line_at);
    }

    fn mistake_at(&mut self, index: usize, error: LexicalError, span: Span, line_at: u32) {
        // Of two in one text PHP finds the one about its indentation first, which
        // is noted last.
        if self.mistake.is_none_or(|mistake| index <= mistake.index) {
            self.mistake = Some(Mistake { index, error, span, line_at });
        }
    }

    /// `089`: an octal literal with a digit that none has.
    #[inline]
    fn number(&mut self, start: u32, end: u32) {
        let digits = self.bytes(start, end);
        let is_wrong = digits[0] == b'0'
            && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_')
            && digits.iter().any(|byte| matches!(byte, b'8' | b'9'));
        if is_wrong && self.version >= Version::V7_0 {
            self.mistake(LexicalError::InvalidNumber, Span { start, end }, start);
        }
    }

    /// `"\u{110000}"`
    #[inline]
    fn text(&mut self, start: u32, end: u32) {
        let text = self.bytes(start, end);
        if matches!(text, [b'\'', ..] | [b'b' | b'B', b'\'', ..]) || memchr(b'\\', text).is_none() {
            return;
        }
        self.escapes(start, end);
    }

    #[inline(never)]
    fn escapes(&mut self, start: u32, end: u32) {
        let index = self.lexemes.len() - 1;
        if self.version < Version::V7_0 || self.is_in_nowdoc(index) {
            return;
        }
        if let Some((error, from, to)) = wrong_escape(self.bytes(start, end)) {
            let span = Span { start: start + from as u32, end: start + to as u32 };
            self.mistake(error, span, span.start);
        }
    }

    /// Whether a token is the text of a nowdoc.
    fn is_in_nowdoc(&self, index: usize) -> bool {
        let Some(opening) = index.checked_sub(1).map(|before| self.lexemes[before]) else {
            return false;
        };
        opening.kind == TokenKind::StartHeredoc
            && memchr(b'\'', self.bytes(opening.start, self.lexemes[index].start)).is_some()
    }

    /// `/* …` to the end of the file, an error since PHP 8.0.
    #[inline]
    fn comment(&mut self, start: u32, end: u32) {
        let text = self.bytes(start, end);
        if text.starts_with(b"/*")
            && (text.len() < 4 || !text.ends_with(b"*/"))
            && self.version >= Version::V8_0
        {
            let span = Span { start, end: start + 2 };
            self.mistake(LexicalError::UnterminatedComment, span, start);
        }
    }

    fn cast(&mut self, start: u32, end: u32) {
        let is_real = self.bytes(start, end).windows(4).any(|w| w.eq_ignore_ascii_case(b"real"));
        if is_real && self.version >= Version::V8_0 {
            self.mistake(LexicalError::RealCast, Span { start, end }, start);
        }
    }

    #[inline]
    fn end_heredoc(&mut self, start: u32, end: u32) {
        let Some(opening) = self.heredocs.pop() else { return };
        let is_indented = self.source.get(start as usize).copied().is_some_and(is_blank);
        if is_indented && self.version >= Version::V7_3 {
            self.indented_heredoc(opening, start, end);
        }
        self.ended.truncate(self.ended_before(opening));
        if !self.heredocs.is_empty() {
            self.ended.push(opening..self.lexemes.len());
        }
    }

    /// Each line of a heredoc must be indented as its closing label is.
    ///
    /// PHP looks for the label when the heredoc opens and knows its indentation
    /// from then on. A label with tabs and blanks is a mistake that it finds when
    /// it comes there; before, it takes the indentation for tabs.
    #[inline(never)]
    fn indented_heredoc(&mut self, opening: usize, start: u32, end: u32) {
        let label = self.bytes(start, end);
        let indentation = label.iter().take_while(|byte| is_blank(**byte)).count();
        let blanks = &label[..indentation];
        let is_mixed = memchr(b' ', blanks).is_some() && memchr(b'\t', blanks).is_some();
        let spaces = !is_mixed && blanks[0] == b' ';
        let last = self.lexemes.len() - 1;
        let texts = self.own_texts(opening);
        let is_inside =
            |mistake: &Mistake| mistake.index > opening && !texts.contains(&mistake.index);
        if self.mistake.as_ref().is_some_and(is_inside) {
            // A mistake on the way to the label, and PHP does not get there.
            return;
        }
        let mixed = Span { start, end: start + indentation as u32 };
        if last - 1 == opening {
            if is_mixed {
                self.mistake_at(opening, LexicalError::MixedIndentation, mixed, start);
            }
            return;
        }
        let first = self.lexemes[opening + 1];
        let begins_with_variable = matches!(
            first.kind,
            TokenKind::Variable | TokenKind::DollarOpenCurlyBraces | TokenKind::CurlyOpen
        );
        if begins_with_variable {
            let error = LexicalError::Indentation(indentation as u32);
            let span = Span { start: first.start, end: first.start };
            return self.mistake_at(opening, error, span, start);
        }
        for index in texts {
            if is_mixed && index + 1 == last {
                let line_at = self.lexemes[index].start;
                return self.mistake_at(index, LexicalError::MixedIndentation, mixed, line_at);
            }
            let is_last = index + 1 == last;
            if let Some((error, at)) = self.wrong_indentation(index, indentation, spaces, is_last) {
                return self.mistake_at(index, error, Span { start: at, end: at }, at);
            }
        }
    }

    /// In a nowdoc without an end PHP takes the last line for the label.
    fn endless_nowdoc(&mut self) {
        let last = self.lexemes.len().saturating_sub(2);
        let has_text = self.heredocs.last().is_some_and(|&opening| opening + 1 == last);
        if !has_text || self.version < Version::V7_3 || !self.is_in_nowdoc(last) {
            return;
        }
        let text = self.bytes(self.lexemes[last].start, self.lexemes[last + 1].start);
        let Some(newline) = memchr::memrchr2(b'\n', b'\r', text) else { return };
        let line = &text[newline + 1..];
        let indentation = line.iter().take_while(|byte| is_blank(**byte)).count();
        if indentation == line.len() || indentation == 0 {
            return;
        }
        let spaces = memchr(b'\t', &line[..indentation]).is_none();
        if let Some((error, at)) = self.wrong_indentation(last, indentation, spaces, false) {
            self.mistake_at(last, error, Span { start: at, end: at }, at);
        }
    }

    /// The texts of a heredoc that opens there and has just ended, without
    /// those of strings in its expressions.
    fn own_texts(&self, opening: usize) -> Vec<usize> {
        let last = self.lexemes.len() - 1;
        let mut texts = Vec::new();
        let mut strings = Strings::default();
        let mut from = opening + 1;
        // Heredocs inside of heredocs are gone through once, each for itself.
        for heredoc in self.ended[self.ended_before(opening)..].iter().chain([&(last..last)]) {
            for index in from..heredoc.start {
                let kind = self.lexemes[index].kind;
                if kind == TokenKind::EncapsedAndWhitespace && strings.are_closed() {
                    texts.push(index);
                }
                strings.pass(kind);
            }
            from = heredoc.end;
        }
        texts
    }

    /// How many of the ended heredocs begin before a place.
    fn ended_before(&self, opening: usize) -> usize {
        self.ended.partition_point(|heredoc| heredoc.start < opening)
    }

    /// The first line of a text that is indented too little or with the wrong
    /// blanks. A line that does not start in this text has none, and one of
    /// blanks alone may be shorter.
    fn wrong_indentation(
        &self,
        index: usize,
        indentation: usize,
        spaces: bool,
        is_last: bool,
    ) -> Option<(LexicalError, u32)> {
        let (start, end) = (self.lexemes[index].start, self.lexemes[index + 1].start);
        let mut text = self.bytes(start, end);
        if is_last {
            text = text.strip_suffix(b"\n").unwrap_or(text);
            text = text.strip_suffix(b"\r").unwrap_or(text);
        }
        let starts_line = matches!(self.source[start as usize - 1], b'\n' | b'\r');
        let mut at = if starts_line { 0 } else { line_len(text)? };
        loop {
            let line = &text[at..];
            let len = line_len(line);
            // What ends without a line break goes on behind a variable.
            let ends = is_last || len.is_some();
            if let Some(error) = line_indentation(line, indentation, spaces, ends) {
                return Some((error, start + at as u32));
            }
            at += len?;
        }
    }
}

/// The strings, heredocs and commands that are open, and the braces in them, as
/// the tokens pass by.
#[derive(Default)]
pub(crate) struct Strings {
    /// What opens them, the innermost last.
    open: Vec<TokenKind>,
}

impl Strings {
    pub(crate) fn pass(&mut self, kind: TokenKind) {
        use TokenKind as K;
        match kind {
            K::DoubleQuote | K::Backtick if self.open.last() == Some(&kind) => {
                self.open.pop();
            }
            K::EndHeredoc | K::CloseBrace => {
                self.open.pop();
            }
            K::DoubleQuote
            | K::Backtick
            | K::StartHeredoc
            | K::CurlyOpen
            | K::DollarOpenCurlyBraces
            | K::OpenBrace => self.open.push(kind),
            _ => {}
        }
    }

    /// How many are open, one in the other.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether nothing is open.
    pub(crate) fn are_closed(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether what comes next is a piece of a string, heredoc or command.
    pub(crate) fn is_inside(&self) -> bool {
        matches!(
            self.open.last(),
            Some(TokenKind::DoubleQuote | TokenKind::Backtick | TokenKind::StartHeredoc)
        )
    }
}

/// What is wrong with the indentation of a line. One of blanks alone may be
/// shorter, if it ends there.
fn line_indentation(
    line: &[u8],
    indentation: usize,
    spaces: bool,
    ends: bool,
) -> Option<LexicalError> {
    for skipped in 0..indentation {
        match line.get(skipped) {
            Some(b'\n' | b'\r') => return None,
            None if ends => return None,
            Some(b' ') if spaces => {}
            Some(b'\t') if !spaces => {}
            Some(b' ' | b'\t') => return Some(LexicalError::MixedIndentation),
            _ => return Some(LexicalError::Indentation(indentation as u32)),
        }
    }
    None
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The length of the first line with its line break, if it has one.
fn line_len(text: &[u8]) -> Option<usize> {
    let at = memchr::memchr2(b'\n', b'\r', text)?;
    Some(at + if text[at..].starts_with(b"\r\n") { 2 } else { 1 })
}

/// The first `\u{…}` that PHP refuses, from and to where.
fn wrong_escape(text: &[u8]) -> Option<(LexicalError, usize, usize)> {
    memmem::find(text, b"\\u{")?;
    let mut at = 0;
    while let Some(backslash) = memchr(b'\\', &text[at..]) {
        at += backslash;
        if text[at..].starts_with(b"\\u{") {
            let digits = &text[at + 3..];
            let len = digits.iter().take_while(|digit| digit.is_ascii_hexdigit()).count();
            let end = at + 3 + len;
            if len == 0 || digits.get(len) != Some(&b'}') {
                return Some((LexicalError::InvalidEscape, at, end));
            }
            let significant = digits[..len].iter().skip_while(|&&digit| digit == b'0');
            let value = significant.clone().take(7).fold(0u32, |value, &digit| {
                value * 16 + char::from(digit).to_digit(16).unwrap_or_default()
            });
            if value > 0x10_FFFF || significant.count() > 6 {
                return Some((LexicalError::EscapeTooLarge, at, end + 1));
            }
        }
        at = (at + 2).min(text.len());
    }
    None
}
