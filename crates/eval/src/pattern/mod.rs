//! PCRE, as far as all its versions agree and no limit of PHP is near.
//!
//! A pattern is parsed to a tree (`syntax.rs`), compiled to steps (`program.rs`)
//! and tried from left to right with backtracking (`run.rs`), as PCRE does it.
//! What PCREs treat differently, and what this does not know, is refused with a
//! reason. PHP gives up on a match that takes too long, and each PHP at another
//! point; so a match that takes more than a small part of what all allow is
//! refused, too. That is why no other engine does: it would find an answer.

mod program;
mod run;
mod syntax;

use crate::convert::Result;
use crate::error::ErrorKind;
use crate::value::Bytes;
use program::Program;

/// What the letters after a pattern say.
#[allow(clippy::struct_excessive_bools)] // they are as PHP's letters are
#[derive(Clone, Copy, Debug, Default)]
struct Modifiers {
    /// `i`
    ignores_case: bool,
    /// `m`
    is_multiline: bool,
    /// `s`
    dot_matches_all: bool,
    /// `A`
    is_anchored: bool,
    /// `D`
    dollar_is_end: bool,
    /// `U`
    is_ungreedy: bool,
    /// `u`: for us only where all is ASCII.
    is_utf8: bool,
}

/// A pattern that can be matched.
#[derive(Debug)]
pub(crate) struct Pattern {
    program: Program,
    /// The names of groups, by their number; the first group is the whole match.
    pub(crate) names: Vec<Option<Bytes>>,
    asks_for_space: bool,
    is_anchored: bool,
    is_utf8: bool,
}

/// Where a match and its groups are; none for a group that took no part.
pub(crate) type Groups = Vec<Option<(usize, usize)>>;

/// How the next match is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// From here on.
    Anywhere,
    /// Here, and not an empty one: after an empty match.
    HereNotEmpty,
}

/// How many steps all matches in a text may take, and how many there may be.
const MAX_TRIED: usize = 20_000_000;
const MAX_MATCHES: usize = 500_000;

impl Pattern {
    /// A pattern with its delimiters and modifiers.
    pub(crate) fn new(text: &[u8]) -> Result<Self> {
        let (body, letters) = split(text)?;
        let modifiers = modifiers(letters)?;
        if modifiers.is_utf8 && !body.is_ascii() {
            return Err(refused("a pattern with `u` that is not ASCII"));
        }
        let syntax::Parsed { node, names, asks_for_space } = syntax::parse(body, modifiers)?;
        Ok(Self {
            program: Program::new(&node, names.len())?,
            names,
            asks_for_space,
            is_anchored: modifiers.is_anchored,
            is_utf8: modifiers.is_utf8,
        })
    }

    /// The first match from an offset on.
    pub(crate) fn find(
        &self,
        subject: &[u8],
        from: usize,
        search: Search,
    ) -> Result<Option<Groups>> {
        self.check(subject)?;
        Ok(self.search(subject, from, search)?.0)
    }

    /// Whether all PCREs agree about such a text.
    fn check(&self, subject: &[u8]) -> Result<()> {
        if self.is_utf8 && !subject.is_ascii() {
            return Err(refused("a text that is not ASCII, by a pattern with `u`"));
        }
        if self.asks_for_space && subject.contains(&0x0b) {
            return Err(refused("a vertical tab, which `\\s` matches in some versions only"));
        }
        Ok(())
    }

    /// The first match, and how many steps it took.
    fn search(
        &self,
        subject: &[u8],
        from: usize,
        search: Search,
    ) -> Result<(Option<Groups>, usize)> {
        let mut run = run::Run::new(&self.program, subject);
        let is_here = self.is_anchored || search == Search::HereNotEmpty;
        let last = if is_here { from } else { subject.len() };
        for start in from..=last {
            if let Some(groups) = run.at(start, search == Search::HereNotEmpty)? {
                return Ok((Some(groups), run.tried));
            }
        }
        Ok((None, run.tried))
    }

