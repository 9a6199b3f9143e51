//! Functions: parameters, results, jumps and what a closure takes along.

use std::collections::{BTreeMap, BTreeSet};

use tilde_lexer::{TokenKind, Version};

use super::class::Target;
use super::types::Typed;
use super::{Checker, constant, has_modifier};
use crate::ast::{Closure, Expression, Node, Parameter, Parameters, StaticVariable, Type};
use crate::scope::is_superglobal;
use crate::span::Span;

/// What is known of the class around a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing: code outside of functions may be included by a method, and a closure may be
    /// bound to one.
    #[default]
    Unknown,
    /// There is none.
    None,
    /// It has no parent.
    Orphan,
}

/// A function that is being read, or the file.
#[derive(Debug, Default)]
pub(crate) struct Frame<'a> {
    pub(super) class: Class,
    hint: Option<Type<'a>>,
    pub(super) by_reference: bool,
    pub(super) returns: Vec<(Span, Option<Expression<'a>>)>,
    pub(super) yields: Option<Span>,
    /// The innermost loop or `finally` block around a place.
    block: Option<u32>,
    labels: BTreeMap<&'a [u8], Option<u32>>,
    gotos: Vec<(Span, Option<u32>)>,
    statics: BTreeSet<&'a [u8]>,
}

/// A loop or a `finally` block. They are numbered as they begin, so that those within one have
/// the numbers from its own to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    around: Option<u32>,
    end: u32,
    /// The loops that a `break` in it can leave: those up to the next `finally`.
    loops: u32,
    /// The `finally` blocks that it is in, with itself.
    finally: u32,
}

