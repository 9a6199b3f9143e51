//! What a node does to the process, and what a worker must not do.

use tilde_syntax::ast::{Argument, Arguments, Call, Expression, MemberName};
use tilde_syntax::{Flow, NameKind, Node, Resolved, Span, Tree, Visitor, walk};

use super::Scanner;
use crate::facts::{self, CallKind, Guard, Input, Value};
use crate::functions::{call_kind, is_superglobal};
use crate::place;
use crate::words;

/// Methods by which containers take what makes a service.
const BINDINGS: &[&[u8]] =
    &[b"singleton", b"singletonif", b"bind", b"bindif", b"instance", b"share", b"extend"];

impl<'a> Scanner<'_, 'a> {
    pub(super) fn note_call(&mut self, node: Node<'a>) {
        match node {
            Node::Call(it) => self.call(it),
            Node::MethodCall(it) => self.container(it.name, it.arguments, it.span),
            Node::StaticCall(it) => self.container(it.name, it.arguments, it.span),
            Node::Exit(it) => self.found(CallKind::Exit, b"exit", it.span),
            Node::Echo(it) => self.note_output(it.span),
            Node::Print(it) => self.note_output(it.span),
            _ => {}
        }
    }

    pub(super) fn note_output(&mut self, span: Span) {
        self.found(CallKind::Output, b"echo", span);
    }

    fn found(&mut self, kind: CallKind, name: &[u8], span: Span) {
        let writer = self.writer();
        let (guard, value) = (Guard::None, Value::Other);
        let name = name.to_vec();
        self.facts.calls.push(facts::Call { kind, name, shadow: None, span, writer, guard, value });
    }

    fn call(&mut self, it: &Call<'a>) {
        let Expression::Name(name) = it.callee else { return };
        let text = self.tree.name_text(name);
        let short = place::last_part(&text);
        let Some(kind) = call_kind(short, it.arguments.list.len()) else { return };
        let short = short.to_ascii_lowercase();
        let (known, shadow) = match self.scope.resolve(self.tree, name, NameKind::Function) {
            Resolved::Known(name) => (name.into_owned(), None),
            Resolved::Either(first, second) => (second.into_owned(), Some(first)),
            Resolved::Special(_) => return,
        };
        // `A\header()` is another function than PHP's.
        if !known.eq_ignore_ascii_case(&short) {
            return;
        }
        match kind {
            CallKind::Constant => self.define(it, shadow),
            CallKind::Block if is_non_blocking(self.tree, it.arguments) => {}
            kind => {
                let value = match it.arguments.list.last() {
                    Some(Argument::Expression(value)) => self.value(Some(*value)),
                    _ => Value::Other,
                };
                self.found(kind, &short, it.span);
                if let Some(call) = self.facts.calls.last_mut() {
                    (call.shadow, call.value) = (shadow, value);
                }
            }
        }
    }

    fn define(&mut self, it: &Call<'a>, shadow: Option<Vec<u8>>) {
        let mut arguments = it.arguments.list.iter();
        let Some(Argument::Expression(name)) = arguments.next() else { return };
        let value = match arguments.next() {
            Some(Argument::Expression(value)) => Some(*value),
            _ => None,
        };
        let text = match name {
            Expression::StringLiteral(it) => place::unquoted(self.text(it.span)),
            other => self.text(other.span()).to_vec(),
        };
        let value = self.value(value);
        self.found(CallKind::Constant, &text, it.span);
        let guard = if self.frames.frame().is_by_request(self.tree.source()) {
            Guard::ByRequest
        } else {
            self.guard(name.span())
        };
        if let Some(call) = self.facts.calls.last_mut() {
            (call.guard, call.value, call.shadow) = (guard, value, shadow);
        }
    }

    /// A superglobal that is read while the file loads.
    pub(super) fn read(&mut self, span: Span) {
        let name = self.variable_name(span);
        if !is_superglobal(name) {
            return;
        }
        // A write has come before its parts.
        let is_of_write = self
            .facts
            .inputs
            .iter()
            .rev()
            .take(4)
            .any(|input| input.is_write && input.span.start == span.start);
        if !is_of_write {
            let writer = self.writer();
            let input =
                Input { name: name.to_vec(), span, writer, is_write: false, is_put_back: false };
            self.facts.inputs.push(input);
        }
    }

    /// `$app->singleton(A::class, function () use ($request) { … })`
    fn container(&mut self, method: MemberName<'a>, arguments: &Arguments<'a>, span: Span) {
        let MemberName::Identifier(method) = method else { return };
        let name = self.text(method.span);
        if !BINDINGS.iter().any(|binding| name.eq_ignore_ascii_case(binding)) {
            return;
        }
        let captured = arguments.list.iter().skip(1).find_map(|argument| match argument {
            Argument::Expression(Expression::Closure(it)) => {
                let uses = it.uses.map_or(&[][..], |uses| uses.list);
                let captured = uses.iter().map(|each| each.variable);
                let mut captured = captured.filter(|span| is_held(self.variable_name(*span)));
                captured.next().or_else(|| held(self.tree, Node::from(it.body)))
            }
            Argument::Expression(Expression::ArrowFunction(it)) => {
                held(self.tree, Node::from(it.value))
            }
            _ => None,
        });
        if let Some(captured) = captured {
            let word = self.text(captured).to_vec();
            self.found(CallKind::Container, name, span);
            if let Some(call) = self.facts.calls.last_mut() {
                call.value = Value::Request(word);
            }
        }
    }
}

