//! `// tilde-allow CODE reason`: a finding that is expected, said where it is.
//!
//! A comment after code is about its own line, one on a line of its own about the next
//! line with code. Without a reason it allows nothing: who reads the code later must not
//! have to guess.

use bstr::ByteSlice as _;
use serde::{Deserialize, Serialize};
use tilde_bundle::token;
use tilde_lexer::{Options, TokenKind};

use crate::excerpt::Lines;

const WORD: &str = "tilde-allow";

/// A comment of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Allowance {
    /// The line that it is about, from 1.
    line: usize,
    code: String,
    /// May be empty, and then it does not count.
    pub(crate) reason: String,
}

/// All such comments of a source.
pub(crate) fn comments(text: &[u8]) -> Vec<Allowance> {
    if text.find(WORD).is_none() {
        return Vec::new();
    }
    let lines = Lines::of(text);
    let tokens = token::lex(text, Options::default());
    let mut comments = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let is_comment = matches!(token.kind, TokenKind::Comment | TokenKind::DocComment);
        let Some((code, reason)) = is_comment.then(|| parsed(token.bytes(text))).flatten() else {
            continue;
        };
        let own = lines.line(token.span().start);
        let before = &text[lines.start(own)..token.span().start];
        let has_code =
            !before.trim_ascii().is_empty() && !before.trim_ascii().eq_ignore_ascii_case(b"<?php");
        let next = tokens[index..].iter().find(|token| !token.kind.is_trivia());
        let line = match next {
            Some(next) if !has_code => lines.line(next.span().start),
            _ => own,
        };
        comments.push(Allowance { line, code, reason });
    }
    comments.sort_by(|a, b| (a.line, &a.code).cmp(&(b.line, &b.code)));
    comments
}

/// The code and the reason that a comment gives.
fn parsed(comment: &[u8]) -> Option<(String, String)> {
    let comment = comment.to_str_lossy();
    let (_, rest) = comment.split_once(WORD)?;
    let rest = rest.strip_prefix([' ', '\t'])?.lines().next()?.trim_start();
    let (code, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some((code.to_owned(), reason.trim_end_matches("*/").trim().to_owned()))
}

/// The one that is about a finding of this code in this line.
pub(crate) fn find<'a>(
    comments: &'a [Allowance],
    code: &str,
    line: usize,
) -> Option<&'a Allowance> {
    let at = comments.partition_point(|it| (it.line, it.code.as_str()) < (line, code));
    comments.get(at).filter(|it| it.code == code && it.line == line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_about_its_line_or_the_next() {
        let source = b"<?php\n// tilde-allow T-DUP because\n\nf(); // tilde-allow T-EVAL it is so\n\
            /* tilde-allow T-HTML */ g();\n'// tilde-allow T-LIST no';\n# tilde-allow T-GLUE last\n";
        let found: Vec<(usize, String, String)> =
            comments(source).into_iter().map(|it| (it.line, it.code, it.reason)).collect();
        let expected = [
            (4, "T-DUP", "because"),
            (4, "T-EVAL", "it is so"),
            (5, "T-HTML", ""),
            (7, "T-GLUE", "last"),
        ];
        let expected =
            expected.map(|(line, code, reason)| (line, code.to_owned(), reason.to_owned()));
        assert_eq!(found, expected);
    }
}
