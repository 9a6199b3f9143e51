//! What can be assigned to: variables, elements, properties.
//!
//! `$a[$i] = $i++` reads the `$i` between the brackets last, as PHP compiles it;
//! `$a[f()]` calls `f` first.

use std::sync::Arc;

use tilde_syntax::ast::{AssignmentOperator, BinaryOperator, Element, Expression, MemberName};
use tilde_syntax::{Options, Span, Version, is_superglobal};

use crate::array::{Array, Key, make_mut};
use crate::convert::{Result, to_bytes, to_int, to_key, with_stack};
use crate::error::{ErrorKind, Limit, Unknown};
use crate::evaluator::{Evaluator, Outcome};
use crate::instance::Viewpoint;
use crate::number::Numeric;
use crate::operator::{binary, step};
use crate::statement::reference_to;
use crate::superglobal::is_request;
use crate::value::{Bytes, Mystery, Object, Reference, Value};

/// A place, of which everything but plain variables between brackets has been
/// evaluated.
pub(crate) struct Place {
    root: Root,
    steps: Vec<PlaceStep>,
}

enum Root {
    Variable(Bytes),
    Reference(Reference),
    Value(Value),
}

#[derive(Clone)]
enum PlaceStep {
    Key(Value),
    Variable(Bytes),
    Append,
    Property(Bytes),
}

/// What a way through arrays may use up.
struct Budget<'m, 'a> {
    options: Options,
    viewpoint: Viewpoint<'m, 'a>,
    memory: &'m mut u64,
    limit: u64,
}

impl Budget<'_, '_> {
    fn charge(&mut self, bytes: usize) -> Result<()> {
        *self.memory += bytes as u64;
        if *self.memory > self.limit {
            return Err(ErrorKind::Limit(Limit::Memory));
        }
        Ok(())
    }
}

/// What a place costs that may be new: its key and value.
const ELEMENT: usize = 48;

impl<'a> Evaluator<'a> {
    pub(crate) fn place_of(&mut self, expression: Expression<'a>) -> Outcome<Place> {
        let mut links = Vec::new();
        let mut expression = expression;
        let root = loop {
            match expression {
                Expression::Parenthesized(node) => expression = node.inner,
                Expression::Index(node) => match self.entry(node)? {
                    Some(entry) => {
                        break Root::Reference(self.entry_reference(&entry, node.span)?);
                    }
                    None => {
                        links.push(expression);
                        expression = node.base;
                    }
                },
                Expression::Property(node) => {
                    links.push(expression);
                    expression = node.object;
                }
                other => {
                    // `$this` alone is no place, and no array.
                    let is_of_object = matches!(links.last(), Some(Expression::Property(_)));
                    break match other {
                        Expression::Variable(_)
                            if is_of_object && self.text(other.span()) == b"$this" =>
                        {
                            Root::Value(self.expression(other)?)
                        }
                        _ => self.root(other)?,
                    };
                }
            }
        };
        let mut steps = Vec::new();
        for link in links.into_iter().rev() {
            steps.extend(self.place_step(link)?);
        }
        Ok(Place { root, steps })
    }

    /// What a place begins with.
    fn root(&mut self, expression: Expression<'a>) -> Outcome<Root> {
        let span = expression.span();
        let name: Bytes = match expression {
            Expression::Variable(_) => self.text(span)[1..].into(),
            Expression::VariableVariable(node) => self.expression_bytes(node.name)?,
            Expression::StaticProperty(node) => {
                let Expression::Variable(variable) = node.variable else {
                    return self.fail(span, ErrorKind::unsupported("a computed static property"));
                };
                let name = &self.text(variable.span)[1..];
                return self.static_property(node.class, name, span).map(Root::Reference);
            }
            other => return self.called_place(other).map(Root::Value),
        };
        if is_request(&name) && matches!(expression, Expression::Variable(_)) {
            return self.request_reference(&name, span).map(Root::Reference);
        }
        self.check_writable(&name, span)?;
        Ok(Root::Variable(name))
    }

