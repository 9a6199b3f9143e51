//! What PHP's compiler refuses, though its parser takes it.
//!
//! Such a file ends the program as soon as PHP compiles it, be it for another class of the
//! same file. The rules are those of PHP 7.1 to 8.5, and a mistake counts if any version of
//! a range refuses it. What depends on other files (parents, interfaces, traits) shows when
//! a class is linked and is not looked at. Where we cannot say what a PHP does with rare
//! code, that is said too: [`Refused::is_certain`] is false then.

mod class;
mod constant;
mod function;
mod place;
mod types;

use std::borrow::Cow;
use std::collections::BTreeSet;

use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Argument, Arguments, AttributeGroup, CastKind, Class, ClassKind, Expression, Name, Node,
    Statement,
};
use crate::scope::{NameKind, Resolved, Scope};
use crate::span::Span;
use crate::tree::Tree;
use crate::visit::{Flow, Visitor, walk};

use class::Members;
use function::{Block, Frame};

pub use types::is_builtin_type;

/// Code that PHP's compiler refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong: starts in lower case, without a full stop.
    pub message: Cow<'static, str>,
    /// Where.
    pub span: Span,
    /// Whether it is known that a PHP of the range refuses it.
    pub is_certain: bool,
}

/// The first code that a PHP refuses when it compiles the file, of those from `oldest` to
/// the one whose tree it is; what is certain comes before what is not.
///
/// ```
/// use tilde_syntax::{Arena, Options, Version, parse, refused};
///
/// let arena = Arena::new();
/// let source = b"<?php function f() { static $a = g(); }";
/// let tree = parse(source, Options::new(Version::V8_3), &arena).unwrap();
/// assert_eq!(refused(&tree, Version::V8_3), None);
/// assert!(refused(&tree, Version::V8_2).unwrap().is_certain);
/// ```
#[must_use]
pub fn refused(tree: &Tree<'_>, oldest: Version) -> Option<Refused> {
    let newest = tree.options().version;
    if newest < Version::V7_1 {
        return None;
    }
    let mut checker = Checker {
        tree,
        oldest,
        newest,
        scope: Scope::default(),
        found: None,
        unsure: None,
        frames: vec![Frame::default()],
        blocks: Vec::new(),
        first: first_code(tree),
        classes: Vec::new(),
        targets: BTreeSet::new(),
        late: BTreeSet::new(),
    };
    checker.namespaces();
    walk(Node::from(tree.program()), &mut checker);
    if let Some(frame) = checker.frames.pop() {
        checker.close(&frame);
    }
    checker.found.or(checker.unsure)
}

pub(crate) struct Checker<'t, 'a> {
    tree: &'t Tree<'a>,
    oldest: Version,
    newest: Version,
    scope: Scope<'a>,
    found: Option<Refused>,
    unsure: Option<Refused>,
    /// The functions around a place; the first is the file.
    frames: Vec<Frame<'a>>,
    /// The loops and `finally` blocks of all functions so far.
    blocks: Vec<Block>,
    /// Where the first statement starts that is no `declare`.
    first: u32,
    /// The classes around a place.
    classes: Vec<Members>,
    /// Where arrays start that are assigned to, and places of which `[]` may be the end.
    targets: BTreeSet<u32>,
    /// Where code in constant expressions starts whose class PHP looks for when it needs it.
    late: BTreeSet<u32>,
}

impl<'a> Visitor<'a> for Checker<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        if self.found.is_some() {
            return Flow::Stop;
        }
        if node.is_leaf() {
            return Flow::Descend;
        }
        if matches!(node, Node::Namespace(_) | Node::Use(_)) {
            self.scope.enter(self.tree, node);
        }
        self.statement(node);
        self.expression(node);
        self.open(node);
        Flow::Descend
    }

    fn leave(&mut self, node: Node<'a>) {
        if !node.is_leaf() {
            self.shut(node);
            if matches!(node, Node::Namespace(_)) {
                self.scope.leave(node);
            }
        }
    }
}

