//! Classes: what a file declares, and what `A::` leads to.
//!
//! `self` and `static` differ: a method that a class inherits runs in the class
//! that declares it, and `static` is the one that was called.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use tilde_syntax::ast::{
    Class as ClassNode, ClassConstant, ClassKind, Expression, Member, MemberName, Method, Modifier,
};
use tilde_syntax::{Span, TokenKind, Version};

use crate::error::{ErrorKind, Unknown};
use crate::evaluator::{Evaluator, Outcome, Variables};
use crate::frame::Frame;
use crate::function::{Body, Code, UserFunction};
use crate::names::Names;
use crate::source::Located;
use crate::value::{Bytes, Reference, Value};

/// Classes and interfaces that every PHP since 5.2 has.
const PHPS_OWN: [&[u8]; 12] = [
    b"arrayaccess",
    b"arrayiterator",
    b"arrayobject",
    b"countable",
    b"errorexception",
    b"exception",
    b"iterator",
    b"iteratoraggregate",
    b"runtimeexception",
    b"serializable",
    b"stdclass",
    b"traversable",
];

/// Whether PHP itself has a class, whose constructor runs nothing of the program.
pub(crate) fn is_phps_own(name: &[u8]) -> bool {
    PHPS_OWN.contains(&name)
}

/// A class that a file declares.
pub(crate) struct Class<'a> {
    pub(crate) name: Bytes,
    pub(crate) parent: Option<Rc<Class<'a>>>,
    interfaces: Vec<Rc<Class<'a>>>,
    node: Located<&'a ClassNode<'a>>,
    names: Rc<Names>,
    constants: RefCell<IndexMap<Bytes, Constant<'a>, FxBuildHasher>>,
    methods: IndexMap<Bytes, Rc<UserFunction<'a>>, FxBuildHasher>,
    properties: IndexMap<Bytes, Property<'a>, FxBuildHasher>,
    /// Its number, by which its objects know it.
    pub(crate) id: u32,
    /// What it builds on that is PHP's own, in lower case.
    phps_own: Vec<Bytes>,
    pub(crate) has_plain_objects: OnceCell<bool>,
}

/// What a class builds on, but for what PHP has.
struct Ancestors<'a> {
    parent: Option<Rc<Class<'a>>>,
    interfaces: Vec<Rc<Class<'a>>>,
    phps_own: Vec<Bytes>,
}

/// A property, static or not.
pub(crate) struct Property<'a> {
    pub(crate) initial: Option<Located<Expression<'a>>>,
    pub(crate) access: Access,
    /// That of a static one that was asked for.
    value: RefCell<Option<Reference>>,
}

/// Who may use a method or property, and whether it needs an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) visibility: Visibility,
    pub(crate) is_static: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Visibility {
    #[default]
    Public,
    Protected,
    Private,
}

impl Access {
    fn of(modifiers: &[Modifier]) -> Self {
        let has = |kind| modifiers.iter().any(|modifier| modifier.kind == kind);
        let visibility = match () {
            () if has(TokenKind::Private) => Visibility::Private,
            () if has(TokenKind::Protected) => Visibility::Protected,
            () => Visibility::Public,
        };
        Self { visibility, is_static: has(TokenKind::Static) }
    }
}

#[derive(Clone)]
enum Constant<'a> {
    Written(Located<Expression<'a>>),
    Running,
    Known(Value),
}

impl<'a> Evaluator<'a> {
    pub(crate) fn is_declared(&self, node: &'a ClassNode<'a>) -> bool {
        let Some(name) = node.name else {
            return false;
        };
        let name = self.frame().names.declared(self.text(name.span));
        self.classes
            .get(&name.to_lower())
            .is_some_and(|class| class.node.ask(|declared| std::ptr::eq(*declared, node)))
    }

