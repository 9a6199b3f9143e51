//! One file without its comments and blanks, in five styles.
//!
//! `lines` and `tight` never change a token. The other three are what PHP and
//! ThinkPHP write, byte for byte, and those glue tokens: `echo/**/1` becomes
//! `echo1`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use tilde_lexer::{Options, TokenKind, Version};

use crate::token::{Token, lex};
use crate::writer::{Spacing, Writer};

/// How a file is stripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StripOptions {
    /// The PHP whose tokens count.
    pub lexer: Options,
    /// What stays where comments and blanks stood.
    pub style: Style,
    /// Whether doc comments stay; `lines` and `tight` only.
    pub docs: Docs,
}

/// What stays where comments and blanks stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// A newline where there was a line break, a blank where it is needed.
    #[default]
    Lines,
    /// As few bytes as can be without changing a token.
    Tight,
    /// As `php_strip_whitespace()` of the CLI of the given PHP version.
    Php,
    /// As `strip_whitespace()` of ThinkPHP 2.0 and 2.1.
    ThinkPhp20,
    /// As `strip_whitespace()` of ThinkPHP 2.2 to 3.2.
    ThinkPhp22,
}

impl Style {
    /// Every style, the default first.
    pub const ALL: [Self; 5] =
        [Self::Lines, Self::Tight, Self::Php, Self::ThinkPhp20, Self::ThinkPhp22];

    /// The style as people write it, such as `thinkphp-2.2`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Tight => "tight",
            Self::Php => "php",
            Self::ThinkPhp20 => "thinkphp-2.0",
            Self::ThinkPhp22 => "thinkphp-2.2",
        }
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Style {
    type Err = UnknownStyle;

    fn from_str(text: &str) -> Result<Self, UnknownStyle> {
        Self::ALL
            .into_iter()
            .find(|style| style.as_str() == text)
            .ok_or_else(|| UnknownStyle(text.to_owned()))
    }
}

/// The text is no style that we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownStyle(pub String);

impl fmt::Display for UnknownStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unknown style `{}`; use one of lines, tight, php, thinkphp-2.0, thinkphp-2.2",
            self.0
        )
    }
}

impl std::error::Error for UnknownStyle {}

/// Whether doc comments stay. Reflection reads them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Docs {
    /// They stay.
    #[default]
    Keep,
    /// They go, as other comments do.
    Drop,
}

/// The source, stripped. Its significant tokens are the source's in the styles
/// `lines` and `tight`, and stripping again changes nothing.
///
/// # Panics
///
/// On a source of 4 GiB or more.
#[must_use]
pub fn strip(source: &[u8], options: &StripOptions) -> Vec<u8> {
    assert!(u32::try_from(source.len()).is_ok(), "a source must be smaller than 4 GiB");
    match options.style {
        Style::Lines => spaced(source, *options, Spacing::Lines),
        Style::Tight => spaced(source, *options, Spacing::Tight),
        Style::Php => php(source, options.lexer),
        Style::ThinkPhp20 => thinkphp_20(source, options.lexer),
        Style::ThinkPhp22 => thinkphp_22(source, options.lexer),
    }
}

fn spaced(source: &[u8], options: StripOptions, spacing: Spacing) -> Vec<u8> {
    let mut writer = Writer::new(options.lexer, spacing, options.docs, source.len());
    for (token, bytes) in tilde_lexer::tokens(source, options.lexer) {
        writer.token(token.kind, bytes);
    }
    writer.finish()
}

/// `zend_strip()`, which reads the scanner and not `token_get_all()`: from PHP
/// 8.0 a shebang line is skipped in every file, and what follows
/// `__halt_compiler();` is lexed as well.
fn php(source: &[u8], options: Options) -> Vec<u8> {
    let source = match shebang_len(source) {
        Some(len) if options.version >= Version::V8_0 => &source[len..],
        _ => source,
    };
    let mut out = Vec::with_capacity(source.len());
    let mut blank = false;
    let tokens = lex(&unhalted(source), options);
    let mut tokens = tokens.iter().filter(|token| token.kind != TokenKind::Dropped);
    while let Some(token) = tokens.next() {
        old_token(token.kind, token.bytes(source), &mut blank, &mut out);
        if token.kind == TokenKind::EndHeredoc {
            let next = tokens.next().filter(|next| next.kind != TokenKind::Whitespace);
            out.extend_from_slice(next.map_or(&[], |next| next.bytes(source)));
            out.push(b'\n');
            blank = true;
        }
    }
    out
}

