//! PHP proper: the modes `ST_IN_SCRIPTING` and `ST_LOOKING_FOR_PROPERTY`.
//!
//! White space, names, variables, strings and comments are most of any source
//! and are found here by hand; the table of operators and casts in
//! `kind.rs` does the rest.

use logos::Logos;
use memchr::{memchr, memchr3};

use crate::bytes::{blank_len, is_whitespace, newline_len, whitespace, whitespace_len};
use crate::chunk;
use crate::html::script_end_len;
use crate::keyword;
use crate::kind::Pattern;
use crate::lexer::{Lexer, Mode, Token};
use crate::{TokenKind, Version};

impl Lexer<'_> {
    /// The next token in mode [`Mode::InScripting`]. What is rare stands behind
    /// a call, so that the rest stays small enough to be fast.
    #[expect(clippy::inline_always, reason = "behind a call the lexer is a fifth slower")]
    #[inline(always)]
    pub(crate) fn scripting(&mut self) -> Token {
        match self.peek(0) {
            byte @ (b' ' | b'\n' | b'\r' | b'\t') => self.whitespace(byte),
            b'$' => self.dollar(),
            byte @ (b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..) => self.name(byte),
            b';' => Token::new(1, TokenKind::Semicolon),
            b',' => Token::new(1, TokenKind::Comma),
            b'(' if self.may_cast() => self.cast_or_parenthesis(),
            b'(' => self.open(1, TokenKind::OpenParenthesis),
            b')' => self.close(b'(', TokenKind::CloseParenthesis),
            b'[' => self.open(1, TokenKind::OpenBracket),
            b']' => self.close(b'[', TokenKind::CloseBracket),
            b'{' => self.open_brace(),
            b'}' => self.close_brace(),
            b'=' => self.equal(),
            b'-' if self.peek(1) == b'>' => self.arrow(2, TokenKind::ObjectOperator),
            b'\'' => self.single_quoted(0),
            byte => self.rest_of_scripting(byte),
        }
    }

    #[inline(never)]
    fn rest_of_scripting(&mut self, byte: u8) -> Token {
        match byte {
            b'"' => self.double_quoted(0),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            b'/' if self.peek(1) == b'/' => self.line_comment(2),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'#' => self.hash(),
            b'?' => self.question(),
            b'<' => self.less(),
            b'&' => self.ampersand(),
            b'\\' => self.backslash(),
            b'%' if self.peek(1) == b'>' && self.has_asp_tags() => self.close_tag(2),
            b'`' => self.begin(1, Mode::Backquote, TokenKind::Backtick),
            0x7F if self.classes.starts_name(0x7F) => self.name(0x7F),
            _ => self.symbol(),
        }
    }

    /// The next token in mode [`Mode::LookingForProperty`], where a keyword is
    /// a name like any other.
    #[expect(clippy::inline_always, reason = "behind a call the lexer is a fifth slower")]
    #[inline(always)]
    pub(crate) fn looking_for_property(&mut self) -> Token {
        if self.classes.starts_name(self.peek(0)) {
            self.pop();
            return Token::new(self.classes.name_len(self.rest), TokenKind::String);
        }
        self.no_property_name()
    }

    #[inline(never)]
    fn no_property_name(&mut self) -> Token {
        match self.peek(0) {
            byte @ (b' ' | b'\n' | b'\r' | b'\t') if self.has(Version::V5_3) => {
                self.whitespace(byte)
            }
            b'-' if self.peek(1) == b'>' => Token::new(2, TokenKind::ObjectOperator),
            b'?' if self.rest.starts_with(b"?->") && self.has(Version::V8_0) => {
                Token::new(3, TokenKind::NullsafeObjectOperator)
            }
            b'/' if self.peek(1) == b'/' && self.has(Version::V8_2) => self.line_comment(2),
            b'/' if self.peek(1) == b'*' && self.has(Version::V8_2) => self.block_comment(),
            b'#' if self.has(Version::V8_2) => self.line_comment(1),
            // The mode ends without a token: the one below decides. It is
            // scripting or a string with interpolation, never one that ends so.
            _ => {
                self.pop();
                self.by_mode()
            }
        }
    }

    #[inline]
    fn whitespace(&mut self, byte: u8) -> Token {
        if !is_whitespace(self.peek(1)) {
            self.newlines = u32::from(matches!(byte, b'\n' | b'\r'));
            return Token::new(1, TokenKind::Whitespace);
        }
        let (len, newlines) = whitespace(self.rest);
        self.newlines = newlines;
        Token::new(len, TokenKind::Whitespace)
    }

    #[inline]
    fn dollar(&self) -> Token {
        match self.variable_len() {
            1 => Token::new(1, TokenKind::Dollar),
            len => Token::new(len, TokenKind::Variable),
        }
    }

    /// The length of the variable that starts here: 1 without a name.
    #[inline]
    pub(crate) fn variable_len(&self) -> usize {
        if !self.classes.starts_name(self.peek(1)) {
            return 1;
        }
        1 + self.classes.name_len(&self.rest[1..])
    }

    /// Goes over to a mode that does not come back by a `}`.
    pub(crate) fn begin(&mut self, len: usize, mode: Mode, kind: TokenKind) -> Token {
        self.mode = mode;
        Token::new(len, kind)
    }

    /// `->` and `?->` outside of the mode that they lead into.
    #[inline]
    pub(crate) fn arrow(&mut self, len: usize, kind: TokenKind) -> Token {
        self.push(Mode::LookingForProperty);
        Token::new(len, kind)
    }

    #[inline]
    fn open(&mut self, len: usize, kind: TokenKind) -> Token {
        self.heredocs.open(self.peek(0));
        Token::new(len, kind)
    }

    #[inline]
    fn close(&mut self, opener: u8, kind: TokenKind) -> Token {
        self.heredocs.close(opener, self.options.version);
        Token::new(1, kind)
    }

    #[inline]
    fn open_brace(&mut self) -> Token {
        self.push(Mode::InScripting);
        self.open(1, TokenKind::OpenBrace)
    }

    #[inline]
    fn close_brace(&mut self) -> Token {
        self.pop();
        self.close(b'{', TokenKind::CloseBrace)
    }

    /// Whether a cast might start with the parenthesis here.
    #[inline]
    fn may_cast(&self) -> bool {
        matches!(self.peek(1), b' ' | b'\t' | b'a'..=b'z' | b'A'..=b'Z')
    }

    /// `(`, or a cast, of which the table knows the words.
    #[inline(never)]
    fn cast_or_parenthesis(&mut self) -> Token {
        match self.pattern() {
            Some((TokenKind::VoidCast, _)) if !self.has(Version::V8_5) => {
                self.open(1, TokenKind::OpenParenthesis)
            }
            Some((kind, len)) if kind != TokenKind::OpenParenthesis => Token::new(len, kind),
            _ => self.open(1, TokenKind::OpenParenthesis),
        }
    }

    #[inline]
    fn equal(&self) -> Token {
        match self.peek(1) {
            b'>' => Token::new(2, TokenKind::DoubleArrow),
            b'=' => self.symbol(),
            _ => Token::new(1, TokenKind::Equal),
        }
    }

    /// An operator, as far as this PHP has it.
    #[inline(never)]
    fn symbol(&self) -> Token {
        match self.pattern() {
            Some((kind, len)) => {
                let (kind, len) = self.of_version(kind, len);
                Token::new(len, kind)
            }
            None => self.bad_character(),
        }
    }

    /// What the table of patterns finds here, and its length.
    #[inline]
    fn pattern(&self) -> Option<(TokenKind, usize)> {
        let mut lexer = Pattern::lexer(self.rest);
        let pattern = lexer.next()?.ok()?;
        Some((pattern.kind(), lexer.span().len()))
    }

    /// What an older PHP sees in place of a newer operator.
    fn of_version(&self, kind: TokenKind, len: usize) -> (TokenKind, usize) {
        let (since, older) = match kind {
            TokenKind::Pow | TokenKind::PowEqual => (Version::V5_6, (TokenKind::Asterisk, 1)),
            TokenKind::Ellipsis => (Version::V5_6, (TokenKind::Dot, 1)),
            TokenKind::Spaceship => (Version::V7_0, (TokenKind::IsSmallerOrEqual, 2)),
            TokenKind::Coalesce => (Version::V7_0, (TokenKind::Question, 1)),
            TokenKind::CoalesceEqual if !self.has(Version::V7_0) => {
                (Version::V7_0, (TokenKind::Question, 1))
            }
            TokenKind::CoalesceEqual => (Version::V7_4, (TokenKind::Coalesce, 2)),
            TokenKind::Pipe => (Version::V8_5, (TokenKind::VerticalBar, 1)),
            _ => return (kind, len),
        };
        if self.has(since) { (kind, len) } else { older }
    }

    /// A byte that means nothing in PHP. Up to 7.3 PHP only warned and went
    /// on; our token of that byte has no counterpart there.
    pub(crate) fn bad_character(&self) -> Token {
        let kind =
            if self.has(Version::V7_4) { TokenKind::BadCharacter } else { TokenKind::Dropped };
        Token::new(1, kind)
    }

    /// A name that starts with that byte.
    #[inline]
    fn name(&mut self, byte: u8) -> Token {
        let len = self.classes.name_len(self.rest);
        let after = self.peek(len);
        if after == b'\\' || len == 1 && byte | 0x20 == b'b' {
            return self.prefixed_or_qualified(len);
        }
        self.word(len)
    }

    /// A keyword or a name without a namespace.
    #[inline]
    fn word(&mut self, len: usize) -> Token {
        let kind = keyword::lookup(self.rest, len, self.options.version);
        if kind.depends_on_context() {
            return self.word_in_context(len, kind);
        }
        Token::new(len, kind)
    }

    #[inline(never)]
    fn word_in_context(&mut self, len: usize, kind: TokenKind) -> Token {
        match kind {
            TokenKind::Yield => self.yield_or_from(len),
            TokenKind::Enum => self.enumeration(len),
            TokenKind::Readonly => self.readonly(len),
            TokenKind::HaltCompiler => {
                self.begin_halt();
                Token::new(len, kind)
            }
            _ => self.visibility(len, kind),
        }
    }

    #[inline(never)]
    fn prefixed_or_qualified(&mut self, len: usize) -> Token {
        if len == 1
            && let Some(token) = self.binary_prefix()
        {
            return token;
        }
        let qualified = if self.has(Version::V8_0) { self.qualified_len(len) } else { len };
        if qualified == len {
            return self.word(len);
        }
        let is_relative = self.rest[..len].eq_ignore_ascii_case(b"namespace");
        let kind = if is_relative { TokenKind::NameRelative } else { TokenKind::NameQualified };
        Token::new(qualified, kind)
    }

    /// `b'…'`, `b"…"` and `b<<<…` are one token with what follows.
    fn binary_prefix(&mut self) -> Option<Token> {
        if !matches!(self.peek(0), b'b' | b'B') {
            return None;
        }
        match self.peek(1) {
            b'\'' => Some(self.single_quoted(1)),
            b'"' => Some(self.double_quoted(1)),
            b'<' => self.start_heredoc(1),
            _ => None,
        }
    }

    /// The length of a name with all the `\part` that follow its first `len`
    /// bytes.
    fn qualified_len(&self, mut len: usize) -> usize {
        let rest = self.rest;
        while rest.get(len) == Some(&b'\\') {
            match rest.get(len + 1) {
                Some(&byte) if self.classes.starts_name(byte) => {
                    len += 1 + self.classes.name_len(&rest[len + 1..]);
                }
                _ => break,
            }
        }
        len
    }

    fn backslash(&mut self) -> Token {
        if self.has(Version::V8_0) {
            let len = self.qualified_len(0);
            if len > 0 {
                return Token::new(len, TokenKind::NameFullyQualified);
            }
        }
        if self.has(Version::V5_3) {
            Token::new(1, TokenKind::NsSeparator)
        } else {
            self.bad_character()
        }
    }

    /// `yield from` is one token, with what stands between.
    fn yield_or_from(&mut self, len: usize) -> Token {
        match self.yield_from_len() {
            Some(len) => Token::new(len, TokenKind::YieldFrom),
            None => Token::new(len, TokenKind::Yield),
        }
    }

    /// `enum` is a keyword only before a name that is not `extends` or
    /// `implements`.
    fn enumeration(&mut self, len: usize) -> Token {
        let is_declared = self.declares_enum();
        Token::new(len, if is_declared { TokenKind::Enum } else { TokenKind::String })
    }

    /// PHP 8.1 left functions of that name alone: `readonly (`.
    fn readonly(&mut self, len: usize) -> Token {
        let after = &self.rest[len..];
        let is_call = after.get(whitespace_len(after)) == Some(&b'(');
        let is_name = is_call && !self.has(Version::V8_2);
        Token::new(len, if is_name { TokenKind::String } else { TokenKind::Readonly })
    }

    /// From PHP 8.4 `public(set)`, without blanks, is one token.
    fn visibility(&mut self, len: usize, kind: TokenKind) -> Token {
        let is_set =
            self.rest.get(len..len + 5).is_some_and(|text| text.eq_ignore_ascii_case(b"(set)"));
        if !is_set || !self.has(Version::V8_4) {
            return Token::new(len, kind);
        }
        let kind = match kind {
            TokenKind::Public => TokenKind::PublicSet,
            TokenKind::Protected => TokenKind::ProtectedSet,
            _ => TokenKind::PrivateSet,
        };
        Token::new(len + 5, kind)
    }

    fn hash(&mut self) -> Token {
        if self.peek(1) == b'[' && self.has(Version::V8_0) {
            self.heredocs.open(b'[');
            return Token::new(2, TokenKind::Attribute);
        }
        self.line_comment(1)
    }

    /// A comment to the end of the line or to the closing tag. Before PHP 8
    /// the line break belongs to it.
    fn line_comment(&mut self, start: usize) -> Token {
        let rest = self.rest;
        let asp_tags = self.has_asp_tags();
        let mut len = start;
        while let Some(at) = memchr3(b'\n', b'\r', b'>', &rest[len..]) {
            len += at;
            if rest[len] != b'>' {
                return self.end_line_comment(len);
            }
            let is_tag =
                len > start && (rest[len - 1] == b'?' || asp_tags && rest[len - 1] == b'%');
            if is_tag {
                return Token::new(len - 1, TokenKind::Comment);
            }
            len += 1;
        }
        // PHP 5.2 has lost such a comment when it was looking for a closing tag.
        let is_lost = rest.len() == start || matches!(rest[rest.len() - 1], b'?' | b'%' | b'>');
        let kind = if is_lost && !self.has(Version::V5_3) {
            TokenKind::Dropped
        } else {
            TokenKind::Comment
        };
        Token::new(rest.len(), kind)
    }

    fn end_line_comment(&mut self, len: usize) -> Token {
        let rest = self.rest;
        let newline = match newline_len(&rest[len..]) {
            _ if self.has(Version::V8_0) => 0,
            // PHP 5.2 leaves the LF of a CR LF outside, unless its scanner has
            // just stopped for what might have been a closing tag.
            2 if !self.has(Version::V5_3) => {
                let has_stopped = matches!(rest[len - 1], b'?' | b'%' | b'>');
                let is_empty = len == 1 || &rest[..len] == b"//";
                1 + usize::from(has_stopped || is_empty)
            }
            newline => newline,
        };
        Token::new(len + newline, TokenKind::Comment)
    }

    /// `/* … */`, or to the end of the file. It is a doc comment when white
    /// space follows `/**`.
    fn block_comment(&mut self) -> Token {
        let rest = self.rest;
        let is_doc = rest.get(2) == Some(&b'*') && rest.get(3).copied().is_some_and(is_whitespace);
        let kind = if is_doc { TokenKind::DocComment } else { TokenKind::Comment };
        match block_end(&rest[2..]) {
            Some(end) => Token::new(end + 2, kind),
            None if !self.has(Version::V5_3) => Token::new(rest.len(), TokenKind::Comment),
            None => {
                if self.has(Version::V8_0) {
                    self.heredocs.fail();
                }
                Token::new(rest.len(), kind)
            }
        }
    }

    fn question(&mut self) -> Token {
        match (self.peek(1), self.peek(2)) {
            (b'>', _) => self.close_tag(2),
            (b'-', b'>') if self.has(Version::V8_0) => {
                self.arrow(3, TokenKind::NullsafeObjectOperator)
            }
            (b'-', b'>') => Token::new(1, TokenKind::Question),
            _ => self.symbol(),
        }
    }

    /// The closing tag of that length takes one line break with it.
    fn close_tag(&mut self, len: usize) -> Token {
        let newline = newline_len(&self.rest[len..]);
        self.begin(len + newline, Mode::Initial, TokenKind::CloseTag)
    }

    fn less(&mut self) -> Token {
        if self.rest.starts_with(b"<<<")
            && let Some(token) = self.start_heredoc(0)
        {
            return token;
        }
        if self.peek(1) == b'/'
            && !self.has(Version::V7_0)
            && let Some(len) = script_end_len(self.rest)
        {
            return self.close_tag(len);
        }
        self.symbol()
    }

    fn ampersand(&mut self) -> Token {
        if matches!(self.peek(1), b'&' | b'=') || !self.has(Version::V8_1) {
            return self.symbol();
        }
        let kind = if self.is_before_variable() {
            TokenKind::AmpersandFollowedByVarOrVararg
        } else {
            TokenKind::AmpersandNotFollowedByVarOrVararg
        };
        Token::new(1, kind)
    }

    /// `'…'` after a prefix of so many bytes. Unterminated, PHP takes the rest
    /// of the file as a piece of text; PHP 5.2 drops the quote and goes on.
    fn single_quoted(&mut self, prefix: usize) -> Token {
        let rest = self.rest;
        let mut len = prefix + 1;
        while let Some(text) = rest.get(len..) {
            len += chunk::len_until(text, |chunk| {
                chunk::equal(chunk, b'\'') | chunk::equal(chunk, b'\\')
            });
            match rest.get(len) {
                Some(b'\'') => return Token::new(len + 1, TokenKind::ConstantEncapsedString),
                _ => len += 2,
            }
        }
        if !self.has(Version::V5_3) {
            return if prefix > 0 {
                Token::new(prefix, TokenKind::String)
            } else {
                self.bad_character()
            };
        }
        Token::new(rest.len(), TokenKind::EncapsedAndWhitespace)
    }

    /// `"…"` is one token unless something in it is interpolated.
    fn double_quoted(&mut self, prefix: usize) -> Token {
        match self.plain_len(prefix + 1, b'"') {
            Some(len) if self.rest.get(len) == Some(&b'"') => {
                self.check_escapes(&self.rest[prefix + 1..len]);
                Token::new(len + 1, TokenKind::ConstantEncapsedString)
            }
            _ => self.begin(prefix + 1, Mode::DoubleQuotes, TokenKind::DoubleQuote),
        }
    }

    /// `<<<LABEL` and its line break after a prefix of so many bytes.
    fn start_heredoc(&mut self, prefix: usize) -> Option<Token> {
        let rest = self.rest;
        let arrows = rest[prefix..].strip_prefix(b"<<<")?;
        let blanks = blank_len(arrows);
        let quoted = &arrows[blanks..];
        let quote = match quoted.first()? {
            quote @ (b'\'' | b'"') if self.has(Version::V5_3) => Some(*quote),
            _ => None,
        };
        let name = &quoted[usize::from(quote.is_some())..];
        if !self.classes.starts_name(*name.first()?) {
            return None;
        }
        let label = &name[..self.classes.name_len(name)];
        let mut after = &name[label.len()..];
        if let Some(quote) = quote {
            after = after.strip_prefix(&[quote])?;
        }
        let newline = newline_len(after);
        if newline == 0 {
            return None;
        }
        let len = rest.len() - after.len() + newline;
        self.enter_heredoc(label, quote == Some(b'\''), len);
        Some(Token::new(len, TokenKind::StartHeredoc))
    }
}

/// Where the text of a block comment ends, behind its `*/`.
fn block_end(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr(b'/', text.get(at..)?)?;
        if text[at - 1] == b'*' {
            return Some(at + 1);
        }
        at += 1;
    }
}