    pub(crate) fn declare_class(&mut self, node: &'a ClassNode<'a>) -> Outcome<()> {
        let Some(identifier) = node.name else {
            return self.fail(node.span, ErrorKind::unsupported("a class without a name"));
        };
        let names = self.frame().names.clone();
        let name = names.declared(self.text(identifier.span));
        let key = name.to_lower();
        let met = self.unknown_classes.get(&key);
        let is_known = self.classes.contains_key(&key) || self.waits_for_class(&key);
        if is_known || met.is_some_and(|met| !std::ptr::eq(*met, node)) {
            return self
                .fail(node.span, ErrorKind::fatal(format!("class {name} is declared twice")));
        }
        self.need_ancestors(node)?;
        let Some(ancestors) = self.known_ancestors(node)? else {
            self.unknown_classes.insert(key, node);
            return Ok(());
        };
        // Now it may be known, if it was declared before its trait.
        self.unknown_classes.remove(&key);
        let mut class = Class {
            name,
            parent: ancestors.parent,
            interfaces: ancestors.interfaces,
            node: self.locate(node),
            names,
            constants: RefCell::default(),
            methods: IndexMap::default(),
            properties: IndexMap::default(),
            id: self.class_list.len() as u32,
            phps_own: ancestors.phps_own,
            has_plain_objects: OnceCell::new(),
        };
        for member in node.members {
            self.add_member(&mut class, member);
        }
        let class = Rc::new(class);
        self.class_list.push(class.clone());
        self.classes.insert(key, class);
        Ok(())
    }

