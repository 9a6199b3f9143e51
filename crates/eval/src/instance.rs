//! Objects of the program's own classes, and who may do what with them.
//!
//! An object is known if its class and all that it extends do no more than hold
//! values and have methods: no traits, typed properties, magic methods or
//! destructors, and no parent of PHP's own. A private property of a parent has a
//! slot of its own beside one of the same name; a class with both has no such
//! objects.

use std::rc::Rc;

use tilde_syntax::Version;
use tilde_syntax::ast::{Class as ClassNode, ClassKind, Expression, Member, MethodCall, Modifier};
use tilde_syntax::{Span, TokenKind};

use crate::array::{Array, Key};
use crate::class::{Class, Property, Visibility};
use crate::error::ErrorKind;
use crate::evaluator::{Evaluator, Outcome};
use crate::frame::This;
use crate::function::{BoundMethod, Callable, Callee, UserFunction, method_key};
use crate::value::{Bytes, Instance, Value};

/// What PHP calls where an object is not what it looks like.
const MAGIC: [&[u8]; 5] = [b"__get", b"__set", b"__isset", b"__unset", b"__call"];

/// A method, and the class that declares it.
type Found<'a> = (Rc<Class<'a>>, Rc<UserFunction<'a>>);

/// What the running code may do with a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    Open,
    /// PHP stops, or says that there is none where nothing but that is asked.
    Hidden,
    /// It is another property than the one of this name that we know.
    Unclear,
}

/// Whose properties the running code may use.
pub(crate) struct Viewpoint<'m, 'a> {
    pub(crate) classes: &'m [Rc<Class<'a>>],
    pub(crate) scope: Option<Rc<Class<'a>>>,
}

impl Viewpoint<'_, '_> {
    fn sight(&self, instance: &Instance, name: &[u8]) -> Sight {
        let class = &self.classes[instance.class() as usize];
        let declares = |owner: &&Rc<Class<'_>>| owner.property(name).is_some();
        let Some(owner) = Class::lineage(class).find(declares) else {
            let is_name = !name.is_empty() && name[0] != 0;
            return if is_name { Sight::Open } else { Sight::Unclear };
        };
        let access = owner.property(name).map(|property| property.access).unwrap_or_default();
        let scope = self.scope.as_ref();
        match access.visibility {
            _ if access.is_static => Sight::Unclear,
            Visibility::Public => Sight::Open,
            Visibility::Protected => match scope {
                Some(scope) if scope.is_a(owner) || owner.is_a(scope) => Sight::Open,
                Some(_) => Sight::Unclear,
                None => Sight::Hidden,
            },
            Visibility::Private if scope.is_some_and(|scope| Rc::ptr_eq(scope, owner)) => {
                Sight::Open
            }
            // Nobody but the parent knows of it.
            Visibility::Private if !Rc::ptr_eq(owner, class) => Sight::Unclear,
            Visibility::Private => Sight::Hidden,
        }
    }

    /// Refuses what the running code may not do with a property.
    pub(crate) fn check(&self, instance: &Instance, name: &[u8]) -> Result<(), ErrorKind> {
        match self.sight(instance, name) {
            Sight::Open => Ok(()),
            Sight::Hidden => {
                let name = String::from_utf8_lossy(name);
                Err(ErrorKind::fatal(format!("cannot access the property ${name} from here")))
            }
            Sight::Unclear => Err(ErrorKind::unsupported("such a property of an object")),
        }
    }
}

impl<'a> Evaluator<'a> {
    /// A new object of a class, before its constructor; none if we have none.
    pub(crate) fn object_of(&mut self, name: &Bytes) -> Outcome<Option<Instance>> {
        let Some(class) = self.classes.get(&name.to_lower()).cloned() else { return Ok(None) };
        if !Class::has_plain_objects(&class) {
            return Ok(None);
        }
        let mut properties = Array::new();
        let lineage: Vec<Rc<Class<'a>>> = Class::lineage(&class).cloned().collect();
        for owner in lineage.iter().rev() {
            for (name, property) in owner.properties() {
                if property.access.is_static {
                    continue;
                }
                let value = match property.initial {
                    Some(initial) => self.in_class(owner, initial)?,
                    None => Value::Null,
                };
                properties.insert(Key::String(name.clone()), value);
            }
        }
        let charged = self.charge(properties.len() * 48);
        charged.map_err(|kind| self.error(Span { start: 0, end: 0 }, kind))?;
        Ok(Some(Instance::new(class.id, properties)))
    }

