//! Regular expressions to trees.
//!
//! `{` begins a quantifier only if all of `{1,3}` is there, and what counts as
//! that depends on the version: whatever looks like one and is none in some
//! version is refused.

use super::{Modifiers, refused};
use crate::convert::Result;
use crate::value::Bytes;

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set([u64; 4]);

#[derive(Debug)]
pub(super) enum Node {
    Set(Set),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    /// A group with its number, or without one.
    Group(Option<usize>, Box<Node>),
    Repeat(Box<Node>, Repeat),
    Ahead {
        is_negative: bool,
        node: Box<Node>,
    },
    BackReference(usize, bool),
    Assertion(Assertion),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) least: u32,
    /// None: as many as there are.
    pub(super) most: Option<u32>,
    pub(super) is_greedy: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assertion {
    Start,
    LineStart,
    End,
    /// At the end, or before a line break that ends the text.
    EndOrLastBreak,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}

pub(super) struct Parsed {
    pub(super) node: Node,
    pub(super) names: Vec<Option<Bytes>>,
    /// Whether it has `\s` or `\S`.
    pub(super) asks_for_space: bool,
}

/// How deep groups may be in each other.
const MAX_DEPTH: usize = 50;

impl Set {
    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    fn of(holds: impl Fn(u8) -> bool) -> Self {
        let mut set = Self::default();
        (0..=255).filter(|byte| holds(*byte)).for_each(|byte| set.insert(byte));
        set
    }

    fn join(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(bits, more)| *bits |= more);
    }

    fn inverted(self) -> Self {
        Self(self.0.map(|bits| !bits))
    }

    fn with_both_cases(self) -> Self {
        Self::of(|byte| {
            self.contains(byte.to_ascii_lowercase()) || self.contains(byte.to_ascii_uppercase())
        })
    }
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

struct Parser<'p> {
    rest: &'p [u8],
    modifiers: Modifiers,
    names: Vec<Option<Bytes>>,
    /// The groups that are not closed yet.
    open: Vec<usize>,
    depth: usize,
    asks_for_space: bool,
}