    /// What a class builds on; none where an autoloader may find it. For us such
    /// a class stays unknown, so that a file may be read for the rest that it
    /// declares.
    fn known_ancestors(&self, node: &'a ClassNode<'a>) -> Outcome<Option<Ancestors<'a>>> {
        match self.ancestors(node) {
            Ok(ancestors) => Ok(Some(ancestors)),
            Err(_) if self.target.is_application => Ok(None),
            Err(unknown) => {
                let class = String::from_utf8_lossy(self.text(unknown)).into_owned();
                self.fail(unknown, ErrorKind::Unknown(Unknown::Class(class)))
            }
        }
    }

    fn add_member(&mut self, class: &mut Class<'a>, member: &'a Member<'a>) {
        match member {
            Member::ClassConstants(constants) => {
                for item in constants.items {
                    let name: Bytes = self.text(item.name.span).into();
                    let constant = Constant::Written(self.locate(item.value));
                    class.constants.borrow_mut().insert(name, constant);
                }
            }
            Member::Method(method) => {
                if let Some(function) = self.method(method, class) {
                    class.methods.insert(function.name.to_lower(), Rc::new(function));
                }
            }
            Member::Properties(properties) => {
                for item in properties.items {
                    let name: Bytes = self.text(item.variable.span)[1..].into();
                    let initial = item.value.map(|value| self.locate(value));
                    let access = Access::of(properties.modifiers);
                    let property = Property { initial, access, value: RefCell::new(None) };
                    class.properties.insert(name, property);
                }
            }
            Member::TraitUse(_) | Member::EnumCase(_) => {}
        }
    }

    fn method(&mut self, node: &'a Method<'a>, class: &Class<'a>) -> Option<UserFunction<'a>> {
        let body = node.body?;
        Some(UserFunction {
            name: self.text(node.name.span).into(),
            id: self.next_function(),
            code: self.locate(Code {
                parameters: node.parameters.list,
                return_type: node.return_type,
                body: Body::Block(body),
                is_reference: node.by_reference.is_some(),
                span: node.span,
            }),
            names: class.names.clone(),
            access: Access::of(node.modifiers),
            is_generator: OnceCell::new(),
        })
    }

    /// Has the files read that wait to declare what a class builds on.
    fn need_ancestors(&mut self, node: &'a ClassNode<'a>) -> Outcome<()> {
        let uses = node.members.iter().flat_map(|member| match member {
            Member::TraitUse(uses) => uses.traits,
            _ => &[],
        });
        for name in node.extends.iter().chain(node.implements).chain(uses) {
            let full = self.frame().names.class(&crate::names::clean(self.text(name.span)));
            self.load_class(&full, name.span)?;
        }
        Ok(())
    }

    /// The classes that one builds on, or where the first is that is unknown.
    fn ancestors(&self, node: &'a ClassNode<'a>) -> Result<Ancestors<'a>, Span> {
        let mut ancestors =
            Ancestors { parent: None, interfaces: Vec::new(), phps_own: Vec::new() };
        let mut keep = |name: Span, found: Vec<Rc<Class<'a>>>| {
            if found.is_empty() {
                ancestors.phps_own.push(self.full_name(name).to_lower());
            }
            found
        };
        match node.extends {
            [extends] if node.kind != ClassKind::Interface => {
                let found = self.find_class(extends.span).ok_or(extends.span)?;
                ancestors.parent = keep(extends.span, found).pop();
            }
            interfaces => {
                for interface in interfaces {
                    let found = self.find_class(interface.span).ok_or(interface.span)?;
                    ancestors.interfaces.extend(keep(interface.span, found));
                }
            }
        }
        for interface in node.implements {
            let found = self.find_class(interface.span).ok_or(interface.span)?;
            ancestors.interfaces.extend(keep(interface.span, found));
        }
        for member in node.members {
            if let Member::TraitUse(uses) = member {
                for name in uses.traits {
                    self.find_class(name.span).ok_or(name.span)?;
                }
            }
        }
        Ok(ancestors)
    }

    /// A class that another one builds on, in a list that is empty if it is one
    /// of PHP's; nothing if it is neither that nor declared.
    fn find_class(&self, name: Span) -> Option<Vec<Rc<Class<'a>>>> {
        let key = self.full_name(name).to_lower();
        match self.classes.get(&key) {
            Some(class) => Some(vec![class.clone()]),
            None => PHPS_OWN.contains(&&*key).then(Vec::new),
        }
    }

    fn full_name(&self, name: Span) -> Bytes {
        self.frame().names.class(&crate::names::clean(self.text(name)))
    }

    /// The class that stands before `::`.
    pub(crate) fn class_of(&mut self, class: Expression<'a>) -> Outcome<Rc<Class<'a>>> {
        let name = self.class_name(class)?;
        self.load_class(&name, class.span())?;
        match self.classes.get(&name.to_lower()) {
            Some(class) => Ok(class.clone()),
            None => {
                let unknown = Unknown::Class(name.to_string());
                self.fail(class.span(), ErrorKind::Unknown(unknown))
            }
        }
    }

    /// The full name of what stands before `::`.
    pub(crate) fn class_name(&mut self, class: Expression<'a>) -> Outcome<Bytes> {
        let Expression::Name(name) = class else {
            let value = self.expression(class)?.get();
            return match value {
                Value::String(name) => Ok(name.strip_prefix(b"\\").unwrap_or(&name).into()),
                Value::Object(_) => Ok("stdClass".into()),
                Value::Instance(instance) => Ok(self.class_with(&instance).name.clone()),
                Value::Closure(_) => Ok("Closure".into()),
                _ => self.fail(class.span(), ErrorKind::fatal("class name must be a string")),
            };
        };
        let text = crate::names::clean(self.text(name.span));
        let current = self.frame().class.clone();
        match (&*text.to_ascii_lowercase(), current) {
            (b"self", Some(class)) => Ok(class.name.clone()),
            (b"static", Some(class)) => {
                let called = self.frame().called.as_ref();
                Ok(called.map_or_else(|| class.name.clone(), |called| called.name.clone()))
            }
            (b"parent", Some(class)) if class.parent.is_some() => {
                Ok(class.parent.as_ref().map(|parent| parent.name.clone()).unwrap_or_default())
            }
            (b"self" | b"static" | b"parent", _) => {
                self.fail(name.span, ErrorKind::fatal("there is no such class here"))
            }
            _ => Ok(self.frame().names.class(&text)),
        }
    }

    /// `A::B`
    pub(crate) fn class_constant(&mut self, node: &'a ClassConstant<'a>) -> Outcome<Value> {
        let name: Bytes = match node.name {
            MemberName::Identifier(name) => self.text(name.span).into(),
            MemberName::BracedName(name) => self.expression_bytes(name.expression)?,
            _ => return self.fail(node.span, ErrorKind::unsupported("such a class constant")),
        };
        if name.eq_ignore_ascii_case(b"class") {
            return Ok(Value::String(self.class_name(node.class)?));
        }
        if let Some(value) = self.pdo_constant(node.class, &name)? {
            return Ok(value);
        }
        let class = self.class_of(node.class)?;
        self.constant_of(&class, &name, node.span)
    }

    /// `PDO::ATTR_CASE`, unless the target has no PDO or a file declares such a
    /// class.
    fn pdo_constant(&mut self, class: Expression<'a>, name: &[u8]) -> Outcome<Option<Value>> {
        let is_loaded = match &self.target.extensions {
            Some(all) => all.iter().any(|extension| extension.eq_ignore_ascii_case("pdo")),
            None => true,
        };
        let is_pdo = matches!(class, Expression::Name(_))
            && self.class_name(class)?.eq_ignore_ascii_case(b"PDO");
        let is_free = !self.classes.contains_key(&b"pdo"[..]) && !self.waits_for_class(b"pdo");
        let value = crate::constant::of_pdo(name).filter(|_| is_pdo && is_loaded && is_free);
        Ok(value.map(Value::Int))
    }

    pub(crate) fn constant_of(
        &mut self,
        class: &Rc<Class<'a>>,
        name: &Bytes,
        span: Span,
    ) -> Outcome<Value> {
        let mut waiting = vec![class.clone()];
        while let Some(class) = waiting.pop() {
            let constant = class.constants.borrow().get(name).cloned();
            match constant {
                Some(Constant::Known(value)) => return Ok(value),
                Some(Constant::Running) => {
                    return self.fail(span, ErrorKind::fatal("a constant that refers to itself"));
                }
                Some(Constant::Written(expression)) => {
                    class.constants.borrow_mut().insert(name.clone(), Constant::Running);
                    let result = self.in_class(&class, expression);
                    let constant = match &result {
                        Ok(value) => Constant::Known(value.clone()),
                        Err(_) => Constant::Written(expression),
                    };
                    class.constants.borrow_mut().insert(name.clone(), constant);
                    return result;
                }
                None => {
                    if class.has_unknown_parts() {
                        let unknown = Unknown::Constant(format!("{}::{name}", class.name));
                        return self.fail(span, ErrorKind::Unknown(unknown));
                    }
                    waiting.extend(class.interfaces.iter().cloned());
                    waiting.extend(class.parent.clone());
                }
            }
        }
        self.fail(span, ErrorKind::fatal(format!("undefined constant {}::{name}", class.name)))
    }

    /// Evaluates something as if it stood in a class.
    pub(crate) fn in_class(
        &mut self,
        class: &Rc<Class<'a>>,
        expression: Located<Expression<'a>>,
    ) -> Outcome<Value> {
        let mut frame = Frame::new(expression.file(), Variables::default());
        frame.names = class.names.clone();
        frame.class = Some(class.clone());
        frame.called = Some(class.clone());
        self.in_frame(frame, |evaluator| evaluator.expression(evaluator.node(expression)))
    }

    /// `A::$b`
    pub(crate) fn static_property(
        &mut self,
        class: Expression<'a>,
        name: &[u8],
        span: Span,
    ) -> Outcome<Reference> {
        let class = self.class_of(class)?;
        let mut owner = Some(&class);
        while let Some(class) = owner {
            if let Some(property) = class.properties.get(name) {
                let result = self.check_static(class, property, name);
                self.at(span, result)?;
                if let Some(reference) = &*property.value.borrow() {
                    return Ok(reference.clone());
                }
                let value = match property.initial {
                    Some(initial) => self.in_class(class, initial)?,
                    None => Value::Null,
                };
                let reference = Reference::new(value);
                *property.value.borrow_mut() = Some(reference.clone());
                return Ok(reference);
            }
            owner = class.parent.as_ref();
        }
        let name = String::from_utf8_lossy(name);
        let unknown = Unknown::Variable(format!("{}::${name}", class.name));
        self.fail(span, ErrorKind::Unknown(unknown))
    }
}

