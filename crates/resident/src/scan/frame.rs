//! The function that a walk has come to: what its variables are bound to, and which questions
//! were asked before a place is reached.

use tilde_syntax::ast::{BinaryOperator, If, Statement};
use tilde_syntax::{Span, Tree};

use super::writes::NEAR;
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
    /// The variables that keep what a place had, with the code of the place and the number of
    /// conditions around.
    kept: Vec<(&'a [u8], &'a [u8], usize)>,
    /// The variables that have something of a request, with the word that says so.
    of_request: Vec<(&'a [u8], Vec<u8>)>,
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
            kept: Vec::new(),
            of_request: Vec::new(),
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

    /// A variable gets what a place has.
    pub(super) fn keep(&mut self, variable: &'a [u8], place: &'a [u8]) {
        self.kept.push((variable, place, self.depth()));
    }

    /// Whether a variable has what a place had before, and this is reached wherever it got it.
    pub(super) fn has_kept(&self, variable: &[u8], place: &[u8]) -> bool {
        let depth = self.depth();
        self.kept
            .iter()
            .rev()
            .take(NEAR)
            .any(|it| (it.0, it.1) == (variable, place) && it.2 >= depth)
    }

    /// A variable gets something of a request, or something else for sure.
    pub(super) fn note_request(&mut self, variable: &'a [u8], word: Option<Vec<u8>>) {
        if word.is_some() || self.open.is_empty() {
            self.of_request.retain(|(name, _)| *name != variable);
        }
        if let Some(word) = word {
            let is_full = self.of_request.len() == NEAR;
            drop(is_full.then(|| self.of_request.remove(0)));
            self.of_request.push((variable, word));
        }
    }

    /// The word of a variable that has something of a request.
    pub(super) fn word_of(&self, variable: &[u8]) -> Option<Vec<u8>> {
        let known = self.of_request.iter().find(|(name, _)| *name == variable);
        known.map(|(_, word)| word.clone())
    }

    /// How many conditions are around the place.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
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
            if names(text, variable) {
                guard = question(text, variable, guard);
            } else if asks_whether_done(text) || self.asks_for_static(text) {
                guard = Guard::Asked;
            }
        }
        guard
    }

    /// Whether the place is only reached as a request decides.
    pub(super) fn is_by_request(&self, source: &[u8]) -> bool {
        let inputs =
            [&b"$_GET"[..], b"$_POST", b"$_REQUEST", b"$_COOKIE", b"$_SESSION", b"$_FILES"];
        let asks = |condition: &Span| inputs.iter().any(|it| names(condition.of(source), it));
        self.open.iter().any(asks)
    }

    fn asks_for_static(&self, condition: &[u8]) -> bool {
        let is_static = |(_, to): &&(&[u8], Bound)| matches!(to, Bound::Static(_));
        let mut names = self.bound.iter().filter(is_static).map(|(name, _)| *name);
        names.any(|name| self::names(condition, &[b"$", name].concat()))
    }
}

/// What a condition asks of a variable that is in it; `before` if it only compares it with
/// another value.
fn question(condition: &[u8], variable: &[u8], before: Guard) -> Guard {
    let parts = parts(condition).into_iter().filter(|part| names(part, variable));
    parts.fold(before, |before, part| part_question(part, variable, before))
}

/// What `&&` and `||` are between.
fn parts(condition: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in memchr::memchr2_iter(b'&', b'|', condition) {
        if condition.get(at + 1) == Some(&condition[at]) {
            parts.push(&condition[start..at]);
            start = at + 2;
        }
    }
    parts.push(&condition[start.min(condition.len())..]);
    parts
}

fn part_question(condition: &[u8], variable: &[u8], before: Guard) -> Guard {
    let has = |word: &[u8]| memchr::memmem::find(condition, word).is_some();
    let asks_for_nothing = [&b"null"[..], b"NULL", b"isset", b"empty", b"false", b"true", b"''"]
        .iter()
        .chain(&[&b"[]"[..], b"array()", b"_exists", b"is_", b"in_array"])
        .any(|word| has(word));
    let element = [variable, b"["].concat();
    let compares = [&b"=="[..], b"!=", b"<", b">"].iter().any(|operator| has(operator));
    match () {
        () if has(b"count(") => Guard::Counted,
        () if has(&element) || has(b"_exists(") || has(b"in_array(") => Guard::Element,
        () if asks_for_nothing || !compares => Guard::Asked,
        () => before,
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

    pub(super) fn frame(&self) -> &Frame<'a> {
        self.frames.last().expect("the frame of the file is never left")
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
