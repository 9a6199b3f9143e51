//! Files that do nothing but declare functions and classes.
//!
//! Nearly all of ThinkPHP's core are such files. They define no constants and
//! change no configuration, so that nobody has to run them before one of their
//! functions is called. A newcomer would parse them: a walk over the tokens,
//! which are there anyway, is enough, and takes anything unusual for code that
//! runs.

use tilde_eval::{Bytes, Declares};
use tilde_lexer::{TokenKind as K, Version};

use crate::code;
use tilde_bundle::token::Token;

/// Levels of errors for which old code asks. The first two are older than PHP
/// 5.3, which brought the others.
const LEVELS: [&[u8]; 4] =
    [b"E_STRICT", b"E_RECOVERABLE_ERROR", b"E_DEPRECATED", b"E_USER_DEPRECATED"];

/// What a file declares; none if it may do something else.
pub(crate) fn declares(text: &[u8], tokens: &[Token], version: Version) -> Option<Declares> {
    let levels = if version < Version::V5_3 { &LEVELS[..2] } else { &LEVELS[..] };
    let (namespace, declares) = (Vec::new(), Declares::default());
    let mut walk = Walk { text, tokens, levels, at: 0, namespace, declares };
    while let Some(token) = walk.next() {
        walk.statement(token)?;
    }
    Some(walk.declares)
}

struct Walk<'t> {
    text: &'t [u8],
    tokens: &'t [Token],
    /// The constants that PHP has for sure.
    levels: &'t [&'t [u8]],
    at: usize,
    namespace: Vec<u8>,
    declares: Declares,
}

impl<'t> Walk<'t> {
    fn next(&mut self) -> Option<Token> {
        loop {
            let token = *self.tokens.get(self.at)?;
            self.at += 1;
            if !token.kind.is_trivia() {
                return Some(token);
            }
        }
    }

    /// Takes the next token if it is of this kind.
    fn take(&mut self, kind: K) -> Option<Token> {
        let at = self.at;
        let token = self.next().filter(|token| token.kind == kind);
        if token.is_none() {
            self.at = at;
        }
        token
    }

    fn statement(&mut self, token: Token) -> Option<()> {
        match token.kind {
            K::OpenTag | K::CloseTag | K::Semicolon | K::CloseBrace | K::Abstract | K::Final => {
                Some(())
            }
            K::InlineHtml => code::trim(token.bytes(self.text)).is_empty().then_some(()),
            K::Namespace => self.namespace(),
            K::Use => self.until_semicolon(),
            K::Class | K::Interface | K::Trait => {
                let name = self.name()?;
                self.declares.classes.push(name);
                self.body()
            }
            K::Function => self.statement_function(),
            K::If => self.polyfill(),
            K::String if self.is(token, "defined") => self.guard(),
            K::String if self.is(token, "class_alias") => self.alias(),
            _ => None,
        }
    }

    /// A function, behind the word.
    fn statement_function(&mut self) -> Option<()> {
        self.take(K::AmpersandNotFollowedByVarOrVararg);
        let name = self.name()?;
        self.declares.functions.push(name);
        self.body()
    }

    /// `namespace A\B;` or `namespace A\B {`, whose end is a brace by itself.
    fn namespace(&mut self) -> Option<()> {
        self.namespace.clear();
        loop {
            let token = self.next()?;
            match token.kind {
                K::String | K::NameQualified | K::NsSeparator => {
                    self.namespace.extend_from_slice(token.bytes(self.text));
                }
                K::Semicolon | K::OpenBrace => break,
                _ => return None,
            }
        }
        if !self.namespace.is_empty() {
            self.namespace.push(b'\\');
        }
        Some(())
    }

    fn until_semicolon(&mut self) -> Option<()> {
        loop {
            match self.next()?.kind {
                K::Semicolon => return Some(()),
                K::OpenBrace => return None,
                _ => {}
            }
        }
    }

    /// The name of what is declared, in full.
    fn name(&mut self) -> Option<Bytes> {
        let token = self.take(K::String)?;
        Some([&*self.namespace, token.bytes(self.text)].concat().into())
    }

