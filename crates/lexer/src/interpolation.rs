//! Strings with variables in them: `"…"`, `` `…` ``, and the small modes that
//! they and heredocs share: the offset in `"$a[…]"`, the name in `"${…}"`.

use crate::bytes::quoted_len;
use crate::lexer::{Lexer, Mode, Token};
use crate::{TokenKind, Version};

impl Lexer<'_> {
    /// The next token between two quotes of that kind.
    pub(crate) fn quoted(&mut self, quote: u8, kind: TokenKind) -> Token {
        if self.peek(0) == quote {
            return self.begin(1, Mode::InScripting, kind);
        }
        if let Some(token) = self.interpolated() {
            return token;
        }
        let len = match self.plain_len(0, quote) {
            Some(len) => len,
            None if !self.has(Version::V5_3) => return self.unterminated_in_5_2(),
            None => self.rest.len(),
        };
        if quote == b'"' {
            self.check_escapes(&self.rest[..len]);
        }
        Token::new(len, TokenKind::EncapsedAndWhitespace)
    }

    /// The next token of a string without an end in PHP 5.2, which drops what
    /// would need another byte to mean something.
    pub(crate) fn unterminated_in_5_2(&self) -> Token {
        match complete_len(self.rest) {
            0 => Token::new(1, TokenKind::Dropped),
            len => Token::new(len, TokenKind::EncapsedAndWhitespace),
        }
    }

    /// Where plain text that starts `from` bytes ahead ends: at the quote or at
    /// something interpolated. `None` if the file ends first.
    pub(crate) fn plain_len(&self, from: usize, quote: u8) -> Option<usize> {
        let rest = self.rest;
        let mut len = from;
        loop {
            len += quoted_len(rest.get(len..)?, quote);
            match *rest.get(len)? {
                b'\\' => len += 2,
                byte if byte == quote => return Some(len),
                byte if self.interpolates(byte, len) => return Some(len),
                _ => len += 1,
            }
        }
    }

    /// Whether the byte so far ahead starts a variable or an expression.
    pub(crate) fn interpolates(&self, byte: u8, ahead: usize) -> bool {
        let next = self.peek(ahead + 1);
        match byte {
            b'$' => next == b'{' || self.classes.starts_name(next),
            b'{' => next == b'$',
            _ => false,
        }
    }

    /// A variable, `${` or `{$` that starts right here.
    pub(crate) fn interpolated(&mut self) -> Option<Token> {
        match (self.peek(0), self.peek(1)) {
            (b'$', b'{') => {
                self.push(Mode::LookingForVarname);
                self.heredocs.open(b'{');
                Some(Token::new(2, TokenKind::DollarOpenCurlyBraces))
            }
            (b'{', b'$') => {
                self.push(Mode::InScripting);
                self.heredocs.open(b'{');
                Some(Token::new(1, TokenKind::CurlyOpen))
            }
            (b'$', byte) if self.classes.starts_name(byte) => Some(self.simple_variable()),
            _ => None,
        }
    }

    /// `$a`, and what may follow it without braces: `[…]`, `->name`, `?->name`.
    fn simple_variable(&mut self) -> Token {
        let len = self.variable_len();
        match &self.rest[len..] {
            [b'[', ..] => self.push(Mode::VarOffset),
            [b'-', b'>', byte, ..] if self.classes.starts_name(*byte) => {
                self.push(Mode::LookingForProperty);
            }
            [b'?', b'-', b'>', byte, ..]
                if self.classes.starts_name(*byte) && self.has(Version::V8_0) =>
            {
                self.push(Mode::LookingForProperty);
            }
            _ => {}
        }
        Token::new(len, TokenKind::Variable)
    }

    /// The next token in mode [`Mode::VarOffset`].
    pub(crate) fn var_offset(&mut self) -> Token {
        match self.peek(0) {
            b']' => {
                self.pop();
                Token::new(1, TokenKind::CloseBracket)
            }
            b'$' if self.classes.starts_name(self.peek(1)) => {
                Token::new(self.variable_len(), TokenKind::Variable)
            }
            b'0'..=b'9' => self.offset_number(),
            byte if self.classes.starts_name(byte) => {
                Token::new(self.classes.name_len(self.rest), TokenKind::String)
            }
            // No offset has these. PHP leaves the mode with an empty token, for
            // the parser to stumble over.
            b' ' | b'\n' | b'\r' | b'\t' | b'\\' | b'\'' | b'#' => {
                self.pop();
                Token::new(0, TokenKind::EncapsedAndWhitespace)
            }
            b'"' => Token::new(1, TokenKind::DoubleQuote),
            b'`' => Token::new(1, TokenKind::Backtick),
            byte => match single(byte) {
                Some(kind) => Token::new(1, kind),
                None => self.bad_character(),
            },
        }
    }

    fn offset_number(&mut self) -> Token {
        let rest = self.rest;
        let len = match self.prefixed_len(rest) {
            Some((_, len)) => len,
            None => self.digits_len(rest, u8::is_ascii_digit),
        };
        Token::new(len, TokenKind::NumString)
    }

    /// The next token in mode [`Mode::LookingForVarname`]: a name counts only
    /// before `[` or `}`.
    pub(crate) fn looking_for_varname(&mut self) -> Token {
        self.mode = Mode::InScripting;
        let len = if self.classes.starts_name(self.peek(0)) {
            self.classes.name_len(self.rest)
        } else {
            0
        };
        let is_name =
            len > 0 && (matches!(self.peek(len), b'[' | b'}') || !self.has(Version::V5_3));
        if is_name { Token::new(len, TokenKind::StringVarname) } else { self.by_mode() }
    }

    /// PHP gives up on a string with a wrong `\u{…}`, and an enclosing heredoc
    /// loses its indentation.
    pub(crate) fn check_escapes(&mut self, text: &[u8]) {
        if !self.heredocs.is_empty()
            && self.has(Version::V7_0)
            && crate::line::bad_escape(text).is_some()
        {
            self.heredocs.fail();
        }
    }
}

