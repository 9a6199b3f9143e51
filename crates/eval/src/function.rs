//! Functions and closures of the evaluated files, and calls of anything.
//!
//! Whether an argument goes in by reference is the callee's to say, so the callee
//! must be known before the arguments are evaluated.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use tilde_syntax::ast::{
    Argument, Block, Call, Closure as ClosureNode, Expression, Function, MethodCall, New, Node,
    Parameter, StaticCall, Type,
};
use tilde_syntax::{Flow as WalkFlow, Options, Span, Version, Visitor, walk};

use crate::array::{Array, Key};
use crate::builtin::{self, Builtin};
use crate::class::{Access, Class};
use crate::convert::{to_bool, to_bytes, to_float, to_int};
use crate::error::{ErrorKind, Limit, Step, Unknown};
use crate::evaluator::{Evaluator, Outcome, Variables, no_loop};
use crate::frame::{Frame, This};
use crate::names::{Names, clean};
use crate::number::{Number, Numeric, numeric};
use crate::outside::Answer;
use crate::source::Located;
use crate::statement::Flow;
use crate::value::{Bytes, Closure, Instance, Object, Reference, Value};

/// A function, method, closure or arrow function.
pub(crate) struct UserFunction<'a> {
    pub(crate) name: Bytes,
    /// Whose static variables it has.
    pub(crate) id: u32,
    pub(crate) code: Located<Code<'a>>,
    pub(crate) names: Rc<Names>,
    pub(crate) access: Access,
    pub(crate) is_generator: OnceCell<bool>,
}

/// What a function is in the tree of its file.
#[derive(Clone, Copy)]
pub(crate) struct Code<'a> {
    pub(crate) parameters: &'a [Parameter<'a>],
    pub(crate) return_type: Option<Type<'a>>,
    pub(crate) body: Body<'a>,
    /// Whether it returns a reference: `function &f()`.
    pub(crate) is_reference: bool,
    pub(crate) span: Span,
}

#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    Block(&'a Block<'a>),
    Expression(Expression<'a>),
}

/// What a closure is made of.
pub(crate) struct ClosureData<'a> {
    pub(crate) function: Rc<UserFunction<'a>>,
    pub(crate) bound: Variables,
    pub(crate) class: Option<Rc<Class<'a>>>,
    pub(crate) called: Option<Rc<Class<'a>>>,
    pub(crate) this: This,
    pub(crate) statics: u32,
}

/// A method with what it runs in.
#[derive(Clone)]
pub(crate) struct BoundMethod<'a> {
    /// The class that declares it.
    pub(crate) owner: Rc<Class<'a>>,
    pub(crate) function: Rc<UserFunction<'a>>,
    /// What `static` is.
    pub(crate) called: Rc<Class<'a>>,
    pub(crate) this: This,
}

/// Something that can be called.
#[derive(Clone)]
pub(crate) enum Callable<'a> {
    User(Rc<UserFunction<'a>>),
    Closure(Rc<ClosureData<'a>>),
    Method(Box<BoundMethod<'a>>),
    Builtin(&'static Builtin),
}

/// What a call in the code goes to.
pub(crate) struct Callee<'a> {
    /// The full names in lower case that a host is asked for, in this order;
    /// none for a closure.
    pub(crate) names: Vec<Bytes>,
    /// What is called where the host does not answer.
    pub(crate) callable: Outcome<Callable<'a>>,
}

/// Arguments, those with a name last.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) list: Vec<Value>,
    pub(crate) named: Vec<(Bytes, Value)>,
}

/// The name of a method as a host gets it.
pub(crate) fn method_key(class: &[u8], method: &[u8]) -> Bytes {
    [class, b"::", method].concat().to_ascii_lowercase().into()
}

impl<'a> UserFunction<'a> {
    pub(crate) fn is_body(&self, block: &'a Block<'a>) -> bool {
        self.code.ask(|code| matches!(code.body, Body::Block(body) if std::ptr::eq(body, block)))
    }

    fn is_generator(&self) -> bool {
        *self.is_generator.get_or_init(|| {
            self.code.ask(|code| {
                let mut finder = YieldFinder(false);
                match code.body {
                    Body::Block(block) => walk(Node::from(block), &mut finder),
                    Body::Expression(expression) => walk(Node::from(expression), &mut finder),
                }
                finder.0
            })
        })
    }
}

struct YieldFinder(bool);

impl<'a> Visitor<'a> for YieldFinder {
    fn enter(&mut self, node: Node<'a>) -> WalkFlow {
        match node {
            Node::Yield(_) | Node::YieldFrom(_) => {
                self.0 = true;
                WalkFlow::Stop
            }
            Node::Function(_) | Node::Closure(_) | Node::ArrowFunction(_) | Node::Class(_) => {
                WalkFlow::Skip
            }
            _ => WalkFlow::Descend,
        }
    }
}

impl<'a> Callable<'a> {
    fn is_by_reference(&self, index: usize) -> bool {
        let user = |function: &UserFunction<'a>| {
            function.code.ask(|Code { parameters, .. }| {
                let rest = parameters.last().filter(|parameter| parameter.variadic.is_some());
                let parameter = parameters.get(index).or(rest);
                parameter.is_some_and(|parameter| parameter.by_reference.is_some())
            })
        };
        match self {
            Self::User(function) => user(function),
            Self::Method(method) => user(&method.function),
            Self::Closure(closure) => user(&closure.function),
            Self::Builtin(builtin) => builtin.by_reference.contains(&index),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::User(function) => function.name.to_string(),
            Self::Closure(_) => "{closure}".to_owned(),
            Self::Method(method) => format!("{}::{}", method.owner.name, method.function.name),
            Self::Builtin(builtin) => builtin.name.to_owned(),
        }
    }
}