    /// Everything to the brace that closes the first one.
    fn body(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.next()?.kind {
                K::OpenBrace | K::CurlyOpen | K::DollarOpenCurlyBraces => depth += 1,
                K::CloseBrace => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(());
                    }
                }
                K::HaltCompiler => return None,
                // `abstract function f();` at the top level is no PHP.
                K::Semicolon if depth == 0 => return None,
                _ => {}
            }
        }
    }

    fn is(&self, token: Token, word: &str) -> bool {
        token.bytes(self.text).eq_ignore_ascii_case(word.as_bytes())
    }

    fn take_all(&mut self, kinds: &[K]) -> Option<()> {
        kinds.iter().try_for_each(|kind| self.take(*kind).map(|_| ()))
    }

    /// The text of a literal without escapes.
    fn literal(&mut self) -> Option<&'t [u8]> {
        let token = self.take(K::ConstantEncapsedString)?;
        match token.bytes(self.text) {
            [b'\'', text @ .., b'\''] if !text.ends_with(b"\\") => {
                memchr::memmem::find(text, b"\\\\").is_none().then_some(text)
            }
            _ => None,
        }
    }

    /// `if (!function_exists('a')) { function a() {} }`: whether PHP has it or
    /// not, there is nothing else behind it. `if (!defined('E_STRICT')) {…}`:
    /// PHP has it.
    fn polyfill(&mut self) -> Option<()> {
        self.take_all(&[K::OpenParenthesis, K::Exclamation])?;
        let function = self.take(K::String)?;
        let is_constant = self.is(function, "defined");
        if !is_constant && !self.is(function, "function_exists") {
            return None;
        }
        self.take(K::OpenParenthesis)?;
        let name = self.literal()?;
        if is_constant && !self.levels.contains(&name) {
            return None;
        }
        self.take_all(&[K::CloseParenthesis, K::CloseParenthesis])?;
        if is_constant {
            self.body()?;
        } else {
            self.declarations()?;
        }
        // Anything but an `else`.
        let at = self.at;
        let next = self.next().map(|token| token.kind);
        self.at = at;
        (!matches!(next, Some(K::Else | K::ElseIf))).then_some(())
    }

    /// Functions and classes in braces.
    fn declarations(&mut self) -> Option<()> {
        self.take(K::OpenBrace)?;
        loop {
            let token = self.next()?;
            match token.kind {
                K::CloseBrace => return Some(()),
                K::Function | K::Class => self.statement(token)?,
                _ => return None,
            }
        }
    }

    /// `class_alias('A', 'B');` declares `B`.
    fn alias(&mut self) -> Option<()> {
        self.take(K::OpenParenthesis)?;
        self.literal()?;
        self.take(K::Comma)?;
        let name = self.literal()?;
        let name = name.strip_prefix(b"\\").unwrap_or(name).into();
        self.declares.classes.push(name);
        self.take_all(&[K::CloseParenthesis, K::Semicolon])
    }

    /// `defined('THINK_PATH') or exit();`, which is defined.
    fn guard(&mut self) -> Option<()> {
        self.take(K::OpenParenthesis)?;
        let name = self.take(K::ConstantEncapsedString)?;
        if name.bytes(self.text).get(1..).and_then(|name| name.strip_prefix(b"THINK_PATH"))?.len()
            != 1
        {
            return None;
        }
        self.take_all(&[
            K::CloseParenthesis,
            K::LogicalOr,
            K::Exit,
            K::OpenParenthesis,
            K::CloseParenthesis,
            K::Semicolon,
        ])
    }
}

#[cfg(test)]
mod tests {
    use tilde_lexer::Options;

    use super::*;
    use tilde_bundle::token::lex;

    fn of(source: &str) -> Option<String> {
        let options = Options::default();
        let tokens = lex(source.as_bytes(), options);
        let declares = declares(source.as_bytes(), &tokens, options.version)?;
        let names =
            |names: &[Bytes]| names.iter().map(Bytes::to_string).collect::<Vec<_>>().join(" ");
        Some(format!("{}|{}", names(&declares.functions), names(&declares.classes)))
    }

    #[test]
    fn declarations_are_named_in_full() {
        let source = "<?php\nnamespace A\\B;\nuse C;\nabstract class D extends C { const X = \"{$a}\"; }\n\
            function &e() { return function () {}; }\ninterface F {}\n?>\n";
        assert_eq!(of(source).as_deref(), Some("A\\B\\e|A\\B\\D A\\B\\F"));
        assert_eq!(of("<?php namespace { function f() {} }").as_deref(), Some("f|"));
        let source = "<?php if (!function_exists('yaml')) { function yaml() {} }\nfunction f() {}";
        assert_eq!(of(source).as_deref(), Some("yaml f|"));
        let source = "<?php if (!function_exists('f')) { function f() {} class A {} }\nclass_alias('A\\B', '\\C\\D');";
        assert_eq!(of(source).as_deref(), Some("f|A C\\D"));
        let source = "<?php if (!defined('E_STRICT')) { define('E_STRICT', 2048); }\nclass A {}";
        assert_eq!(of(source).as_deref(), Some("|A"));
        let source = "<?php defined('THINK_PATH') or exit();\nfinal class A {}";
        assert_eq!(of(source).as_deref(), Some("|A"));
    }

    #[test]
    fn anything_else_may_do_something() {
        for source in [
            "<?php f();",
            "<?php class A {} define('X', 1);",
            "<?php if (true) { function f() {} }",
            "<?php if (!function_exists('f')) { function f() {} define('X', 1); }",
            "<?php if (!function_exists('f')) { function f() {} } else { g(); }",
            "<?php const X = 1;",
            "<?php if (!defined('E_OWN')) { define('E_OWN', 1); }",
            "<?php if (!defined('E_STRICT')) define('E_STRICT', 1);",
            "<?php class_alias('A', $b);",
            "<?php class_alias('A', 'B', false);",
            "<?php class_alias('A\\\\B', 'B');",
            "<?php class A {",
            "<?php function f() {} }}",
            "<?php defined('OTHER') or exit();",
            "text <?php class A {}",
            "<?php class A {} __halt_compiler();",
            "<?php $f = function () {};",
            "<?php return;",
            "<?php use A\\{B, C}; class D {}",
        ] {
            let is_brace = source.ends_with("}}");
            assert_eq!(of(source).is_none(), !is_brace, "{source}");
        }
    }
}
