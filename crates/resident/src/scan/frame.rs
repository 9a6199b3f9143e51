//! The function that a walk has come to: what its variables are bound to, and which questions
//! were asked before a place is reached.

use tilde_syntax::ast::{BinaryOperator, If, Statement};
use tilde_syntax::{Span, Tree};

use crate::facts::{Class, Guard, Writer};

/// What a variable of a function stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// One of the file's static variables.
    Static(u32),
    Global,
}

/// The functions around a place, the file first.
pub(super) struct Frames<'a> {
    frames: Vec<Frame<'a>>,
}

/// What a function is called, before anybody asks.
pub(super) enum Label {
    File,
    /// Its full name, and where its name stands.
    Function {
        name: Vec<u8>,
        short: Span,
    },
    /// A method or hook of a class.
    Named {
        name: Span,
        class: Option<u32>,
    },
    /// The closure of this number in what is around it.
    Closure(usize),
}

/// A function, or the file.
pub(super) struct Frame<'a> {
    label: Label,
    /// Its number among the writers of the file, once it is one.
    pub(super) writer: Option<u32>,
    /// What `self` is.
    pub(super) class: Option<u32>,
    /// Whether it returns references.
    pub(super) is_by_reference: bool,
    bound: Vec<(&'a [u8], Bound)>,
    closures: usize,
    /// The conditions that the place is below of.
    open: Vec<Span>,
    /// The conditions of earlier `if`s that leave the function or the round of a loop.
    left: Vec<Span>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(label: Label, class: Option<u32>, is_by_reference: bool) -> Self {
        Self {
            label,
            writer: None,
            class,
            is_by_reference,
            bound: Vec::new(),
            closures: 0,
            open: Vec::new(),
            left: Vec::new(),
        }
    }

    pub(super) fn bind(&mut self, name: &'a [u8], to: Bound) {
        self.bound.push((name, to));
    }

    /// What a variable is bound to: the last statement counts.
    pub(super) fn binding(&self, name: &[u8]) -> Option<Bound> {
        self.bound.iter().rev().find(|(bound, _)| *bound == name).map(|(_, to)| *to)
    }

    /// What follows depends on this condition.
    pub(super) fn ask(&mut self, condition: Span) {
        self.open.push(condition);
    }

    pub(super) fn answered(&mut self) {
        self.open.pop();
    }

    pub(super) fn leave_if(&mut self, it: &If<'a>) {
        self.answered();
        if leaves(it.body) {
            self.left.push(it.condition.span());
        }
    }

    /// Whether a question about a variable comes before the place, or about another static
    /// variable of the function, which is often set together with it.
    pub(super) fn guard(&self, source: &[u8], variable: &[u8]) -> Guard {
        let mut guard = Guard::None;
        for condition in self.open.iter().chain(&self.left) {
            let text = condition.of(source);
            if names(text, variable) || asks_whether_done(text) || self.asks_for_static(text) {
                let counts = memchr::memmem::find(text, b"count(").is_some();
                guard = if counts { Guard::Counted } else { Guard::Asked };
            }
        }
        guard
    }

    fn asks_for_static(&self, condition: &[u8]) -> bool {
        let is_static = |(_, to): &&(&[u8], Bound)| matches!(to, Bound::Static(_));
        let mut names = self.bound.iter().filter(is_static).map(|(name, _)| *name);
        names.any(|name| self::names(condition, &[b"$", name].concat()))
    }
}

/// Whether a condition asks for a flag of the class that says that this was done before:
/// `if (self::$initialised)`.
fn asks_whether_done(condition: &[u8]) -> bool {
    memchr::memmem::find_iter(condition, b"::$").any(|at| {
        let name = &condition[at + 3..];
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let len = name.iter().position(|byte| !is_letter(byte)).unwrap_or(name.len());
        crate::words::is_done(&name[..len])
    })
}

/// Whether code has this variable, given with its `$`, in it.
pub(super) fn names(text: &[u8], variable: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    memchr::memmem::find_iter(text, variable)
        .any(|at| !text.get(at + variable.len()).is_some_and(is_letter))
}

/// Whether what follows is not reached after this statement.
fn leaves(statement: Statement<'_>) -> bool {
    match statement {
        Statement::Return(_) | Statement::Continue(_) | Statement::Break(_) => true,
        Statement::ExpressionStatement(it) => {
            matches!(it.expression, tilde_syntax::ast::Expression::Throw(_))
        }
        Statement::Block(it) => it.statements.last().is_some_and(|last| leaves(*last)),
        Statement::Alternative(it) => it.statements.last().is_some_and(|last| leaves(*last)),
        _ => false,
    }
}

/// Whether the right side of an operator depends on the left one.
pub(super) fn is_asking(operator: BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::BooleanAnd
            | BinaryOperator::BooleanOr
            | BinaryOperator::LogicalAnd
            | BinaryOperator::LogicalOr
            | BinaryOperator::Coalesce
    )
}

impl<'a> Frames<'a> {
    pub(super) fn new() -> Self {
        Self { frames: vec![Frame::new(Label::File, None, false)] }
    }

    pub(super) fn is_file(&self) -> bool {
        self.frames.len() == 1
    }

    pub(super) fn top(&mut self) -> &mut Frame<'a> {
        self.frames.last_mut().expect("the frame of the file is never left")
    }

    pub(super) fn push(&mut self, frame: Frame<'a>) {
        self.frames.push(frame);
    }

    /// Enters a closure, which is in the class of what is around it.
    pub(super) fn push_closure(&mut self, is_by_reference: bool) {
        let around = self.top();
        around.closures += 1;
        let (number, class) = (around.closures, around.class);
        self.push(Frame::new(Label::Closure(number), class, is_by_reference));
    }

    pub(super) fn pop(&mut self) {
        if !self.is_file() {
            self.frames.pop();
        }
    }

    /// What the function is called in reports.
    pub(super) fn as_writer(&self, tree: &Tree<'a>, classes: &[Class]) -> Writer {
        let is_closure = |frame: &&Frame<'a>| matches!(frame.label, Label::Closure(_));
        let closures = self.frames.iter().rev().take_while(is_closure).count();
        let (named, closures) = self.frames.split_at(self.frames.len() - closures);
        let (mut label, name) = match named.last().map(|frame| &frame.label) {
            Some(Label::Function { name, short }) => {
                ([name, &b"()"[..]].concat(), tree.text(*short))
            }
            Some(Label::Named { name, class }) => {
                let class = class.map_or(&b""[..], |class| &classes[class as usize].name);
                let name = tree.text(*name);
                ([class, b"::", name, b"()"].concat(), name)
            }
            _ => (Vec::new(), &b""[..]),
        };
        for frame in closures {
            match frame.label {
                Label::Closure(1) => label.extend(b"{closure}"),
                Label::Closure(number) => label.extend(format!("{{closure#{number}}}").bytes()),
                _ => {}
            }
        }
        Writer { label, name: name.to_ascii_lowercase() }
    }
}