/// How much of the text at the end of a file PHP 5.2 can read: up to a `\`, and
/// up to the last of `$` or `{` in a row, with nothing behind them.
fn complete_len(text: &[u8]) -> usize {
    let mut len = 0;
    while let Some(&byte) = text.get(len) {
        let run = match byte {
            b'$' | b'{' => text[len..].iter().take_while(|&&next| next == byte).count(),
            _ => 0,
        };
        let char_len = if text.get(len + run) == Some(&b'\\') { 2 } else { 1 };
        if len + run + char_len > text.len() {
            return len + run.saturating_sub(1);
        }
        len += run + char_len;
    }
    len
}

/// The kind of a character that is a token by itself.
fn single(byte: u8) -> Option<TokenKind> {
    let kind = match byte {
        b';' => TokenKind::Semicolon,
        b':' => TokenKind::Colon,
        b',' => TokenKind::Comma,
        b'.' => TokenKind::Dot,
        b'[' => TokenKind::OpenBracket,
        b'(' => TokenKind::OpenParenthesis,
        b')' => TokenKind::CloseParenthesis,
        b'{' => TokenKind::OpenBrace,
        b'}' => TokenKind::CloseBrace,
        b'|' => TokenKind::VerticalBar,
        b'^' => TokenKind::Caret,
        b'&' => TokenKind::Ampersand,
        b'+' => TokenKind::Plus,
        b'-' => TokenKind::Minus,
        b'/' => TokenKind::Slash,
        b'*' => TokenKind::Asterisk,
        b'=' => TokenKind::Equal,
        b'%' => TokenKind::Percent,
        b'!' => TokenKind::Exclamation,
        b'~' => TokenKind::Tilde,
        b'$' => TokenKind::Dollar,
        b'<' => TokenKind::Less,
        b'>' => TokenKind::Greater,
        b'?' => TokenKind::Question,
        b'@' => TokenKind::At,
        _ => return None,
    };
    Some(kind)
}