    /// What a place begins with that is no variable. We return values, which no
    /// write reaches; of an object they are as good.
    fn called_place(&mut self, expression: Expression<'a>) -> Outcome<Value> {
        self.returned_reference = false;
        let value = self.expression(expression)?;
        let is_call = matches!(
            expression,
            Expression::Call(_) | Expression::MethodCall(_) | Expression::StaticCall(_)
        );
        let is_object = matches!(value, Value::Object(_) | Value::Instance(_));
        if is_call && self.returned_reference && !is_object {
            let kind = ErrorKind::unsupported("a reference that a function returns");
            return self.fail(expression.span(), kind);
        }
        Ok(value)
    }

    fn place_step(&mut self, link: Expression<'a>) -> Outcome<Option<PlaceStep>> {
        Ok(Some(match link {
            Expression::Property(node) => PlaceStep::Property(self.member_name(node.name)?),
            Expression::Index(node) => match node.index {
                None => PlaceStep::Append,
                Some(Expression::Variable(index)) => {
                    PlaceStep::Variable(self.text(index.span)[1..].into())
                }
                Some(index) => PlaceStep::Key(self.index_value(index)?),
            },
            _ => return Ok(None),
        }))
    }

    fn check_writable(&self, name: &[u8], span: Span) -> Outcome<()> {
        if is_superglobal(name) {
            let unknown = Unknown::Variable(String::from_utf8_lossy(name).into_owned());
            return self.fail(span, ErrorKind::Unknown(unknown));
        }
        if name == b"this" {
            return self.fail(span, ErrorKind::unsupported("$this"));
        }
        Ok(())
    }

    pub(crate) fn member_name(&mut self, name: MemberName<'a>) -> Outcome<Bytes> {
        match name {
            MemberName::Identifier(name) => Ok(self.text(name.span).into()),
            MemberName::BracedName(name) => self.expression_bytes(name.expression),
            MemberName::Variable(name) => self.expression_bytes(Expression::Variable(name)),
            MemberName::VariableVariable(name) => {
                self.expression_bytes(Expression::VariableVariable(name))
            }
            MemberName::Index(name) => {
                self.fail(name.span, ErrorKind::unsupported("such a name of a property"))
            }
        }
    }

    /// Runs something on a place, which comes into being if need be.
    pub(crate) fn with_place<T>(
        &mut self,
        place: &Place,
        span: Span,
        run: impl FnOnce(&mut Value) -> Result<T>,
    ) -> Outcome<T> {
        self.with_steps(place, span, false, run)
    }

    /// The same, and `run` gets to see whether there is a reference.
    pub(crate) fn with_slot<T>(
        &mut self,
        place: &Place,
        span: Span,
        run: impl FnOnce(&mut Value) -> Result<T>,
    ) -> Outcome<T> {
        self.shares_elements |= !place.steps.is_empty();
        self.with_steps(place, span, true, run)
    }

    fn with_steps<T>(
        &mut self,
        place: &Place,
        span: Span,
        is_raw: bool,
        run: impl FnOnce(&mut Value) -> Result<T>,
    ) -> Outcome<T> {
        if place.steps.len() > crate::convert::MAX_NESTING as usize {
            return self.fail(span, ErrorKind::Limit(Limit::Nesting));
        }
        let steps = self.known_steps(place);
        self.known(span, Ok(()))?;
        for step in &steps {
            if let PlaceStep::Key(key) = step {
                self.charge_comparison(key, &Value::Null, span)?;
            }
        }
        let scope = self.frame().class.clone();
        let mut budget = Budget {
            options: self.options,
            viewpoint: Viewpoint { classes: &self.class_list, scope },
            memory: &mut self.memory,
            limit: self.limits.memory,
        };
        let frame = self.frames.current_mut();
        let result = match &place.root {
            Root::Variable(name) => {
                let value = match frame.variables.get_mut(&**name) {
                    Some(value) => value,
                    None => frame.variables.entry(name.clone()).or_default(),
                };
                walk(value, &steps, is_raw, &mut budget, run)
            }
            Root::Reference(reference) => {
                walk(&mut Value::Reference(reference.clone()), &steps, is_raw, &mut budget, run)
            }
            Root::Value(value) => walk(&mut value.clone(), &steps, is_raw, &mut budget, run),
        };
        let result = self.at(span, result);
        self.known(span, result)
    }