/// Whether a variable of this name is an application or something of a request.
fn is_held(name: &[u8]) -> bool {
    let is_container = [&b"app"[..], b"application", b"container", b"kernel"];
    is_container.iter().any(|it| name.eq_ignore_ascii_case(it)) || words::of_request(name).is_some()
}

/// What the body of a closure gives away of an application or a request: it is an argument of
/// a constructor or a call, or an element of a request of the container is asked for.
fn held<'a>(tree: &Tree<'a>, body: Node<'a>) -> Option<Span> {
    let mut finder = Held { tree, found: None };
    walk(body, &mut finder);
    finder.found
}

struct Held<'t, 'a> {
    tree: &'t Tree<'a>,
    found: Option<Span>,
}

impl<'a> Visitor<'a> for Held<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        let found = match node {
            Node::New(it) => it.arguments.and_then(|arguments| self.handed_on(arguments)),
            // `$app['request']`
            Node::Index(it) => match it.index {
                Some(Expression::StringLiteral(key)) => self.of_request(key.span),
                _ => None,
            },
            // `$app->make('request')`, `$app->make(Request::class)`
            Node::MethodCall(it) if is_asking(self.tree.text(it.name.span())) => {
                it.arguments.list.first().and_then(|argument| match argument {
                    Argument::Expression(Expression::StringLiteral(key)) => {
                        self.of_request(key.span)
                    }
                    Argument::Expression(Expression::ClassConstant(it)) => {
                        self.of_request(it.class.span())
                    }
                    _ => None,
                })
            }
            // `request()`, `auth()`
            Node::Call(it) => match it.callee {
                Expression::Name(name) => self.of_request(name.span),
                _ => None,
            },
            _ => None,
        };
        self.found = self.found.or(found);
        if self.found.is_some() { Flow::Stop } else { Flow::Descend }
    }
}

impl<'a> Held<'_, 'a> {
    fn of_request(&self, span: Span) -> Option<Span> {
        words::of_request(place::last_part(self.tree.text(span))).map(|_| span)
    }

    /// An argument that is the application or the request itself.
    fn handed_on(&self, arguments: &Arguments<'a>) -> Option<Span> {
        let held = |argument: &Argument<'a>| match argument {
            Argument::Expression(Expression::Variable(it)) => {
                is_held(&self.tree.text(it.span)[1..]).then_some(it.span)
            }
            Argument::Expression(Expression::Property(it)) => {
                is_held(self.tree.text(it.name.span())).then_some(it.span)
            }
            _ => None,
        };
        arguments.list.iter().find_map(held)
    }
}

fn is_asking(method: &[u8]) -> bool {
    [&b"make"[..], b"get", b"resolve"].iter().any(|it| method.eq_ignore_ascii_case(it))
}

/// `flock($file, LOCK_EX | LOCK_NB)`, and `LOCK_UN`, which never waits.
fn is_non_blocking(tree: &Tree<'_>, arguments: &Arguments<'_>) -> bool {
    let second = arguments.list.get(1).map(|argument| tree.text(argument.span()));
    second.is_some_and(|text| {
        let has = |word: &[u8]| memchr::memmem::find(text, word).is_some();
        has(b"LOCK_NB") || has(b"LOCK_UN")
    })
}
