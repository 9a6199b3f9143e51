//! Expressions.
//!
//! A constant that no file defines is refused, though PHP 7 would take its name
//! for its value, unless a whole application is evaluated.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tilde_syntax::ast::{
    Array as ArrayNode, ArrowFunction, Assignment, AssignmentOperator, Binary, BinaryOperator,
    CastKind, Element, Expression, Include, Index, Interpolated, KeyedElement, Match, New,
    Property, StringPart, Ternary, UnaryOperator,
};
use tilde_syntax::{Span, TokenKind, Version, is_superglobal};

use crate::array::{Array, Key};
use crate::constant;
use crate::convert::{identical, to_array, to_bool, to_bytes, to_float, to_int, to_key};
use crate::error::{ErrorKind, Limit, Step, Unknown};
use crate::evaluator::{Evaluator, IncludePath, Outcome};
use crate::frame::This;
use crate::function::{Body, Code};
use crate::literal;
use crate::names::clean;
use crate::operator::{binary, bitwise_not, number_value, sign};
use crate::outside::Answer;
use crate::paths::{full_on_windows, is_searched, is_url, parent};
use crate::place::{quiet_index, read_index};
use crate::source::line_at;
use crate::superglobal::is_request;
use crate::target::System;
use crate::value::{Bytes, Object, Value};

/// So many levels pass between two looks at the stack, which cost most the
/// first time; so much is left for them, and for whatever does not look.
const LEVELS_PER_CHECK: u32 = 32;
const STACK_LEFT: usize = 1024 * 1024;
const STACK_MORE: usize = 4 * 1024 * 1024;

impl<'a> Evaluator<'a> {
    /// Runs something one level deeper, on more stack if there is need.
    pub(crate) fn nested<T>(
        &mut self,
        span: Span,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        if self.nesting >= self.limits.nesting {
            return self.fail(span, ErrorKind::Limit(Limit::Nesting));
        }
        self.nesting += 1;
        let result = if self.nesting.is_multiple_of(LEVELS_PER_CHECK) {
            stacker::maybe_grow(STACK_LEFT, STACK_MORE, || run(self))
        } else {
            run(self)
        };
        self.nesting -= 1;
        self.known(span, result)
    }

    pub(crate) fn expression(&mut self, expression: Expression<'a>) -> Outcome<Value> {
        self.step(expression.span())?;
        match expression {
            Expression::StringLiteral(node) => {
                let text = self.text(node.span);
                let charged = self.charge(text.len());
                self.at(node.span, charged)?;
                Ok(literal::string(text, self.options).into())
            }
            Expression::Integer(node) => {
                Ok(number_value(literal::number(self.text(node.span), self.options)))
            }
            Expression::Float(node) => {
                let number = literal::number(self.text(node.span), self.options);
                Ok(Value::Float(number.to_float()))
            }
            Expression::Variable(node) => {
                let name = &self.text(node.span)[1..];
                self.variable(name, node.span)
            }
            Expression::Constant(node) => self.constant_expression(node.span),
            other => self.nested(other.span(), |evaluator| evaluator.expression_inner(other)),
        }
    }

    pub(crate) fn expression_bytes(&mut self, expression: Expression<'a>) -> Outcome<Bytes> {
        let value = self.expression(expression)?;
        self.at(expression.span(), to_bytes(&value, self.options))
    }

    /// What stands between brackets.
    pub(crate) fn index_value(&mut self, index: Expression<'a>) -> Outcome<Value> {
        match index {
            Expression::Offset(node) => Ok(literal::offset(self.text(node.span), self.options)),
            other => Ok(self.expression(other)?.get()),
        }
    }