    pub(crate) fn class_with(&self, instance: &Instance) -> &Rc<Class<'a>> {
        &self.class_list[instance.class() as usize]
    }

    fn viewpoint(&self) -> Viewpoint<'_, 'a> {
        Viewpoint { classes: &self.class_list, scope: self.frame().class.clone() }
    }

    /// Whether an object is of a class, by its name in lower case.
    pub(crate) fn is_instance(&self, instance: &Instance, key: &[u8]) -> Result<bool, ErrorKind> {
        let class = self.class_with(instance);
        if let Some(other) = self.classes.get(key) {
            return Ok(class.is_a(other));
        }
        let phps_own = class.phps_own();
        if phps_own.iter().any(|own| **own == *key) {
            return Ok(true);
        }
        let is_stringable = Class::find_method(class, b"__tostring").is_some();
        if phps_own.is_empty() && !is_stringable {
            return Ok(false);
        }
        // PHP's interfaces build on each other.
        Err(ErrorKind::unsupported("a question about interfaces of PHP"))
    }

    /// The value of a property; none if there is no such one.
    pub(crate) fn property_of(
        &mut self,
        instance: &Instance,
        name: Bytes,
        is_quiet: bool,
        span: Span,
    ) -> Outcome<Option<Value>> {
        let viewpoint = self.viewpoint();
        if is_quiet && viewpoint.sight(instance, &name) == Sight::Hidden {
            return Ok(None);
        }
        let allowed = viewpoint.check(instance, &name);
        self.at(span, allowed)?;
        let value = instance.object().lock().get(&Key::String(name)).cloned();
        Ok(value.map(|value| value.get()))
    }

    /// Removes a property.
    pub(crate) fn unset_property(
        &mut self,
        instance: &Instance,
        name: Bytes,
        span: Span,
    ) -> Outcome<()> {
        let allowed = self.viewpoint().check(instance, &name);
        self.at(span, allowed)?;
        instance.object().lock().remove(&Key::String(name));
        Ok(())
    }

    /// `clone $a`
    pub(crate) fn cloned_instance(&mut self, instance: &Instance, span: Span) -> Outcome<Value> {
        if Class::find_method(self.class_with(instance), b"__clone").is_some() {
            return self.fail(span, ErrorKind::unsupported("clone of this"));
        }
        let properties = instance.object().properties();
        let charged = self.charge(properties.len() * 48);
        self.at(span, charged)?;
        Ok(Value::Instance(Instance::new(instance.class(), properties)))
    }

    /// What `new` calls, with the class that declares it.
    pub(crate) fn constructor_of(&self, class: &Rc<Class<'a>>) -> Option<Found<'a>> {
        Class::lineage(class).find_map(|owner| {
            let constructor = owner.own_constructor(self.options.version)?;
            Some((owner.clone(), constructor.clone()))
        })
    }

    /// The method that the running code calls by a name.
    pub(crate) fn visible_method(
        &self,
        class: &Rc<Class<'a>>,
        name: &[u8],
    ) -> Result<Option<Found<'a>>, ErrorKind> {
        let name = name.to_ascii_lowercase();
        // A private method of the code's own class goes before those of the
        // classes that extend it.
        if let Some(scope) = &self.frame().class
            && let Some(own) = scope.method(&name)
            && own.access.visibility == Visibility::Private
            && class.is_a(scope)
        {
            return Ok(Some((scope.clone(), own.clone())));
        }
        let Some((owner, function)) = Class::find_method(class, &name) else { return Ok(None) };
        self.check_method(&owner, &function)?;
        Ok(Some((owner, function)))
    }

    /// Refuses a method that the running code may not call.
    pub(crate) fn check_method(
        &self,
        owner: &Rc<Class<'a>>,
        function: &UserFunction<'a>,
    ) -> Result<(), ErrorKind> {
        let scope = self.frame().class.as_ref();
        let is_visible = match function.access.visibility {
            Visibility::Public => true,
            Visibility::Protected => {
                scope.is_some_and(|scope| scope.is_a(owner) || owner.is_a(scope))
            }
            Visibility::Private => scope.is_some_and(|scope| Rc::ptr_eq(scope, owner)),
        };
        if is_visible {
            return Ok(());
        }
        let catches = |name: &[u8]| Class::find_method(owner, name).is_some();
        // Two classes may have the method from one that both extend.
        let may_be_related = function.access.visibility == Visibility::Protected && scope.is_some();
        if may_be_related || catches(b"__call") || catches(b"__callstatic") {
            return Err(ErrorKind::unsupported("a call of a method that is not public"));
        }
        let message = format!("{}::{}() is not public", owner.name, function.name);
        Err(ErrorKind::fatal(message))
    }

    /// Refuses a property that is not static, or not for the running code.
    pub(crate) fn check_static(
        &self,
        owner: &Rc<Class<'a>>,
        property: &Property<'a>,
        name: &[u8],
    ) -> Result<(), ErrorKind> {
        let scope = self.frame().class.as_ref();
        let is_visible = match property.access.visibility {
            Visibility::Public => true,
            Visibility::Protected => {
                scope.is_some_and(|scope| scope.is_a(owner) || owner.is_a(scope))
            }
            Visibility::Private => scope.is_some_and(|scope| Rc::ptr_eq(scope, owner)),
        };
        if is_visible && property.access.is_static {
            return Ok(());
        }
        let name = String::from_utf8_lossy(name);
        let what = if is_visible { "static" } else { "public" };
        Err(ErrorKind::fatal(format!("{}::${name} is not {what}", owner.name)))
    }

    /// A method as `A::f()` calls it: the object that runs stays where it is one
    /// of the class.
    pub(crate) fn statically(
        &self,
        class: &Rc<Class<'a>>,
        (owner, function): Found<'a>,
        forwards: bool,
    ) -> Result<Box<BoundMethod<'a>>, ErrorKind> {
        let frame = self.frame();
        let version = self.options.version;
        let forwarded = frame.called.as_ref().filter(|called| called.is_a(class));
        let called = forwarded.filter(|_| forwards).unwrap_or(class).clone();
        let (called, this) = match (&frame.this, forwarded) {
            _ if function.access.is_static => (called, This::None),
            (This::Known(object), _) if self.class_with(object).is_a(class) => {
                (self.class_with(object).clone(), frame.this.clone())
            }
            (This::Unknown, Some(object)) => (object.clone(), This::Unknown),
            _ if version >= Version::V8_0 => {
                let message = format!("{}::{}() needs an object", owner.name, function.name);
                return Err(ErrorKind::fatal(message));
            }
            // Up to PHP 5.6 the object goes along, whatever its class is.
            (This::Known(_) | This::Unknown, _) if version < Version::V7_0 => {
                return Err(ErrorKind::unsupported("a method with an object of another class"));
            }
            _ => (called, This::None),
        };
        Ok(Box::new(BoundMethod { owner, function, called, this }))
    }

    /// Whether `self::`, `parent::` or `static::` stands there.
    pub(crate) fn forwards(&self, class: Expression<'a>) -> bool {
        let Expression::Name(name) = class else { return false };
        let text = crate::names::clean(self.text(name.span)).to_ascii_lowercase();
        matches!(&*text, b"self" | b"parent" | b"static")
    }

    /// What `array('A', 'f')` calls.
    pub(crate) fn method_named(
        &self,
        class: &Bytes,
        method: &[u8],
        span: Span,
    ) -> Outcome<Callable<'a>> {
        let unknown = || {
            let name = [&**class, b"::", method].concat();
            self.fail(span, ErrorKind::unknown_function(&name))
        };
        let Some(class) = self.classes.get(&class.to_lower()) else { return unknown() };
        let found = self.visible_method(class, method);
        match self.at(span, found)? {
            Some(found) => {
                let method = self.statically(class, found, false);
                self.at(span, method).map(Callable::Method)
            }
            None => unknown(),
        }
    }

    /// What `array($object, 'f')` calls.
    pub(crate) fn callee_of_object(
        &self,
        object: &Instance,
        name: &[u8],
        span: Span,
    ) -> Callee<'a> {
        let class = self.class_with(object);
        let names = vec![method_key(&class.name, name)];
        if name.contains(&b':') {
            let callable = self.fail(span, ErrorKind::unsupported("such a callable"));
            return Callee { names, callable };
        }
        let found = self.visible_method(class, name);
        let callable = self.at(span, found).and_then(|found| match found {
            Some((owner, function)) => {
                let is_static = function.access.is_static;
                let this = if is_static { This::None } else { This::Known(object.clone()) };
                let called = class.clone();
                Ok(Callable::Method(Box::new(BoundMethod { owner, function, called, this })))
            }
            None => {
                let name = String::from_utf8_lossy(name);
                let message = format!("call to undefined method {}::{name}()", class.name);
                self.fail(span, ErrorKind::fatal(message))
            }
        });
        Callee { names, callable }
    }

    /// `object->f()`
    pub(crate) fn call_of_object(
        &mut self,
        object: Value,
        node: &'a MethodCall<'a>,
    ) -> Outcome<Value> {
        match object {
            Value::Null if node.is_nullsafe => Ok(Value::Null),
            Value::Instance(object) => {
                let name = self.member_name(node.name)?;
                let callee = self.callee_of_object(&object, &name, node.span);
                let arguments = self.arguments_for(&callee, node.arguments.list)?;
                self.call_callee(callee, arguments, node.span)
            }
            Value::Closure(closure) => {
                let name = self.member_name(node.name)?;
                self.call_of_closure(closure, &name, node)
            }
            _ => self.fail(node.span, ErrorKind::unsupported("a call of a method")),
        }
    }
}

