//! Calls whose answer nobody wants or nobody can know.
//!
//! `header('…');` changes nothing that we compute, and `$t = time();` hurts only
//! who reads `$t`. Such a variable is not null but unknown, and reading it is
//! refused.

use tilde_syntax::ast::{
    Argument, Assignment, AssignmentOperator, BinaryOperator, Call, Expression, If, Node,
    Statement, UnaryOperator,
};
use tilde_syntax::{Flow as WalkFlow, Span, Visitor, walk};

use crate::autoload::Autoloader;
use crate::builtin::outside;
use crate::error::{ErrorKind, Unknown};
use crate::evaluator::{Evaluator, IncludePath, Outcome};
use crate::function::{Arguments, Callable, Callee};
use crate::names::clean;
use crate::place::Place;
use crate::value::Value;

/// What a call of such a function gave.
pub(crate) enum Answer {
    Known(Value),
    Unknown(Unknown),
}

impl<'a> Evaluator<'a> {
    /// An expression whose value nobody wants.
    pub(crate) fn discard(&mut self, expression: Expression<'a>) -> Outcome<()> {
        match expression {
            Expression::Postfix(node) => {
                self.increment(node.operand, node.is_increment, node.span).map(|_| ())
            }
            Expression::Parenthesized(node) => {
                self.nested(node.span, |evaluator| evaluator.discard(node.inner))
            }
            Expression::Unary(node) if node.operator == UnaryOperator::Silence => {
                self.nested(node.span, |evaluator| evaluator.discard(node.operand))
            }
            Expression::Binary(node) => {
                let goes_on = match node.operator {
                    BinaryOperator::LogicalAnd | BinaryOperator::BooleanAnd => true,
                    BinaryOperator::LogicalOr | BinaryOperator::BooleanOr => false,
                    _ => return self.expression(expression).map(|_| ()),
                };
                if self.condition(node.left)? == goes_on {
                    return self.nested(node.span, |evaluator| evaluator.discard(node.right));
                }
                Ok(())
            }
            Expression::Call(node) => match self.outside_call(node)? {
                Some(callee) => self.ask_outside(callee, node).map(|_| ()),
                None => self.expression(expression).map(|_| ()),
            },
            Expression::New(node) => self.new_object(node).map(|_| ()),
            Expression::Assignment(node) => self.assignment(node),
            _ => self.expression(expression).map(|_| ()),
        }
    }

    fn assignment(&mut self, node: &'a Assignment<'a>) -> Outcome<()> {
        let is_plain = node.by_reference.is_none()
            && !matches!(node.operator, AssignmentOperator::Compound(_))
            && !matches!(node.target, Expression::List(_) | Expression::Array(_));
        let call = match node.value {
            Expression::New(new) if is_plain => {
                return self.nested(node.span, |evaluator| {
                    let place = evaluator.place_of(node.target)?;
                    let answer = evaluator.new_object(new)?;
                    evaluator.keep(&place, answer, new.span)
                });
            }
            Expression::Call(call) if is_plain => {
                self.outside_call(call)?.map(|callee| (callee, call))
            }
            _ => None,
        };
        let Some((callee, call)) = call else {
            if is_plain && matches!(node.target, Expression::Variable(_)) {
                return self.assign_variable(node);
            }
            return self.expression(Expression::Assignment(node)).map(|_| ());
        };
        self.nested(node.span, |evaluator| {
            let place = evaluator.place_of(node.target)?;
            let answer = evaluator.ask_outside(callee, call)?;
            evaluator.keep(&place, answer, call.span)
        })
    }

    /// `$a = value`, after which the variable is unknown where a request decides
    /// the value.
    fn assign_variable(&mut self, node: &'a Assignment<'a>) -> Outcome<()> {
        self.step(node.span)?;
        self.nested(node.span, |evaluator| {
            let error = match evaluator.expression(node.value) {
                Ok(value) => return evaluator.assign(node.target, value.get()),
                Err(error) => error,
            };
            let reason = match &error.kind {
                ErrorKind::Unknown(reason @ (Unknown::Request(_) | Unknown::Server(_))) => {
                    reason.clone()
                }
                _ => return Err(error),
            };
            if !evaluator.is_inert(node.value) {
                return Err(error);
            }
            let place = evaluator.place_of(node.target)?;
            evaluator.forget(&place, reason, node.value.span())
        })
    }

    fn keep(&mut self, place: &Place, answer: Answer, span: Span) -> Outcome<()> {
        match answer {
            Answer::Known(value) => self.write(place, value, span),
            Answer::Unknown(reason) => self.forget(place, reason, span),
        }
    }