    /// What [`Self::expression`] does not answer at once.
    fn expression_inner(&mut self, expression: Expression<'a>) -> Outcome<Value> {
        let span = expression.span();
        match expression {
            Expression::StringLiteral(_)
            | Expression::Integer(_)
            | Expression::Float(_)
            | Expression::Variable(_)
            | Expression::Constant(_) => self.expression(expression),
            Expression::Offset(_) => self.index_value(expression),
            Expression::VariableName(node) => self.variable(self.text(node.span), span),
            Expression::Name(_) => self.constant_expression(span),
            Expression::MagicConstant(node) => self.magic_constant(node.kind, span),
            Expression::VariableVariable(node) => self.variable_variable(node.name, span),
            Expression::Interpolated(node) => self.interpolated(node),
            Expression::ShellCommand(_) => self.unsupported("a command", span),
            Expression::Array(node) => self.array(node),
            Expression::List(_) => self.unsupported("a list here", span),
            Expression::Parenthesized(node) => self.expression(node.inner),
            Expression::Binary(node) => self.binary(node),
            Expression::Assignment(node) => self.assigned(node),
            Expression::Unary(node) => self.unary(node.operator, node.operand, span),
            Expression::Cast(node) => self.cast(node.kind, node.operand, span),
            Expression::Prefix(node) => self.incremented(node.operand, node.is_increment, span),
            Expression::Postfix(node) => self.before_step(node.operand, node.is_increment, span),
            Expression::Ternary(node) => self.ternary(node),
            Expression::InstanceOf(node) => self.instance_of(node.value, node.class),
            Expression::New(node) => self.new_expression(node),
            Expression::Class(_) => self.unsupported("a class here", span),
            Expression::Call(node) => self.call_expression(node),
            Expression::StaticCall(node) => self.static_call(node),
            Expression::MethodCall(node) => self.method_call(node),
            Expression::Property(_) | Expression::Index(_) | Expression::StaticProperty(_) => {
                Ok(self.access(expression, false)?.unwrap_or_default())
            }
            Expression::ClassConstant(node) => self.class_constant(node),
            Expression::Closure(node) => self.closure(node),
            Expression::ArrowFunction(node) => Ok(self.arrow_function(node)),
            Expression::Match(node) => self.match_expression(node),
            Expression::Isset(node) => self.isset(node.values),
            Expression::IsEmpty(node) => self.is_empty(node.value),
            Expression::Eval(_) => self.unsupported("eval()", span),
            Expression::Include(node) => self.include_expression(node),
            Expression::Exit(_) => self.fail(span, ErrorKind::Exit),
            Expression::Print(node) => self.print_expression(node.value, span),
            Expression::Yield(_) | Expression::YieldFrom(_) => {
                self.unsupported("a generator", span)
            }
            Expression::Throw(_) => self.unsupported("throw", span),
            Expression::CloneExpression(node) => self.clone_expression(node.object, span),
        }
    }

    fn unsupported<T>(&self, what: &str, span: Span) -> Outcome<T> {
        self.fail(span, ErrorKind::unsupported(what))
    }

    /// `$$name`
    fn variable_variable(&mut self, name: Expression<'a>, span: Span) -> Outcome<Value> {
        let name = self.expression_bytes(name)?;
        self.variable(&name, span)
    }

    /// `target = value` in all its forms.
    fn assigned(&mut self, node: &'a Assignment<'a>) -> Outcome<Value> {
        if node.by_reference.is_some() {
            let reference = self.reference(node.value)?;
            self.bind(node.target, reference.clone())?;
            return Ok(reference.get());
        }
        if let AssignmentOperator::Compound(_) = node.operator {
            return self.compound(node.target, node.operator, node.value, node.span);
        }
        if matches!(node.target, Expression::Index(_) | Expression::Property(_)) {
            let place = self.place_of(node.target)?;
            let value = self.expression(node.value)?.get();
            self.write(&place, value.clone(), node.span)?;
            return Ok(value);
        }
        let value = self.expression(node.value)?.get();
        self.assign(node.target, value.clone())?;
        Ok(value)
    }

    fn unary(
        &mut self,
        operator: UnaryOperator,
        operand: Expression<'a>,
        span: Span,
    ) -> Outcome<Value> {
        let value = self.expression(operand)?.get();
        let options = self.options;
        match operator {
            UnaryOperator::Plus => self.at(span, sign(&value, false, options)),
            UnaryOperator::Minus => self.at(span, sign(&value, true, options)),
            UnaryOperator::Not => Ok((!to_bool(&value)).into()),
            UnaryOperator::BitwiseNot => self.at(span, bitwise_not(&value, options)),
            UnaryOperator::Silence => Ok(value),
        }
    }

    /// `++$a`
    fn incremented(
        &mut self,
        operand: Expression<'a>,
        is_increment: bool,
        span: Span,
    ) -> Outcome<Value> {
        self.increment(operand, is_increment, span).map(|(_, after)| after)
    }