/// The source with another name for `__halt_compiler`, of the same length, so
/// that nothing stops the lexer.
fn unhalted(source: &[u8]) -> Cow<'_, [u8]> {
    const WORD: &[u8] = b"__halt_compiler";
    let is_word = |&at: &usize| {
        source.get(at..at + WORD.len()).is_some_and(|word| word.eq_ignore_ascii_case(WORD))
    };
    let mut copy = Cow::Borrowed(source);
    for at in memchr::memchr_iter(b'_', source).filter(is_word) {
        copy.to_mut()[at + WORD.len() - 1] = b'_';
    }
    copy
}

fn put_blank(out: &mut Vec<u8>, blank: &mut bool) {
    if !*blank {
        out.push(b' ');
        *blank = true;
    }
}

fn thinkphp_20(source: &[u8], options: Options) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len());
    let mut blank = false;
    for (token, bytes) in tilde_lexer::tokens(source, options) {
        old_token(token.kind, bytes, &mut blank, &mut out);
    }
    out
}

/// What all three old styles do with a token.
fn old_token(kind: TokenKind, bytes: &[u8], blank: &mut bool, out: &mut Vec<u8>) {
    match kind {
        TokenKind::Dropped | TokenKind::Comment | TokenKind::DocComment => {}
        TokenKind::Whitespace => put_blank(out, blank),
        _ => {
            out.extend_from_slice(bytes);
            *blank = false;
        }
    }
}

/// As 2.0, but every heredoc is renamed, and what stands between its label and
/// the next `;` is lost.
fn thinkphp_22(source: &[u8], options: Options) -> Vec<u8> {
    let tokens = lex(source, options);
    let mut out = Vec::with_capacity(source.len());
    let mut blank = false;
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        index += 1;
        match token.kind {
            TokenKind::StartHeredoc => out.extend_from_slice(b"<<<THINK\n"),
            TokenKind::EndHeredoc => {
                out.extend_from_slice(b"THINK;\n");
                index += statement_rest(&tokens[index..]);
            }
            kind => old_token(kind, token.bytes(source), &mut blank, &mut out),
        }
    }
    out
}

/// How many tokens there are up to and with the next `;`; none when the code
/// ends before it.
fn statement_rest(tokens: &[Token]) -> usize {
    let end = tokens
        .iter()
        .position(|token| matches!(token.kind, TokenKind::Semicolon | TokenKind::CloseTag));
    match end {
        Some(end) if tokens[end].kind == TokenKind::Semicolon => end + 1,
        _ => 0,
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

    fn stripped(source: &str, style: Style) -> String {
        let options = StripOptions { lexer: Options::default(), style, docs: Docs::Keep };
        String::from_utf8(strip(source.as_bytes(), &options)).unwrap()
    }

    #[test]
    fn styles_have_names() {
        for style in Style::ALL {
            assert_eq!(style.to_string().parse(), Ok(style));
        }
        assert!("loose".parse::<Style>().is_err());
    }

    #[test]
    fn lines_keep_one_line_break() {
        let source = "<?php\n\n// c\n$a = 1;   /* d */\n\n\n  $b = 2 ; /** e */ f ( ) ;\n\n";
        assert_eq!(stripped(source, Style::Lines), "<?php\n$a=1;\n$b=2;/** e */f();\n");
    }

    #[test]
    fn tight_keeps_what_separates() {
        let source =
            "<?php\n return 1 . 2 - - $a + ++ $b , 0x1 and ( int /* c */ ) \\ strlen ( ) ;\n";
        let expected = "<?php\nreturn 1 . 2- -$a+ ++$b,0x1 and(int\n)\\ strlen();";
        assert_eq!(stripped(source, Style::Tight), expected);
    }

    #[test]
    fn a_shebang_line_ends_at_the_first_line_feed() {
        assert_eq!(shebang_len(b"#!a\nb\n"), Some(4));
        assert_eq!(shebang_len(b"#!a\rb\r\nc"), Some(7));
        assert_eq!(shebang_len(b"#!a\rb"), Some(4));
        assert_eq!(shebang_len(b"#!a"), None);
    }

    #[test]
    fn php_reads_on_after_halt_compiler() {
        assert_eq!(
            stripped("<?php __HALT_compiler();  a  /* b */ c", Style::Php),
            "<?php __HALT_compiler(); a c"
        );
    }
}