impl<'a> Checker<'_, 'a> {
    /// Takes note of what a place is in, before its children.
    pub(super) fn open(&mut self, node: Node<'a>) {
        match node {
            Node::While(_)
            | Node::DoWhile(_)
            | Node::For(_)
            | Node::Foreach(_)
            | Node::Switch(_) => self.open_block(false),
            Node::Finally(_) => self.open_block(true),
            Node::Class(it) => {
                // What is in its body, but in no method.
                self.frames.push(Frame::default());
                self.class(it);
            }
            Node::Function(it) => {
                self.function_name(it.name.span);
                self.attributes_of(it.attributes, Target::Function);
                self.push(Class::None, it.return_type, it.by_reference.is_some());
                self.parameters(it.parameters, None);
            }
            Node::Method(it) => {
                let class = self.class_around();
                self.push(class, it.return_type, it.by_reference.is_some());
                self.method(it);
            }
            Node::Closure(it) => {
                self.attributes_of(it.attributes, Target::Function);
                self.push(Class::Unknown, it.return_type, it.by_reference.is_some());
                self.parameters(it.parameters, None);
                self.uses(it);
            }
            Node::ArrowFunction(it) => {
                self.attributes_of(it.attributes, Target::Function);
                self.push(Class::Unknown, it.return_type, it.by_reference.is_some());
                self.parameters(it.parameters, None);
                self.frame().returns.push((it.span, Some(it.value)));
            }
            Node::Hook(it) => {
                // Hooks came with PHP 8.4, with many rules.
                self.doubt(it.span);
                self.push(Class::Unknown, None, it.by_reference.is_some());
            }
            _ => {}
        }
    }

    pub(super) fn shut(&mut self, node: Node<'a>) {
        match node {
            Node::While(_)
            | Node::DoWhile(_)
            | Node::For(_)
            | Node::Foreach(_)
            | Node::Switch(_)
            | Node::Finally(_) => self.shut_block(),
            Node::Class(_) => {
                self.classes.pop();
                self.frames.pop();
            }
            Node::Function(_)
            | Node::Method(_)
            | Node::Closure(_)
            | Node::ArrowFunction(_)
            | Node::Hook(_) => {
                if let Some(frame) = self.frames.pop() {
                    self.close(&frame);
                }
            }
            _ => {}
        }
    }

    fn open_block(&mut self, is_finally: bool) {
        let around = self.frame().block;
        let (loops, finally) = around.map_or((0, 0), |it| {
            let it = self.blocks[it as usize];
            (it.loops, it.finally)
        });
        let loops = if is_finally { 0 } else { loops + 1 };
        let finally = finally + u32::from(is_finally);
        self.frame().block = Some(self.blocks.len() as u32);
        self.blocks.push(Block { around, end: u32::MAX, loops, finally });
    }

    fn shut_block(&mut self) {
        let end = self.blocks.len() as u32;
        let Some(block) = self.frame().block else { return };
        let block = &mut self.blocks[block as usize];
        block.end = end;
        let around = block.around;
        self.frame().block = around;
    }

    /// Whether a jump leads out of loops only, and into nothing.
    fn leads_out(&self, from: Option<u32>, to: Option<u32>) -> bool {
        let finally = |block: Option<u32>| block.map_or(0, |it| self.blocks[it as usize].finally);
        let is_within = to.is_none_or(|to| {
            from.is_some_and(|from| to <= from && from < self.blocks[to as usize].end)
        });
        is_within && finally(from) == finally(to)
    }

    fn push(&mut self, class: Class, hint: Option<Type<'a>>, by_reference: bool) {
        self.frames.push(Frame { class, hint, by_reference, ..Frame::default() });
        if let Some(hint) = hint {
            self.hint(hint, Typed::Result);
        }
    }

    pub(super) fn class_around(&self) -> Class {
        match self.classes.last() {
            Some(members) if !members.is_trait && !members.has_parent => Class::Orphan,
            _ => Class::Unknown,
        }
    }

    /// What shows at the end of a function.
    pub(super) fn close(&mut self, frame: &Frame<'a>) {
        for (label, from) in &frame.gotos {
            let Some(to) = frame.labels.get(self.text(*label)) else {
                self.refuse(*label, "there is no such label in this function");
                continue;
            };
            if !self.leads_out(*from, *to) {
                self.refuse(*label, "no `goto` leads there");
            }
        }
        let Some(hint) = frame.hint else { return };
        if let Some(span) = frame.yields {
            if !self.may_be_generator(hint) {
                self.refuse(span, "the result of a generator is of another type");
            }
            return;
        }
        let word = match hint {
            Type::Name(name) => self.text(name.span).to_ascii_lowercase(),
            _ => Vec::new(),
        };
        for (span, value) in &frame.returns {
            let is_arrow = value.is_some_and(|value| value.span().end == span.end);
            match (&*word, value) {
                (b"void", Some(_)) => self.refuse(*span, "a void function returns no value"),
                (b"void", None) => {}
                (b"never", _) if is_arrow => {}
                (b"never", _) if self.since(Version::V8_1) => {
                    self.refuse(*span, "a function of this type does not return");
                }
                (_, None) => self.refuse(*span, "a function with a type returns a value"),
                _ => {}
            }
        }
    }

    /// `break 2;` and its kind.
    pub(super) fn jump(&mut self, span: Span, levels: Option<Expression<'a>>) {
        let count = match levels {
            None => 1,
            Some(Expression::Integer(it)) => {
                let text = String::from_utf8_lossy(self.text(it.span)).replace('_', "");
                text.parse().unwrap_or(0)
            }
            Some(_) => 0,
        };
        if count == 0 {
            self.refuse(span, "the number of loops must be a positive integer");
        }
        let around = self.frame().block.map(|it| self.blocks[it as usize]);
        if count > around.map_or(0, |it| it.loops) {
            self.refuse(
                span,
                match around {
                    Some(it) if it.finally > 0 => "a jump out of a `finally`",
                    _ => "there are not so many loops around this",
                },
            );
        }
    }

    pub(super) fn label(&mut self, name: Span) {
        let text = self.text(name);
        let frame = self.frame();
        if frame.labels.insert(text, frame.block).is_some() {
            self.refuse(name, "this label is there already");
        }
    }

    pub(super) fn goto(&mut self, label: Span) {
        let frame = self.frame();
        frame.gotos.push((label, frame.block));
    }

    pub(super) fn static_variable(&mut self, it: &StaticVariable<'a>) {
        self.not_this(it.variable.span);
        let name = self.text(it.variable.span);
        let is_new = self.frame().statics.insert(name);
        if !is_new && self.since(Version::V8_3) {
            self.refuse(it.span, "PHP 8.3 refuses a `static` variable twice");
        }
        if let Some(value) = it.value.filter(|_| self.before(Version::V8_3)) {
            self.constant(value, constant::Place::Initial);
        }
    }

    pub(super) fn not_this(&mut self, span: Span) {
        if self.text(span) == b"$this" {
            self.refuse(span, "`$this` cannot be assigned to");
        }
    }

    fn function_name(&mut self, name: Span) {
        let text = self.text(name).to_ascii_lowercase();
        let is_global = self.scope.namespace().is_empty();
        let is_refused = text == b"assert" || text == b"__autoload" && is_global;
        if is_refused && self.since(Version::V8_0) {
            self.refuse(name, "PHP 8.0 refuses a function of this name");
        }
    }

    /// Of a function, or of a constructor that may make properties.
    pub(super) fn parameters(&mut self, it: &Parameters<'a>, promotes: Option<bool>) {
        let mut seen = BTreeSet::new();
        for (index, parameter) in it.list.iter().enumerate() {
            let name = self.text(parameter.variable.span);
            if name == b"$this" {
                self.refuse(parameter.span, "no parameter can be `$this`");
            }
            if is_superglobal(&name[1..]) {
                self.refuse(parameter.span, "no parameter can have the name of a superglobal");
            }
            if !seen.insert(name) {
                self.refuse(parameter.span, "another parameter has this name");
            }
            if parameter.variadic.is_some() {
                if parameter.value.is_some() {
                    self.refuse(parameter.span, "a variadic parameter has no first value");
                }
                if index + 1 < it.list.len() {
                    self.refuse(parameter.span, "only the last parameter can be variadic");
                }
            }
            self.parameter(parameter, promotes);
        }
    }

    fn parameter(&mut self, it: &Parameter<'a>, promotes: Option<bool>) {
        let is_promoted = !it.modifiers.is_empty() || it.hooks.is_some();
        self.attributes_of(it.attributes, Target::Parameter);
        if is_promoted {
            match promotes {
                Some(true) if it.variadic.is_none() => {}
                _ => self.refuse(it.span, "this parameter cannot make a property"),
            }
            if has_modifier(it.modifiers, TokenKind::Static)
                || has_modifier(it.modifiers, TokenKind::Abstract)
                || has_modifier(it.modifiers, TokenKind::Final) && self.before(Version::V8_5)
            {
                self.refuse(it.span, "this modifier does not go with a parameter");
            }
            let is_readonly = has_modifier(it.modifiers, TokenKind::Readonly)
                || self.classes.last().is_some_and(|members| members.is_readonly);
            if is_readonly && it.hint.is_none() {
                self.refuse(it.span, "a readonly property needs a type");
            }
            self.asymmetry(it.modifiers, it.span);
        }
        if let Some(hint) = it.hint {
            let typed = if is_promoted { Typed::Property } else { Typed::Parameter };
            self.hint(hint, typed);
        }
        let Some(value) = it.value else { return };
        self.constant(value, constant::Place::Initial);
        if let Some(hint) = it.hint {
            // PHP computes no constants of a parameter's value.
            if !matches!(value, Expression::ClassConstant(_)) && !is_constant(value, self) {
                self.default(hint, value, !is_promoted);
            }
        }
    }

    /// `private(set)` came with PHP 8.4, with rules of its own.
    pub(super) fn asymmetry(&mut self, modifiers: &[crate::ast::Modifier], span: Span) {
        let kinds = [TokenKind::PublicSet, TokenKind::ProtectedSet, TokenKind::PrivateSet];
        if kinds.iter().any(|kind| has_modifier(modifiers, *kind)) {
            self.doubt(span);
        }
    }

    fn uses(&mut self, it: &Closure<'a>) {
        let parameters = it.parameters.list.iter();
        let parameters: BTreeSet<_> = parameters.map(|it| self.text(it.variable.span)).collect();
        let mut seen = BTreeSet::new();
        for used in it.uses.iter().flat_map(|it| it.list) {
            let name = self.text(used.variable);
            let message = if name == b"$this" {
                "a closure has `$this` without `use`"
            } else if is_superglobal(&name[1..]) {
                "a closure has superglobals without `use`"
            } else if parameters.contains(name) {
                "a parameter has this name"
            } else if !seen.insert(name) {
                "this variable is taken along twice"
            } else {
                continue;
            };
            self.refuse(used.span, message);
        }
    }
}

/// A constant of the program, or one of PHP's that is no word of the language.
fn is_constant(value: Expression<'_>, checker: &Checker<'_, '_>) -> bool {
    let Expression::Constant(it) = value else { return false };
    let name = checker.text(it.span).to_ascii_lowercase();
    let name = name.strip_prefix(b"\\").unwrap_or(&name);
    !matches!(name, b"null" | b"true" | b"false")
}
