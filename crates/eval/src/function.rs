//! Functions and closures of the evaluated files, and calls of anything.
//!
//! Whether an argument goes in by reference is the callee's to say, so the callee
//! must be known before the arguments are evaluated.

mod call;
mod callee;
mod parameters;

use std::cell::OnceCell;
use std::rc::Rc;

use tilde_syntax::ast::{
    Block, Closure as ClosureNode, Expression, Function, Node, Parameter, Type,
};
use tilde_syntax::{Flow as WalkFlow, Span, Version, Visitor, walk};

use crate::builtin::{self, Builtin};
use crate::class::{Access, Class};
use crate::error::ErrorKind;
use crate::evaluator::{Evaluator, Outcome, Variables};
use crate::frame::This;
use crate::names::Names;
use crate::source::Located;
use crate::value::{Bytes, Closure, Value};

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
}
