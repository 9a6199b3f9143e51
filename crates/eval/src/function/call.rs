//! Calls, as they are written and as they run.

use std::rc::Rc;
use std::sync::Arc;

use tilde_syntax::Span;
use tilde_syntax::ast::{Argument, Call, Expression, MethodCall, New, StaticCall};

use super::{Arguments, Body, BoundMethod, Callable, Callee, Code, UserFunction, method_key};
use crate::array::Key;
use crate::class::Class;
use crate::error::{ErrorKind, Limit, Step, Unknown};
use crate::evaluator::{Evaluator, Outcome, Variables, no_loop};
use crate::frame::{Frame, This};
use crate::names::clean;
use crate::outside::Answer;
use crate::statement::Flow;
use crate::value::{Bytes, Instance, Object, Value};

impl<'a> Evaluator<'a> {
    /// `f(1)`
    pub(crate) fn call_expression(&mut self, node: &'a Call<'a>) -> Outcome<Value> {
        let callee = match node.callee {
            Expression::Name(name) => {
                let text = clean(self.text(name.span));
                self.function_named(&text, node.span)?
            }
            callee => {
                let value = self.expression(callee)?.get();
                self.callee(&value, callee.span())?
            }
        };
        if let Ok(Callable::Builtin(builtin)) = callee.callable
            && matches!(builtin.name, "array_key_exists" | "key_exists")
            && let Some(answer) = self.has_entry(node)?
        {
            return Ok(answer.into());
        }
        let arguments = self.arguments_for(&callee, node.arguments.list)?;
        self.call_callee(callee, arguments, node.span)
    }

    /// `A::b()`
    pub(crate) fn static_call(&mut self, node: &'a StaticCall<'a>) -> Outcome<Value> {
        let name = self.member_name(node.name)?;
        let class = self.class_name(node.class)?;
        if let Some(closure) = self.bound_closure(&class, &name, node)? {
            return Ok(closure);
        }
        self.need_class(&class.to_lower())?;
        let callable = match self.load_class(&class, node.class.span()) {
            Ok(_) => self.static_method(&class, &name, node),
            Err(error) => Err(error),
        };
        let callee = Callee { names: vec![method_key(&class, &name)], callable };
        let arguments = self.arguments_for(&callee, node.arguments.list)?;
        self.call_callee(callee, arguments, node.span)
    }

    /// `new A`: an object is known if its class is and has no more than we can do.
    /// Others may be made, and nobody can look at them.
    pub(crate) fn new_object(&mut self, node: &'a New<'a>) -> Outcome<Answer> {
        if matches!(node.class, Expression::Class(_)) {
            return self.fail(node.span, ErrorKind::unsupported("this object"));
        }
        let name = self.class_name(node.class)?;
        self.need_class(&name.to_lower())?;
        let loaded = self.load_class(&name, node.class.span());
        self.check_class(&name, node.span)?;
        let object = self.object_of(&name)?;
        let mut callee = self.constructor(&name, object.as_ref(), node.span);
        if let Err(error) = loaded {
            callee.callable = Err(error);
        }
        let list = node.arguments.map_or(&[][..], |arguments| arguments.list);
        let arguments = self.arguments_for(&callee, list)?;
        let is_answered = self.ask_host(&callee, &arguments, node.span)?.is_some();
        if !is_answered {
            if name.eq_ignore_ascii_case(b"stdClass") {
                return Ok(Answer::Known(Value::Object(Arc::new(Object::default()))));
            }
            match callee.callable {
                Ok(constructor) => {
                    self.call_with(&constructor, arguments, node.span)?;
                }
                Err(_) if self.has_no_constructor(&name, object.is_some()) => {}
                Err(error) => return Err(error),
            }
            if let Some(instance) = object {
                return Ok(Answer::Known(Value::Instance(instance)));
            }
        }
        Ok(Answer::Unknown(Unknown::Object(name.to_string())))
    }

