//! Files that do nothing but declare functions and classes.
//!
//! Nearly all of ThinkPHP's core are such files. They define no constants and
//! change no configuration, so that nobody has to run them before one of their
//! functions is called. A newcomer would parse them: a walk over the tokens,
//! which are there anyway, is enough, and takes anything unusual for code that
//! runs.

use tilde_eval::{Bytes, Declares};
use tilde_lexer::TokenKind as K;

use crate::thinkphp::code;
use crate::token::Token;

/// What a file declares; none if it may do something else.
pub(crate) fn declares(text: &[u8], tokens: &[Token]) -> Option<Declares> {
    let mut walk =
        Walk { text, tokens, at: 0, namespace: Vec::new(), declares: Declares::default() };
    while let Some(token) = walk.next() {
        walk.statement(token)?;
    }
    Some(walk.declares)
}

struct Walk<'t> {
    text: &'t [u8],
    tokens: &'t [Token],
    at: usize,
    namespace: Vec<u8>,
    declares: Declares,
}

impl Walk<'_> {
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
            K::String if token.bytes(self.text).eq_ignore_ascii_case(b"defined") => self.guard(),
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

    /// `if (!function_exists('a')) { function a() {} }`: whether PHP has it or
    /// not, there is nothing else behind it.
    fn polyfill(&mut self) -> Option<()> {
        self.take(K::OpenParenthesis)?;
        self.take(K::Exclamation)?;
        let function = self.take(K::String)?;
        if !function.bytes(self.text).eq_ignore_ascii_case(b"function_exists") {
            return None;
        }
        let kinds = [
            K::OpenParenthesis,
            K::ConstantEncapsedString,
            K::CloseParenthesis,
            K::CloseParenthesis,
            K::OpenBrace,
        ];
        for kind in kinds {
            self.take(kind)?;
        }
        while self.take(K::CloseBrace).is_none() {
            self.take(K::Function)?;
            self.statement_function()?;
        }
        // Anything but an `else`.
        let at = self.at;
        let next = self.next().map(|token| token.kind);
        self.at = at;
        (!matches!(next, Some(K::Else | K::ElseIf))).then_some(())
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
        for kind in
            [K::CloseParenthesis, K::LogicalOr, K::Exit, K::OpenParenthesis, K::CloseParenthesis]
        {
            self.take(kind)?;
        }
        self.take(K::Semicolon).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use tilde_lexer::Options;

    use super::*;
    use crate::token::lex;

    fn of(source: &str) -> Option<String> {
        let tokens = lex(source.as_bytes(), Options::default());
        let declares = declares(source.as_bytes(), &tokens)?;
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
