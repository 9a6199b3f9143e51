//! `static` variables of functions: where a bundle can keep a copy of them beside, and why
//! it cannot where it does not.
//!
//! PHP binds such a variable each time when its statement runs, to storage of the method of
//! a class or of the closure. Nobody else reaches that storage but by a reference, and all
//! variables of one statement are bound together; code that stands after the statement is
//! in the same place as the statement for every class and every closure.

use std::collections::HashSet;

use tilde_syntax::ast::{self, Expression, Statement, StaticVariables, StringPart};
use tilde_syntax::{Flow, Node, Span, Tree, Visitor, walk};

use super::is_function;

/// A `static` statement.
#[derive(Debug)]
pub(crate) struct StaticStatement {
    /// The variables.
    pub(crate) variables: Vec<Span>,
    /// Where the last of them ends, before the `;`.
    pub(crate) end: u32,
    /// Why it has to stay as it is.
    pub(crate) obstacle: Option<StaticObstacle>,
}

/// Why a `static` statement has to stay as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StaticObstacle {
    /// It is in no function, so it belongs to the file.
    Outside,
    /// It is the body of an `if` or a loop that has no braces.
    Unbraced,
    /// The function has another one of the same variable.
    Twice,
    /// Something in the function sees all its variables.
    Shown,
    /// The function gives a reference to it away.
    Referenced,
    /// Its first value is not the same in each process, as that of a call.
    Computed,
    /// Each statement of the file counts.
    Ticks,
    /// The file has variables that are called like those of a bundle.
    Taken,
}

/// The `static` statements of a file, in its order.
pub(super) fn statements(tree: &Tree<'_>) -> Vec<StaticStatement> {
    let mut finder = Finder {
        tree,
        found: Vec::new(),
        frames: vec![Frame::default()],
        unbraced: HashSet::new(),
        has_ticks: false,
    };
    walk(Node::from(tree.program()), &mut finder);
    let Finder { mut found, has_ticks, .. } = finder;
    let is_taken = memchr::memmem::find(tree.source(), b"$tilde_").is_some();
    let obstacle = match () {
        () if has_ticks => StaticObstacle::Ticks,
        () if is_taken => StaticObstacle::Taken,
        () => return found,
    };
    for statement in &mut found {
        statement.obstacle = Some(obstacle);
    }
    found
}

struct Finder<'t, 'a> {
    tree: &'t Tree<'a>,
    found: Vec<StaticStatement>,
    /// The functions around, and the file.
    frames: Vec<Frame<'a>>,
    /// Where statements begin that are the body of another one.
    unbraced: HashSet<u32>,
    has_ticks: bool,
}

/// What is known of a function.
#[derive(Default)]
struct Frame<'a> {
    /// Its statements among those that were found.
    statements: Vec<usize>,
    is_by_reference: bool,
    shows_variables: bool,
    /// The variables that it gives references to away.
    referenced: Vec<&'a [u8]>,
}

impl<'a> Visitor<'a> for Finder<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        if node.is_leaf() {
            return Flow::Descend;
        }
        if let Node::Closure(it) = node {
            let uses = it.uses.map_or(&[][..], |uses| uses.list);
            for each in uses.iter().filter(|each| each.by_reference.is_some()) {
                let name = self.tree.text(each.variable);
                self.top().referenced.push(name);
            }
        }
        if is_function(node) {
            let is_by_reference = returns_reference(node);
            self.frames.push(Frame { is_by_reference, ..Frame::default() });
        }
        self.note(node);
        Flow::Descend
    }

    fn leave(&mut self, node: Node<'a>) {
        if !node.is_leaf() && is_function(node) {
            let frame = self.frames.pop();
            self.close(&frame.expect("the function was entered"));
        }
    }
}