    /// The callee of a call, if it is one of the functions that may be called
    /// without an answer.
    fn outside_call(&mut self, node: &'a Call<'a>) -> Outcome<Option<Callee<'a>>> {
        let Expression::Name(name) = node.callee else { return Ok(None) };
        let callee = self.function_named(&clean(self.text(name.span)), node.span)?;
        if matches!(callee.callable, Ok(Callable::User(_))) {
            return Ok(None);
        }
        let is_plain = |argument: &Argument<'a>| matches!(argument, Argument::Expression(_));
        let is_known = callee.names.last().is_some_and(|name| outside::find(name).is_some());
        Ok((is_known && node.arguments.list.iter().all(is_plain)).then_some(callee))
    }

    fn ask_outside(&mut self, callee: Callee<'a>, node: &'a Call<'a>) -> Outcome<Answer> {
        let name = callee.names.last().cloned().unwrap_or_default();
        let span = node.span;
        let function = match outside::find(&name) {
            Some(function) if function.exists_in(self.options.version) => function,
            _ => return self.fail(span, self.undefined_function(&name)),
        };
        let mut arguments = Vec::new();
        for argument in node.arguments.list {
            let Argument::Expression(expression) = argument else { continue };
            arguments.push(self.unless_unknown(*expression)?);
        }
        if let Some(answer) = self.answer_with(&callee, &arguments, span)? {
            return Ok(answer);
        }
        if !function.is_harmless(&arguments) {
            return match callee.callable {
                Ok(_) => self.fail(span, ErrorKind::unknown_function(&name)),
                Err(error) => Err(error),
            };
        }
        self.note_effect(&name, &arguments);
        if &*name == b"set_include_path" {
            let is_longer = node.arguments.list.first().is_some_and(|argument| {
                matches!(argument, Argument::Expression(path) if self.begins_with_own_path(*path))
            });
            let is_whole = self.include_path != IncludePath::Unknown;
            self.include_path =
                if is_longer && is_whole { IncludePath::Longer } else { IncludePath::Unknown };
        }
        Ok(Answer::Unknown(Unknown::Function(name.to_string())))
    }

    fn undefined_function(&self, name: &[u8]) -> ErrorKind {
        match self.no_such_function(name) {
            ErrorKind::Unknown(_) => {
                let name = String::from_utf8_lossy(name);
                ErrorKind::fatal(format!("call to undefined function {name}()"))
            }
            removed => removed,
        }
    }

    /// What the host says, or the function if we have it; nothing where an
    /// argument is unknown, or nobody answers.
    fn answer_with(
        &mut self,
        callee: &Callee<'a>,
        arguments: &[Option<Value>],
        span: Span,
    ) -> Outcome<Option<Answer>> {
        let Some(list) = arguments.iter().cloned().collect::<Option<Vec<Value>>>() else {
            return Ok(None);
        };
        let arguments = Arguments { list, named: Vec::new() };
        if let Some(value) = self.ask_host(callee, &arguments, span)? {
            return Ok(Some(Answer::Known(value)));
        }
        let Ok(callable) = &callee.callable else { return Ok(None) };
        match self.call_with(callable, arguments, span) {
            Ok(value) => Ok(Some(Answer::Known(value))),
            Err(error) => match error.kind {
                ErrorKind::Unknown(reason) => Ok(Some(Answer::Unknown(reason))),
                _ => Err(error),
            },
        }
    }

    /// Remembers what later answers depend on.
    fn note_effect(&mut self, name: &[u8], arguments: &[Option<Value>]) {
        let names_session = match arguments.first() {
            Some(Some(Value::String(setting))) => setting.starts_with(b"session."),
            _ => true,
        };
        match name {
            b"spl_autoload_register" => self.autoloaders.add(Autoloader::Unknown, true),
            b"session_set_cookie_params" | b"session_start" => self.has_session_settings = true,
            b"ini_set" | b"ini_alter" if names_session => self.has_session_settings = true,
            _ => {}
        }
    }

    /// `get_include_path() . …`
    fn begins_with_own_path(&self, path: Expression<'a>) -> bool {
        let mut first = path;
        loop {
            match first {
                Expression::Binary(node) if node.operator == BinaryOperator::Concat => {
                    first = node.left;
                }
                Expression::Parenthesized(node) => first = node.inner,
                Expression::Call(node) => {
                    return self.text(node.callee.span()).eq_ignore_ascii_case(b"get_include_path");
                }
                _ => return false,
            }
        }
    }

    /// The value of an argument; none if it is unknown and nothing happens where
    /// it is computed.
    fn unless_unknown(&mut self, expression: Expression<'a>) -> Outcome<Option<Value>> {
        let error = match self.expression(expression) {
            Ok(value) => return Ok(Some(value.get())),
            Err(error) => error,
        };
        let is_unknown = match &error.kind {
            // PHP 8 would stop at a constant or class that does not exist.
            ErrorKind::Unknown(Unknown::Constant(_) | Unknown::Class(_)) => false,
            ErrorKind::Unknown(Unknown::Function(name)) => {
                let name = name.to_ascii_lowercase();
                outside::find(name.as_bytes())
                    .is_some_and(|function| function.exists_in(self.options.version))
            }
            ErrorKind::Unknown(_) => true,
            _ => false,
        };
        if !is_unknown || !self.is_inert(expression) {
            return Err(error);
        }
        if let Expression::Binary(node) = expression {
            // What stands behind the unknown part may stop PHP.
            self.nested(node.span, |evaluator| {
                evaluator.unless_unknown(node.left)?;
                evaluator.unless_unknown(node.right)
            })?;
        }
        Ok(None)
    }

    /// Whether an expression has no effect.
    fn is_inert(&self, expression: Expression<'a>) -> bool {
        let mut finder = Finder { evaluator: self, is_inert: true };
        walk(Node::from(expression), &mut finder);
        finder.is_inert
    }

    /// Whether an `if` that a request decides changes nothing that we compute,
    /// whichever way it goes: it has nothing but calls whose effect is outside.
    pub(crate) fn decides_nothing(&mut self, node: &'a If<'a>) -> Outcome<bool> {
        let mut conditions = vec![node.condition];
        let mut bodies = vec![node.body];
        for else_if in node.else_ifs {
            conditions.push(else_if.condition);
            bodies.push(else_if.body);
        }
        bodies.extend(node.otherwise.map(|otherwise| otherwise.body));
        if !conditions.into_iter().all(|condition| self.is_inert(condition)) {
            return Ok(false);
        }
        for body in bodies {
            if !self.only_has_effects(body)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn only_has_effects(&mut self, statement: Statement<'a>) -> Outcome<bool> {
        let statements = match statement {
            Statement::Block(block) => block.statements,
            Statement::Alternative(block) => block.statements,
            Statement::Empty(_) => return Ok(true),
            Statement::ExpressionStatement(node) => return self.is_effect(node.expression),
            _ => return Ok(false),
        };
        for statement in statements {
            if !self.only_has_effects(*statement)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether an expression is a call that changes nothing here, whatever its
    /// arguments are.
    fn is_effect(&mut self, expression: Expression<'a>) -> Outcome<bool> {
        let Expression::Call(node) = expression else { return Ok(false) };
        let Some(callee) = self.outside_call(node)? else { return Ok(false) };
        let name = callee.names.last().cloned().unwrap_or_default();
        let list = node.arguments.list;
        let is_inert = list.iter().all(|argument| match argument {
            Argument::Expression(expression) => self.is_inert(*expression),
            _ => false,
        });
        let is_harmless = outside::effect(&name).is_some_and(|effect| {
            effect.exists_in(self.options.version) && effect.is_harmless(&vec![None; list.len()])
        });
        let is_effect = is_inert && is_harmless && &*name != b"set_include_path";
        if is_effect {
            self.note_effect(&name, &[]);
        }
        Ok(is_effect)
    }

    fn is_inert_call(&self, node: &Call<'a>) -> bool {
        let Expression::Name(name) = node.callee else { return false };
        let callee =
            self.declared_function(&clean(self.text(name.span)), Span { start: 0, end: 0 });
        match (&callee.callable, callee.names.last()) {
            (Ok(Callable::Builtin(builtin)), Some(name)) => {
                builtin.is_pure()
                    || outside::find(name).is_some() && outside::effect(name).is_none()
            }
            (Err(_), Some(name)) => {
                outside::find(name).is_some() && outside::effect(name).is_none()
            }
            _ => false,
        }
    }
}

/// Looks for what might have an effect.
struct Finder<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    is_inert: bool,
}

impl<'a> Visitor<'a> for Finder<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> WalkFlow {
        let is_inert = match node {
            Node::Call(call) => self.evaluator.is_inert_call(call),
            Node::StaticCall(_)
            | Node::MethodCall(_)
            | Node::New(_)
            | Node::Assignment(_)
            | Node::Prefix(_)
            | Node::Postfix(_)
            | Node::Include(_)
            | Node::Eval(_)
            | Node::Print(_)
            | Node::Exit(_)
            | Node::Yield(_)
            | Node::YieldFrom(_)
            | Node::Throw(_)
            | Node::ShellCommand(_) => false,
            Node::Closure(_) | Node::ArrowFunction(_) => return WalkFlow::Skip,
            _ => true,
        };
        if is_inert {
            return WalkFlow::Descend;
        }
        self.is_inert = false;
        WalkFlow::Stop
    }
}
