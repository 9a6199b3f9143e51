//! The function that a walk has come to: what its variables are bound to, and which questions
//! were asked before a place is reached.

use tilde_syntax::Span;
use tilde_syntax::ast::{BinaryOperator, If, Statement};

use crate::facts::{FileFacts, Guard, Writer};

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

/// A function, or the file.
pub(super) struct Frame<'a> {
    label: Vec<u8>,
    /// The name of the function or method around, in small letters.
    name: Vec<u8>,
    writer: Option<u32>,
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
    pub(super) fn new(
        label: Vec<u8>,
        name: Vec<u8>,
        class: Option<u32>,
        is_by_reference: bool,
    ) -> Self {
        Self {
            label,
            name,
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

    /// Whether a question about a variable comes before the place.
    pub(super) fn guard(&self, source: &[u8], variable: &[u8]) -> Guard {
        let mut guard = Guard::None;
        for condition in self.open.iter().chain(&self.left) {
            let text = condition.of(source);
            if names(text, variable) {
                let counts = memchr::memmem::find(text, b"count(").is_some();
                guard = if counts { Guard::Counted } else { Guard::Asked };
            }
        }
        guard
    }
}

/// Whether code has this variable, given with its `$`, in it.
pub(super) fn names(text: &[u8], variable: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    memchr::memmem::find_iter(text, variable)
        .any(|at| !text.get(at + variable.len()).is_some_and(|next| is_letter(next)))
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
        let file = Frame::new(Vec::new(), Vec::new(), None, false);
        Self { frames: vec![file] }
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
        let label = match around.closures {
            1 => [&around.label, &b"{closure}"[..]].concat(),
            number => [&around.label, format!("{{closure#{number}}}").as_bytes()].concat(),
        };
        let (name, class) = (around.name.clone(), around.class);
        self.push(Frame::new(label, name, class, is_by_reference));
    }

    pub(super) fn pop(&mut self) {
        if !self.is_file() {
            self.frames.pop();
        }
    }

    /// The number of the function among the writers of the file.
    pub(super) fn writer(&mut self, facts: &mut FileFacts) -> u32 {
        let frame = self.top();
        *frame.writer.get_or_insert_with(|| {
            facts.writers.push(Writer { label: frame.label.clone(), name: frame.name.clone() });
            facts.writers.len() as u32 - 1
        })
    }
}
