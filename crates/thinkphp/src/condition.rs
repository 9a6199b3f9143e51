//! The condition under which a file ends the program.
//!
//! An entry script that is not installed yet, or a file that nobody may call by
//! itself, ends with `exit`. What has to be otherwise stands before it: in the
//! parentheses of an `if`, or in front of `or`. Tokens are enough to find it,
//! and nothing is said where they are not.

use std::ops::Range;

use tilde_bundle::token::Token;
use tilde_lexer::TokenKind;

/// Where the condition of the `exit` at an offset stands.
pub(crate) fn condition(tokens: &[Token], offset: usize) -> Option<Range<usize>> {
    let code: Vec<Token> = tokens
        .iter()
        .filter(|token| !token.kind.is_trivia() && token.span().start < offset)
        .copied()
        .collect();
    of_statement(&code).or_else(|| of_block(&code))
}

/// `defined('A') or exit;`, `if (…) exit;`
fn of_statement(code: &[Token]) -> Option<Range<usize>> {
    let (last, before) = code.split_last()?;
    let is_operator = matches!(
        last.kind,
        TokenKind::LogicalOr | TokenKind::BooleanOr | TokenKind::LogicalAnd | TokenKind::BooleanAnd
    );
    if !is_operator {
        return of_if(code);
    }
    let is_end = |token: &Token| {
        use TokenKind::{CloseBrace, OpenBrace, OpenTag, Semicolon};
        matches!(token.kind, Semicolon | OpenBrace | CloseBrace | OpenTag)
    };
    let start = before.iter().rposition(is_end).map_or(0, |end| end + 1);
    let (first, last) = (before.get(start)?, before.last()?);
    Some(first.span().start..last.span().end)
}

/// The block that the code is in, if it is one of an `if`.
fn of_block(code: &[Token]) -> Option<Range<usize>> {
    let mut depth = 0;
    let open = code.iter().rposition(|token| {
        match token.kind {
            TokenKind::CloseBrace => depth += 1,
            TokenKind::OpenBrace => depth -= 1,
            _ => {}
        }
        depth < 0
    })?;
    of_if(&code[..open])
}

/// The parentheses that end here, if an `if` is in front of them.
fn of_if(code: &[Token]) -> Option<Range<usize>> {
    let end = code.last().filter(|last| last.kind == TokenKind::CloseParenthesis)?.span().end;
    let mut depth = 0;
    let open = code.iter().rposition(|token| {
        match token.kind {
            TokenKind::CloseParenthesis => depth += 1,
            TokenKind::OpenParenthesis => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let keyword = code.get(open.checked_sub(1)?)?;
    let is_if = matches!(keyword.kind, TokenKind::If | TokenKind::ElseIf);
    is_if.then(|| code[open].span().start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tilde_bundle::token::lex;
    use tilde_lexer::{Options, Version};

    #[test]
    fn conditions_stand_before_the_end() {
        let cases = [
            ("<?php defined('A') or exit();", Some("defined('A')")),
            ("<?php $a = 1; !X || exit;", Some("!X")),
            ("<?php if (!is_file('lock')) exit;", Some("(!is_file('lock'))")),
            ("<?php if (f(1) > 2) { g(); { } exit; }", Some("(f(1) > 2)")),
            ("<?php if (1) { } elseif (2) { exit; }", Some("(2)")),
            ("<?php f(); exit;", None),
            ("<?php if (1) { } exit;", None),
            ("<?php function f() { exit; }", None),
            ("<?php exit;", None),
        ];
        for (source, expected) in cases {
            let offset = source.find("exit").unwrap();
            let tokens = lex(source.as_bytes(), Options::new(Version::V7_4));
            let found = condition(&tokens, offset).map(|range| &source[range]);
            assert_eq!(found, expected, "{source}");
        }
    }
}
