//! The styles that are somebody else's, byte for byte: PHP's and ThinkPHP's.
//!
//! What a newcomer would get wrong: these may change what the code means. They
//! glue tokens (`echo/**/1` becomes `echo1`), and the later ThinkPHP loses what
//! stands between the end of a heredoc and the next `;`.

use tilde_lexer::{Lexer, Options, TokenKind, Version};

use crate::token::Token;

/// `zend_strip()`, which reads the scanner and not `token_get_all()`: from PHP
/// 8.0 a shebang line is skipped in every file, and what follows
/// `__halt_compiler();` is lexed as well.
pub(crate) fn php(source: &[u8], options: Options, out: &mut Vec<u8>) {
    let source = match shebang_len(source) {
        Some(len) if options.version >= Version::V8_0 => &source[len..],
        _ => source,
    };
    // Nearly every source has no such word, and no use for a look at each token.
    let start = out.len();
    if php_until_halted::<false>(source, source, options, out) == End::Halted {
        out.truncate(start);
        if php_until_halted::<true>(source, source, options, out) == End::Halted {
            out.truncate(start);
            php_until_halted::<false>(&unhalted(source), source, options, out);
        }
    }
    if ends_in_string_of_5_2(source, options) {
        out.extend(source.last());
    }
}

/// The same of a source whose tokens are there already.
pub fn php_of_tokens(source: &[u8], tokens: &[Token], options: Options, out: &mut Vec<u8>) {
    let is_plain = options.version > Version::V5_2
        && !source.starts_with(b"#!")
        && tokens.iter().all(|token| token.kind != TokenKind::HaltCompiler);
    if !is_plain {
        return php(source, options, out);
    }
    let mut copy = Copy::new(source, out);
    let mut is_after_label = false;
    for token in tokens {
        let token = token.unplaced();
        if is_after_label {
            is_after_label = copy.after_label(token);
        } else {
            copy.token(token.kind, token.len);
            is_after_label = token.kind == TokenKind::EndHeredoc;
        }
    }
    if is_after_label {
        copy.end_label();
    }
    copy.finish();
}

/// PHP 5.2 drops the last byte of a source in a string that does not end, if it
/// would need another one to mean something. Here it does not.
fn ends_in_string_of_5_2(source: &[u8], options: Options) -> bool {
    use TokenKind as K;
    if options.version > Version::V5_2 || !matches!(source, [.., b'$' | b'{' | b'\\']) {
        return false;
    }
    let ends = |(before, last): (TokenKind, TokenKind), token: tilde_lexer::Token| match last {
        K::Dropped if token.kind == K::Dropped => (before, last),
        _ => (last, token.kind),
    };
    let (before, last) = Lexer::new(source, options).fold((K::InlineHtml, K::InlineHtml), ends);
    let is_string =
        matches!(before, K::EncapsedAndWhitespace | K::DoubleQuote | K::Backtick | K::StartHeredoc);
    is_string && last == K::Dropped
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Source,
    /// The lexer stopped where PHP goes on.
    Halted,
}

/// Takes the tokens of `text`, which is as long as `source`, and the bytes of
/// `source`. `PASSES` says whether a few halts are passed over.
fn php_until_halted<const PASSES: bool>(
    text: &[u8],
    source: &[u8],
    options: Options,
    out: &mut Vec<u8>,
) -> End {
    let mut copy = Copy::new(source, out);
    let mut lexer = Lexer::new(text, options);
    let mut halts = 0;
    let mut is_after_label = false;
    loop {
        let next = match &text[copy.end..] {
            rest if PASSES && is_halt(rest) => next_unhalted(&mut lexer, rest, &mut halts),
            _ => lexer.next(),
        };
        let Some(token) = next else { break };
        let is_halted =
            if PASSES { halts > MOST_HALTS } else { token.kind == TokenKind::HaltCompiler };
        if is_halted {
            return End::Halted;
        }
        if is_after_label {
            is_after_label = copy.after_label(token);
        } else {
            copy.token(token.kind, token.len);
            is_after_label = token.kind == TokenKind::EndHeredoc;
        }
    }
    if is_after_label {
        copy.end_label();
    }
    copy.finish();
    End::Source
}

const HALT: &[u8] = b"__halt_compiler";

/// A name of the same length that stops no lexer.
const OTHER_NAME: &[u8] = b"__halt_compile_";

/// A source has one `__halt_compiler` for a reason.
const MOST_HALTS: usize = 8;

/// The next token; one that stops the lexer is lexed under another name. The
/// lexer's state has no fixed size, so this is not for many.
#[cold]
fn next_unhalted<'src>(
    lexer: &mut Lexer<'src>,
    rest: &'src [u8],
    halts: &mut usize,
) -> Option<tilde_lexer::Token> {
    let mut other = lexer.resume(OTHER_NAME);
    let token = lexer.next()?;
    if token.kind == TokenKind::HaltCompiler {
        *halts += 1;
        other.next();
        *lexer = other.resume(&rest[OTHER_NAME.len()..]);
    }
    Some(token)
}

fn is_halt(rest: &[u8]) -> bool {
    rest.get(..HALT.len()).is_some_and(|word| word.eq_ignore_ascii_case(HALT))
}

/// The source with another name for each `__halt_compiler`, so that nothing
/// stops the lexer.
fn unhalted(source: &[u8]) -> Vec<u8> {
    let mut copy = source.to_vec();
    for at in memchr::memchr_iter(b'_', source).filter(|&at| is_halt(&source[at..])) {
        copy[at..at + OTHER_NAME.len()].copy_from_slice(OTHER_NAME);
    }
    copy
}

