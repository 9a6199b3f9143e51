//! Outside of PHP: inline HTML and the tags that open PHP.

use memchr::memchr_iter;

use crate::bytes::{is_whitespace, newline_len, whitespace_len};
use crate::lexer::{Lexer, Mode, Token};
use crate::{TokenKind, Version};

impl Lexer<'_> {
    /// The next token in mode [`Mode::Initial`].
    pub(crate) fn initial(&mut self) -> Token {
        if let Some((len, kind)) = self.open_tag(self.rest) {
            self.mode = Mode::InScripting;
            return Token::new(len, kind);
        }
        if !self.has(Version::V5_3) {
            return self.old_html();
        }
        let rest = self.rest;
        // The first byte opens no tag, so it is HTML.
        let end = memchr_iter(b'<', &rest[1..])
            .map(|at| at + 1)
            .find(|&at| self.open_tag(&rest[at..]).is_some() || self.ends_html(&rest[at..]))
            .unwrap_or(rest.len());
        Token::new(end, TokenKind::InlineHtml)
    }

    /// PHP 5.2 cuts HTML into pieces: a piece is up to 400 of characters and of
    /// `<` with a character that cannot make it a tag; what looks like the
    /// start of a tag and is none is a piece of its own.
    fn old_html(&mut self) -> Token {
        let rest = self.rest;
        let mut len = 0;
        for _ in 0..400 {
            match &rest[len..] {
                [b'<', b'?' | b'%' | b's' | b'S' | b'<', ..] | [b'<'] | [] => break,
                [b'<', _, ..] => len += 2,
                _ => len += 1,
            }
        }
        if len == 0 {
            len = match rest {
                [b'<', b'?' | b'%', b'=', ..] => 3,
                [b'<', b'?' | b'%' | b's' | b'S', ..] => 2,
                _ => 1,
            };
        }
        Token::new(len, TokenKind::InlineHtml)
    }

    /// Up to PHP 7.3 HTML stops before `<?php` whatever follows, though it may
    /// be HTML again.
    fn ends_html(&self, rest: &[u8]) -> bool {
        !self.has(Version::V7_4)
            && rest.first_chunk::<5>().is_some_and(|tag| tag.eq_ignore_ascii_case(b"<?php"))
    }

    /// The tag at the start of `rest`, with its length.
    fn open_tag(&self, rest: &[u8]) -> Option<(usize, TokenKind)> {
        match rest.get(..2)? {
            b"<?" => self.question_tag(rest),
            b"<%" if self.has_asp_tags() => match rest.get(2) {
                Some(b'=') => Some((3, TokenKind::OpenTagWithEcho)),
                _ => Some((2, TokenKind::OpenTag)),
            },
            b"<s" | b"<S" if !self.has(Version::V7_0) => {
                script_tag_len(rest).map(|len| (len, TokenKind::OpenTag))
            }
            _ => None,
        }
    }

    fn question_tag(&self, rest: &[u8]) -> Option<(usize, TokenKind)> {
        if rest.get(2) == Some(&b'=') && (self.options.short_tags || self.has(Version::V5_4)) {
            return Some((3, TokenKind::OpenTagWithEcho));
        }
        if rest.get(2..5).is_some_and(|name| name.eq_ignore_ascii_case(b"php")) {
            match rest.get(5) {
                Some(b' ' | b'\t') => return Some((6, TokenKind::OpenTag)),
                Some(b'\n' | b'\r') => {
                    return Some((5 + newline_len(&rest[5..]), TokenKind::OpenTag));
                }
                None if self.has(Version::V7_4) => return Some((5, TokenKind::OpenTag)),
                _ => {}
            }
        }
        self.options.short_tags.then_some((2, TokenKind::OpenTag))
    }

    pub(crate) fn has_asp_tags(&self) -> bool {
        self.options.asp_tags && !self.has(Version::V7_0)
    }
}

/// The length of `<script language="php">`, which opens PHP up to 5.6. The
/// quotes may be single or missing, blanks may stand between the parts.
fn script_tag_len(rest: &[u8]) -> Option<usize> {
    let after_name = strip_word(rest, b"<script")?;
    if !after_name.first().copied().is_some_and(is_whitespace) {
        return None;
    }
    let after_attribute = strip_word(skip_whitespace(after_name), b"language")?;
    let after_equal = strip_word(skip_whitespace(after_attribute), b"=")?;
    let value = skip_whitespace(after_equal);
    let after_value =
        [&b"php"[..], b"\"php\"", b"'php'"].iter().find_map(|php| strip_word(value, php))?;
    let after = strip_word(skip_whitespace(after_value), b">")?;
    Some(rest.len() - after.len())
}

/// The length of `</script>`, which ends PHP up to 5.6, without a line break.
pub(crate) fn script_end_len(rest: &[u8]) -> Option<usize> {
    let after = strip_word(skip_whitespace(strip_word(rest, b"</script")?), b">")?;
    Some(rest.len() - after.len())
}

fn strip_word<'src>(rest: &'src [u8], word: &[u8]) -> Option<&'src [u8]> {
    let (start, after) = rest.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(after)
}

fn skip_whitespace(rest: &[u8]) -> &[u8] {
    &rest[whitespace_len(rest)..]
}