    /// The steps with the variables between brackets read.
    fn known_steps(&self, place: &Place) -> Vec<PlaceStep> {
        let known = |step: &PlaceStep| match step {
            PlaceStep::Variable(name) => {
                PlaceStep::Key(self.frame().variables.get(&**name).map_or(Value::Null, Value::get))
            }
            other => other.clone(),
        };
        place.steps.iter().map(known).collect()
    }

    /// The value of a place, null if there is nothing.
    pub(crate) fn read_place(&mut self, place: &Place, span: Span) -> Outcome<Value> {
        let mut value = match &place.root {
            Root::Variable(name) => {
                self.frame().variables.get(&**name).map_or(Value::Null, Value::get)
            }
            Root::Reference(reference) => reference.get(),
            Root::Value(value) => value.get(),
        };
        for step in self.known_steps(place) {
            value = match step {
                PlaceStep::Key(index) => {
                    let result = read_index(&value, &index, self.options);
                    self.at(span, result)?.unwrap_or_default()
                }
                PlaceStep::Property(name) => match &value {
                    Value::Instance(instance) => {
                        self.property_of(instance, name, false, span)?.unwrap_or_default()
                    }
                    Value::Object(object) => {
                        let key = Key::String(name);
                        object.properties().get(&key).map_or(Value::Null, Value::get)
                    }
                    _ => Value::Null,
                },
                PlaceStep::Append | PlaceStep::Variable(_) => Value::Null,
            };
        }
        self.known(span, Ok(value))
    }

    /// `target = value`, also where the target is a list.
    pub(crate) fn assign(&mut self, target: Expression<'a>, value: Value) -> Outcome<()> {
        match target {
            Expression::Variable(node) => {
                let name = &self.text(node.span)[1..];
                if is_request(name) {
                    self.set_request(name, value);
                    return Ok(());
                }
                self.check_writable(name, node.span)?;
                let frame = self.frame_mut();
                match frame.variables.get_mut(name) {
                    Some(Value::Reference(reference)) => reference.set(value),
                    Some(slot) => *slot = value,
                    None => {
                        frame.variables.insert(name.into(), value);
                    }
                }
                Ok(())
            }
            Expression::List(node) => self.destructure(node.elements, &value),
            Expression::Array(node) => self.destructure(node.elements, &value),
            Expression::Parenthesized(node) => self.assign(node.inner, value),
            other => {
                let place = self.place_of(other)?;
                self.write(&place, value, other.span())
            }
        }
    }

    pub(crate) fn write(&mut self, place: &Place, value: Value, span: Span) -> Outcome<()> {
        if let (Root::Reference(reference), []) = (&place.root, &*place.steps) {
            reference.set(value);
            return Ok(());
        }
        self.with_place(place, span, |slot| {
            *slot = value;
            Ok(())
        })
    }

