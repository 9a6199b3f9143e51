//! Statements.
//!
//! A newcomer would get wrong that functions exist before the first statement
//! runs, if they are declared at the top level; and that `continue` inside of
//! `switch` is `break`.

use std::rc::Rc;

use tilde_syntax::ast::{
    Case, Class as ClassNode, Declare, Expression, Foreach, ForeachTarget, If, Program, Statement,
    StaticVariables, Switch,
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

    fn enter_namespace(
        &mut self,
        node: &tilde_syntax::ast::Namespace<'a>,
        source: &[u8],
    ) -> Rc<Names> {
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
            Statement::ExpressionStatement(node) => {
                self.discard(node.expression)?;
            }
            Statement::Echo(node) => {
                for value in node.values {
                    let bytes = self.expression_bytes(*value)?;
                    self.print(&bytes, value.span())?;
                }
            }
            Statement::InlineHtml(node) => {
                let text = self.text(node.span);
                self.print(text, node.span)?;
            }
            Statement::Empty(_) | Statement::HaltCompiler(_) | Statement::Use(_) => {
                if let Statement::HaltCompiler(_) = statement {
                    return Ok(Flow::Return(Value::Int(1)));
                }
            }
            Statement::Block(node) => return self.statements(node.statements),
            Statement::Alternative(node) => return self.statements(node.statements),
            Statement::If(node) => return self.if_statement(node),
            Statement::While(node) => {
                while self.condition(node.condition)? {
                    self.step(node.span)?;
                    run_body!(self, node.body);
                }
            }
            Statement::DoWhile(node) => loop {
                self.step(node.span)?;
                run_body!(self, node.body);
                if !self.condition(node.condition)? {
                    break;
                }
            },
            Statement::For(node) => {
                for expression in node.initial {
                    self.discard(*expression)?;
                }
                loop {
                    self.step(node.span)?;
                    let mut goes_on = true;
                    for condition in node.conditions {
                        goes_on = self.condition(*condition)?;
                    }
                    if !goes_on {
                        break;
                    }
                    run_body!(self, node.body);
                    for expression in node.updates {
                        self.discard(*expression)?;
                    }
                }
            }
            Statement::Foreach(node) => return self.foreach(node),
            Statement::Switch(node) => return self.switch(node),
            Statement::Break(node) => return Ok(Flow::Break(self.levels(node.levels)?)),
            Statement::Continue(node) => return Ok(Flow::Continue(self.levels(node.levels)?)),
            Statement::Return(node) => {
                let value = match node.value {
                    Some(value) => self.expression(value)?,
                    None => Value::Null,
                };
                return Ok(Flow::Return(value));
            }
            Statement::Global(node) => {
                for variable in node.variables {
                    self.global(*variable)?;
                }
            }
            Statement::StaticVariables(node) => self.static_variables(node)?,
            Statement::Unset(node) => {
                for variable in node.variables {
                    self.unset(*variable)?;
                }
            }
            Statement::Declare(node) => return self.declare(node),
            Statement::Namespace(node) => {
                let source = self.file().text;
                let outer = self.enter_namespace(node, source);
                let flow = self.statements(node.statements)?;
                self.frame_mut().names = outer;
                return Ok(flow);
            }
            Statement::Constants(node) => {
                for item in node.items {
                    let value = self.expression(item.value)?;
                    let name = self.text(item.name.span);
                    let name = self.frame().names.declared(name);
                    self.define(&name, &value, item.span)?;
                }
            }
            Statement::Function(node) => {
                let name = self.frame().names.declared(self.text(node.name.span));
                let is_known = self
                    .functions
                    .get(&name.to_lower())
                    .is_some_and(|function| function.is_body(node.body));
                if !is_known {
                    self.declare_function(node)?;
                }
            }
            Statement::Class(node) => {
                if !self.is_declared(node) {
                    self.declare_class(node)?;
                }
            }
            Statement::Try(node) => {
                // Nothing that we evaluate throws what a file can catch: such a
                // thing stops us.
                let flow = self.statements(node.block.statements)?;
                if let Some(finally) = node.finally {
                    match self.statements(finally.block.statements)? {
                        Flow::Normal => {}
                        last => return Ok(last),
                    }
                }
                return Ok(flow);
            }
            Statement::Goto(_) => {
                return self.fail(statement.span(), ErrorKind::unsupported("goto"));
            }
            Statement::Label(_) => {}
        }
        Ok(Flow::Normal)
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

    /// Goes along `else if … else if …` without going deeper.
    fn if_statement(&mut self, node: &'a If<'a>) -> Outcome<Flow> {
        let mut node = node;
        loop {
            let depth = self.chain.len();
            let is_true = match self.condition(node.condition) {
                // `if (!function_exists('a')) { function a() … }`: whoever
                // declares it, it stays unknown.
                Err(error)
                    if matches!(error.kind, ErrorKind::Unknown(Unknown::Existence(_)))
                        && error.chain.len() == depth
                        && only_declares(node) =>
                {
                    return Ok(Flow::Normal);
                }
                condition => condition?,
            };
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

    fn declare(&mut self, node: &'a Declare<'a>) -> Outcome<Flow> {
        for directive in node.directives {
            let name = self.text(directive.name.span).to_ascii_lowercase();
            let is_known = matches!(&*name, b"strict_types" | b"ticks" | b"encoding");
            if !is_known && self.options.version >= Version::V8_0 {
                break;
            }
        }
        self.statement(node.body)
    }
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
