//! Reserved words: one hash, one comparison.
//!
//! The table is made at compile time; a new word that collides stops the build.

use crate::chunk;
use crate::{TokenKind, Version};

struct Keyword {
    /// In lower case.
    text: &'static [u8],
    key: Key,
    kind: TokenKind,
    since: Version,
}

impl Keyword {
    const fn new(text: &'static [u8], kind: TokenKind, since: Version) -> Self {
        let mut words = [0; 2];
        let mut at = 0;
        while at < text.len() {
            let byte = text[at] as u64;
            if at < 8 {
                words[0] |= byte << (8 * at);
            }
            if at + 8 >= text.len() {
                words[1] |= byte << (8 * (at + 8 - text.len()));
            }
            at += 1;
        }
        Self { text, key: Key::new(words[0], words[1], text.len()), kind, since }
    }

    /// Whether a name with the key of this keyword is this keyword. The key
    /// takes DEL, which belongs to names up to PHP 7.0, for `_`.
    #[inline]
    fn is(&self, name: &[u8], version: Version) -> bool {
        version > Version::V7_0 || self.text.eq_ignore_ascii_case(name)
    }
}

macro_rules! keywords {
    ($($text:literal $kind:ident $since:ident,)*) => {
        &[$(Keyword::new($text, TokenKind::$kind, Version::$since),)*]
    };
}

const KEYWORDS: &[Keyword] = keywords![
    b"exit" Exit V5_2,
    b"die" Exit V5_2,
    b"fn" Fn V7_4,
    b"function" Function V5_2,
    b"const" Const V5_2,
    b"return" Return V5_2,
    b"yield" Yield V5_5,
    b"try" Try V5_2,
    b"catch" Catch V5_2,
    b"finally" Finally V5_5,
    b"throw" Throw V5_2,
    b"if" If V5_2,
    b"elseif" ElseIf V5_2,
    b"endif" EndIf V5_2,
    b"else" Else V5_2,
    b"while" While V5_2,
    b"endwhile" EndWhile V5_2,
    b"do" Do V5_2,
    b"for" For V5_2,
    b"endfor" EndFor V5_2,
    b"foreach" Foreach V5_2,
    b"endforeach" EndForeach V5_2,
    b"declare" Declare V5_2,
    b"enddeclare" EndDeclare V5_2,
    b"instanceof" InstanceOf V5_2,
    b"as" As V5_2,
    b"switch" Switch V5_2,
    b"match" Match V8_0,
    b"endswitch" EndSwitch V5_2,
    b"case" Case V5_2,
    b"default" Default V5_2,
    b"break" Break V5_2,
    b"continue" Continue V5_2,
    b"goto" Goto V5_3,
    b"echo" Echo V5_2,
    b"print" Print V5_2,
    b"class" Class V5_2,
    b"interface" Interface V5_2,
    b"trait" Trait V5_4,
    b"enum" Enum V8_1,
    b"extends" Extends V5_2,
    b"implements" Implements V5_2,
    b"new" New V5_2,
    b"clone" Clone V5_2,
    b"var" Var V5_2,
    b"eval" Eval V5_2,
    b"include" Include V5_2,
    b"include_once" IncludeOnce V5_2,
    b"require" Require V5_2,
    b"require_once" RequireOnce V5_2,
    b"namespace" Namespace V5_3,
    b"use" Use V5_2,
    b"insteadof" InsteadOf V5_4,
    b"global" Global V5_2,
    b"isset" Isset V5_2,
    b"empty" Empty V5_2,
    b"__halt_compiler" HaltCompiler V5_2,
    b"static" Static V5_2,
    b"abstract" Abstract V5_2,
    b"final" Final V5_2,
    b"private" Private V5_2,
    b"protected" Protected V5_2,
    b"public" Public V5_2,
    b"readonly" Readonly V8_1,
    b"unset" Unset V5_2,
    b"list" List V5_2,
    b"array" Array V5_2,
    b"callable" Callable V5_4,
    b"or" LogicalOr V5_2,
    b"and" LogicalAnd V5_2,
    b"xor" LogicalXor V5_2,
    b"__class__" ClassC V5_2,
    b"__trait__" TraitC V5_4,
    b"__function__" FuncC V5_2,
    b"__method__" MethodC V5_2,
    b"__line__" Line V5_2,
    b"__file__" File V5_2,
    b"__dir__" Dir V5_3,
    b"__namespace__" NsC V5_3,
    b"__property__" PropertyC V8_4,
];