pub(super) fn parse(body: &[u8], modifiers: Modifiers) -> Result<Parsed> {
    if body.contains(&0) {
        return Err(refused("a zero byte"));
    }
    let mut parser = Parser {
        rest: body,
        modifiers,
        names: vec![None],
        open: Vec::new(),
        depth: 0,
        asks_for_space: false,
    };
    let node = parser.either()?;
    if !parser.rest.is_empty() {
        return Err(refused("a `)` without its `(`"));
    }
    Ok(Parsed { node, names: parser.names, asks_for_space: parser.asks_for_space })
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Node> {
        let mut branches = vec![self.sequence()?];
        while self.takes(b"|") {
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Either(branches) })
    }

    fn sequence(&mut self) -> Result<Node> {
        let mut nodes = Vec::new();
        while !matches!(self.rest.first(), None | Some(b'|' | b')')) {
            let atom = self.atom()?;
            nodes.push(self.repeated(atom)?);
        }
        Ok(Node::Sequence(nodes))
    }

    fn atom(&mut self) -> Result<Node> {
        let [byte, rest @ ..] = self.rest else { return Err(refused("its end")) };
        self.rest = rest;
        let Modifiers { is_multiline, dollar_is_end, dot_matches_all, .. } = self.modifiers;
        Ok(match byte {
            b'(' => return self.group(),
            b'[' => Node::Set(self.class()?),
            b'\\' => return self.escape(),
            b'.' => Node::Set(Set::of(|byte| dot_matches_all || byte != b'\n')),
            b'^' if is_multiline => Node::Assertion(Assertion::LineStart),
            b'^' => Node::Assertion(Assertion::Start),
            b'$' if is_multiline => Node::Assertion(Assertion::LineEnd),
            b'$' if dollar_is_end => Node::Assertion(Assertion::End),
            b'$' => Node::Assertion(Assertion::EndOrLastBreak),
            b'*' | b'+' | b'?' => return Err(refused("a quantifier without something before it")),
            b'{' if self.looks_like_quantifier() => {
                return Err(refused("a `{` that only some versions take for a quantifier"));
            }
            byte => self.literal(*byte),
        })
    }

    fn literal(&self, byte: u8) -> Node {
        let set = Set::of(|other| other == byte);
        Node::Set(if self.modifiers.ignores_case { set.with_both_cases() } else { set })
    }

    /// Whether nothing but what a quantifier has is there up to the next `}`.
    fn looks_like_quantifier(&self) -> bool {
        let end = self.rest.iter().position(|byte| *byte == b'}');
        let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b',' | b' ' | b'\t');
        end.is_some_and(|end| end > 0 && self.rest[..end].iter().all(is_part))
    }

    fn repeated(&mut self, atom: Node) -> Result<Node> {
        let Some((least, most)) = self.quantifier()? else { return Ok(atom) };
        if matches!(atom, Node::Assertion(_) | Node::Ahead { .. }) {
            return Err(refused("a quantifier of an assertion"));
        }
        if most.is_none() && !atom.takes_something() {
            return Err(refused("a loop that may match nothing"));
        }
        let is_lazy = self.takes(b"?");
        if self.rest.starts_with(b"+") || self.quantifier()?.is_some() {
            return Err(refused("a quantifier of a quantifier"));
        }
        let is_greedy = is_lazy == self.modifiers.is_ungreedy;
        Ok(Node::Repeat(Box::new(atom), Repeat { least, most, is_greedy }))
    }

    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>> {
        let simple = match self.rest.first() {
            Some(b'*') => Some((0, None)),
            Some(b'+') => Some((1, None)),
            Some(b'?') => Some((0, Some(1))),
            _ => None,
        };
        if simple.is_some() {
            self.rest = &self.rest[1..];
            return Ok(simple);
        }
        let Some(inner) = self.rest.strip_prefix(b"{") else { return Ok(None) };
        let Some(end) = inner.iter().position(|byte| *byte == b'}') else { return Ok(None) };
        let Some(bounds) = bounds(&inner[..end]) else { return Ok(None) };
        self.rest = &inner[end + 1..];
        match bounds {
            (least, most)
                if least > 1000 || most.is_some_and(|most| most > 1000 || most < least) =>
            {
                Err(refused("the numbers of a quantifier"))
            }
            bounds => Ok(Some(bounds)),
        }
    }

    fn group(&mut self) -> Result<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(refused("groups that are too deep"));
        }
        let node = if self.takes(b"?:") {
            Node::Group(None, Box::new(self.either()?))
        } else if self.takes(b"?=") {
            Node::Ahead { is_negative: false, node: Box::new(self.either()?) }
        } else if self.takes(b"?!") {
            Node::Ahead { is_negative: true, node: Box::new(self.either()?) }
        } else {
            self.capture()?
        };
        self.depth -= 1;
        if self.takes(b")") { Ok(node) } else { Err(refused("a `(` without its `)`")) }
    }

    /// A group with a number, and perhaps a name.
    fn capture(&mut self) -> Result<Node> {
        let name = if self.takes(b"?P<") { Some(self.name()?) } else { None };
        if matches!(self.rest.first(), Some(b'?' | b'*')) {
            return Err(refused("this kind of group"));
        }
        if name.is_some() && self.names.contains(&name) {
            return Err(refused("two groups of one name"));
        }
        let number = self.names.len();
        self.names.push(name);
        self.open.push(number);
        let node = self.either()?;
        self.open.pop();
        Ok(Node::Group(Some(number), Box::new(node)))
    }

    fn name(&mut self) -> Result<Bytes> {
        let end = self.rest.iter().position(|byte| !is_word(*byte)).unwrap_or(0);
        let (name, rest) = self.rest.split_at(end);
        let is_good = name.first().is_some_and(|byte| !byte.is_ascii_digit()) && name.len() <= 32;
        match rest {
            [b'>', rest @ ..] if is_good => self.rest = rest,
            _ => return Err(refused("the name of a group")),
        }
        Ok(name.into())
    }

    /// What follows a backslash outside of a class.
    fn escape(&mut self) -> Result<Node> {
        if let [digit @ b'1'..=b'9', rest @ ..] = self.rest {
            let number = usize::from(digit - b'0');
            let is_closed = number < self.names.len() && !self.open.contains(&number);
            if rest.first().is_some_and(u8::is_ascii_digit) || !is_closed {
                return Err(refused("a number after a backslash that is no earlier group"));
            }
            self.rest = rest;
            return Ok(Node::BackReference(number, self.modifiers.ignores_case));
        }
        let assertion = match self.rest.first() {
            Some(b'A') => Some(Assertion::Start),
            Some(b'z') => Some(Assertion::End),
            Some(b'Z') => Some(Assertion::EndOrLastBreak),
            Some(b'b') => Some(Assertion::WordBoundary),
            Some(b'B') => Some(Assertion::NoWordBoundary),
            _ => None,
        };
        if let Some(assertion) = assertion {
            self.rest = &self.rest[1..];
            return Ok(Node::Assertion(assertion));
        }
        Ok(match self.escaped()? {
            Escaped::Byte(byte) => self.literal(byte),
            Escaped::Set(set) => Node::Set(set),
        })
    }

    /// What follows a backslash, of what means the same within a class.
    fn escaped(&mut self) -> Result<Escaped> {
        let [byte, rest @ ..] = self.rest else { return Err(refused("a backslash at its end")) };
        self.rest = rest;
        self.asks_for_space |= matches!(byte, b's' | b'S');
        let set = |holds: fn(u8) -> bool| Escaped::Set(Set::of(holds));
        Ok(match byte {
            b'd' => set(|byte| byte.is_ascii_digit()),
            b'D' => set(|byte| !byte.is_ascii_digit()),
            b'w' => set(is_word),
            b'W' => set(|byte| !is_word(byte)),
            b's' => set(is_space),
            b'S' => set(|byte| !is_space(byte)),
            b'n' => Escaped::Byte(b'\n'),
            b'r' => Escaped::Byte(b'\r'),
            b't' => Escaped::Byte(b'\t'),
            b'f' => Escaped::Byte(0x0c),
            b'e' => Escaped::Byte(0x1b),
            b'a' => Escaped::Byte(0x07),
            b'x' => Escaped::Byte(self.hexadecimal()?),
            byte if byte.is_ascii_alphanumeric() => {
                let letter = char::from(*byte);
                return Err(refused(&format!("`\\{letter}`")));
            }
            byte => Escaped::Byte(*byte),
        })
    }

    fn hexadecimal(&mut self) -> Result<u8> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        match self.rest {
            [high, low, rest @ ..] => match (digit(high), digit(low)) {
                (Some(high), Some(low)) => {
                    self.rest = rest;
                    Ok((high << 4 | low) as u8)
                }
                _ => Err(refused("`\\x` without two digits")),
            },
            _ => Err(refused("`\\x` without two digits")),
        }
    }

    /// What follows a `[`.
    fn class(&mut self) -> Result<Set> {
        let is_negative = self.takes(b"^");
        let mut set = Set::default();
        let mut is_first = true;
        loop {
            match self.rest.first() {
                None => return Err(refused("a `[` without its `]`")),
                Some(b']') if !is_first => break,
                _ => self.class_item(&mut set, is_first)?,
            }
            is_first = false;
        }
        self.rest = &self.rest[1..];
        if self.modifiers.ignores_case {
            set = set.with_both_cases();
        }
        Ok(if is_negative { set.inverted() } else { set })
    }

    /// A byte, a range or a set of a class.
    fn class_item(&mut self, set: &mut Set, is_first: bool) -> Result<()> {
        let is_hyphen = self.rest.starts_with(b"-");
        let first = match self.class_atom()? {
            Escaped::Byte(byte) => byte,
            Escaped::Set(other) => {
                set.join(other);
                return self.no_range_after_set();
            }
        };
        let is_range = matches!(self.rest, [b'-', next, ..] if *next != b']');
        if !is_range {
            set.insert(first);
            return Ok(());
        }
        if is_hyphen && !is_first {
            return Err(refused("a range from a hyphen"));
        }
        self.rest = &self.rest[1..];
        match self.class_atom()? {
            Escaped::Byte(last) if first <= last => {
                set.join(Set::of(|byte| (first..=last).contains(&byte)));
                Ok(())
            }
            _ => Err(refused("a range that is none")),
        }
    }

    fn no_range_after_set(&self) -> Result<()> {
        match self.rest {
            [b'-', next, ..] if *next != b']' => Err(refused("a hyphen after a set in a class")),
            _ => Ok(()),
        }
    }

    fn class_atom(&mut self) -> Result<Escaped> {
        match self.rest {
            [b'\\', b'b', rest @ ..] => {
                self.rest = rest;
                Ok(Escaped::Byte(0x08))
            }
            [b'\\', rest @ ..] => {
                self.rest = rest;
                self.escaped()
            }
            [b'[', b':' | b'.' | b'=', ..] => self.posix().map(Escaped::Set),
            [byte, rest @ ..] => {
                self.rest = rest;
                Ok(Escaped::Byte(*byte))
            }
            [] => Err(refused("a `[` without its `]`")),
        }
    }

    /// `[:alpha:]`
    fn posix(&mut self) -> Result<Set> {
        let found = POSIX.iter().find(|(name, _)| self.rest.starts_with(name));
        let Some((name, holds)) = found else { return Err(refused("this kind of class")) };
        self.rest = &self.rest[name.len()..];
        Ok(Set::of(holds))
    }

    fn takes(&mut self, text: &[u8]) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