impl<'a> Evaluator<'a> {
    pub(crate) fn next_function(&mut self) -> u32 {
        self.functions_made += 1;
        self.functions_made
    }

    pub(crate) fn declare_function(&mut self, node: &'a Function<'a>) -> Outcome<()> {
        let names = self.frame().names.clone();
        let name = names.declared(self.text(node.name.span));
        let key = name.to_lower();
        let is_known = self.functions.contains_key(&key) || self.waits_for_function(&key);
        if is_known || self.find_builtin(&key).is_some() {
            let kind = ErrorKind::fatal(format!("cannot redeclare {name}()"));
            return self.fail(node.span, kind);
        }
        let function = UserFunction {
            name,
            id: self.next_function(),
            code: self.locate(Code {
                parameters: node.parameters.list,
                return_type: node.return_type,
                body: Body::Block(node.body),
                is_reference: node.by_reference.is_some(),
                span: node.span,
            }),
            names,
            access: Access::default(),
            is_generator: OnceCell::new(),
        };
        self.autoloaders.has_function |= &*key == b"__autoload";
        self.functions.insert(key, Rc::new(function));
        Ok(())
    }

    pub(crate) fn find_builtin(&self, name: &[u8]) -> Option<&'static Builtin> {
        builtin::find(name).filter(|builtin| builtin.exists_in(self.options.version))
    }

    /// `function (…) use (…) { … }`
    pub(crate) fn closure(&mut self, node: &'a ClosureNode<'a>) -> Outcome<Value> {
        let mut bound = Variables::default();
        for used in node.uses.map_or(&[][..], |uses| uses.list) {
            let name: Bytes = self.text(used.variable)[1..].into();
            let slot = self.frame_mut().variables.entry(name.clone());
            let value = if used.by_reference.is_some() {
                crate::statement::reference_to(slot.or_default())
            } else {
                match slot {
                    indexmap::map::Entry::Occupied(entry) => entry.get().copied(),
                    indexmap::map::Entry::Vacant(_) => Value::Null,
                }
            };
            bound.insert(name, value);
        }
        let body = Body::Block(node.body);
        let code = Code {
            parameters: node.parameters.list,
            return_type: node.return_type,
            body,
            is_reference: node.by_reference.is_some(),
            span: node.span,
        };
        Ok(self.make_closure(code, bound, node.static_at.is_some()))
    }

    pub(crate) fn make_closure(
        &mut self,
        code: Code<'a>,
        bound: Variables,
        is_static: bool,
    ) -> Value {
        let id = self.next_function();
        let frame = self.frame();
        let function = UserFunction {
            name: frame.names.declared(b"{closure}"),
            id,
            code: self.locate(code),
            names: frame.names.clone(),
            access: Access { is_static, ..Access::default() },
            is_generator: OnceCell::new(),
        };
        // Up to PHP 5.3 closures know nothing of the class around them.
        let is_scoped = self.options.version >= Version::V5_4;
        self.add_closure(ClosureData {
            function: Rc::new(function),
            bound,
            class: frame.class.clone().filter(|_| is_scoped),
            called: frame.called.clone().filter(|_| is_scoped),
            this: if is_scoped && !is_static { frame.this.clone() } else { This::None },
            statics: id,
        })
    }

    pub(crate) fn add_closure(&mut self, data: ClosureData<'a>) -> Value {
        self.closures.push(Rc::new(data));
        Value::Closure(Closure(self.closures.len() as u32 - 1))
    }

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

    /// What a name in the code calls: the first candidate that exists. A host
    /// is asked for it and for those before it.
    pub(crate) fn function_named(&mut self, name: &[u8], span: Span) -> Outcome<Callee<'a>> {
        let candidates = self.frame().names.function(name);
        for full in [Some(&candidates.full), candidates.fallback.as_ref()].into_iter().flatten() {
            self.need_function(&full.to_lower())?;
        }
        Ok(self.declared_function(name, span))
    }

    /// The same without the files that wait to declare it.
    pub(crate) fn declared_function(&self, name: &[u8], span: Span) -> Callee<'a> {
        let candidates = self.frame().names.function(name);
        let mut names = Vec::new();
        for full in [Some(&candidates.full), candidates.fallback.as_ref()].into_iter().flatten() {
            let key = full.to_lower();
            names.push(key.clone());
            if let Some(callable) = self.known_function(&key) {
                return Callee { names, callable: Ok(callable) };
            }
        }
        let shown = candidates.fallback.unwrap_or(candidates.full);
        Callee { names, callable: self.fail(span, self.no_such_function(&shown)) }
    }

    /// Why a function cannot be called that is neither declared nor PHP's.
    pub(crate) fn no_such_function(&self, name: &[u8]) -> ErrorKind {
        match builtin::removed_in(&name.to_ascii_lowercase(), self.options.version) {
            Some(version) => {
                let name = String::from_utf8_lossy(name);
                ErrorKind::fatal(format!("{name}() was removed in PHP {version}"))
            }
            None => ErrorKind::unknown_function(name),
        }
    }

    /// A function, which a file may wait to declare.
    fn needed_function(&mut self, key: &Bytes) -> Outcome<Option<Callable<'a>>> {
        self.need_function(key)?;
        Ok(self.known_function(key))
    }

    fn known_function(&self, key: &Bytes) -> Option<Callable<'a>> {
        match self.functions.get(key) {
            Some(function) => Some(Callable::User(function.clone())),
            None => self.find_builtin(key).map(Callable::Builtin),
        }
    }

    /// What a value calls.
    pub(crate) fn callee(&mut self, value: &Value, span: Span) -> Outcome<Callee<'a>> {
        let unnamed = |callable| Callee { names: Vec::new(), callable };
        match value {
            Value::Closure(Closure(id)) => Ok(unnamed(match self.closures.get(*id as usize) {
                Some(closure) => Ok(Callable::Closure(closure.clone())),
                None => self.fail(span, ErrorKind::fatal("a closure of another evaluator")),
            })),
            Value::Instance(object) => Ok(self.callee_of_object(object, b"__invoke", span)),
            Value::String(name) => {
                let name = name.strip_prefix(b"\\").unwrap_or(name);
                match name.windows(2).position(|pair| pair == b"::") {
                    Some(at) => self.method_callee(&name[..at], &name[at + 2..], span),
                    None => self.function_callee(name, span),
                }
            }
            Value::Array(array) => match (array.get(&Key::Int(0)), array.get(&Key::Int(1))) {
                (Some(Value::String(class)), Some(Value::String(method))) => {
                    self.method_callee(class, method, span)
                }
                (Some(Value::Instance(object)), Some(Value::String(method))) => {
                    Ok(self.callee_of_object(object, method, span))
                }
                _ => Ok(unnamed(self.fail(span, ErrorKind::unsupported("such a callable")))),
            },
            _ => Ok(unnamed(self.fail(span, ErrorKind::fatal("this is not callable")))),
        }
    }

    fn function_callee(&mut self, name: &[u8], span: Span) -> Outcome<Callee<'a>> {
        let key: Bytes = name.to_ascii_lowercase().into();
        let callable = match self.needed_function(&key)? {
            Some(callable) => Ok(callable),
            None => self.fail(span, self.no_such_function(name)),
        };
        Ok(Callee { names: vec![key], callable })
    }

    fn method_callee(&mut self, class: &[u8], method: &[u8], span: Span) -> Outcome<Callee<'a>> {
        let class: Bytes = class.strip_prefix(b"\\").unwrap_or(class).into();
        if [&b"self"[..], b"static", b"parent"].iter().any(|word| class.eq_ignore_ascii_case(word))
        {
            let callable = self.fail(span, ErrorKind::unsupported("such a callable"));
            return Ok(Callee { names: Vec::new(), callable });
        }
        self.need_class(&class.to_lower())?;
        let callable = match self.load_class(&class, span) {
            Ok(_) => self.method_named(&class, method, span),
            Err(error) => Err(error),
        };
        Ok(Callee { names: vec![method_key(&class, method)], callable })
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

    fn is_void(&self, hint: Type<'a>) -> bool {
        matches!(hint, Type::Name(name) if self.text(name.span).eq_ignore_ascii_case(b"void"))
    }

    fn bind_parameters(
        &mut self,
        function: &UserFunction<'a>,
        code: Code<'a>,
        arguments: Arguments,
    ) -> Outcome<()> {
        let Arguments { list, mut named } = arguments;
        let mut list = list.into_iter();
        for parameter in code.parameters {
            let name: Bytes = self.text(parameter.variable.span)[1..].into();
            if parameter.variadic.is_some() {
                let rest = self.rest(parameter, list.by_ref(), named.drain(..))?;
                self.frame_mut().variables.insert(name, rest.into());
                continue;
            }
            let by_name = named.iter().position(|(other, _)| *other == name);
            let given = list.next().or_else(|| by_name.map(|index| named.remove(index).1));
            let value = match (given, parameter.value) {
                (Some(value), _) => self.coerce_parameter(parameter, value)?,
                (None, Some(default)) => self.expression(default)?.get(),
                (None, None) => {
                    let message = format!("too few arguments to {}()", function.name);
                    return self.fail(parameter.span, ErrorKind::fatal(message));
                }
            };
            let value = match (parameter.by_reference, value) {
                (Some(_), Value::Reference(reference)) => Value::Reference(reference),
                (Some(_), value) => Value::Reference(Reference::new(value)),
                (None, value) => value.get(),
            };
            self.frame_mut().variables.insert(name, value);
        }
        match named.first() {
            None => Ok(()),
            Some((name, _)) => {
                self.fail(code.span, ErrorKind::fatal(format!("unknown named parameter ${name}")))
            }
        }
    }

    /// What `...$rest` gets.
    fn rest(
        &mut self,
        parameter: &Parameter<'a>,
        list: impl Iterator<Item = Value>,
        named: impl Iterator<Item = (Bytes, Value)>,
    ) -> Outcome<Array> {
        let mut rest = Array::from_list(Vec::new());
        for value in list {
            self.check_element(&value, parameter.span)?;
            let value = self.coerce_parameter(parameter, value)?;
            rest.append(value);
        }
        for (name, value) in named {
            rest.insert(Key::String(name), value);
        }
        Ok(rest)
    }

    fn coerce_parameter(&mut self, parameter: &Parameter<'a>, value: Value) -> Outcome<Value> {
        let Some(hint) = parameter.hint else {
            return Ok(value);
        };
        let is_null_by_default = parameter
            .value
            .is_some_and(|default| self.text(default.span()).eq_ignore_ascii_case(b"null"));
        if value.is_null() && is_null_by_default {
            return Ok(value);
        }
        self.coerce(value, hint, parameter.span)
    }

    /// The value as a declared type takes it; an error where PHP has one and
    /// where it is not clear.
    fn coerce(&mut self, value: Value, hint: Type<'a>, span: Span) -> Outcome<Value> {
        if let Value::Reference(reference) = &value {
            let inner = self.coerce(reference.get(), hint, span)?;
            reference.set(inner);
            return Ok(value);
        }
        let is_of_type = self.is_of_type(&value, hint);
        if self.at(span, is_of_type)? {
            return Ok(value);
        }
        let name = match hint {
            Type::Name(name) => clean(self.text(name.span)).to_ascii_lowercase(),
            Type::NullableType(node) => return self.coerce(value, node.inner, span),
            _ => Vec::new(),
        };
        let coerced = coerced(&name, &value, self.options);
        match self.at(span, coerced)? {
            Some(value) if self.options.version >= Version::V7_0 => Ok(value),
            _ => {
                let name = value.type_name();
                let message = format!("a value of type {name} where another one is declared");
                self.fail(span, ErrorKind::fatal(message))
            }
        }
    }

    fn is_of_type(&self, value: &Value, hint: Type<'a>) -> Result<bool, ErrorKind> {
        match hint {
            Type::NullableType(node) => Ok(value.is_null() || self.is_of_type(value, node.inner)?),
            Type::UnionType(node) => {
                for hint in node.types {
                    if self.is_of_type(value, *hint)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Type::IntersectionType(_) => match value {
                Value::Instance(_) => Err(ErrorKind::unsupported("such a type of an object")),
                _ => Ok(false),
            },
            Type::ParenthesizedType(node) => self.is_of_type(value, node.inner),
            Type::Name(name) => self.is_of_named_type(value, &clean(self.text(name.span))),
        }
    }

    fn is_of_named_type(&self, value: &Value, written: &[u8]) -> Result<bool, ErrorKind> {
        let name = written.to_ascii_lowercase();
        let name = name.strip_prefix(b"\\").unwrap_or(&name);
        Ok(match (name, value) {
            (b"mixed", _)
            | (b"int", Value::Int(_))
            | (b"float", Value::Float(_))
            | (b"string", Value::String(_))
            | (b"bool", Value::Bool(_))
            | (b"array" | b"iterable", Value::Array(_))
            | (b"null", Value::Null)
            | (b"false", Value::Bool(false))
            | (b"true", Value::Bool(true))
            | (b"object", Value::Object(_) | Value::Instance(_) | Value::Closure(_))
            | (b"stdclass", Value::Object(_))
            | (b"closure" | b"callable", Value::Closure(_)) => true,
            (b"callable", Value::String(name)) if !name.contains(&b':') => {
                self.functions.contains_key(&name.to_lower())
                    || self.find_builtin(&name.to_lower()).is_some()
            }
            (b"callable", Value::Array(_) | Value::String(_) | Value::Instance(_)) => {
                return Err(ErrorKind::unsupported("such a callable"));
            }
            (b"iterable" | b"string" | b"parent" | b"static", Value::Instance(_)) => {
                return Err(ErrorKind::unsupported("such a type of an object"));
            }
            (b"self", Value::Instance(instance)) => {
                let class = self.frame().class.as_ref();
                class.is_some_and(|class| self.class_with(instance).is_a(class))
            }
            (_, Value::Instance(instance)) => {
                let class = self.frame().names.class(written);
                return self.is_instance(instance, &class.to_lower());
            }
            _ => false,
        })
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

/// A scalar as a declared type takes it since PHP 7.0, if it does.
fn coerced(hint: &[u8], value: &Value, options: Options) -> Result<Option<Value>, ErrorKind> {
    let number = match value {
        Value::String(bytes) => match numeric(bytes, options) {
            Numeric::Whole(number) => Some(number),
            _ => None,
        },
        _ => None,
    };
    Ok(match (hint, value) {
        (b"float", Value::Int(integer)) => Some(Value::Float(*integer as f64)),
        (b"int", Value::Bool(_)) => Some(Value::Int(to_int(value, options)?)),
        (b"int", Value::Float(float)) if float.trunc() == *float && float.abs() < 2e9 => {
            Some(Value::Int(*float as i64))
        }
        (b"int", Value::String(_)) => match number {
            Some(Number::Int(integer)) => Some(Value::Int(integer)),
            _ => None,
        },
        (b"float", Value::Bool(_)) => Some(Value::Float(to_float(value, options)?)),
        (b"float", Value::String(_)) => number.map(|number| Value::Float(number.to_float())),
        (b"string", Value::Int(_) | Value::Float(_) | Value::Bool(_)) => {
            Some(Value::String(to_bytes(value, options)?))
        }
        (b"bool", Value::Int(_) | Value::Float(_) | Value::String(_)) => {
            Some(Value::Bool(to_bool(value)))
        }
        _ => None,
    })
}
