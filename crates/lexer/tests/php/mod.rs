//! What PHP says of a source, and whether we say the same.
//!
//! The answers have the form that `scripts/oracle/tokens.php` prints: a token a
//! line, name, length and line number, separated by tabs.

use tilde_lexer::{Options, Token, TokenKind, Version, lines};

use tilde_testing::npm::int_size;

/// The options under which we have to agree with the PHP of that name, as
/// `scripts/record-tokens` has it: `8.2`, `8.2-short`, `5.2+asp`.
pub(crate) fn options(php: &str) -> Options {
    let (version, setting) = php.split_at(php.find(['-', '+']).unwrap_or(php.len()));
    let version: Version = version.parse().unwrap();
    Options::new(version)
        .with_short_tags(setting != "-short")
        .with_asp_tags(setting == "+asp")
        .with_int_size(int_size(version))
}

/// Where our tokens and PHP's answer part.
pub(crate) fn difference(source: &[u8], options: Options, answer: &str) -> Option<String> {
    let mut theirs = answer.lines();
    // PHP has no token for the bytes that it drops.
    let mut ours = lines(source, options).filter(|(token, ..)| token.kind != TokenKind::Dropped);
    for index in 0.. {
        match (theirs.next(), ours.next()) {
            (None, None) => return None,
            (Some(their), Some((token, _, line)))
                if agrees(their, token, line, options.version) => {}
            (their, our) => {
                let our =
                    our.map(|(token, _, line)| format!("{}\t{}\t{line}", token.kind, token.len));
                return Some(format!("token {index}: PHP has {their:?}, we have {our:?}"));
            }
        }
    }
    None
}

fn agrees(their: &str, token: Token, line: u32, version: Version) -> bool {
    let mut fields = their.split('\t');
    let name = fields.next().unwrap();
    name == token.kind.name()
        && fields.next().unwrap().parse() == Ok(token.len)
        && (has_no_line(name, version) || fields.next().unwrap().parse() == Ok(line))
}

/// Before PHP 8.0 a token of one character is a string, which has no line.
fn has_no_line(name: &str, version: Version) -> bool {
    name.len() == 1 && version < Version::V8_0
}