enum Escaped {
    Byte(u8),
    Set(Set),
}

type Holds = fn(u8) -> bool;

const POSIX: &[(&[u8], Holds)] = &[
    (b"[:alpha:]", |byte| byte.is_ascii_alphabetic()),
    (b"[:digit:]", |byte| byte.is_ascii_digit()),
    (b"[:alnum:]", |byte| byte.is_ascii_alphanumeric()),
    (b"[:lower:]", |byte| byte.is_ascii_lowercase()),
    (b"[:upper:]", |byte| byte.is_ascii_uppercase()),
    (b"[:xdigit:]", |byte| byte.is_ascii_hexdigit()),
    (b"[:punct:]", |byte| byte.is_ascii_punctuation()),
    (b"[:space:]", |byte| byte.is_ascii_whitespace() || byte == 0x0b),
];

/// `1,3` and its like.
fn bounds(text: &[u8]) -> Option<(u32, Option<u32>)> {
    let number = |text: &[u8]| {
        let is_number = !text.is_empty() && text.len() < 6 && text.iter().all(u8::is_ascii_digit);
        str::from_utf8(text).ok().filter(|_| is_number)?.parse::<u32>().ok()
    };
    match text.iter().position(|byte| *byte == b',') {
        None => number(text).map(|count| (count, Some(count))),
        Some(at) if at + 1 == text.len() => Some((number(&text[..at])?, None)),
        Some(at) => Some((number(&text[..at])?, Some(number(&text[at + 1..])?))),
    }
}

impl Node {
    /// Whether each match of it has at least one byte.
    pub(super) fn takes_something(&self) -> bool {
        match self {
            Self::Set(_) => true,
            Self::Sequence(nodes) => nodes.iter().any(Self::takes_something),
            Self::Either(nodes) => nodes.iter().all(Self::takes_something),
            Self::Group(_, node) => node.takes_something(),
            Self::Repeat(node, repeat) => repeat.least > 0 && node.takes_something(),
            Self::Ahead { .. } | Self::BackReference(..) | Self::Assertion(_) => false,
        }
    }
}
