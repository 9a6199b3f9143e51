//! The style `php`: what `php_strip_whitespace()` of a PHP version returns.
//!
//! It may change what the code means: comments go without a trace, so that
//! `echo/**/1` becomes `echo1`.

use tilde_lexer::{Lexer, Options, TokenKind, Version};

use crate::style::copy::Copy;
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
            if PASSES { halts > MAX_HALTS } else { token.kind == TokenKind::HaltCompiler };
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
const MAX_HALTS: usize = 8;

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

/// The length of a `#!` line with its line break. Only `\n` ends it: without
/// one, PHP skips all of the file.
pub(crate) fn shebang_len(source: &[u8]) -> Option<usize> {
    let end = || memchr::memchr(b'\n', source).map_or(source.len(), |end| end + 1);
    source.starts_with(b"#!").then(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_halts_stops_nothing() {
        for count in [1, MAX_HALTS, MAX_HALTS + 1, 1000] {
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
        assert_eq!(shebang_len(b"#!a\rb"), Some(5));
        assert_eq!(shebang_len(b"#!a"), Some(3));
        assert_eq!(shebang_len(b"# !"), None);
    }
}
