//! Statements.
//!
//! Functions that are declared at the top level exist before the first statement
//! runs, and `continue` inside of `switch` is `break`.

use std::rc::Rc;

use tilde_syntax::ast::{
    Case, Class as ClassNode, Constants, DoWhile, Expression, For, Foreach, ForeachTarget,
    Function, If, Namespace, Program, Statement, StaticVariables, Switch, Try, While,
};
use tilde_syntax::{Span, Version};

use crate::convert::{equal, to_bool, to_int};
use crate::error::{ErrorKind, Unknown};
use crate::evaluator::{Evaluator, Outcome};
use crate::names::{Names, clean};
use crate::value::{Bytes, Reference, Value};

/// How a statement ends.
pub(crate) enum Flow {
    Normal,
    Break(u32),
    Continue(u32),
    Return(Value),
}

/// What a loop does after its body.
enum Round {
    Next,
    Leave(Flow),
}

fn round(flow: Flow) -> Round {
    match flow {
        Flow::Normal | Flow::Continue(1) => Round::Next,
        Flow::Break(1) => Round::Leave(Flow::Normal),
        Flow::Break(levels) => Round::Leave(Flow::Break(levels - 1)),
        Flow::Continue(levels) => Round::Leave(Flow::Continue(levels - 1)),
        Flow::Return(value) => Round::Leave(Flow::Return(value)),
    }
}

/// Runs the body of a loop and leaves the function if the loop ends.
macro_rules! run_body {
    ($self:ident, $body:expr) => {
        match round($self.statement($body)?) {
            Round::Next => {}
            Round::Leave(flow) => return Ok(flow),
        }
    };
}

impl<'a> Evaluator<'a> {
    /// A whole file.
    pub(crate) fn program(&mut self, program: &'a Program<'a>) -> Outcome<Flow> {
        let source = self.file().text;
        self.frame_mut().names = Rc::new(names_of(program.statements, Names::default(), source));
        self.hoist(program.statements)?;
        for statement in program.statements {
            if let Statement::Namespace(node) = statement {
                let outer = self.enter_namespace(node, source);
                self.hoist(node.statements)?;
                self.frame_mut().names = outer;
            }
        }
        self.statements(program.statements)
    }

    fn enter_namespace(&mut self, node: &Namespace<'a>, source: &[u8]) -> Rc<Names> {
        let name = node.name.map_or_else(Vec::new, |name| clean(name.span.of(source)));
        let names = names_of(node.statements, Names::in_namespace(name), source);
        std::mem::replace(&mut self.frame_mut().names, Rc::new(names))
    }