/// `strip_whitespace()` of ThinkPHP 2.0 and 2.1.
pub(crate) fn thinkphp_20(source: &[u8], options: Options, out: &mut Vec<u8>) {
    let mut copy = Copy::new(source, out);
    for token in Lexer::new(source, options) {
        copy.token(token.kind, token.len);
    }
    copy.finish();
}

/// As 2.0, but every heredoc is renamed, and what stands between its label and
/// the next `;` is lost.
pub(crate) fn thinkphp_22(source: &[u8], options: Options, out: &mut Vec<u8>) {
    let mut copy = Copy::new(source, out);
    // Where the loss begins, if there is a `;` before the code ends.
    let mut label: Option<Place> = None;
    for token in Lexer::new(source, options) {
        match token.kind {
            TokenKind::StartHeredoc => copy.replace(token.len, b"<<<THINK\n"),
            TokenKind::EndHeredoc => {
                copy.replace(token.len, b"THINK;\n");
                label = label.or_else(|| Some(copy.place()));
            }
            TokenKind::Semicolon if label.is_some() => {
                copy.take(token.len);
                if let Some(label) = label.take() {
                    copy.forget_since(label);
                }
            }
            kind => {
                if kind == TokenKind::CloseTag {
                    label = None;
                }
                copy.token(kind, token.len);
            }
        }
    }
    copy.finish();
}

/// Source on its way to the output, in runs as long as can be.
struct Copy<'src, 'out> {
    source: &'src [u8],
    out: &'out mut Vec<u8>,
    /// Where the run begins that is not in the output yet.
    start: usize,
    /// The end of the tokens so far.
    end: usize,
    /// Whether a blank stands for white space there already.
    is_after_blank: bool,
}

/// What the output can go back to.
#[derive(Clone, Copy)]
struct Place {
    len: usize,
    is_after_blank: bool,
}

impl<'src, 'out> Copy<'src, 'out> {
    fn new(source: &'src [u8], out: &'out mut Vec<u8>) -> Self {
        out.reserve(source.len());
        Self { source, out, start: 0, end: 0, is_after_blank: false }
    }

    /// What all three styles do with most tokens.
    #[inline]
    fn token(&mut self, kind: TokenKind, len: u32) {
        match kind {
            TokenKind::Dropped | TokenKind::Comment | TokenKind::DocComment => self.leave_out(len),
            TokenKind::Whitespace => self.blank(len),
            _ => self.keep(len),
        }
    }

    #[inline]
    fn keep(&mut self, len: u32) {
        self.take(len);
        self.is_after_blank = false;
    }

    #[inline]
    fn take(&mut self, len: u32) {
        self.end += len as usize;
    }

    fn leave_out(&mut self, len: u32) {
        self.out.extend_from_slice(&self.source[self.start..self.end]);
        self.end += len as usize;
        self.start = self.end;
    }

    #[inline]
    fn blank(&mut self, len: u32) {
        if self.is_after_blank {
            return self.leave_out(len);
        }
        self.is_after_blank = true;
        if len == 1 && self.source[self.end] == b' ' {
            self.take(len);
        } else {
            self.replace(len, b" ");
        }
    }

    fn replace(&mut self, len: u32, by: &[u8]) {
        self.leave_out(len);
        self.out.extend_from_slice(by);
    }

    fn put(&mut self, bytes: &[u8]) {
        self.replace(0, bytes);
    }

    /// PHP copies what follows the label of a heredoc, most often a `;`, unless it
    /// is white space, and puts a line break there. Returns whether that is still
    /// to come.
    fn after_label(&mut self, token: tilde_lexer::Token) -> bool {
        match token.kind {
            TokenKind::Dropped => {
                self.leave_out(token.len);
                return true;
            }
            TokenKind::Whitespace => self.leave_out(token.len),
            _ => self.take(token.len),
        }
        self.end_label();
        false
    }

    fn end_label(&mut self) {
        self.put(b"\n");
        self.is_after_blank = true;
    }

    /// Here, after a replacement.
    fn place(&self) -> Place {
        Place { len: self.out.len(), is_after_blank: self.is_after_blank }
    }

    /// As if the source went on here with nothing since that place.
    fn forget_since(&mut self, place: Place) {
        self.out.truncate(place.len);
        self.is_after_blank = place.is_after_blank;
        self.start = self.end;
    }

    fn finish(mut self) {
        self.leave_out(0);
    }
}

/// The length of a `#!` line with its line break. It ends at the first `\n`;
/// only without one, at the last `\r`.
pub(crate) fn shebang_len(source: &[u8]) -> Option<usize> {
    if !source.starts_with(b"#!") {
        return None;
    }
    let end = memchr::memchr(b'\n', source).or_else(|| memchr::memrchr(b'\r', source))?;
    Some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_halts_stops_nothing() {
        for count in [1, MOST_HALTS, MOST_HALTS + 1, 1000] {
            let source =
                "<?php ".to_owned() + &"__HALT_compiler ( ) ;  a  /* b */ c;".repeat(count);
            let expected = "<?php ".to_owned() + &"__HALT_compiler ( ) ; a c;".repeat(count);
            let mut out = b"before".to_vec();
            php(source.as_bytes(), Options::default(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), "before".to_owned() + &expected);
        }
    }

    #[test]
    fn a_shebang_line_ends_at_the_first_line_feed() {
        assert_eq!(shebang_len(b"#!a\nb\n"), Some(4));
        assert_eq!(shebang_len(b"#!a\rb\r\nc"), Some(7));
        assert_eq!(shebang_len(b"#!a\rb"), Some(4));
        assert_eq!(shebang_len(b"#!a"), None);
    }
}
