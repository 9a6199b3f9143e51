//! The condition under which a file ends the program.
//!
//! An entry script that is not installed yet, or a file that nobody may call by
//! itself, ends with `exit`. What has to be otherwise stands before it: in the
//! parentheses of an `if` or a `switch`, also of one whose `else` it is, or in
//! front of `or`. Tokens are enough to find it, and nothing is said where they
//! are not.

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

/// The nearest block around the code that is one of a condition. A loop does not
/// end the search, and a function does.
fn of_block(code: &[Token]) -> Option<Range<usize>> {
    let mut code = code;
    loop {
        let head = &code[..opening(code, TokenKind::OpenBrace, TokenKind::CloseBrace)?];
        if let Some(condition) = of_if(head).or_else(|| of_else(head)) {
            return Some(condition);
        }
        let is_loop = matches!(head.last()?.kind, TokenKind::Do | TokenKind::Try)
            || parentheses(head).is_some_and(|(keyword, _)| {
                matches!(keyword, TokenKind::For | TokenKind::Foreach | TokenKind::While)
            });
        if !is_loop {
            return None;
        }
        code = head;
    }
}

/// The condition of the `if` whose `else` is here.
fn of_else(code: &[Token]) -> Option<Range<usize>> {
    let before = code.strip_suffix(code.last_chunk::<1>()?)?;
    let (end, body) = before.split_last()?;
    if code.last()?.kind != TokenKind::Else || end.kind != TokenKind::CloseBrace {
        return None;
    }
    of_if(&body[..opening(body, TokenKind::OpenBrace, TokenKind::CloseBrace)?])
}

/// The parentheses that end here, if a condition is in them. `if (…):` has them,
/// too.
fn of_if(code: &[Token]) -> Option<Range<usize>> {
    let code = match code.split_last()? {
        (last, before) if last.kind == TokenKind::Colon => before,
        _ => code,
    };
    let (keyword, condition) = parentheses(code)?;
    let is_if =
        matches!(keyword, TokenKind::If | TokenKind::ElseIf | TokenKind::Switch | TokenKind::Match);
    is_if.then_some(condition)
}

/// The parentheses that end here, and what is in front of them.
fn parentheses(code: &[Token]) -> Option<(TokenKind, Range<usize>)> {
    let (last, before) = code.split_last()?;
    if last.kind != TokenKind::CloseParenthesis {
        return None;
    }
    let open = opening(before, TokenKind::OpenParenthesis, TokenKind::CloseParenthesis)?;
    let keyword = before.get(open.checked_sub(1)?)?.kind;
    Some((keyword, before[open].span().start..last.span().end))
}

/// Where the bracket stands that is still open at the end of the code.
fn opening(code: &[Token], open: TokenKind, close: TokenKind) -> Option<usize> {
    // `"{$a}"` ends with a brace, too.
    let is_open = |kind: TokenKind| {
        let in_string = matches!(kind, TokenKind::CurlyOpen | TokenKind::DollarOpenCurlyBraces);
        kind == open || (open == TokenKind::OpenBrace && in_string)
    };
    let mut depth = 0;
    code.iter().rposition(|token| {
        depth += i32::from(token.kind == close) - i32::from(is_open(token.kind));
        depth < 0
    })
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
            ("<?php if (1) { } elseif (2) { f(); } else { exit; }", Some("(2)")),
            ("<?php if (1): exit; endif;", Some("(1)")),
            ("<?php switch (A) { case 1: f(); default: exit; }", Some("(A)")),
            ("<?php if (A) { echo \"{$a} ${b}\"; exit; }", Some("(A)")),
            ("<?php if (A) { foreach ($b as $c) { try { exit; } } }", Some("(A)")),
            ("<?php if (A) { function f() { while (1) { exit; } } }", None),
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
