//! Files that do nothing but declare functions and classes.
//!
//! Nearly all of ThinkPHP's core are such files. They define no constants and
//! change no configuration, so that nobody has to run them before one of their
//! functions is called. A file that PHP does not parse is none of them: PHP
//! stops where it is included.

use tilde_eval::{Bytes, Declares};
use tilde_syntax::ast::{
    Argument, BinaryOperator, Call, Expression, Function, Identifier, If, Namespace, Statement,
    UnaryOperator,
};
use tilde_syntax::{Tree, Version};

use crate::code;

/// Levels of errors for which old code asks. The first two are older than PHP
/// 5.3, which brought the others.
const LEVELS: [&[u8]; 4] =
    [b"E_STRICT", b"E_RECOVERABLE_ERROR", b"E_DEPRECATED", b"E_USER_DEPRECATED"];

/// What a file declares; none if it may do something else.
pub(crate) fn declares(tree: &Tree<'_>) -> Option<Declares> {
    let mut reader = Reader { tree, namespace: Vec::new(), declares: Declares::default() };
    reader.statements(tree.program().statements)?;
    Some(reader.declares)
}

struct Reader<'t, 'a> {
    tree: &'t Tree<'a>,
    /// With a backslash after it; empty outside of all namespaces.
    namespace: Vec<u8>,
    declares: Declares,
}

impl<'a> Reader<'_, 'a> {
    fn statements(&mut self, statements: &[Statement<'a>]) -> Option<()> {
        statements.iter().try_for_each(|statement| self.statement(*statement))
    }

    fn statement(&mut self, statement: Statement<'a>) -> Option<()> {
        match statement {
            Statement::Empty(_) | Statement::Use(_) => Some(()),
            Statement::InlineHtml(html) => {
                code::trim(self.tree.text(html.span)).is_empty().then_some(())
            }
            Statement::Namespace(namespace) => self.namespace(namespace),
            Statement::If(polyfill) => self.polyfill(polyfill),
            Statement::ExpressionStatement(statement) => self.expression(statement.expression),
            _ => self.declaration(statement),
        }
    }

    fn namespace(&mut self, namespace: &Namespace<'a>) -> Option<()> {
        self.namespace = match namespace.name {
            Some(name) => [&*self.tree.name_text(name), b"\\"].concat(),
            None => Vec::new(),
        };
        self.statements(namespace.statements)
    }

    fn declaration(&mut self, statement: Statement<'a>) -> Option<()> {
        match statement {
            Statement::Function(Function { name, .. }) => {
                let name = self.full_name(*name);
                self.declares.functions.push(name);
            }
            Statement::Class(class) => {
                let name = self.full_name(class.name?);
                self.declares.classes.push(name);
            }
            _ => return None,
        }
        Some(())
    }

    fn full_name(&self, name: Identifier) -> Bytes {
        [&*self.namespace, self.tree.text(name.span)].concat().into()
    }

    /// `if (!function_exists('a')) { function a() {} }`: whether PHP has it or
    /// not, there is nothing else in it. `if (!defined('E_STRICT')) {…}`: PHP
    /// has it.
    fn polyfill(&mut self, polyfill: &If<'a>) -> Option<()> {
        let has_else = !polyfill.else_ifs.is_empty() || polyfill.otherwise.is_some();
        let (Expression::Unary(not), Statement::Block(body), false) =
            (polyfill.condition, polyfill.body, has_else)
        else {
            return None;
        };
        let (UnaryOperator::Not, Expression::Call(call)) = (not.operator, not.operand) else {
            return None;
        };
        let (function, arguments) = self.call(call)?;
        match (&*function, &*arguments) {
            (b"function_exists", [_]) => {
                body.statements.iter().try_for_each(|statement| self.declaration(*statement))
            }
            (b"defined", [level]) => self.is_level(level).then_some(()),
            _ => None,
        }
    }

    /// Whether PHP has this constant for sure.
    fn is_level(&self, name: &[u8]) -> bool {
        let is_old = self.tree.options().version < Version::V5_3;
        let levels = if is_old { &LEVELS[..2] } else { &LEVELS[..] };
        levels.contains(&name)
    }

    /// `class_alias('A', 'B');` declares `B`, and `defined('THINK_PATH') or
    /// exit();` does nothing, since it is defined.
    fn expression(&mut self, expression: Expression<'a>) -> Option<()> {
        match expression {
            Expression::Call(call) => {
                let (function, arguments) = self.call(call)?;
                let (b"class_alias", [_, name]) = (&*function, &*arguments) else { return None };
                let name = name.strip_prefix(b"\\").unwrap_or(name);
                self.declares.classes.push(name.into());
                Some(())
            }
            Expression::Binary(guard) => {
                let (BinaryOperator::LogicalOr, Expression::Call(call), Expression::Exit(_)) =
                    (guard.operator, guard.left, guard.right)
                else {
                    return None;
                };
                let (function, arguments) = self.call(call)?;
                (*function == *b"defined" && *arguments == [b"THINK_PATH"]).then_some(())
            }
            _ => None,
        }
    }

    /// The name of a function in lower case, and its arguments, if they are
    /// literals without escapes.
    fn call(&self, call: &Call<'a>) -> Option<(Vec<u8>, Vec<&'a [u8]>)> {
        let Expression::Name(name) = call.callee else { return None };
        let arguments = call.arguments.list.iter().map(|argument| self.literal(*argument));
        let name = self.tree.name_text(name).to_ascii_lowercase();
        Some((name, arguments.collect::<Option<_>>()?))
    }

    fn literal(&self, argument: Argument<'a>) -> Option<&'a [u8]> {
        let Argument::Expression(Expression::StringLiteral(literal)) = argument else {
            return None;
        };
        let (text, escapes): (_, &[u8]) = match self.tree.text(literal.span) {
            [b'\'', text @ .., b'\''] => (text, b"\\'"),
            [b'"', text @ .., b'"'] => (text, b""),
            _ => return None,
        };
        let is_escape = |at: usize| match text.get(at + 1) {
            Some(next) => escapes.is_empty() || escapes.contains(next),
            None => true,
        };
        (!memchr::memchr_iter(b'\\', text).any(is_escape)).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use tilde_syntax::{Arena, Options, parse};

    use super::*;

    fn of(source: &str) -> Option<String> {
        let arena = Arena::new();
        let tree = parse(source.as_bytes(), Options::default(), &arena).ok()?;
        let declares = declares(&tree)?;
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
        let source = "<?php use A\\{B, C}; class D {}";
        assert_eq!(of(source).as_deref(), Some("|D"));
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
            "<?php class A { function f( }",
        ] {
            assert_eq!(of(source), None, "{source}");
        }
    }
}
