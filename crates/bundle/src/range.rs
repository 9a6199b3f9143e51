//! Code that several PHP versions will run: whether they read the same in it.
//!
//! The newest version's tokens are what is compiled. An older one must see the same
//! code between the same blanks and comments. Two things may be cut otherwise: a name
//! with `\` is one token from PHP 8.0 on and several before, and `#[…]` is an
//! attribute from then on and a comment before, which ends with its line.

use tilde_lexer::{Options, TokenKind as K, Version};
use tilde_syntax::{Arena, Span, Token, Tokens, parse};

use crate::diagnostic::Diagnostic;
use crate::module::{range, syntax_error};
use crate::source::SourceId;

/// What an older PHP, which will run the code as well, does not accept in it, or reads
/// otherwise than the newest one.
#[must_use]
pub fn range_of_versions(
    source: SourceId,
    text: &[u8],
    oldest: Version,
    newest: Options,
) -> Option<Diagnostic> {
    let tokens = (oldest != newest.version).then(|| Tokens::lex(text, newest));
    of_member(source, text, (oldest, newest), &tokens?, &mut Arena::new())
}

/// The same for code of which the tokens of the newest version are known.
pub(crate) fn of_member(
    source: SourceId,
    text: &[u8],
    (oldest, newest): (Version, Options),
    tokens: &Tokens,
    arena: &mut Arena,
) -> Option<Diagnostic> {
    if oldest == newest.version {
        return None;
    }
    let help = "write it so that both read the same, or name one PHP with --php";
    let options = newest.with_version(oldest);
    arena.reset();
    let tree = match parse(text, options, arena) {
        Ok(tree) => tree,
        Err(error) => {
            let mut finding = syntax_error(source, &error, text);
            finding.message = format!("{} in PHP {oldest}", finding.message);
            return Some(finding.help(help));
        }
    };
    let old = code(text, tree.tokens(), options);
    let span = difference(Comparison { text, old, new: code(text, tokens.iter(), newest) })?;
    let message = format!("PHP {oldest} and PHP {} read this differently", newest.version);
    let finding = Diagnostic::error("T-RANGE", message).label(source, range(span), "");
    Some(finding.help(help))
}

/// The first place that an older PHP reads otherwise than a newer one, of which these are
/// the tokens.
pub(crate) fn disagreement(
    text: &[u8],
    oldest: Options,
    newest: Options,
    tokens: impl Iterator<Item = (K, u32)>,
) -> Option<Span> {
    let old = Tokens::lex(text, oldest);
    let old = code(text, old.iter(), oldest);
    difference(Comparison { text, old, new: code(text, placed(tokens), newest) })
}

fn difference(
    mut comparison: Comparison<'_, impl Iterator<Item = Token>, impl Iterator<Item = Token>>,
) -> Option<Span> {
    loop {
        match (comparison.old.next(), comparison.new.next()) {
            (None, None) => return None,
            (Some(old), Some(new)) if comparison.is_same(old, new) => {}
            (old, new) => return Some(new.or(old)?.span),
        }
    }
}

struct Comparison<'a, Old: Iterator, New: Iterator> {
    text: &'a [u8],
    old: Old,
    new: New,
}

impl<Old, New> Comparison<'_, Old, New>
where
    Old: Iterator<Item = Token>,
    New: Iterator<Item = Token>,
{
    fn is_same(&mut self, old: Token, new: Token) -> bool {
        if old.span.start != new.span.start {
            return false;
        }
        if old.kind == K::Comment {
            return self.is_attribute(old, new);
        }
        if old.span.end == new.span.end {
            // Words become keywords, and `&` has two kinds.
            let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'&');
            return old.kind == new.kind || new.span.of(self.text).iter().all(is_word);
        }
        self.is_name(old, new)
    }

    /// A name, in pieces.
    fn is_name(&mut self, old: Token, new: Token) -> bool {
        let is_one = matches!(new.kind, K::NameQualified | K::NameFullyQualified | K::NameRelative);
        let starts = matches!(old.kind, K::String | K::NsSeparator | K::Namespace);
        let mut end = old.span.end;
        while end < new.span.end {
            match self.old.next() {
                Some(piece) if piece.span.start == end => end = piece.span.end,
                _ => return false,
            }
        }
        is_one && starts && end == new.span.end
    }

    /// Attributes, and nothing else, to the end of the comment.
    fn is_attribute(&mut self, old: Token, new: Token) -> bool {
        let end = old.span.start + old.span.of(self.text).trim_ascii_end().len() as u32;
        let (mut piece, mut depth) = (new, 0_usize);
        loop {
            match piece.kind {
                K::Attribute | K::OpenBracket => depth += 1,
                K::CloseBracket => depth = depth.saturating_sub(1),
                _ if depth == 0 => return false,
                _ => {}
            }
            if piece.span.end >= end {
                return depth == 0 && piece.span.end == end;
            }
            let Some(next) = self.new.next() else { return false };
            piece = next;
        }
    }
}

/// Tokens with their lengths, one after the other.
fn placed(tokens: impl Iterator<Item = (K, u32)>) -> impl Iterator<Item = Token> {
    let mut end = 0;
    tokens.map(move |(kind, len)| {
        let start = end;
        end += len;
        Token { kind, span: Span { start, end } }
    })
}

/// Those of the tokens that do something.
fn code<'a>(
    text: &'a [u8],
    tokens: impl Iterator<Item = Token> + 'a,
    options: Options,
) -> impl Iterator<Item = Token> + 'a {
    let is_old = options.version < Version::V8_0;
    tokens.filter(move |token| match token.kind {
        // PHP's parser drops it.
        K::BadCharacter if is_old => false,
        K::Comment if is_old => token.span.of(text).starts_with(b"#["),
        kind => !kind.is_trivia(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disagree(text: &str) -> Option<Span> {
        let [oldest, newest] = [Version::V7_2, Version::LATEST].map(Options::new);
        let tokens = tilde_lexer::Lexer::new(text.as_bytes(), newest);
        disagreement(text.as_bytes(), oldest, newest, tokens.map(|it| (it.kind, it.len)))
    }

    #[test]
    fn what_old_and_new_read_alike() {
        for text in [
            "<?php namespace A\\B; use \\C\\D; new namespace\\E; echo \\strlen('a');",
            "<?php\n#[A]\n#[B(1, [2]), C] \nclass D {}",
            "<?php #[A] #[B]\nfunction f() {}",
            "<?php class A { function match() {} function enum() {} } $a = & $b;",
            "<?php # [no attribute] class A {}\n$a;",
        ] {
            assert_eq!(disagree(text), None, "{text}");
        }
    }

    #[test]
    fn what_an_old_parser_drops_is_no_difference() {
        let text = b"<?php echo 1\x01 + 2;";
        let [oldest, newest] = [Version::V7_3, Version::V7_4].map(Options::new);
        let tokens = Tokens::lex(text, newest);
        let parsed = tokens.iter().map(|it| (it.kind, it.span.len()));
        let lexed = tilde_lexer::Lexer::new(text, newest).map(|it| (it.kind, it.len));
        assert_eq!(disagreement(text, oldest, newest, parsed), None);
        assert_eq!(disagreement(text, oldest, newest, lexed), None);
    }

    #[test]
    fn what_they_read_otherwise() {
        for text in [
            "<?php #[A] class B {}",
            "<?php function f(#[A] $b) {}",
            "<?php #[A // ]\nclass B {}",
            "<?php use\\A;",
            "<?php $a = <<<A\n  b\n  A;\n",
        ] {
            assert!(disagree(text).is_some(), "{text}");
        }
    }
}
