//! What a node writes.

use tilde_syntax::ast::{
    Argument as Given, Assignment, AssignmentOperator, BinaryOperator, Call, Element, Expression,
    ForeachTarget, MemberName, StaticCall,
};
use tilde_syntax::{NameKind, Node, Resolved, Span};

use super::Scanner;
use super::frame::Bound;
use crate::facts::{Argument, Callee, Guard, How, Input, Target, TargetWrite, Value, Write};
use crate::functions::{is_superglobal, written_argument};
use crate::place::{self, Place, Root};

/// So many writes back one is looked for that is undone, or a variable that has what was there.
pub(super) const NEAR: usize = 64;

impl<'a> Scanner<'_, 'a> {
    pub(super) fn note_write(&mut self, node: Node<'a>) {
        match node {
            Node::Assignment(it) => self.assignment(it),
            Node::Prefix(it) => self.write(it.operand, How::Counted, None, None),
            Node::Postfix(it) => self.write(it.operand, How::Counted, None, None),
            Node::Foreach(it) => {
                if it.value.by_reference.is_some() {
                    self.reference(it.subject);
                }
                let targets = it.key.into_iter().chain([it.value]);
                targets.for_each(|target| self.each(it.subject, target));
            }
            Node::Unset(it) => it.variables.iter().for_each(|it| self.unset(*it)),
            Node::Catch(it) => {
                if let Some(variable) = it.variable {
                    self.write(Expression::Variable(variable), How::Replaced, None, None);
                }
            }
            Node::ReferenceElement(it) => self.reference(it.value),
            Node::KeyedElement(it) if it.by_reference.is_some() => self.reference(it.value),
            Node::Return(it) if self.frames.top().is_by_reference => {
                if let Some(value) = it.value {
                    self.reference(value);
                }
            }
            Node::Call(it) => self.arguments(it),
            Node::StaticCall(it) => self.static_arguments(it),
            _ => {}
        }
    }

    fn assignment(&mut self, it: &Assignment<'a>) {
        if it.by_reference.is_some() {
            self.reference(it.value);
            return self.bind(it.target, it.value);
        }
        match it.operator {
            AssignmentOperator::Assign => {
                self.note_variable(it.target, it.value);
                self.assign(it.target, Some(it.value));
            }
            AssignmentOperator::Compound(BinaryOperator::Coalesce) => {
                self.write(it.target, How::Filled, Some(it.value), None);
            }
            AssignmentOperator::Compound(BinaryOperator::Concat) => {
                self.write(it.target, How::Appended, Some(it.value), None);
            }
            AssignmentOperator::Compound(_) => {
                self.write(it.target, How::Counted, Some(it.value), None);
            }
        }
    }

    /// A variable of the function that gets what a place has, or something of a request.
    fn note_variable(&mut self, target: Expression<'a>, value: Expression<'a>) {
        let Expression::Variable(variable) = target else { return };
        let name = self.variable_name(variable.span);
        if self.frames.top().binding(name).is_some() || is_superglobal(name) {
            return;
        }
        let is_place = match value {
            Expression::StaticProperty(_) => true,
            Expression::Index(it) => self.text(it.base.span()) == b"$GLOBALS",
            Expression::Variable(it) => {
                let name = self.variable_name(it.span);
                is_superglobal(name) || self.frames.top().binding(name).is_some()
            }
            _ => false,
        };
        if is_place {
            let place = self.text(value.span());
            self.frames.top().keep(name, place);
        }
        let top = self.frames.top();
        let known = |name: &[u8]| top.word_of(name);
        let word = place::part_of_request(self.tree, value, &known);
        top.note_request(name, word);
    }

    /// Whether a value is what the function has kept of the place that it is written to.
    fn is_kept(&mut self, target: Span, value: Option<Expression<'a>>) -> bool {
        let Some(Expression::Variable(variable)) = value else { return false };
        let (name, place) = (self.variable_name(variable.span), self.text(target));
        self.frames.top().has_kept(name, place)
    }

    /// The function puts back what it has done to this place or in it.
    fn put_back(&mut self, target: Span) {
        let (place, writer) = (self.text(target), self.writer());
        let (tree, depth) = (self.tree, self.frames.top().depth());
        let is_in = |span: Span| {
            let rest = tree.text(span).strip_prefix(place);
            rest.is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphanumeric))
        };
        for it in self
            .facts
            .writes
            .iter_mut()
            .rev()
            .take(NEAR)
            .filter(|it| it.write.writer == writer && it.write.depth >= depth)
        {
            it.write.is_put_back |= is_in(it.write.span);
        }
        for input in self.facts.inputs.iter_mut().rev().take(NEAR) {
            input.is_put_back |= input.writer == writer && is_in(input.span);
        }
    }

    /// `$a = …`, also where `$a` is a list.
    fn assign(&mut self, target: Expression<'a>, value: Option<Expression<'a>>) {
        // What is assigned to, and whether it gets a reference; the first is the last one.
        let mut open = vec![(target, false)];
        while let Some((target, is_reference)) = open.pop() {
            let elements = match target {
                _ if is_reference => {
                    self.bind_part(target);
                    continue;
                }
                Expression::Array(it) => it.elements,
                Expression::List(it) => it.elements,
                _ => {
                    self.write(target, How::Replaced, value, None);
                    continue;
                }
            };
            open.extend(elements.iter().rev().filter_map(|element| match element {
                Element::KeyedElement(it) => Some((it.value, it.by_reference.is_some())),
                Element::Expression(it) => Some((*it, false)),
                Element::ReferenceElement(it) => Some((it.value, true)),
                Element::Hole(_) | Element::SpreadElement(_) => None,
            }));
        }
    }

    fn each(&mut self, subject: Expression<'a>, target: &ForeachTarget<'a>) {
        self.note_variable(target.target, subject);
        match target.by_reference {
            Some(_) => self.bind_part(target.target),
            None => self.assign(target.target, None),
        }
    }

    /// `$a = &…`: a variable that is bound lets go of what it was bound to, and all else gets
    /// another value.
    fn bind(&mut self, target: Expression<'a>, value: Expression<'a>) {
        if !self.is_bound_variable(target) {
            self.write(target, How::Replaced, Some(value), None);
        }
    }

    /// The same for a part of an array.
    fn bind_part(&mut self, target: Expression<'a>) {
        if !self.is_bound_variable(target) {
            self.write(target, How::Replaced, None, None);
        }
    }

    /// A variable of a function that `static` or `global` has bound.
    fn is_bound_variable(&mut self, expression: Expression<'a>) -> bool {
        let Expression::Variable(it) = expression else { return false };
        let name = self.variable_name(it.span);
        self.frames.top().binding(name).is_some()
    }

    fn unset(&mut self, expression: Expression<'a>) {
        // `unset($a)` of a bound variable only lets go of it.
        if !matches!(expression, Expression::Variable(_)) {
            self.write(expression, How::Removed, None, None);
        }
    }

    /// A reference to a place is taken, and who has it may write.
    fn reference(&mut self, value: Expression<'a>) {
        let is_written =
            self.facts.writes.iter().rev().take(8).any(|it| it.write.span == value.span());
        if !is_written {
            self.write(value, How::Referenced, None, None);
        }
    }

    fn arguments(&mut self, call: &Call<'a>) {
        let Expression::Name(name) = call.callee else { return };
        if !call.arguments.list.iter().any(|it| self.is_place(it)) {
            return;
        }
        let (first, second) = match self.scope.resolve(self.tree, name, NameKind::Function) {
            Resolved::Known(name) => (name.to_ascii_lowercase(), None),
            Resolved::Either(first, second) => {
                (first.to_ascii_lowercase(), Some(second.to_ascii_lowercase()))
            }
            Resolved::Special(_) => return,
        };
        for (position, argument) in call.arguments.list.iter().enumerate() {
            let Given::Expression(argument) = argument else { continue };
            let name = second.as_ref().unwrap_or(&first);
            if let Some(how) = written_argument(name, position) {
                self.write(*argument, how, None, None);
                continue;
            }
            let callee = Callee::Function(first.clone(), second.clone());
            self.write(*argument, How::Passed, None, Some(Argument { callee, position }));
        }
    }

    fn static_arguments(&mut self, call: &StaticCall<'a>) {
        let MemberName::Identifier(name) = call.name else { return };
        if !call.arguments.list.iter().any(|it| self.is_place(it)) {
            return;
        }
        let class = self.class_ref(call.class);
        let method = self.text(name.span).to_ascii_lowercase();
        for (position, argument) in call.arguments.list.iter().enumerate() {
            let Given::Expression(argument) = argument else { continue };
            let callee = Callee::Method(class.clone(), method.clone());
            self.write(*argument, How::Passed, None, Some(Argument { callee, position }));
        }
    }

    /// Notes a write of an expression, if it is of something that may be state.
    fn write(
        &mut self,
        target: Expression<'a>,
        whole: How,
        value: Option<Expression<'a>>,
        only_by: Option<Argument>,
    ) {
        // Most of what code writes to goes with its function.
        if !self.may_be_state(target) {
            return;
        }
        let Some(mut place) = Place::of(target) else { return };
        let span = target.span();
        let (found, variable) = match place.root {
            Root::Property(class, property) => {
                let name = match property {
                    Expression::Variable(it) => Some(self.variable_name(it.span).to_vec()),
                    _ => None,
                };
                (Target::Property { class: self.class_ref(class), name }, property.span())
            }
            Root::Variable(variable) => {
                let name = self.variable_name(variable.span);
                if name == b"GLOBALS" {
                    let Ok(name) = place.global(self.tree) else { return };
                    (Target::Global(name), span)
                } else if is_superglobal(name) {
                    self.superglobal(name, span, only_by.is_some());
                    if self.is_kept(span, value) {
                        self.put_back(span);
                    }
                    return;
                } else {
                    let Some(target) = self.variable_target(name, &place, &whole) else { return };
                    (target, variable.span)
                }
            }
        };
        let how = place.how(self.tree, whole);
        let guard = self.guard(variable);
        let is_undone = match how {
            How::Removed => self.has_set(span),
            _ => self.is_kept(span, value),
        };
        let value = self.value(value);
        let writer = self.writer();
        let depth = self.frames.top().depth();
        let write = Write { span, writer, how, guard, value, depth, is_put_back: false };
        self.facts.writes.push(TargetWrite { target: found, write, only_by });
        if is_undone {
            self.put_back(span);
        }
    }

    /// Whether the function has set the element that it removes, without more conditions.
    fn has_set(&mut self, element: Span) -> bool {
        let (place, writer) = (self.text(element), self.writer());
        let depth = self.frames.top().depth();
        self.facts.writes.iter().rev().take(NEAR).map(|it| &it.write).any(|write| {
            write.writer == writer
                && write.depth >= depth
                && matches!(write.how, How::Keyed(_) | How::Element)
                && self.tree.text(write.span) == place
        })
    }

    /// What a variable stands for; none if it goes with its function.
    fn variable_target(&mut self, name: &[u8], place: &Place<'a>, whole: &How) -> Option<Target> {
        match self.frames.top().binding(name) {
            Some(Bound::Static(index)) => Some(Target::Variable(index)),
            Some(Bound::Global) => Some(Target::Global(Some(name.to_vec()))),
            // A reference to a variable of the file is no write of another file.
            None if self.frames.is_file() => {
                let counts =
                    matches!(whole, How::Replaced | How::Filled | How::Counted | How::Appended)
                        || !place.is_whole() && *whole != How::Passed;
                counts.then(|| Target::FileVariable(name.to_vec()))
            }
            None => None,
        }
    }

    /// Whether an argument could be a reference to something that outlives its function.
    fn is_place(&self, argument: &Given<'a>) -> bool {
        matches!(argument, Given::Expression(argument) if self.may_be_state(*argument))
    }

    /// Whether an expression is, or is a part of, something that outlives its function.
    fn may_be_state(&self, expression: Expression<'a>) -> bool {
        match Root::of(expression) {
            None => false,
            Some(Root::Property(..)) => true,
            Some(Root::Variable(variable)) => {
                let name = self.variable_name(variable.span);
                self.frames.is_file()
                    || name == b"GLOBALS"
                    || is_superglobal(name)
                    || self.frames.frame().binding(name).is_some()
            }
        }
    }

    fn superglobal(&mut self, name: &[u8], span: Span, is_passed: bool) {
        if is_passed {
            return;
        }
        let writer = self.writer();
        self.facts.inputs.push(Input {
            name: name.to_vec(),
            span,
            writer,
            is_write: true,
            is_put_back: false,
        });
    }

    pub(super) fn guard(&mut self, variable: Span) -> Guard {
        let (source, name) = (self.tree.source(), self.text(variable));
        self.frames.top().guard(source, name)
    }

    pub(super) fn value(&mut self, value: Option<Expression<'a>>) -> Value {
        let Some(value) = value else { return Value::Other };
        let own = self.frames.top().class.map(|it| &self.facts.classes[it as usize].name);
        let is_own = |name| match self.scope.resolve(self.tree, name, NameKind::Class) {
            Resolved::Special(_) => true,
            Resolved::Known(name) | Resolved::Either(_, name) => {
                own.is_some_and(|own| own.eq_ignore_ascii_case(&name))
            }
        };
        let top = self.frames.frame();
        place::value(self.tree, value, is_own, &|name| top.word_of(name))
    }
}