impl<'a> Class<'a> {
    pub(crate) fn kind(&self) -> ClassKind {
        self.node.ask(|node| node.kind)
    }

    /// A method, with the class that declares it.
    pub(crate) fn find_method(
        class: &Rc<Self>,
        name: &[u8],
    ) -> Option<(Rc<Self>, Rc<UserFunction<'a>>)> {
        let name = name.to_ascii_lowercase();
        let mut owner = Some(class);
        while let Some(class) = owner {
            if let Some(method) = class.methods.get(&*name) {
                return Some((class.clone(), method.clone()));
            }
            owner = class.parent.as_ref();
        }
        None
    }

    /// A method that the class itself declares.
    pub(crate) fn method(&self, name: &[u8]) -> Option<&Rc<UserFunction<'a>>> {
        self.methods.get(name)
    }

    /// The properties that the class itself declares, in their order.
    pub(crate) fn properties(&self) -> impl Iterator<Item = (&Bytes, &Property<'a>)> {
        self.properties.iter()
    }

    pub(crate) fn property(&self, name: &[u8]) -> Option<&Property<'a>> {
        self.properties.get(name)
    }

    /// The class and those that it extends, itself first.
    pub(crate) fn lineage(class: &Rc<Self>) -> impl Iterator<Item = &Rc<Self>> {
        std::iter::successors(Some(class), |class| class.parent.as_ref())
    }

    /// The class and all that it builds on, each once.
    fn family(&self) -> Vec<&Self> {
        let mut family: Vec<&Self> = Vec::new();
        let mut waiting = vec![self];
        while let Some(class) = waiting.pop() {
            if !family.iter().any(|known| std::ptr::eq(*known, class)) {
                family.push(class);
                waiting.extend(class.parent.iter().chain(&class.interfaces).map(|class| &**class));
            }
        }
        family
    }

    /// Whether it is another class or builds on it.
    pub(crate) fn is_a(&self, other: &Self) -> bool {
        self.family().into_iter().any(|class| std::ptr::eq(class, other))
    }

    /// What it and those that it builds on have from PHP itself, in lower case.
    pub(crate) fn phps_own(&self) -> Vec<Bytes> {
        self.family().into_iter().flat_map(|class| class.phps_own.iter().cloned()).collect()
    }

    /// Those of its properties that were asked for as static ones.
    pub(crate) fn static_values(&self) -> Vec<(Bytes, Reference)> {
        let value = |(name, property): (&Bytes, &Property<'a>)| {
            Some((name.clone(), property.value.borrow().clone()?))
        };
        self.properties.iter().filter_map(value).collect()
    }

    /// An answer about its declaration that needs no text.
    pub(crate) fn ask<R: 'static>(&self, question: impl FnOnce(&ClassNode<'a>) -> R) -> R {
        self.node.ask(|node| question(node))
    }

    /// What the class itself declares as its constructor. Up to PHP 7.4 that may
    /// be a method with the name of a class that is in no namespace.
    pub(crate) fn own_constructor(&self, version: Version) -> Option<&Rc<UserFunction<'a>>> {
        let is_old = version < Version::V8_0 && !self.name.contains(&b'\\');
        let old = || self.methods.get(&self.name.to_lower()).filter(|_| is_old);
        self.methods.get(&b"__construct"[..]).or_else(old)
    }

    /// Whether a constructor may come from what no file has shown.
    pub(crate) fn may_inherit_constructor(&self) -> bool {
        let mut owner = Some(self);
        while let Some(class) = owner {
            if class.has_unknown_parts() {
                return true;
            }
            owner = class.parent.as_deref();
        }
        false
    }

    /// Whether files have shown all that it builds on.
    pub(crate) fn is_whole(&self) -> bool {
        self.family().into_iter().all(|class| !class.has_unknown_parts())
    }

    /// Whether it has constants that no file has shown.
    pub(crate) fn has_unknown_parts(&self) -> bool {
        let (parents, interfaces) = (usize::from(self.parent.is_some()), self.interfaces.len());
        self.node.ask(|node| {
            let is_unknown =
                |member: &Member<'_>| matches!(member, Member::TraitUse(_) | Member::EnumCase(_));
            node.extends.len() > parents
                || node.implements.len() > interfaces
                || node.members.iter().any(is_unknown)
        })
    }
}