impl<'a> Finder<'_, 'a> {
    fn top(&mut self) -> &mut Frame<'a> {
        self.frames.last_mut().expect("the frame of the file is never left")
    }

    fn note(&mut self, node: Node<'a>) {
        match node {
            Node::StaticVariables(it) => self.statement(it),
            Node::If(it) => self.body(it.body),
            Node::ElseIf(it) => self.body(it.body),
            Node::Else(it) => self.body(it.body),
            Node::While(it) => self.body(it.body),
            Node::DoWhile(it) => self.body(it.body),
            Node::For(it) => self.body(it.body),
            Node::Foreach(it) => {
                self.body(it.body);
                if self.has_reference(it.value.span) {
                    self.refer(it.subject);
                }
            }
            Node::Declare(it) => {
                self.body(it.body);
                let names = it.directives.iter().map(|item| self.tree.text(item.name.span));
                self.has_ticks |= names.into_iter().any(|it| it.eq_ignore_ascii_case(b"ticks"));
            }
            Node::Eval(_) | Node::Include(_) => self.top().shows_variables = true,
            Node::Call(it) if self.shows_variables(it) => self.top().shows_variables = true,
            Node::Assignment(it) => {
                let is_list = matches!(it.target, Expression::Array(_) | Expression::List(_));
                if it.by_reference.is_some() || is_list && self.has_reference(it.target.span()) {
                    self.refer(it.value);
                }
            }
            Node::ReferenceElement(it) => self.refer(it.value),
            Node::KeyedElement(it) if it.by_reference.is_some() => self.refer(it.value),
            Node::Return(it) if self.top().is_by_reference => {
                it.value.into_iter().for_each(|value| self.refer(value));
            }
            Node::Yield(it) if self.top().is_by_reference => {
                it.value.into_iter().for_each(|value| self.refer(value));
            }
            _ => {}
        }
    }

    fn statement(&mut self, it: &StaticVariables<'a>) {
        let mut values = it.variables.iter().filter_map(|it| it.value);
        let obstacle = match () {
            () if self.frames.len() == 1 => Some(StaticObstacle::Outside),
            () if self.unbraced.contains(&it.span.start) => Some(StaticObstacle::Unbraced),
            () if !values.all(is_constant) => Some(StaticObstacle::Computed),
            () => None,
        };
        let index = self.found.len();
        self.top().statements.push(index);
        let variables: Vec<Span> = it.variables.iter().map(|it| it.variable.span).collect();
        let end = it.variables.last().map_or(it.span.start, |last| last.span.end);
        self.found.push(StaticStatement { variables, end, obstacle });
    }

    fn body(&mut self, statement: Statement<'a>) {
        if let Statement::StaticVariables(it) = statement {
            self.unbraced.insert(it.span.start);
        }
    }

    fn shows_variables(&self, call: &ast::Call<'a>) -> bool {
        let Expression::Name(name) = call.callee else { return false };
        let name = self.tree.text(name.span);
        let short = name.rsplit(|byte| *byte == b'\\').next().unwrap_or(name);
        short.eq_ignore_ascii_case(b"get_defined_vars")
    }

    /// Whether what is assigned to takes a reference.
    fn has_reference(&self, target: Span) -> bool {
        self.tree.text(target).contains(&b'&')
    }

    /// A reference is taken to a variable, or to a part of it.
    fn refer(&mut self, mut expression: Expression<'a>) {
        let variable = loop {
            expression = match expression {
                Expression::Index(it) => it.base,
                Expression::Parenthesized(it) => it.inner,
                Expression::Variable(it) => break it,
                _ => return,
            };
        };
        let name = self.tree.text(variable.span);
        self.top().referenced.push(name);
    }

    /// Says of the statements of a function what its code does with the variables.
    fn close(&mut self, frame: &Frame<'a>) {
        let mut seen: HashSet<&[u8]> = HashSet::new();
        let mut twice: HashSet<&[u8]> = HashSet::new();
        for index in &frame.statements {
            for span in &self.found[*index].variables {
                let name = self.tree.text(*span);
                if !seen.insert(name) {
                    twice.insert(name);
                }
            }
        }
        for index in &frame.statements {
            let names = self.found[*index].variables.iter().map(|span| self.tree.text(*span));
            let names: Vec<&[u8]> = names.collect();
            let obstacle = match () {
                () if frame.shows_variables => StaticObstacle::Shown,
                () if names.iter().any(|name| twice.contains(name)) => StaticObstacle::Twice,
                () if names.iter().any(|name| frame.referenced.contains(name)) => {
                    StaticObstacle::Referenced
                }
                () => continue,
            };
            self.found[*index].obstacle.get_or_insert(obstacle);
        }
    }
}

/// Whether a first value is made of literals and constants.
fn is_constant(value: Expression<'_>) -> bool {
    match value {
        Expression::Integer(_)
        | Expression::Float(_)
        | Expression::StringLiteral(_)
        | Expression::Constant(_)
        | Expression::MagicConstant(_) => true,
        Expression::ClassConstant(it) => matches!(it.class, Expression::Name(_)),
        Expression::Interpolated(it) => {
            it.parts.iter().all(|part| matches!(part, StringPart::Text(_)))
        }
        Expression::Parenthesized(it) => is_constant(it.inner),
        Expression::Unary(it) => is_constant(it.operand),
        Expression::Binary(it) => is_constant(it.left) && is_constant(it.right),
        Expression::Ternary(it) => {
            is_constant(it.condition)
                && it.then.is_none_or(is_constant)
                && is_constant(it.otherwise)
        }
        Expression::Index(it) => is_constant(it.base) && it.index.is_some_and(is_constant),
        Expression::Array(it) => it.elements.iter().all(|element| match element {
            ast::Element::KeyedElement(it) => is_constant(it.key) && is_constant(it.value),
            ast::Element::Expression(it) => is_constant(*it),
            ast::Element::SpreadElement(it) => is_constant(it.value),
            ast::Element::ReferenceElement(_) | ast::Element::Hole(_) => false,
        }),
        _ => false,
    }
}

fn returns_reference(node: Node<'_>) -> bool {
    match node {
        Node::Function(it) => it.by_reference.is_some(),
        Node::Method(it) => it.by_reference.is_some(),
        Node::Closure(it) => it.by_reference.is_some(),
        Node::Hook(it) => it.by_reference.is_some(),
        _ => false,
    }
}