    /// All matches, as PHP finds them: after an empty one it looks for another
    /// one at the same place, and then goes on after the next byte.
    pub(crate) fn find_all(
        &self,
        subject: &[u8],
        from: usize,
        limit: usize,
    ) -> Result<Vec<Groups>> {
        self.check(subject)?;
        let (mut all, mut from, mut search) = (Vec::new(), from, Search::Anywhere);
        let mut tried = 0;
        while all.len() < limit && from <= subject.len() {
            let (found, steps) = self.search(subject, from, search)?;
            tried += steps;
            if tried > MAX_TRIED || all.len() >= MAX_MATCHES {
                return Err(refused("so many matches"));
            }
            match found {
                Some(groups) => {
                    let (start, end) = groups[0].unwrap_or_default();
                    search = if start == end { Search::HereNotEmpty } else { Search::Anywhere };
                    from = end;
                    all.push(groups);
                }
                None if search == Search::HereNotEmpty => {
                    search = Search::Anywhere;
                    from += 1;
                }
                None => break,
            }
        }
        Ok(all)
    }
}

fn refused(what: &str) -> ErrorKind {
    ErrorKind::Unsupported(format!("a regular expression: {what}"))
}

/// The pattern between its delimiters, and the modifiers.
fn split(text: &[u8]) -> Result<(&[u8], &[u8])> {
    let bad = || refused("its delimiters");
    let text = text.trim_ascii_start();
    let [open, rest @ ..] = text else { return Err(bad()) };
    if open.is_ascii_alphanumeric() || *open == b'\\' || !open.is_ascii_graphic() {
        return Err(bad());
    }
    let close = closing(*open);
    let (mut at, mut depth) = (0, 1);
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 1,
            byte if *byte == close => depth -= 1,
            byte if byte == open => depth += 1,
            _ => {}
        }
        if depth == 0 {
            return Ok((&rest[..at], &rest[at + 1..]));
        }
        at += 1;
    }
    Err(bad())
}

/// What ends a pattern that begins so.
fn closing(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        other => other,
    }
}

fn modifiers(letters: &[u8]) -> Result<Modifiers> {
    let mut modifiers = Modifiers::default();
    for letter in letters {
        *match letter {
            b'i' => &mut modifiers.ignores_case,
            b'm' => &mut modifiers.is_multiline,
            b's' => &mut modifiers.dot_matches_all,
            b'A' => &mut modifiers.is_anchored,
            b'D' => &mut modifiers.dollar_is_end,
            b'U' => &mut modifiers.is_ungreedy,
            b'u' => &mut modifiers.is_utf8,
            // It only asked for more time at first.
            b'S' => continue,
            other => {
                let letter = char::from(*other).escape_default();
                return Err(refused(&format!("the modifier `{letter}`")));
            }
        } = true;
    }
    Ok(modifiers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSED: &[&str] = &[
        "abc",
        "/abc",
        "aba",
        "/a/e",
        "/a/x",
        "/a/n",
        "/a{,3}/",
        "/a{1, 2}/",
        "/\\h/",
        "/\\v/",
        "/\\R/",
        "/\\K/",
        "/\\Qa\\E/",
        "/\\x{41}/",
        "/\\012/",
        "/(?>a)/",
        "/(?<=a)b/",
        "/(?i)a/",
        "/a++/",
        "/(a*)*/",
        "/(a|)+/",
        "/a**/",
        "/*a/",
        "/(a/",
        "/a)/",
        "/[a/",
        "/[b-a]/",
        "/[\\w-z]/",
        "/[[.a.]]/",
        "/(?#a)/",
        "/\\2(a)/",
        "/(a\\1)/",
        "/^*/",
        "/\\/",
        "/(?R)/",
        "/\\p{L}/",
        "/(?|a)/",
        "/\u{e9}/u",
    ];

    #[test]
    fn what_versions_treat_differently_is_refused() {
        for pattern in REFUSED {
            assert!(Pattern::new(pattern.as_bytes()).is_err(), "{pattern}");
        }
    }

    #[test]
    fn what_takes_long_is_refused() {
        let slow = Pattern::new(b"/(?:a+)+b/").expect("it is a pattern");
        assert!(slow.find(&[b'a'; 30], 0, Search::Anywhere).is_err());
        let deep = Pattern::new(b"/(?:a|b)*c/").expect("it is a pattern");
        assert!(deep.find(&[b'a'; 5000], 0, Search::Anywhere).is_err());
        let long = Pattern::new(b"/a.*b/s").expect("it is a pattern");
        let text = format!("a{}b", "x".repeat(20_000));
        assert_eq!(
            long.find(text.as_bytes(), 0, Search::Anywhere).ok(),
            Some(Some(vec![Some((0, 20_002))]))
        );
    }
}