    /// Refuses objects that cannot be made, and those whose end runs code: when
    /// that is depends on who still has them.
    fn check_class(&self, name: &Bytes, span: Span) -> Outcome<()> {
        let Some(class) = self.classes.get(&name.to_lower()) else { return Ok(()) };
        if class.is_abstract() {
            return self.fail(span, ErrorKind::fatal(format!("cannot instantiate {name}")));
        }
        match Class::find_method(class, b"__destruct") {
            Some(_) => self.fail(span, ErrorKind::unsupported("an object with a destructor")),
            None => Ok(()),
        }
    }

    /// What `new` calls.
    fn constructor(&self, class: &Bytes, object: Option<&Instance>, span: Span) -> Callee<'a> {
        let found = self.classes.get(&class.to_lower());
        let this = object.cloned().map_or(This::Unknown, This::Known);
        let callable = match found.and_then(|class| self.constructor_of(class)) {
            Some((owner, function)) => {
                let called = found.cloned().unwrap_or_else(|| owner.clone());
                let method = BoundMethod { owner, function, called, this };
                let result = self.check_method(&method.owner, &method.function);
                self.at(span, result).map(|()| Callable::Method(Box::new(method)))
            }
            None => self.fail(span, ErrorKind::Unsupported(format!("new {class}"))),
        };
        Callee { names: vec![method_key(class, b"__construct")], callable }
    }

    /// Whether making an object runs no code of the program.
    fn has_no_constructor(&self, name: &Bytes, is_known: bool) -> bool {
        match self.classes.get(&name.to_lower()) {
            Some(class) if self.constructor_of(class).is_some() => false,
            Some(_) if is_known => true,
            Some(class) => !class.may_inherit_constructor(),
            None => crate::class::is_phps_own(&name.to_lower()),
        }
    }

    /// `$a->f()`
    pub(crate) fn method_call(&mut self, node: &'a MethodCall<'a>) -> Outcome<Value> {
        let class = match self.class_of_unknown(node.object)? {
            Some(Ok(class)) => class,
            Some(Err(object)) => return self.call_of_object(object, node),
            None => {
                let object = self.expression(node.object)?.get();
                return self.call_of_object(object, node);
            }
        };
        let name = self.member_name(node.name)?;
        let unknown = Unknown::Function(format!("{class}::{}", String::from_utf8_lossy(&name)));
        let callable = self.fail(node.span, ErrorKind::Unknown(unknown));
        let callee = Callee { names: vec![method_key(class.as_bytes(), &name)], callable };
        let arguments = self.arguments_for(&callee, node.arguments.list)?;
        self.call_callee(callee, arguments, node.span)
    }

    /// The class of an object of which nothing else is known, or the object that
    /// was made to find that out.
    fn class_of_unknown(
        &mut self,
        object: Expression<'a>,
    ) -> Outcome<Option<std::result::Result<String, Value>>> {
        let reason = match object {
            Expression::Parenthesized(node) => return self.class_of_unknown(node.inner),
            Expression::New(node) => match self.new_object(node)? {
                Answer::Unknown(reason) => Some(reason),
                Answer::Known(object) => return Ok(Some(Err(object))),
            },
            Expression::Variable(node) => {
                let name = &self.text(node.span)[1..];
                match self.frame().variables.get(name) {
                    Some(Value::Reference(reference)) => reference.unknown(),
                    _ => None,
                }
            }
            _ => None,
        };
        Ok(match reason {
            Some(Unknown::Object(class)) => Some(Ok(class)),
            _ => None,
        })
    }

    fn static_method(
        &self,
        class: &Bytes,
        name: &[u8],
        node: &StaticCall<'a>,
    ) -> Outcome<Callable<'a>> {
        let span = node.span;
        let Some(class) = self.classes.get(&class.to_lower()) else {
            let unknown = Unknown::Class(class.to_string());
            return self.fail(node.class.span(), ErrorKind::Unknown(unknown));
        };
        let found = self.visible_method(class, name);
        match self.at(span, found)? {
            Some((owner, function)) => {
                let forwards = self.forwards(node.class);
                let method = self.statically(class, (owner, function), forwards);
                self.at(span, method).map(Callable::Method)
            }
            None => {
                let name = String::from_utf8_lossy(name);
                let unknown = Unknown::Function(format!("{}::{name}", class.name));
                self.fail(span, ErrorKind::Unknown(unknown))
            }
        }
    }

    /// The arguments of a call. Those of an unknown function are evaluated only
    /// if a host may want them.
    pub(crate) fn arguments_for(
        &mut self,
        callee: &Callee<'a>,
        list: &'a [Argument<'a>],
    ) -> Outcome<Arguments> {
        match &callee.callable {
            Err(_) if self.host.is_none() => Ok(Arguments::default()),
            Err(_) => self.arguments(None, list),
            Ok(callable) => self.arguments(Some(callable), list),
        }
    }

    fn arguments(
        &mut self,
        callable: Option<&Callable<'a>>,
        list: &'a [Argument<'a>],
    ) -> Outcome<Arguments> {
        let mut arguments = Arguments::default();
        for argument in list {
            match argument {
                Argument::Expression(expression) => {
                    let index = arguments.list.len();
                    let is_shared =
                        callable.is_some_and(|callable| callable.is_by_reference(index));
                    arguments.list.push(if is_shared {
                        self.reference(*expression)?
                    } else {
                        self.expression(*expression)?.get()
                    });
                }
                Argument::SpreadArgument(node) => {
                    self.spread_argument(node.value, &mut arguments, node.span)?;
                }
                Argument::NamedArgument(node) => {
                    let name = self.text(node.name.span).into();
                    let value = self.expression(node.value)?.get();
                    arguments.named.push((name, value));
                }
                Argument::ReferenceArgument(node) => {
                    arguments.list.push(self.reference(node.value)?);
                }
                Argument::Placeholder(node) => {
                    return self.fail(node.span, ErrorKind::unsupported("f(...)"));
                }
            }
        }
        Ok(arguments)
    }

    /// `...$list`
    fn spread_argument(
        &mut self,
        value: Expression<'a>,
        arguments: &mut Arguments,
        span: Span,
    ) -> Outcome<()> {
        let Value::Array(array) = self.expression(value)?.get() else {
            return self.fail(span, ErrorKind::unsupported("... with what is no array"));
        };
        for (key, value) in array.iter() {
            match key {
                Key::Int(_) => arguments.list.push(value.get()),
                Key::String(name) => arguments.named.push((name, value.get())),
            }
        }
        Ok(())
    }

    /// Calls a function by its full name.
    pub(crate) fn call_named(
        &mut self,
        name: &[u8],
        arguments: Vec<Value>,
        span: Span,
    ) -> Outcome<Value> {
        self.call_value(&Value::string(name), arguments, span)
    }

    /// Calls what a value stands for.
    pub(crate) fn call_value(
        &mut self,
        callable: &Value,
        arguments: Vec<Value>,
        span: Span,
    ) -> Outcome<Value> {
        let callee = self.callee(callable, span)?;
        self.call_callee(callee, Arguments { list: arguments, named: Vec::new() }, span)
    }

    pub(crate) fn call_callee(
        &mut self,
        callee: Callee<'a>,
        arguments: Arguments,
        span: Span,
    ) -> Outcome<Value> {
        if let Some(value) = self.ask_host(&callee, &arguments, span)? {
            return Ok(value);
        }
        self.call_with(&callee.callable?, arguments, span)
    }

    /// What the host says to a call, under each of its names.
    pub(crate) fn ask_host(
        &mut self,
        callee: &Callee<'a>,
        arguments: &Arguments,
        span: Span,
    ) -> Outcome<Option<Value>> {
        let Some(host) = self.host else {
            return Ok(None);
        };
        if !arguments.named.is_empty() {
            return self.fail(span, ErrorKind::unsupported("named arguments"));
        }
        let mut list: Vec<Value> = arguments.list.iter().map(Value::get).collect();
        if self.shares_elements {
            for value in &mut list {
                *value = self.resolve(value, span)?;
            }
        }
        self.known(span, Ok(()))?;
        for name in &callee.names {
            self.step(span)?;
            let call = crate::host::Call { name, arguments: &list, evaluator: self };
            if let Some(answer) = host.call(&call) {
                self.answers += 1;
                return self.at(span, answer).map(Some);
            }
            let files = host.files(&call);
            if !files.is_empty() {
                self.include_for_host(&files, span)?;
                let call = crate::host::Call { name, arguments: &list, evaluator: self };
                host.included(&call);
                return Ok(Some(Value::Null));
            }
        }
        Ok(None)
    }

    /// Includes files as the function did that a host stands for.
    fn include_for_host(&mut self, files: &[Bytes], span: Span) -> Outcome<()> {
        for file in files {
            let path = self.path(file, span)?;
            let file = self.read_file(&path)?;
            self.nested(span, |evaluator| evaluator.run_apart(file))?;
        }
        Ok(())
    }

    pub(crate) fn call_with(
        &mut self,
        callable: &Callable<'a>,
        arguments: Arguments,
        span: Span,
    ) -> Outcome<Value> {
        self.step(span)?;
        self.returned_reference = false;
        let function = match callable {
            Callable::Builtin(builtin) => return self.call_builtin(builtin, arguments, span),
            Callable::User(function) => function,
            Callable::Method(method) => &method.function,
            Callable::Closure(closure) => &closure.function,
        };
        if self.frames.len() > self.limits.call_depth as usize {
            return self.fail(span, ErrorKind::Limit(Limit::CallDepth));
        }
        if function.is_generator() {
            return self.fail(span, ErrorKind::unsupported("a generator"));
        }
        let step = Step { location: self.location(span), function: Some(callable.name()) };
        let mut frame = frame_of(callable, function);
        frame.arguments.clone_from(&arguments.list);
        let function = function.clone();
        // The span is the caller's, so it stays outside of the frame.
        let result = self.nested(span, |evaluator| {
            evaluator.in_step(step, |evaluator| {
                evaluator
                    .in_frame(frame, |evaluator| evaluator.run_user_function(&function, arguments))
            })
        });
        self.returned_reference = function.code.ask(|code| code.is_reference);
        result
    }

    fn run_user_function(
        &mut self,
        function: &UserFunction<'a>,
        arguments: Arguments,
    ) -> Outcome<Value> {
        let code = self.node(function.code);
        self.bind_parameters(function, code, arguments)?;
        self.run_body(code)
    }

    fn run_body(&mut self, code: Code<'a>) -> Outcome<Value> {
        let (value, span) = match code.body {
            Body::Expression(expression) => (self.expression(expression)?, expression.span()),
            Body::Block(block) => match self.statements(block.statements)? {
                Flow::Return(value) => (value, block.span),
                Flow::Normal => return Ok(Value::Null),
                Flow::Break(_) | Flow::Continue(_) => return self.fail(block.span, no_loop()),
            },
        };
        match code.return_type {
            Some(hint) if !self.is_void(hint) => self.coerce(value.get(), hint, span),
            _ => Ok(value.get()),
        }
    }
}

/// What a function has before it runs.
fn frame_of<'a>(callable: &Callable<'a>, function: &Rc<UserFunction<'a>>) -> Frame<'a> {
    let mut frame = Frame::new(function.code.file(), Variables::default());
    frame.names = function.names.clone();
    frame.function = Some(function.clone());
    frame.statics = function.id;
    match callable {
        Callable::Builtin(_) | Callable::User(_) => {}
        Callable::Method(method) => {
            frame.class = Some(method.owner.clone());
            frame.called = Some(method.called.clone());
            frame.this = method.this.clone();
        }
        Callable::Closure(closure) => {
            frame.variables.clone_from(&closure.bound);
            frame.class.clone_from(&closure.class);
            frame.called.clone_from(&closure.called);
            frame.this = closure.this.clone();
            frame.statics = closure.statics;
        }
    }
    frame
}