impl<'a> Checker<'_, 'a> {
    fn refuse(&mut self, span: Span, message: impl Into<Cow<'static, str>>) {
        let message = message.into();
        self.found.get_or_insert(Refused { message, span, is_certain: true });
    }

    fn doubt(&mut self, span: Span) {
        let message = "what each PHP does with this is not known".into();
        self.unsure.get_or_insert(Refused { message, span, is_certain: false });
    }

    /// Whether one of the versions is that one or newer.
    fn since(&self, version: Version) -> bool {
        self.newest >= version
    }

    /// Whether one of the versions is older.
    fn before(&self, version: Version) -> bool {
        self.oldest < version
    }

    fn text(&self, span: Span) -> &'a [u8] {
        self.tree.text(span)
    }

    fn class_name(&self, name: Name) -> Option<Vec<u8>> {
        match self.scope.resolve(self.tree, name, NameKind::Class) {
            Resolved::Known(name) => Some(name.to_ascii_lowercase()),
            Resolved::Either(..) | Resolved::Special(_) => None,
        }
    }

    /// `self`, `parent` or `static`, in lower case.
    fn special(&self, name: Name) -> Option<Vec<u8>> {
        let text = self.text(name.span).to_ascii_lowercase();
        matches!(&*text, b"self" | b"parent" | b"static").then_some(text)
    }

    /// Namespaces with and without braces, within each other, and code outside of them.
    fn namespaces(&mut self) {
        let statements = self.tree.program().statements;
        let mut kinds = statements.iter().filter_map(|it| match it {
            Statement::Namespace(it) => Some((it.terminator.is_none(), it.span)),
            _ => None,
        });
        let Some((is_braced, _)) = kinds.next() else { return };
        if let Some((_, span)) = kinds.find(|(other, _)| *other != is_braced) {
            self.refuse(span, "namespaces with braces and without cannot be in one file");
        }
        let is_code = |it: &&Statement<'a>| match it {
            Statement::Namespace(_)
            | Statement::Declare(_)
            | Statement::Empty(_)
            | Statement::HaltCompiler(_) => false,
            Statement::InlineHtml(it) => !self.text(it.span).trim_ascii().is_empty(),
            _ => true,
        };
        let outside = statements.iter().skip_while(|it| !matches!(it, Statement::Namespace(_)));
        if let Some(code) = outside.filter(|_| is_braced).find(is_code) {
            self.refuse(code.span(), "no code may stand outside of the braces of namespaces");
        }
    }

    fn statement(&mut self, node: Node<'a>) {
        match node {
            Node::Declare(it) => self.declare(it),
            Node::Namespace(it) => {
                let is_nested = it.statements.iter().find_map(|it| match it {
                    Statement::Namespace(it) => Some(it.span),
                    _ => None,
                });
                if let Some(span) = is_nested {
                    self.refuse(span, "namespaces cannot be nested");
                }
            }
            Node::Constants(it) => {
                for item in it.items {
                    self.constant(item.value, constant::Place::Initial);
                    let name = self.text(item.name.span).to_ascii_lowercase();
                    if matches!(&*name, b"true" | b"false" | b"null") {
                        self.refuse(item.name.span, "this constant of PHP cannot be declared");
                    }
                }
            }
            Node::Use(it) if it.kind.is_none() => self.imports(it),
            Node::Switch(it) => {
                let mut defaults = it.cases.iter().filter(|case| case.condition.is_none());
                if let Some(second) = defaults.nth(1) {
                    self.refuse(second.span, "a `switch` has one `default`");
                }
            }
            Node::Try(it) if it.catches.is_empty() && it.finally.is_none() => {
                self.refuse(it.span, "a `try` needs a `catch` or a `finally`");
            }
            Node::Catch(it) => {
                if let Some(name) = it.types.iter().find(|name| self.special(**name).is_some()) {
                    self.refuse(name.span, "no class that a `catch` can name");
                }
                if let Some(variable) = it.variable {
                    self.not_this(variable.span);
                }
            }
            Node::Break(it) => self.jump(it.span, it.levels),
            Node::Continue(it) => self.jump(it.span, it.levels),
            Node::Global(it) => it.variables.iter().for_each(|it| self.not_this(it.span())),
            Node::StaticVariable(it) => self.static_variable(it),
            Node::Return(it) => self.frame().returns.push((it.span, it.value)),
            Node::Label(it) => self.label(it.name.span),
            Node::Goto(it) => self.goto(it.label.span),
            _ => {}
        }
    }

    fn imports(&mut self, it: &crate::ast::Use<'a>) {
        for item in it.items.iter().filter(|item| item.kind.is_none()) {
            let name = self.tree.name_text(item.name);
            let last = name.rsplit(|byte| *byte == b'\\').next().unwrap_or_default();
            let alias = item.alias.map_or(last, |alias| self.text(alias.span));
            if self.is_reserved(alias) {
                self.refuse(item.span, "this is a special class name, which nothing can have");
            }
        }
    }

    fn declare(&mut self, it: &crate::ast::Declare<'a>) {
        for item in it.directives {
            let name = self.text(item.name.span).to_ascii_lowercase();
            let value = self.text(item.value.span());
            match &*name {
                b"strict_types" if !matches!(value, b"0" | b"1") => {
                    self.refuse(item.span, "strict types are 0 or 1");
                }
                b"strict_types" if !matches!(it.body, Statement::Empty(_)) => {
                    self.refuse(it.span, "strict types hold for a whole file");
                }
                b"strict_types" if !self.is_first(it.span) => {
                    self.refuse(it.span, "strict types must be the first statement of a file");
                }
                b"ticks" | b"encoding"
                    if !matches!(
                        item.value,
                        Expression::Integer(_)
                            | Expression::StringLiteral(_)
                            | Expression::Float(_)
                    ) =>
                {
                    self.refuse(item.span, "this value must be a literal");
                }
                _ => {}
            }
        }
    }

    /// Whether a statement is one of the file itself, and only `declare`s stand before it.
    fn is_first(&self, span: Span) -> bool {
        let statements = self.tree.program().statements;
        let place = statements.binary_search_by_key(&span.start, |it| it.span().start);
        span.start < self.first && place.is_ok_and(|at| statements[at].span() == span)
    }

    fn expression(&mut self, node: Node<'a>) {
        match node {
            Node::New(it) => {
                if !self.late.contains(&it.span.start) {
                    self.fetched(it.class);
                }
                self.appends(it.arguments.map_or(&[], |it| it.list));
                if it.arguments.is_some_and(has_placeholder) {
                    self.refuse(it.span, "`new` makes no closure");
                }
            }
            Node::StaticCall(it) => {
                self.fetched(it.class);
                self.appends(it.arguments.list);
            }
            Node::StaticProperty(it) => self.fetched(it.class),
            Node::InstanceOf(it) => self.fetched(it.class),
            Node::ClassConstant(it) if !self.late.contains(&it.span.start) => {
                self.fetched(it.class);
            }
            Node::MethodCall(it) => {
                if it.is_nullsafe && has_placeholder(it.arguments) {
                    self.refuse(it.span, "`?->` makes no closure");
                }
                self.appends(it.arguments.list);
            }
            Node::Call(it) => self.appends(it.arguments.list),
            Node::Arguments(it) => self.arguments(it),
            Node::AttributeGroup(it) => self.attributes(it),
            Node::Match(it) => {
                let mut defaults = it.arms.iter().filter(|arm| arm.conditions.is_empty());
                if let Some(second) = defaults.nth(1) {
                    self.refuse(second.span, "a `match` has one `default`");
                }
            }
            Node::Cast(it) if it.kind == CastKind::Unset && self.since(Version::V8_0) => {
                self.refuse(it.span, "PHP 8.0 lost `(unset)`");
            }
            Node::Ternary(it) if self.since(Version::V8_0) => {
                // `a ?: b ?: c` means the same either way.
                if let Expression::Ternary(first) = it.condition
                    && (it.then.is_some() || first.then.is_some())
                {
                    self.refuse(it.span, "two `?` in a row need parentheses");
                }
            }
            Node::Yield(it) => self.yields(it.span, false),
            Node::YieldFrom(it) => self.yields(it.span, true),
            _ => self.write(node),
        }
    }

    fn yields(&mut self, span: Span, is_from: bool) {
        if self.frames.len() == 1 {
            self.refuse(span, "only a function yields");
        }
        let frame = self.frame();
        frame.yields = frame.yields.or(Some(span));
        if is_from && frame.by_reference {
            self.refuse(span, "a generator by reference cannot use `yield from`");
        }
    }

    fn arguments(&mut self, it: &Arguments<'a>) {
        let (mut named, mut spread) = (false, false);
        for argument in it.list {
            match argument {
                Argument::NamedArgument(_) => named = true,
                Argument::SpreadArgument(it) if named => {
                    self.refuse(it.span, "`...` cannot come after a named argument");
                }
                Argument::SpreadArgument(_) => spread = true,
                Argument::Expression(it) if named || spread => {
                    self.refuse(it.span(), "this argument needs a name, or to come before");
                }
                Argument::Expression(_)
                | Argument::ReferenceArgument(_)
                | Argument::Placeholder(_) => {}
            }
        }
    }

    fn attributes(&mut self, it: &AttributeGroup<'a>) {
        for attribute in it.attributes {
            let Some(arguments) = attribute.arguments else { continue };
            let mut names = BTreeSet::new();
            for argument in arguments.list {
                match argument {
                    Argument::Expression(value) => self.attribute_value(*value),
                    Argument::NamedArgument(it) => {
                        self.attribute_value(it.value);
                        if !names.insert(self.text(it.name.span)) {
                            self.refuse(it.span, "this argument is given twice");
                        }
                    }
                    other => self.refuse(other.span(), "attributes get plain arguments"),
                }
            }
        }
    }

    /// Before PHP 8.0 it is a comment.
    fn attribute_value(&mut self, value: Expression<'a>) {
        self.constant(value, constant::Place::Initial);
    }

    /// The class of `new A`, `A::b` and their kind.
    fn fetched(&mut self, class: Expression<'a>) {
        if let Expression::Name(name) = class {
            self.named(name);
        }
    }

    /// `self`, `parent` and `static` need a class, where it is certain that there is none.
    fn named(&mut self, name: Name) {
        let Some(special) = self.special(name) else { return };
        let frame = self.frames.last();
        let within = frame.map_or(function::Class::Unknown, |frame| frame.class);
        let message = match within {
            function::Class::None => "no class is around this",
            function::Class::Orphan if special == b"parent" && self.since(Version::V8_0) => {
                "the class has no parent"
            }
            function::Class::Orphan | function::Class::Unknown => return,
        };
        self.refuse(name.span, message);
    }

    fn frame(&mut self) -> &mut Frame<'a> {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// A word that no class may be called.
    fn is_reserved(&self, name: &[u8]) -> bool {
        let since = match &*name.to_ascii_lowercase() {
            b"self" | b"parent" | b"static" | b"bool" | b"int" | b"float" | b"string" | b"null"
            | b"true" | b"false" | b"void" | b"iterable" => Version::V7_1,
            b"object" => Version::V7_2,
            b"mixed" => Version::V8_0,
            b"never" => Version::V8_1,
            _ => return false,
        };
        self.since(since)
    }
}

/// Where the first statement starts that is no `declare`.
fn first_code(tree: &Tree<'_>) -> u32 {
    let is_before = |it: &&Statement<'_>| match it {
        Statement::Declare(_) => true,
        Statement::InlineHtml(it) => tree.text(it.span).starts_with(b"#!"),
        _ => false,
    };
    let mut statements = tree.program().statements.iter().skip_while(is_before);
    statements.next().map_or(u32::MAX, |it| it.span().start)
}

fn has_placeholder(arguments: &Arguments<'_>) -> bool {
    matches!(arguments.list, [Argument::Placeholder(_)])
}

fn is_interface(class: &Class<'_>) -> bool {
    class.kind == ClassKind::Interface
}

fn has_modifier(modifiers: &[crate::ast::Modifier], kind: TokenKind) -> bool {
    modifiers.iter().any(|it| it.kind == kind)
}