impl Class<'_> {
    /// Whether an object of the class is its own properties and nothing more.
    fn has_plain_objects(class: &Rc<Self>) -> bool {
        *class.has_plain_objects.get_or_init(|| {
            let lineage: Vec<&Rc<Self>> = Class::lineage(class).collect();
            lineage.iter().all(|owner| owner.is_plain()) && !has_hidden_slots(&lineage)
        })
    }

    fn is_plain(&self) -> bool {
        let is_magic = |name: &&[u8]| self.method(name).is_some();
        let parents = usize::from(self.parent.is_some());
        self.ask(is_plain)
            && self.ask(|node| node.extends.len()) == parents
            && !MAGIC.iter().any(is_magic)
    }

    /// Whether it has no objects of its own.
    pub(crate) fn is_abstract(&self) -> bool {
        self.ask(|node| node.kind != ClassKind::Class || has(node.modifiers, TokenKind::Abstract))
    }
}

/// Whether a private property has the name of another one.
fn has_hidden_slots(lineage: &[&Rc<Class<'_>>]) -> bool {
    lineage.iter().enumerate().any(|(index, owner)| {
        let is_again =
            |name: &Bytes| lineage[..index].iter().any(|class| class.property(name).is_some());
        owner.properties().any(|(name, property)| {
            property.access.visibility == Visibility::Private && is_again(name)
        })
    })
}

fn is_plain(node: &ClassNode<'_>) -> bool {
    let is_plain = |member: &Member<'_>| match member {
        Member::Properties(properties) => {
            properties.hint.is_none() && properties.terminator.is_some()
        }
        Member::Method(method) => {
            method.parameters.list.iter().all(|parameter| parameter.modifiers.is_empty())
        }
        Member::ClassConstants(_) => true,
        Member::TraitUse(_) | Member::EnumCase(_) => false,
    };
    node.members.iter().all(is_plain)
}

fn has(modifiers: &[Modifier], kind: TokenKind) -> bool {
    modifiers.iter().any(|modifier| modifier.kind == kind)
}
