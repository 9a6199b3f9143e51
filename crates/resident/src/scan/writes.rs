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
                it.key.into_iter().chain([it.value]).for_each(|target| self.each(target));
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
            AssignmentOperator::Assign => self.assign(it.target, Some(it.value)),
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

    /// `$a = …`, also where `$a` is a list.
    fn assign(&mut self, target: Expression<'a>, value: Option<Expression<'a>>) {
        let elements = match target {
            Expression::Array(it) => it.elements,
            Expression::List(it) => it.elements,
            _ => return self.write(target, How::Replaced, value, None),
        };
        for element in elements {
            match element {
                Element::KeyedElement(it) if it.by_reference.is_none() => {
                    self.assign(it.value, value);
                }
                Element::Expression(it) => self.assign(*it, value),
                Element::KeyedElement(it) => self.bind_part(it.value),
                Element::ReferenceElement(it) => self.bind_part(it.value),
                Element::Hole(_) | Element::SpreadElement(_) => {}
            }
        }
    }

    fn each(&mut self, target: &ForeachTarget<'a>) {
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
        if !call.arguments.list.iter().any(is_place) {
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
        if !call.arguments.list.iter().any(is_place) {
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
                    return self.superglobal(name, span, only_by.is_some());
                } else {
                    let Some(target) = self.variable_target(name, &place, &whole) else { return };
                    (target, variable.span)
                }
            }
        };
        let how = place.how(self.tree, whole);
        let guard = self.guard(variable);
        let value = self.value(value);
        let writer = self.writer();
        let write = Write { span, writer, how, guard, value };
        self.facts.writes.push(TargetWrite { target: found, write, only_by });
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

    fn superglobal(&mut self, name: &[u8], span: Span, is_passed: bool) {
        if is_passed {
            return;
        }
        let writer = self.writer();
        self.facts.inputs.push(Input { name: name.to_vec(), span, writer, is_write: true });
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
        place::value(self.tree, value, is_own)
    }
}

/// Whether an argument could be a reference.
fn is_place(argument: &Given<'_>) -> bool {
    matches!(
        argument,
        Given::Expression(
            Expression::StaticProperty(_)
                | Expression::Index(_)
                | Expression::Property(_)
                | Expression::Variable(_)
        )
    )
}