    /// `$a++`
    fn before_step(
        &mut self,
        operand: Expression<'a>,
        is_increment: bool,
        span: Span,
    ) -> Outcome<Value> {
        self.increment(operand, is_increment, span).map(|(before, _)| before)
    }

    fn ternary(&mut self, node: &'a Ternary<'a>) -> Outcome<Value> {
        if self.is_unclear(node) {
            return self.fail(node.span, ErrorKind::fatal("?: in ?: needs parentheses"));
        }
        let Some(then) = node.then else {
            let value = self.expression(node.condition)?;
            return if to_bool(&value) { Ok(value) } else { self.expression(node.otherwise) };
        };
        let holds = self.condition(node.condition)?;
        self.expression(if holds { then } else { node.otherwise })
    }

    fn instance_of(&mut self, value: Expression<'a>, class: Expression<'a>) -> Outcome<Value> {
        let own: &[u8] = match self.expression(value)?.get() {
            Value::Instance(instance) => {
                let key = self.class_name(class)?.to_lower();
                let result = self.is_instance(&instance, &key);
                return self.at(class.span(), result).map(Value::Bool);
            }
            Value::Object(_) => b"stdclass",
            Value::Closure(_) => b"closure",
            _ => return Ok(false.into()),
        };
        let class = self.class_name(class)?.to_lower();
        Ok((&*class == own).into())
    }

    fn new_expression(&mut self, node: &'a New<'a>) -> Outcome<Value> {
        match self.new_object(node)? {
            Answer::Known(value) => Ok(value),
            Answer::Unknown(reason) => self.fail(node.span, ErrorKind::Unknown(reason)),
        }
    }

    /// `fn (…) => …`, which copies all variables that there are.
    fn arrow_function(&mut self, node: &'a ArrowFunction<'a>) -> Value {
        let variables = self.frame().variables.clone();
        let bound = variables.into_iter().map(|(name, value)| (name, value.copied())).collect();
        let code = Code {
            parameters: node.parameters.list,
            return_type: node.return_type,
            body: Body::Expression(node.value),
            is_reference: node.by_reference.is_some(),
            span: node.span,
        };
        self.make_closure(code, bound, node.static_at.is_some())
    }

    fn match_expression(&mut self, node: &'a Match<'a>) -> Outcome<Value> {
        let subject = self.expression(node.subject)?.get();
        for arm in node.arms {
            for condition in arm.conditions {
                let value = self.expression(*condition)?.get();
                self.charge_comparison(&subject, &value, condition.span())?;
                if self.at(condition.span(), identical(&subject, &value))? {
                    return self.expression(arm.value);
                }
            }
        }
        match node.arms.iter().find(|arm| arm.conditions.is_empty()) {
            Some(arm) => self.expression(arm.value),
            None => self.fail(node.span, ErrorKind::fatal("unhandled match case")),
        }
    }