    /// Declares what exists before the first statement.
    fn hoist(&mut self, statements: &'a [Statement<'a>]) -> Outcome<()> {
        for statement in statements {
            match statement {
                Statement::Function(node) => self.declare_function(node)?,
                Statement::Class(node) if is_simple(node) => self.declare_class(node)?,
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) fn statements(&mut self, statements: &'a [Statement<'a>]) -> Outcome<Flow> {
        for statement in statements {
            match self.statement(*statement)? {
                Flow::Normal => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Normal)
    }

    fn statement(&mut self, statement: Statement<'a>) -> Outcome<Flow> {
        self.step(statement.span())?;
        self.nested(statement.span(), |evaluator| evaluator.statement_inner(statement))
    }

    fn statement_inner(&mut self, statement: Statement<'a>) -> Outcome<Flow> {
        match statement {
            Statement::ExpressionStatement(node) => normal(self.discard(node.expression)),
            Statement::Echo(node) => normal(self.echo(node.values)),
            Statement::InlineHtml(node) => normal(self.print(self.text(node.span), node.span)),
            Statement::Empty(_) | Statement::Use(_) | Statement::Label(_) => Ok(Flow::Normal),
            Statement::HaltCompiler(_) => Ok(Flow::Return(Value::Int(1))),
            Statement::Block(node) => self.statements(node.statements),
            Statement::Alternative(node) => self.statements(node.statements),
            Statement::If(node) => self.if_statement(node),
            Statement::While(node) => self.while_loop(node),
            Statement::DoWhile(node) => self.do_while(node),
            Statement::For(node) => self.for_loop(node),
            Statement::Foreach(node) => self.foreach(node),
            Statement::Switch(node) => self.switch(node),
            Statement::Break(node) => self.levels(node.levels).map(Flow::Break),
            Statement::Continue(node) => self.levels(node.levels).map(Flow::Continue),
            Statement::Return(node) => self.return_statement(node.value),
            Statement::Global(node) => normal(self.globals(node.variables)),
            Statement::StaticVariables(node) => normal(self.static_variables(node)),
            Statement::Unset(node) => normal(self.unset_all(node.variables)),
            Statement::Declare(node) => self.statement(node.body),
            Statement::Namespace(node) => self.namespace(node),
            Statement::Constants(node) => normal(self.constants_statement(node)),
            Statement::Function(node) => normal(self.function_statement(node)),
            Statement::Class(node) => normal(self.class_statement(node)),
            Statement::Try(node) => self.try_statement(node),
            Statement::Goto(node) => self.fail(node.span, ErrorKind::unsupported("goto")),
        }
    }

    fn echo(&mut self, values: &'a [Expression<'a>]) -> Outcome<()> {
        for value in values {
            let bytes = self.expression_bytes(*value)?;
            self.print(&bytes, value.span())?;
        }
        Ok(())
    }

    fn while_loop(&mut self, node: &'a While<'a>) -> Outcome<Flow> {
        while self.condition(node.condition)? {
            self.step(node.span)?;
            run_body!(self, node.body);
        }
        Ok(Flow::Normal)
    }

    fn do_while(&mut self, node: &'a DoWhile<'a>) -> Outcome<Flow> {
        loop {
            self.step(node.span)?;
            run_body!(self, node.body);
            if !self.condition(node.condition)? {
                return Ok(Flow::Normal);
            }
        }
    }

    fn for_loop(&mut self, node: &'a For<'a>) -> Outcome<Flow> {
        self.discard_all(node.initial)?;
        loop {
            self.step(node.span)?;
            let mut goes_on = true;
            for condition in node.conditions {
                goes_on = self.condition(*condition)?;
            }
            if !goes_on {
                return Ok(Flow::Normal);
            }
            run_body!(self, node.body);
            self.discard_all(node.updates)?;
        }
    }

    fn discard_all(&mut self, expressions: &'a [Expression<'a>]) -> Outcome<()> {
        expressions.iter().try_for_each(|expression| self.discard(*expression))
    }

    fn return_statement(&mut self, value: Option<Expression<'a>>) -> Outcome<Flow> {
        let value = value.map(|value| self.expression(value)).transpose()?;
        Ok(Flow::Return(value.unwrap_or_default()))
    }

    fn globals(&mut self, variables: &'a [Expression<'a>]) -> Outcome<()> {
        variables.iter().try_for_each(|variable| self.global(*variable))
    }

    fn unset_all(&mut self, variables: &'a [Expression<'a>]) -> Outcome<()> {
        variables.iter().try_for_each(|variable| self.unset(*variable))
    }

    fn namespace(&mut self, node: &'a Namespace<'a>) -> Outcome<Flow> {
        let source = self.file().text;
        let outer = self.enter_namespace(node, source);
        let flow = self.statements(node.statements)?;
        self.frame_mut().names = outer;
        Ok(flow)
    }

    /// `const A = 1;`
    fn constants_statement(&mut self, node: &'a Constants<'a>) -> Outcome<()> {
        for item in node.items {
            let value = self.expression(item.value)?;
            let name = self.frame().names.declared(self.text(item.name.span));
            self.define(&name, &value, item.span)?;
        }
        Ok(())
    }

    /// A function, unless it was declared before the first statement.
    fn function_statement(&mut self, node: &'a Function<'a>) -> Outcome<()> {
        let name = self.frame().names.declared(self.text(node.name.span));
        match self.functions.get(&name.to_lower()) {
            Some(function) if function.is_body(node.body) => Ok(()),
            _ => self.declare_function(node),
        }
    }

    fn class_statement(&mut self, node: &'a ClassNode<'a>) -> Outcome<()> {
        if self.is_declared(node) { Ok(()) } else { self.declare_class(node) }
    }

    /// Nothing that we evaluate throws what a file can catch: such a thing stops
    /// us.
    fn try_statement(&mut self, node: &'a Try<'a>) -> Outcome<Flow> {
        let flow = self.statements(node.block.statements)?;
        let Some(finally) = node.finally else { return Ok(flow) };
        Ok(match self.statements(finally.block.statements)? {
            Flow::Normal => flow,
            last => last,
        })
    }

    pub(crate) fn print(&mut self, bytes: &[u8], span: Span) -> Outcome<()> {
        let charged = self.charge(bytes.len());
        self.at(span, charged)?;
        self.output.extend_from_slice(bytes);
        Ok(())
    }

    pub(crate) fn condition(&mut self, expression: Expression<'a>) -> Outcome<bool> {
        Ok(to_bool(&self.expression(expression)?))
    }

    /// The condition of an `if`; none where it is unknown and of no matter.
    fn if_condition(&mut self, node: &'a If<'a>) -> Outcome<Option<bool>> {
        let depth = self.chain.len();
        let error = match self.condition(node.condition) {
            Ok(condition) => return Ok(Some(condition)),
            Err(error) => error,
        };
        let is_skipped = error.chain.len() == depth
            && match error.kind {
                // `if (!function_exists('a')) { function a() … }`: whoever
                // declares it, it stays unknown.
                ErrorKind::Unknown(Unknown::Existence(_)) => only_declares(node),
                ErrorKind::Unknown(Unknown::Request(_) | Unknown::Server(_)) => {
                    self.decides_nothing(node)?
                }
                _ => false,
            };
        if is_skipped { Ok(None) } else { Err(error) }
    }

    /// Goes along `else if … else if …` without going deeper.
    fn if_statement(&mut self, node: &'a If<'a>) -> Outcome<Flow> {
        let mut node = node;
        loop {
            let Some(is_true) = self.if_condition(node)? else { return Ok(Flow::Normal) };
            if is_true {
                return self.statement(node.body);
            }
            for else_if in node.else_ifs {
                if self.condition(else_if.condition)? {
                    return self.statement(else_if.body);
                }
            }
            match node.otherwise {
                None => return Ok(Flow::Normal),
                Some(otherwise) => match otherwise.body {
                    Statement::If(next) => node = next,
                    body => return self.statement(body),
                },
            }
        }
    }

    fn levels(&mut self, levels: Option<Expression<'a>>) -> Outcome<u32> {
        let Some(expression) = levels else {
            return Ok(1);
        };
        let value = self.expression(expression)?;
        let levels = self.at(expression.span(), to_int(&value, self.options))?;
        Ok(u32::try_from(levels).unwrap_or(1).max(1))
    }

    fn switch(&mut self, node: &'a Switch<'a>) -> Outcome<Flow> {
        let subject = self.expression(node.subject)?;
        let mut start = None;
        for (index, case) in node.cases.iter().enumerate() {
            if let Case { condition: Some(condition), .. } = case {
                let value = self.expression(*condition)?;
                self.charge_comparison(&subject, &value, condition.span())?;
                if self.at(condition.span(), equal(&subject, &value, self.options))? {
                    start = Some(index);
                    break;
                }
            }
        }
        let default = || node.cases.iter().rposition(|case| case.condition.is_none());
        let Some(start) = start.or_else(default) else {
            return Ok(Flow::Normal);
        };
        for case in &node.cases[start..] {
            for statement in case.statements {
                match self.statement(*statement)? {
                    Flow::Normal => {}
                    flow => {
                        return Ok(match round(flow) {
                            Round::Next => Flow::Normal,
                            Round::Leave(flow) => flow,
                        });
                    }
                }
            }
        }
        Ok(Flow::Normal)
    }

    fn foreach(&mut self, node: &'a Foreach<'a>) -> Outcome<Flow> {
        if node.value.by_reference.is_some() {
            return self.foreach_by_reference(node);
        }
        let subject = self.expression(node.subject)?;
        let array = match subject.get() {
            Value::Array(array) => array,
            Value::Object(object) => std::sync::Arc::new(object.properties()),
            Value::Instance(_) => {
                return self.fail(node.span, ErrorKind::unsupported("foreach over an object"));
            }
            Value::Closure(_) => {
                return self.fail(node.span, ErrorKind::unsupported("foreach over a closure"));
            }
            // PHP warns and goes on.
            _ => return Ok(Flow::Normal),
        };
        for position in 0..array.len() {
            self.step(node.span)?;
            let Some((key, value)) = array.at(position) else {
                break;
            };
            let value = value.get();
            self.assign_target(node.value, value)?;
            if let Some(target) = node.key {
                self.assign_target(target, key.to_value())?;
            }
            run_body!(self, node.body);
        }
        Ok(Flow::Normal)
    }

    fn assign_target(&mut self, target: &'a ForeachTarget<'a>, value: Value) -> Outcome<()> {
        self.assign(target.target, value)
    }

    fn foreach_by_reference(&mut self, node: &'a Foreach<'a>) -> Outcome<Flow> {
        let Expression::Variable(_) = node.subject else {
            return self.fail(
                node.subject.span(),
                ErrorKind::unsupported("foreach by reference over what is no variable"),
            );
        };
        let place = self.place_of(node.subject)?;
        self.shares_elements = true;
        let mut position = 0;
        loop {
            self.step(node.span)?;
            let entry = self.with_place(&place, node.span, |value| {
                let Value::Array(array) = value else {
                    return Ok(None);
                };
                let array = crate::array::make_mut(array);
                let Some((key, _)) = array.at(position) else {
                    return Ok(None);
                };
                let slot = array.slot(key.clone());
                Ok(Some((key, reference_to(slot))))
            })?;
            let Some((key, reference)) = entry else {
                return Ok(Flow::Normal);
            };
            self.bind(node.value.target, reference)?;
            if let Some(target) = node.key {
                self.assign_target(target, key.to_value())?;
            }
            run_body!(self, node.body);
            let value = self.read_place(&place, node.span)?;
            position = match value.get().as_array().map(|array| array.position_of(&key)) {
                Some(Some(position)) => position + 1,
                Some(None) => position,
                None => return Ok(Flow::Normal),
            };
        }
    }

    fn static_variables(&mut self, node: &'a StaticVariables<'a>) -> Outcome<()> {
        if self.options.version < Version::V8_1 && self.frame().is_inherited() {
            let kind = ErrorKind::unsupported("static variables of an inherited method");
            return self.fail(node.span, kind);
        }
        for variable in node.variables {
            let name: Bytes = self.text(variable.variable.span)[1..].into();
            let key = (self.frame().statics, name.clone());
            let reference = match self.statics.get(&key) {
                Some(value) => value.clone(),
                None => {
                    let value = match variable.value {
                        Some(value) => self.expression(value)?,
                        None => Value::Null,
                    };
                    let reference = Value::Reference(Reference::new(value));
                    // A file has no static variables from one run to the next.
                    if self.frame().statics != u32::MAX {
                        self.statics.insert(key, reference.clone());
                    }
                    reference
                }
            };
            self.frame_mut().variables.insert(name, reference);
        }
        Ok(())
    }

    fn global(&mut self, variable: Expression<'a>) -> Outcome<()> {
        let Expression::Variable(node) = variable else {
            return self
                .fail(variable.span(), ErrorKind::unsupported("global with a computed name"));
        };
        let name: Bytes = self.text(node.span)[1..].into();
        let reference = self.global_reference(&name, node.span)?;
        self.frame_mut().variables.insert(name, reference);
        Ok(())
    }
}