/// The longest keyword, `__halt_compiler`, has this many bytes.
const LONGEST: usize = 15;

const SLOT_BITS: u32 = 9;

/// `0` for no keyword, else one more than its place in [`KEYWORDS`].
static TABLE: [u8; 1 << SLOT_BITS] = table();

/// The kind of the name that is the first `len` bytes: a keyword of that
/// version, or [`String`](TokenKind::String). Case does not count.
#[inline]
pub(crate) fn lookup(bytes: &[u8], len: usize, version: Version) -> TokenKind {
    if !(2..=LONGEST).contains(&len) {
        return TokenKind::String;
    }
    let key = Key::new(
        chunk::eight(bytes),
        if len > 8 { chunk::eight(&bytes[len - 8..]) } else { 0 },
        len,
    );
    let index = TABLE[key.slot()];
    if index == 0 {
        return TokenKind::String;
    }
    let keyword = &KEYWORDS[usize::from(index) - 1];
    if keyword.key == key && version >= keyword.since && keyword.is(&bytes[..len], version) {
        keyword.kind
    } else {
        TokenKind::String
    }
}

/// A name of 2 to 15 bytes in lower case.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    first: u64,
    /// The last eight bytes of a name that has more than eight, else 0.
    last: u64,
    len: u8,
}

impl Key {
    /// Takes the first eight bytes, of which some may not belong to the name,
    /// and the last eight of a longer name.
    #[inline]
    const fn new(first: u64, last: u64, len: usize) -> Self {
        const LOWER: u64 = 0x2020_2020_2020_2020;
        let missing = if len < 8 { 64 - 8 * len as u32 } else { 0 };
        let last = if len > 8 { last | LOWER } else { 0 };
        Self { first: (first | LOWER) & (u64::MAX >> missing), last, len: len as u8 }
    }

    #[inline]
    const fn slot(self) -> usize {
        // Found by trying at random: a factor without a collision.
        const FACTOR: u64 = 0x6f29_f7af_8053_021d;
        let sum = self.first.wrapping_add(self.last.rotate_left(3));
        (sum.wrapping_mul(FACTOR) >> (64 - SLOT_BITS)) as usize
    }
}

const fn table() -> [u8; 1 << SLOT_BITS] {
    let mut table = [0; 1 << SLOT_BITS];
    let mut index = 0;
    while index < KEYWORDS.len() {
        let slot = KEYWORDS[index].key.slot();
        assert!(table[slot] == 0, "two keywords share a slot: choose another factor");
        table[slot] = index as u8 + 1;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &[u8], version: Version) -> TokenKind {
        lookup(name, name.len(), version)
    }

    #[test]
    fn finds_every_keyword_in_any_case_since_its_version() {
        for keyword in KEYWORDS {
            let upper = keyword.text.to_ascii_uppercase();
            assert_eq!(of(keyword.text, Version::LATEST), keyword.kind);
            assert_eq!(of(&upper, keyword.since), keyword.kind);
            if let Some(before) = Version::ALL.into_iter().rfind(|&v| v < keyword.since) {
                assert_eq!(of(keyword.text, before), TokenKind::String);
            }
        }
    }

    #[test]
    fn takes_del_for_no_underscore() {
        assert_eq!(of(b"\x7f\x7fclass\x7f\x7f", Version::V7_0), TokenKind::String);
        assert_eq!(of(b"require\x7fonce", Version::V5_2), TokenKind::String);
    }

    #[test]
    fn takes_nothing_else_for_a_keyword() {
        for name in [&b"a"[..], b"iff", b"f_", b"self", b"__halt_compiler_", b"\xe9cho", b"EC\xc8O"]
        {
            assert_eq!(of(name, Version::LATEST), TokenKind::String);
        }
    }
}