    /// `[$a, 'b' => $b] = value`
    fn destructure(&mut self, elements: &'a [Element<'a>], value: &Value) -> Outcome<()> {
        let mut targets = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            match element {
                Element::Hole(_) => {}
                Element::Expression(target) => {
                    targets.push((Value::Int(index as i64), *target));
                }
                Element::KeyedElement(node) if node.by_reference.is_none() => {
                    let key = self.expression(node.key)?;
                    targets.push((key, node.value));
                }
                _ => {
                    let kind = ErrorKind::unsupported("a list by reference");
                    return self.fail(element.span(), kind);
                }
            }
        }
        if self.options.version < Version::V7_0 {
            // From the last one on: it shows in `list($a[], $a[])`.
            targets.reverse();
        }
        for (key, target) in targets {
            let span = target.span();
            let element = match value {
                Value::String(_) if self.options.version < Version::V7_0 => {
                    return self.fail(span, ErrorKind::unsupported("a list of a string"));
                }
                Value::Array(_) => {
                    let result = read_index(value, &key, self.options);
                    self.at(span, result)?.unwrap_or_default()
                }
                Value::Object(_) | Value::Instance(_) | Value::Closure(_) => {
                    return self.fail(span, ErrorKind::unsupported("a list of an object"));
                }
                _ => Value::Null,
            };
            self.assign(target, element)?;
        }
        Ok(())
    }

    /// Makes a variable or element the given reference.
    pub(crate) fn bind(&mut self, target: Expression<'a>, reference: Value) -> Outcome<()> {
        if let Expression::Variable(node) = target {
            let name = &self.text(node.span)[1..];
            self.check_writable(name, node.span)?;
            self.frame_mut().variables.insert(name.into(), reference);
            return Ok(());
        }
        let place = self.place_of(target)?;
        if place.steps.is_empty() && !matches!(place.root, Root::Variable(_)) {
            let kind = ErrorKind::unsupported("a global or static property by reference");
            return self.fail(target.span(), kind);
        }
        if !place.steps.is_empty() {
            self.check_element(&reference, target.span())?;
        }
        self.with_slot(&place, target.span(), |slot| {
            *slot = reference;
            Ok(())
        })
    }

    /// `&$a` in an array.
    pub(crate) fn element_reference(&mut self, expression: Expression<'a>) -> Outcome<Value> {
        self.shares_elements = true;
        let reference = self.reference(expression)?;
        self.check_element(&reference, expression.span())?;
        Ok(reference)
    }

    /// Refuses what is unknown as an element. Copies of an array share their
    /// references, and would learn of it together.
    pub(crate) fn check_element(&self, value: &Value, span: Span) -> Outcome<()> {
        match value {
            Value::Reference(reference) => match reference.unknown() {
                Some(unknown) => self.fail(span, ErrorKind::Unknown(unknown)),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Makes unknown what something unknown is assigned to: all of the
    /// variable, also where it is an element of its array.
    pub(crate) fn forget(&mut self, place: &Place, reason: Unknown, span: Span) -> Outcome<()> {
        let refused = |evaluator: &Self, reason| evaluator.fail(span, ErrorKind::Unknown(reason));
        let is_simple = |step: &PlaceStep| !matches!(step, PlaceStep::Property(_));
        let is_direct = place.steps.is_empty();
        if !place.steps.iter().all(is_simple) || (!is_direct && self.shares_elements) {
            return refused(self, reason);
        }
        let mystery = Mystery { reason: reason.clone(), trap: self.trap.clone() };
        let shares = self.shares_elements;
        let (reference, owners) = match &place.root {
            Root::Variable(name) => {
                let slot = self.frame_mut().variables.entry(name.clone()).or_default();
                let is_array = match slot {
                    Value::Null | Value::Array(_) => true,
                    Value::Reference(reference) => {
                        reference.unknown().is_some()
                            || matches!(reference.get(), Value::Null | Value::Array(_))
                    }
                    _ => false,
                };
                if !is_direct && !is_array {
                    return refused(self, reason);
                }
                match reference_to(slot) {
                    Value::Reference(reference) => (reference, 2),
                    _ => return refused(self, reason),
                }
            }
            Root::Reference(reference) if is_direct => (reference.clone(), 3),
            _ => return refused(self, reason),
        };
        if shares && reference.is_shared_beyond(owners) {
            return refused(self, reason);
        }
        self.has_mysteries = true;
        reference.forget(mystery);
        Ok(())
    }

    /// A reference to a place, or to the value of what is no place.
    pub(crate) fn reference(&mut self, expression: Expression<'a>) -> Outcome<Value> {
        let place = self.place_of(expression)?;
        if let (Root::Value(value), []) = (&place.root, &*place.steps) {
            return Ok(Value::Reference(Reference::new(value.get())));
        }
        self.with_slot(&place, expression.span(), |slot| Ok(reference_to(slot)))
    }

    /// `target .= value` and its kind.
    pub(crate) fn compound(
        &mut self,
        target: Expression<'a>,
        operator: AssignmentOperator,
        value: Expression<'a>,
        span: Span,
    ) -> Outcome<Value> {
        let AssignmentOperator::Compound(operator) = operator else {
            return self.fail(span, ErrorKind::unsupported("this assignment"));
        };
        if operator == BinaryOperator::Coalesce {
            if let Some(current) = self.quiet(target)?
                && !current.is_null()
            {
                return Ok(current.get());
            }
            let value = self.expression(value)?.get();
            self.assign(target, value.clone())?;
            return Ok(value);
        }
        let place = self.place_of(target)?;
        let operand = self.expression(value)?.get();
        let options = self.options;
        if operator == BinaryOperator::Concat {
            let text = self.at(value.span(), to_bytes(&operand, options))?;
            let charged = self.charge(text.len());
            self.at(span, charged)?;
            let (value, copied) =
                self.with_place(&place, span, |slot| append(slot, &text, options))?;
            let charged = self.charge(copied);
            self.at(span, charged)?;
            return Ok(value);
        }
        self.with_place(&place, span, |slot| {
            *slot = binary(operator, slot, &operand, options)?;
            Ok(slot.clone())
        })
    }

    /// `++` and `--`: the value before and after.
    pub(crate) fn increment(
        &mut self,
        target: Expression<'a>,
        is_increment: bool,
        span: Span,
    ) -> Outcome<(Value, Value)> {
        let place = self.place_of(target)?;
        let options = self.options;
        self.with_place(&place, span, |slot| {
            let before = slot.clone();
            *slot = step(&before, is_increment, options)?;
            Ok((before, slot.clone()))
        })
    }

    pub(crate) fn unset(&mut self, target: Expression<'a>) -> Outcome<()> {
        let span = target.span();
        if let Expression::Index(node) = target
            && let Some(entry) = self.entry(node)?
        {
            self.remove_entry(entry);
            return Ok(());
        }
        let mut place = self.place_of(target)?;
        let Some(last) = place.steps.pop() else {
            if let Root::Variable(name) = &place.root {
                self.frame_mut().variables.shift_remove(&**name);
                return Ok(());
            }
            return self.fail(span, ErrorKind::unsupported("unset() of this"));
        };
        let last = Place { root: Root::Value(Value::Null), steps: vec![last] };
        let last = self.known_steps(&last).remove(0);
        match (self.read_place(&place, span)?, last) {
            (Value::Array(array), PlaceStep::Key(index)) => {
                self.unset_element(&place, array, &index, span)
            }
            (Value::Object(object), PlaceStep::Property(name)) => {
                object.lock().remove(&Key::String(name));
                Ok(())
            }
            (Value::Instance(instance), PlaceStep::Property(name)) => {
                self.unset_property(&instance, name, span)
            }
            (Value::Null, _) => Ok(()),
            _ => self.fail(span, ErrorKind::unsupported("unset() of this")),
        }
    }

    fn unset_element(
        &mut self,
        place: &Place,
        array: Arc<Array>,
        index: &Value,
        span: Span,
    ) -> Outcome<()> {
        let Some(key) = to_key(index, self.options) else {
            return self.fail(span, ErrorKind::fatal("illegal offset type in unset"));
        };
        if array.get(&key).is_none() {
            return Ok(());
        }
        // Otherwise it would count as shared.
        drop(array);
        self.with_place(place, span, |value| {
            if let Value::Array(array) = value {
                make_mut(array).remove(&key);
            }
            Ok(())
        })
    }
}

/// Appends to a string, without a copy where nobody else has it. Gives the new
/// value and how much had to be copied.
fn append(slot: &mut Value, text: &[u8], options: Options) -> Result<(Value, usize)> {
    let mut bytes = match std::mem::take(slot) {
        Value::String(bytes) => bytes,
        other => {
            let bytes = to_bytes(&other, options);
            *slot = other;
            bytes?
        }
    };
    let copied = if bytes.is_shared() { bytes.len() } else { 0 };
    bytes.make_mut().extend_from_slice(text);
    *slot = Value::String(bytes.clone());
    Ok((Value::String(bytes), copied))
}

/// Goes from a value along the steps and runs something there.
fn walk<T>(
    value: &mut Value,
    steps: &[PlaceStep],
    is_raw: bool,
    budget: &mut Budget<'_, '_>,
    run: impl FnOnce(&mut Value) -> Result<T>,
) -> Result<T> {
    with_stack(steps.len(), || walk_on(value, steps, is_raw, budget, run))
}

fn walk_on<T>(
    value: &mut Value,
    steps: &[PlaceStep],
    is_raw: bool,
    budget: &mut Budget<'_, '_>,
    run: impl FnOnce(&mut Value) -> Result<T>,
) -> Result<T> {
    if is_raw && steps.is_empty() {
        return run(value);
    }
    if let Value::Reference(reference) = value {
        let reference = reference.clone();
        let Some(mut inner) = reference.try_lock() else {
            return Err(ErrorKind::Limit(Limit::Nesting));
        };
        // What is shared is no reference of its own.
        return walk_plain(&mut inner, steps, is_raw, budget, run);
    }
    walk_plain(value, steps, is_raw, budget, run)
}

fn walk_plain<T>(
    value: &mut Value,
    steps: &[PlaceStep],
    is_raw: bool,
    budget: &mut Budget<'_, '_>,
    run: impl FnOnce(&mut Value) -> Result<T>,
) -> Result<T> {
    let Some((step, rest)) = steps.split_first() else {
        return run(value);
    };
    if let PlaceStep::Property(name) = step {
        budget.charge(ELEMENT)?;
        if let Value::Instance(instance) = value {
            budget.viewpoint.check(instance, name)?;
            let instance = instance.clone();
            return walk_property(instance.object(), name, rest, is_raw, budget, run);
        }
        let object = object_at(value, budget.options)?;
        return walk_property(&object, name, rest, is_raw, budget, run);
    }
    if let (Value::String(bytes), PlaceStep::Key(index), []) = (&mut *value, step, rest)
        && !bytes.is_empty()
    {
        return at_offset(bytes, index, budget, run);
    }
    let array = array_at(value, budget.options)?;
    let shared = Arc::strong_count(array) > 1;
    budget.charge(if shared { ELEMENT * (array.len() + 1) } else { ELEMENT })?;
    let array = make_mut(array);
    let key = match step {
        PlaceStep::Key(index) => {
            to_key(index, budget.options).ok_or_else(|| ErrorKind::fatal("illegal offset type"))?
        }
        _ => array.next_index(budget.options).map(Key::Int).ok_or_else(|| {
            ErrorKind::fatal(
                "cannot add element to the array as the next element is already occupied",
            )
        })?,
    };
    walk(array.slot(key), rest, is_raw, budget, run)
}

fn walk_property<T>(
    object: &Object,
    name: &Bytes,
    steps: &[PlaceStep],
    is_raw: bool,
    budget: &mut Budget<'_, '_>,
    run: impl FnOnce(&mut Value) -> Result<T>,
) -> Result<T> {
    let Some(mut properties) = object.try_lock() else {
        return Err(ErrorKind::Limit(Limit::Nesting));
    };
    let slot = properties.slot(Key::String(name.clone()));
    // An object may lead back to this one, which must not be locked then.
    if let Some(PlaceStep::Property(_)) = steps.first()
        && let mut inner @ (Value::Object(_) | Value::Instance(_)) = slot.get()
    {
        drop(properties);
        return walk(&mut inner, steps, is_raw, budget, run);
    }
    walk(slot, steps, is_raw, budget, run)
}

/// The array that a value is or becomes.
fn array_at(value: &mut Value, options: Options) -> Result<&mut Arc<Array>> {
    let becomes_array = match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(bytes) => bytes.is_empty() && options.version < Version::V7_1,
        _ => false,
    };
    if becomes_array {
        *value = Value::Array(Arc::default());
    }
    match value {
        Value::Array(array) => Ok(array),
        Value::String(_) => Err(ErrorKind::fatal("a string is no array")),
        Value::Instance(_) => Err(ErrorKind::unsupported("an object as an array")),
        Value::Object(_) | Value::Closure(_) => {
            Err(ErrorKind::fatal("cannot use an object as array"))
        }
        _ => Err(ErrorKind::fatal("cannot use a scalar value as an array")),
    }
}

fn object_at(value: &mut Value, options: Options) -> Result<Arc<Object>> {
    match value {
        Value::Object(object) => Ok(object.clone()),
        Value::Null if options.version < Version::V8_0 => {
            let object = Arc::<Object>::default();
            *value = Value::Object(object.clone());
            Ok(object)
        }
        _ => Err(ErrorKind::fatal("attempt to assign a property on what is no object")),
    }
}

/// `$string[1] = 'x'`
fn at_offset<T>(
    bytes: &mut Bytes,
    index: &Value,
    budget: &mut Budget<'_, '_>,
    run: impl FnOnce(&mut Value) -> Result<T>,
) -> Result<T> {
    let options = budget.options;
    let Value::Int(offset) = index.get() else {
        return Err(ErrorKind::unsupported("an assignment to an offset that is no integer"));
    };
    let len = bytes.len() as i64;
    let offset = if offset < 0 && options.version >= Version::V7_1 { offset + len } else { offset };
    let Some(offset) = usize::try_from(offset).ok() else {
        return Err(ErrorKind::unsupported("an assignment to a negative offset"));
    };
    let mut character = Value::Null;
    let result = run(&mut character)?;
    let text = to_bytes(&character, options)?;
    let Some(byte) = text.first() else {
        return Err(ErrorKind::fatal("cannot assign an empty string to a string offset"));
    };
    budget.charge(bytes.len() + offset.saturating_sub(bytes.len()))?;
    let bytes = bytes.make_mut();
    if offset >= bytes.len() {
        bytes.resize(offset + 1, b' ');
    }
    bytes[offset] = *byte;
    Ok(result)
}

/// `value[index]`, read; none if there is no such thing.
pub(crate) fn read_index(value: &Value, index: &Value, options: Options) -> Result<Option<Value>> {
    match value {
        Value::Array(array) => match to_key(index, options) {
            Some(key) => Ok(array.get(&key).map(Value::get)),
            None if options.version < Version::V8_0 => Ok(None),
            None => Err(ErrorKind::fatal("illegal offset type")),
        },
        Value::String(bytes) => {
            let offset = match index.get() {
                Value::String(text) => match crate::number::numeric(&text, options) {
                    Numeric::Whole(crate::number::Number::Int(integer)) => integer,
                    _ if options.version >= Version::V8_0 => {
                        return Err(ErrorKind::fatal(
                            "cannot access offset of type string on string",
                        ));
                    }
                    _ => to_int(&Value::String(text), options)?,
                },
                Value::Array(_) | Value::Object(_) | Value::Instance(_) | Value::Closure(_) => {
                    return Err(ErrorKind::fatal("illegal offset type"));
                }
                other => to_int(&other, options)?,
            };
            let byte = byte_at(bytes, offset, options);
            // PHP warns and goes on with an empty string.
            Ok(Some(byte.map_or_else(|| "".into(), |byte| vec![byte].into())))
        }
        Value::Reference(reference) => read_index(&reference.get(), index, options),
        Value::Instance(_) => Err(ErrorKind::unsupported("an object as an array")),
        Value::Object(_) | Value::Closure(_) => {
            Err(ErrorKind::fatal("cannot use an object as array"))
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => Ok(None),
    }
}

/// `isset($value[$index])`, with the value.
pub(crate) fn quiet_index(value: &Value, index: &Value, options: Options) -> Result<Option<Value>> {
    match value {
        Value::Array(_) | Value::Reference(_) => read_index(value, index, options),
        Value::String(bytes) => {
            let offset = match index.get() {
                Value::Int(integer) => integer,
                Value::String(text) => match crate::number::numeric(&text, options) {
                    Numeric::Whole(crate::number::Number::Int(integer)) => integer,
                    _ => return Ok(None),
                },
                Value::Bool(value) => i64::from(value),
                Value::Float(_) => to_int(index, options)?,
                _ => return Ok(None),
            };
            Ok(byte_at(bytes, offset, options).map(|byte| vec![byte].into()))
        }
        Value::Instance(_) => Err(ErrorKind::unsupported("an object as an array")),
        _ => Ok(None),
    }
}

fn byte_at(bytes: &[u8], offset: i64, options: Options) -> Option<u8> {
    let offset = match offset {
        offset if offset >= 0 => offset,
        offset if options.version >= Version::V7_1 => offset + bytes.len() as i64,
        _ => return None,
    };
    bytes.get(usize::try_from(offset).ok()?).copied()
}