fn normal(result: Outcome<()>) -> Outcome<Flow> {
    result.map(|()| Flow::Normal)
}

/// Makes a reference of a value that stays where it is.
pub(crate) fn reference_to(value: &mut Value) -> Value {
    if let Value::Reference(_) = value {
        return value.clone();
    }
    let inner = std::mem::take(value);
    *value = Value::Reference(Reference::new(inner));
    value.clone()
}

/// All imports among statements.
fn names_of(statements: &[Statement<'_>], mut names: Names, source: &[u8]) -> Names {
    for statement in statements {
        if let Statement::Use(node) = statement {
            names.import(node, source);
        }
    }
    names
}

/// Whether a class exists before its statement runs.
fn is_simple(node: &ClassNode<'_>) -> bool {
    node.extends.is_empty() && node.implements.is_empty()
}

/// Whether an `if` without `else` has nothing but declarations of functions
/// and classes.
fn only_declares(node: &If<'_>) -> bool {
    let is_declaration = |statement: &Statement<'_>| {
        matches!(statement, Statement::Function(_) | Statement::Class(_) | Statement::Empty(_))
    };
    let body_declares = match node.body {
        Statement::Block(block) => block.statements.iter().all(is_declaration),
        Statement::Alternative(block) => block.statements.iter().all(is_declaration),
        ref other => is_declaration(other),
    };
    body_declares && node.else_ifs.is_empty() && node.otherwise.is_none()
}