    fn isset(&mut self, values: &'a [Expression<'a>]) -> Outcome<Value> {
        for value in values {
            if self.quiet(*value)?.is_none_or(|value| value.is_null()) {
                return Ok(false.into());
            }
        }
        Ok(true.into())
    }

    fn is_empty(&mut self, value: Expression<'a>) -> Outcome<Value> {
        let value = self.quiet(value)?;
        Ok(value.is_none_or(|value| !to_bool(&value)).into())
    }

    fn print_expression(&mut self, value: Expression<'a>, span: Span) -> Outcome<Value> {
        let bytes = self.expression_bytes(value)?;
        self.print(&bytes, span)?;
        Ok(Value::Int(1))
    }

    fn clone_expression(&mut self, object: Expression<'a>, span: Span) -> Outcome<Value> {
        match self.expression(object)?.get() {
            Value::Object(object) => Ok(Value::Object(Arc::new(Object::new(object.properties())))),
            Value::Instance(instance) => self.cloned_instance(&instance, span),
            _ => self.unsupported("clone of this", span),
        }
    }

    /// Since PHP 8.0 `a ? b : c ? d : e` is an error of the compiler.
    fn is_unclear(&self, node: &Ternary<'a>) -> bool {
        let Expression::Ternary(inner) = node.condition else {
            return false;
        };
        let is_short = inner.then.is_none() && node.then.is_none();
        self.options.version >= Version::V8_0 && !is_short
    }

    /// The value of a variable: null where there is none, as PHP does with a
    /// warning.
    fn variable(&mut self, name: &[u8], span: Span) -> Outcome<Value> {
        match self.quiet_variable(name, span)? {
            None if name == b"this" => self.unsupported("$this", span),
            value => Ok(value.unwrap_or_default()),
        }
    }

    fn quiet_variable(&mut self, name: &[u8], span: Span) -> Outcome<Option<Value>> {
        if let Some(value) = self.frame().variables.get(name) {
            let value = value.get();
            return self.known(span, Ok(Some(value)));
        }
        if name == b"_SERVER" {
            return self.fail(span, ErrorKind::Unknown(Unknown::Server(None)));
        }
        if name == b"this" {
            return self.this(span);
        }
        if is_request(name) {
            let value = self.whole_request(name, span);
            return self.known(span, value).map(Some);
        }
        let is_of_main = matches!(name, b"argv" | b"argc") && self.frame().function.is_none();
        if is_superglobal(name) || is_of_main {
            let unknown = Unknown::Variable(String::from_utf8_lossy(name).into_owned());
            return self.fail(span, ErrorKind::Unknown(unknown));
        }
        Ok(None)
    }

    /// `$this`; none where it is known that there is none.
    fn this(&self, span: Span) -> Outcome<Option<Value>> {
        match &self.frame().this {
            This::Known(object) => Ok(Some(Value::Instance(object.clone()))),
            This::None if self.frame().function.is_some() => Ok(None),
            This::None | This::Unknown => self.fail(span, ErrorKind::unsupported("$this")),
        }
    }

    /// The value of an expression that may be missing: for `isset`, `empty` and
    /// `??`.
    pub(crate) fn quiet(&mut self, expression: Expression<'a>) -> Outcome<Option<Value>> {
        match expression {
            Expression::Variable(node) => {
                let name = &self.text(node.span)[1..];
                self.quiet_variable(name, node.span)
            }
            Expression::VariableVariable(node) => {
                let name = self.expression_bytes(node.name)?;
                self.quiet_variable(&name, node.span)
            }
            Expression::Index(_) | Expression::Property(_) | Expression::StaticProperty(_) => {
                self.nested(expression.span(), |evaluator| evaluator.access(expression, true))
            }
            Expression::Parenthesized(node) => self.quiet(node.inner),
            other => self.expression(other).map(Some),
        }
    }

    /// `$a[1]`, `$a->b`, `A::$b`, read.
    fn access(&mut self, expression: Expression<'a>, is_quiet: bool) -> Outcome<Option<Value>> {
        match expression {
            Expression::Index(node) => self.element(node, is_quiet),
            Expression::Property(node) => self.property(node, is_quiet),
            Expression::StaticProperty(node) => {
                let place = self.place_of(expression)?;
                self.read_place(&place, node.span).map(Some)
            }
            other => self.expression(other).map(Some),
        }
    }

    /// The value before `[` or `->`; none if it may be missing, and is.
    fn base(&mut self, base: Expression<'a>, is_quiet: bool) -> Outcome<Option<Value>> {
        if is_quiet { self.quiet(base) } else { self.expression(base).map(Some) }
    }

    fn element(&mut self, node: &'a Index<'a>, is_quiet: bool) -> Outcome<Option<Value>> {
        let Some(index) = node.index else {
            return self.fail(node.span, ErrorKind::fatal("cannot use [] for reading"));
        };
        if node.is_curly && self.options.version >= Version::V8_0 {
            return self.fail(node.span, ErrorKind::fatal("braces for an offset"));
        }
        if let Some(entry) = self.entry(node)? {
            return self.read_entry(&entry, node.span);
        }
        let Some(base) = self.base(node.base, is_quiet)? else { return Ok(None) };
        let index = self.index_value(index)?;
        self.charge_comparison(&index, &Value::Null, node.span)?;
        let read = if is_quiet { quiet_index } else { read_index };
        self.at(node.span, read(&base, &index, self.options))
    }

    fn property(&mut self, node: &'a Property<'a>, is_quiet: bool) -> Outcome<Option<Value>> {
        let object = self.base(node.object, is_quiet)?.unwrap_or_default();
        if node.is_nullsafe && object.is_null() {
            return Ok(None);
        }
        let name = self.member_name(node.name)?;
        match object.get() {
            Value::Object(object) => {
                Ok(object.properties().get(&Key::String(name)).map(Value::get))
            }
            Value::Instance(instance) => self.property_of(&instance, name, is_quiet, node.span),
            Value::Closure(_) => self.unsupported("a property of a closure", node.span),
            // PHP warns and goes on.
            _ => Ok(None),
        }
    }

    /// Goes down the left side without going deeper, as `'a' . 'b' . …` may be
    /// long.
    fn binary(&mut self, node: &'a Binary<'a>) -> Outcome<Value> {
        if node.operator == BinaryOperator::Coalesce {
            return match self.quiet(node.left)? {
                Some(value) if !value.is_null() => Ok(value),
                _ => self.expression(node.right),
            };
        }
        let mut spine = vec![node];
        let mut first = node.left;
        while let Expression::Binary(left) = first {
            if left.operator == BinaryOperator::Coalesce {
                break;
            }
            spine.push(left);
            first = left.left;
        }
        let innermost = spine.last().copied().unwrap_or(node);
        let mut value = None;
        if !is_plain_variable(first) || is_lazy(innermost.operator) {
            value = Some(self.expression(first)?.get());
        }
        while let Some(node) = spine.pop() {
            self.step(node.span)?;
            value = Some(self.operation(node, value, first)?);
        }
        Ok(value.unwrap_or_default())
    }

    /// One operation of a row of them. A variable that the row begins with is
    /// read last.
    fn operation(
        &mut self,
        node: &'a Binary<'a>,
        left: Option<Value>,
        first: Expression<'a>,
    ) -> Outcome<Value> {
        if let Some(left) = &left
            && is_lazy(node.operator)
        {
            let is_and =
                matches!(node.operator, BinaryOperator::BooleanAnd | BinaryOperator::LogicalAnd);
            let is_settled = to_bool(left) != is_and;
            return Ok(if is_settled { !is_and } else { self.condition(node.right)? }.into());
        }
        let right = self.expression(node.right)?.get();
        let left = match left {
            Some(left) => left,
            None => self.expression(first)?.get(),
        };
        if node.operator == BinaryOperator::Concat {
            return self.concat(left, &right, node.span);
        }
        if let (BinaryOperator::Add, Value::Array(array)) = (node.operator, &right) {
            let charged = self.charge(array.len() * 48);
            self.at(node.span, charged)?;
        }
        self.charge_comparison(&left, &right, node.span)?;
        self.at(node.span, binary(node.operator, &left, &right, self.options))
    }

    /// Appends to the left side if nobody else has it.
    fn concat(&mut self, left: Value, right: &Value, span: Span) -> Outcome<Value> {
        let result = to_bytes(&left, self.options);
        let mut text = self.at(span, result)?;
        drop(left);
        let right = self.at(span, to_bytes(right, self.options))?;
        let copied = if text.is_shared() { text.len() } else { 0 };
        let charged = self.charge(copied + right.len());
        self.at(span, charged)?;
        text.make_mut().extend_from_slice(&right);
        Ok(Value::String(text))
    }

    fn cast(&mut self, kind: CastKind, operand: Expression<'a>, span: Span) -> Outcome<Value> {
        let value = self.expression(operand)?.get();
        let options = self.options;
        let result = match kind {
            CastKind::Array => to_array(&value, options).map(Value::Array),
            CastKind::Bool => Ok(to_bool(&value).into()),
            CastKind::Float => to_float(&value, options).map(Value::Float),
            CastKind::Int => to_int(&value, options).map(Value::Int),
            CastKind::String => to_bytes(&value, options).map(Value::String),
            CastKind::Unset => Ok(Value::Null),
            CastKind::Void => Ok(Value::Null),
            CastKind::Object => to_object(value, options),
        };
        self.at(span, result)
    }

    fn magic_constant(&mut self, kind: TokenKind, span: Span) -> Outcome<Value> {
        let frame = self.frame();
        let function = frame.function.clone();
        let class = frame.class.as_ref().map(|class| class.name.clone()).unwrap_or_default();
        Ok(match kind {
            TokenKind::Line => Value::Int(i64::from(line_at(self.file().text, span.start))),
            TokenKind::File => path_bytes(&self.file().real).into(),
            TokenKind::Dir => parent(path_bytes(&self.file().real), self.is_windows()).into(),
            TokenKind::NsC => Value::String(frame.names.namespace.clone()),
            TokenKind::ClassC => Value::String(class),
            TokenKind::FuncC | TokenKind::MethodC => {
                let name = function.map(|function| function.name.clone()).unwrap_or_default();
                if name.ends_with(b"{closure}") {
                    if self.options.version >= Version::V8_4 {
                        let kind = ErrorKind::unsupported("the name of a closure");
                        return self.fail(span, kind);
                    }
                    return Ok("{closure}".into());
                }
                if kind == TokenKind::MethodC && !class.is_empty() && !name.is_empty() {
                    [&*class, b"::", &name].concat().into()
                } else {
                    Value::String(name)
                }
            }
            _ => "".into(),
        })
    }

    fn constant_expression(&mut self, span: Span) -> Outcome<Value> {
        let name = clean(self.text(span));
        let candidates = self.frame().names.constant(&name);
        if let Some(value) = self.find_constant(&candidates.full, span)? {
            return Ok(value);
        }
        if let Some(fallback) = &candidates.fallback
            && let Some(value) = self.find_constant(fallback, span)?
        {
            return Ok(value);
        }
        let name = candidates.fallback.unwrap_or(candidates.full);
        if self.target.is_application && !constant::may_be_of_extension(&name) {
            // PHP says so in a notice or warning, and goes on.
            if self.options.version < Version::V8_0 {
                return Ok(Value::String(name));
            }
            return self.fail(span, ErrorKind::fatal(format!("undefined constant {name}")));
        }
        self.fail(span, ErrorKind::Unknown(Unknown::Constant(name.to_string())))
    }

    /// The value of a constant, if it is known to exist.
    pub(crate) fn find_constant(&mut self, name: &[u8], span: Span) -> Outcome<Option<Value>> {
        if let Some(value) = self.constants.get(&*constant_key(name)) {
            return Ok(Some(value.clone()));
        }
        if name.contains(&b'\\') {
            return Ok(None);
        }
        let result = constant::find(name, self.target);
        self.at(span, result)
    }

    /// `define()` and `const`.
    pub(crate) fn define(&mut self, name: &[u8], value: &Value, span: Span) -> Outcome<bool> {
        let value = self.resolve(value, span)?;
        let name = name.strip_prefix(b"\\").unwrap_or(name);
        let key = constant_key(name);
        if self.constants.contains_key(&*key) || self.find_constant(name, span)?.is_some() {
            // PHP warns and keeps the first one.
            return Ok(false);
        }
        self.constants.insert(key.into(), value);
        Ok(true)
    }

    fn interpolated(&mut self, node: &'a Interpolated<'a>) -> Outcome<Value> {
        let open = self.text(node.open);
        if !open.ends_with(b"\"") || open.contains(&b'<') {
            return self.heredoc(node, open.contains(&b'\''));
        }
        let mut text: Vec<u8> = Vec::new();
        for part in node.parts {
            match part {
                StringPart::Text(part) => {
                    let piece = self.text(part.span);
                    text.extend(literal::unescape(piece, Some(b'"'), self.options));
                }
                part => text.extend_from_slice(&self.part(part)?),
            }
            let charged = self.charge(text.len());
            self.at(node.span, charged)?;
        }
        Ok(text.into())
    }

    fn heredoc(&mut self, node: &'a Interpolated<'a>, is_nowdoc: bool) -> Outcome<Value> {
        let close = self.text(node.close);
        let indentation = close.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let last = node.parts.len().saturating_sub(1);
        let mut text: Vec<u8> = Vec::new();
        let mut starts_line = true;
        for (index, part) in node.parts.iter().enumerate() {
            let StringPart::Text(written) = part else {
                text.extend_from_slice(&self.part(part)?);
                starts_line = false;
                continue;
            };
            let whole = self.text(written.span);
            let piece = if index == last { literal::without_last_break(whole) } else { whole };
            let piece = literal::unindent(piece, indentation, starts_line);
            if is_nowdoc {
                text.extend(piece);
            } else {
                text.extend(literal::unescape(&piece, None, self.options));
            }
            starts_line = whole.ends_with(b"\n") || whole.ends_with(b"\r");
            let charged = self.charge(text.len());
            self.at(node.span, charged)?;
        }
        Ok(text.into())
    }

    /// The value of a variable in a string.
    fn part(&mut self, part: &'a StringPart<'a>) -> Outcome<Bytes> {
        let expression = match part {
            StringPart::Text(node) => return Ok(self.text(node.span).into()),
            StringPart::Variable(node) => Expression::Variable(*node),
            StringPart::Index(node) => Expression::Index(node),
            StringPart::Property(node) => Expression::Property(node),
            StringPart::BracedPart(node) => node.expression,
            StringPart::DollarBracedPart(node) => match node.expression {
                name @ Expression::VariableName(_) => name,
                index @ Expression::Index(_) => index,
                other => {
                    let name = self.expression_bytes(other)?;
                    let value = self.variable(&name, other.span())?;
                    return self.at(other.span(), to_bytes(&value, self.options));
                }
            },
        };
        self.expression_bytes(expression)
    }

    fn array(&mut self, node: &'a ArrayNode<'a>) -> Outcome<Value> {
        let charged = self.charge(node.elements.len() * 48);
        self.at(node.span, charged)?;
        let mut array = Array::new();
        for element in node.elements {
            let span = element.span();
            match element {
                Element::Expression(value) => {
                    let value = self.expression(*value)?.get();
                    self.push_element(&mut array, value, span)?;
                }
                Element::ReferenceElement(node) => {
                    let value = self.element_reference(node.value)?;
                    self.push_element(&mut array, value, span)?;
                }
                Element::KeyedElement(node) => self.keyed_element(node, &mut array)?,
                Element::SpreadElement(node) => self.spread(node.value, &mut array, span)?,
                Element::Hole(_) => {
                    return self.fail(span, ErrorKind::fatal("cannot use empty array elements"));
                }
            }
        }
        array.settle_if_empty(self.options);
        Ok(array.into())
    }

    fn push_element(&self, array: &mut Array, value: Value, span: Span) -> Outcome<()> {
        if array.push(value, self.options) || self.options.version < Version::V8_0 {
            return Ok(());
        }
        self.fail(span, ErrorKind::fatal("the next element is already occupied"))
    }

    /// `key => value`; a key that is a plain variable is read after the value.
    fn keyed_element(&mut self, node: &'a KeyedElement<'a>, array: &mut Array) -> Outcome<()> {
        let is_late = is_plain_variable(node.key);
        let key = if is_late { None } else { Some(self.expression(node.key)?) };
        let value = if node.by_reference.is_some() {
            self.element_reference(node.value)?
        } else {
            self.expression(node.value)?.get()
        };
        let key = match key {
            Some(key) => key,
            None => self.expression(node.key)?,
        };
        let Some(key) = to_key(&key, self.options) else {
            return self.fail(node.span, ErrorKind::fatal("illegal offset type"));
        };
        array.insert(key, value);
        Ok(())
    }

    fn spread(&mut self, value: Expression<'a>, array: &mut Array, span: Span) -> Outcome<()> {
        let Value::Array(source) = self.expression(value)?.get() else {
            return self.fail(span, ErrorKind::fatal("only arrays can be unpacked"));
        };
        let charged = self.charge(source.len() * 48);
        self.at(span, charged)?;
        for (key, value) in source.iter() {
            match key {
                Key::String(_) if self.options.version < Version::V8_1 => {
                    let kind = ErrorKind::fatal("cannot unpack array with string keys");
                    return self.fail(span, kind);
                }
                Key::String(_) => array.insert(key, value.get()),
                Key::Int(_) => {
                    if !array.push(value.get(), self.options) {
                        let kind = ErrorKind::fatal("the next element is already occupied");
                        return self.fail(span, kind);
                    }
                }
            }
        }
        Ok(())
    }

    fn include_expression(&mut self, node: &'a Include<'a>) -> Outcome<Value> {
        let name = self.expression_bytes(node.path)?;
        let path = self.include_path(&name, node.span)?;
        let is_once = matches!(node.kind, TokenKind::IncludeOnce | TokenKind::RequireOnce);
        let is_required = matches!(node.kind, TokenKind::Require | TokenKind::RequireOnce);
        if !self.sources.is_file(&path) {
            if is_required {
                let kind = ErrorKind::fatal(format!("failed to open {}", path.display()));
                return self.fail(node.span, kind);
            }
            return Ok(false.into());
        }
        if is_once && self.is_included(&path) {
            return Ok(true.into());
        }
        let includes = self.chain.iter().filter(|step| step.function.is_none()).count();
        if includes >= self.limits.include_depth as usize {
            return self.fail(node.span, ErrorKind::Limit(Limit::IncludeDepth));
        }
        if includes >= self.limits.include_depth as usize / 2 && self.is_endless(&path, includes) {
            return self.fail(node.span, ErrorKind::Endless);
        }
        let step = Step { location: self.location(node.span), function: None };
        self.in_step(step, |evaluator| {
            let file = evaluator.read_file(&path)?;
            let (value, _) = evaluator.nested(node.span, |evaluator| evaluator.run_file(file))?;
            Ok(value)
        })
    }

    /// The file that an include stands for: PHP looks in the include path, of
    /// which the first folder is its own one, and then beside the script.
    fn include_path(&mut self, name: &[u8], span: Span) -> Outcome<PathBuf> {
        let path = self.path(name, span)?;
        if !is_searched(name, self.is_windows()) {
            return Ok(path);
        }
        let is_here = self.sources.is_file(&path);
        match self.include_path {
            IncludePath::Longer if is_here => return Ok(path),
            // A framework adds its own libraries, which have names of their own.
            IncludePath::Longer if self.target.is_application => {}
            IncludePath::Longer | IncludePath::Unknown => {
                let name = String::from_utf8_lossy(name);
                let what = format!("the include path that leads to {name}");
                return self.fail(span, ErrorKind::Unknown(Unknown::Machine(what)));
            }
            IncludePath::Untouched => {}
        }
        if is_here {
            return Ok(path);
        }
        let folder = parent(path_bytes(&self.file().real), self.is_windows());
        let beside = if self.is_windows() {
            full_on_windows(name, Some(&folder)).ok()
        } else {
            Some(bytes_path(&folder).join(bytes_path(name)))
        };
        Ok(beside.filter(|path| self.sources.is_file(path)).unwrap_or(path))
    }

    /// The path that a name in the code stands for.
    pub(crate) fn path(&self, name: &[u8], span: Span) -> Outcome<PathBuf> {
        if is_url(name) {
            let what = "what lies behind a URL".to_owned();
            return self.fail(span, ErrorKind::Unknown(Unknown::Machine(what)));
        }
        let folder = self.target.working_directory.as_deref();
        if self.is_windows() {
            let full = full_on_windows(name, folder.map(path_bytes));
            return self.at(span, full);
        }
        let path = bytes_path(name);
        if name.starts_with(b"/") {
            return Ok(path);
        }
        match folder {
            Some(folder) => Ok(folder.join(&path)),
            None => {
                let what = format!("the folder that {} is in", path.display());
                self.fail(span, ErrorKind::Unknown(Unknown::Machine(what)))
            }
        }
    }

    fn is_windows(&self) -> bool {
        self.target.system == System::Windows
    }
}

