//! One file without its comments and blanks, in five styles: each file here says
//! what stands in a gap.
//!
//! `lines` and `tight` never change a token: [`gap`] lexes again wherever that
//! is not obvious. The other three are somebody else's, byte for byte, and may.

mod copy;
pub(crate) mod gap;
mod lines;
pub mod php;
mod thinkphp20;
mod thinkphp22;
mod tight;

use std::fmt;
use std::mem;
use std::str::FromStr;

use tilde_lexer::{Lexer, Options, Version};
use tilde_syntax::{Span, Token};

use gap::{Spacing, Writer};
pub(crate) use php::shebang_len;

/// How a file is stripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StripOptions {
    /// The PHP whose tokens count: the newest, if several will read the result.
    pub lexer: Options,
    /// The oldest PHP that will read it.
    pub oldest: Version,
    /// What stays where comments and blanks stood.
    pub style: Style,
    /// Whether doc comments stay; `lines` and `tight` only.
    pub docs: Docs,
}

impl StripOptions {
    /// For one version of PHP.
    #[must_use]
    pub fn new(lexer: Options, style: Style, docs: Docs) -> Self {
        Self { lexer, oldest: lexer.version, style, docs }
    }
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
    let mut out = Vec::new();
    strip_onto(&mut out, source, options);
    out
}

/// Puts the source, stripped, at the end of `out`: [`strip`] for a buffer that
/// takes many files.
///
/// # Panics
///
/// On a source of 4 GiB or more.
pub fn strip_onto(out: &mut Vec<u8>, source: &[u8], options: &StripOptions) {
    assert!(u32::try_from(source.len()).is_ok(), "a source must be smaller than 4 GiB");
    match options.style {
        Style::Lines => spaced(source, *options, Spacing::Lines, out),
        Style::Tight => spaced(source, *options, Spacing::Tight, out),
        Style::Php => php::php(source, options.lexer, out),
        Style::ThinkPhp20 => thinkphp20::strip(source, options.lexer, out),
        Style::ThinkPhp22 => thinkphp22::strip(source, options.lexer, out),
    }
}

fn spaced(source: &[u8], options: StripOptions, spacing: Spacing, out: &mut Vec<u8>) {
    out.reserve(source.len());
    let mut writer = Writer::new(mem::take(out), options, spacing);
    let mut end = 0;
    let place = |token: tilde_lexer::Token| {
        let start = end;
        end += token.len;
        Token { kind: token.kind, span: Span { start, end } }
    };
    writer.tokens(source, Lexer::new(source, options.lexer).map(place));
    *out = writer.finish();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(source: &str, style: Style) -> String {
        let options = StripOptions::new(Options::default(), style, Docs::Keep);
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
    fn php_reads_on_after_halt_compiler() {
        assert_eq!(
            stripped("<?php __HALT_compiler();  a  /* b */ c", Style::Php),
            "<?php __HALT_compiler(); a c"
        );
    }
}
