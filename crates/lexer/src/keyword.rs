//! Reserved words: one hash, one comparison.
//!
//! The table is made at compile time; a new word that collides stops the build.

use crate::{TokenKind, Version};

struct Keyword {
    /// In lower case.
    text: &'static [u8],
    kind: TokenKind,
    since: Version,
}

macro_rules! keywords {
    ($($text:literal $kind:ident $since:ident,)*) => {
        &[$(Keyword { text: $text, kind: TokenKind::$kind, since: Version::$since },)*]
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

const SLOTS: usize = 512;

/// `0` for no keyword, else one more than its place in [`KEYWORDS`].
static TABLE: [u8; SLOTS] = table();

/// The kind of a name: a keyword of that version, or
/// [`String`](TokenKind::String). Case does not count.
#[inline]
pub(crate) fn lookup(name: &[u8], version: Version) -> TokenKind {
    if name.len() < 2 || name.len() > LONGEST {
        return TokenKind::String;
    }
    let index = TABLE[slot(name)];
    if index == 0 {
        return TokenKind::String;
    }
    let keyword = &KEYWORDS[usize::from(index) - 1];
    if keyword.text.eq_ignore_ascii_case(name) && version >= keyword.since {
        keyword.kind
    } else {
        TokenKind::String
    }
}

/// Takes a name of two bytes or more. `| 0x20` folds the case of letters.
#[inline]
const fn slot(name: &[u8]) -> usize {
    let len = name.len();
    let mut sum = len * FACTORS[5];
    sum += (name[0] | 0x20) as usize * FACTORS[0];
    sum += (name[1] | 0x20) as usize * FACTORS[1];
    sum += (name[(len - 1) / 4] | 0x20) as usize * FACTORS[2];
    sum += (name[len / 2] | 0x20) as usize * FACTORS[3];
    sum += (name[len - 1] | 0x20) as usize * FACTORS[4];
    sum % SLOTS
}

// Found by trying at random: a set without a collision.
const FACTORS: [usize; 6] = [86, 86, 33, 25, 65, 77];

const fn table() -> [u8; SLOTS] {
    let mut table = [0; SLOTS];
    let mut index = 0;
    while index < KEYWORDS.len() {
        let slot = slot(KEYWORDS[index].text);
        assert!(table[slot] == 0, "two keywords share a slot: choose other factors");
        table[slot] = index as u8 + 1;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_keyword_in_any_case_since_its_version() {
        for keyword in KEYWORDS {
            let upper = keyword.text.to_ascii_uppercase();
            assert_eq!(lookup(keyword.text, Version::LATEST), keyword.kind);
            assert_eq!(lookup(&upper, keyword.since), keyword.kind);
            if let Some(before) = Version::ALL.into_iter().rfind(|&v| v < keyword.since) {
                assert_eq!(lookup(keyword.text, before), TokenKind::String);
            }
        }
    }

    #[test]
    fn takes_nothing_else_for_a_keyword() {
        for name in [&b"a"[..], b"iff", b"f_", b"self", b"__halt_compiler_", b"\xe9cho", b"EC\xc8O"]
        {
            assert_eq!(lookup(name, Version::LATEST), TokenKind::String);
        }
    }
}