/// `(object) …`
pub(crate) fn to_object(value: Value, options: tilde_syntax::Options) -> Result<Value, ErrorKind> {
    let properties = match value {
        Value::Object(_) | Value::Instance(_) | Value::Closure(_) => return Ok(value),
        Value::Null => Array::new(),
        Value::Array(array) => {
            // Up to PHP 7.1 no property access finds an integer.
            if options.version < Version::V7_2 {
                return Ok(Value::Object(Arc::new(Object::new(Array::clone(&array)))));
            }
            array.iter().map(|(key, value)| (Key::String(key.to_bytes()), value.clone())).collect()
        }
        scalar => [(Key::String("scalar".into()), scalar)].into_iter().collect(),
    };
    Ok(Value::Object(Arc::new(Object::new(properties))))
}

fn is_lazy(operator: BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::BooleanAnd
            | BinaryOperator::BooleanOr
            | BinaryOperator::LogicalAnd
            | BinaryOperator::LogicalOr
    )
}

fn is_plain_variable(expression: Expression<'_>) -> bool {
    match expression {
        Expression::Variable(_) => true,
        Expression::Parenthesized(node) => is_plain_variable(node.inner),
        _ => false,
    }
}

/// A constant's name with its namespace in lower case.
pub(crate) fn constant_key(name: &[u8]) -> Vec<u8> {
    match name.iter().rposition(|byte| *byte == b'\\') {
        Some(at) => [&name[..at].to_ascii_lowercase(), &name[at..]].concat(),
        None => name.to_vec(),
    }
}

#[cfg(unix)]
pub(crate) fn path_bytes(path: &Path) -> &[u8] {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes()
}

#[cfg(unix)]
pub(crate) fn bytes_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
pub(crate) fn path_bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

#[cfg(not(unix))]
pub(crate) fn bytes_path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
