//! What can be assigned to, taken a reference of, unset, or asked with `isset`.

use super::Checker;
use crate::ast::{Argument, Array, Element, Expression, ForeachTarget, Node};
use crate::parser::deeper;
use crate::span::Span;
use tilde_lexer::Version;

impl<'a> Checker<'_, 'a> {
    /// Looks at what a node writes.
    pub(super) fn write(&mut self, node: Node<'a>) {
        match node {
            Node::Assignment(it) => {
                self.target(it.target);
                if it.by_reference.is_some() {
                    self.referenced(it.value);
                }
                self.list_references(it.target, it.value);
            }
            Node::Prefix(it) => self.target(it.operand),
            Node::Postfix(it) => self.target(it.operand),
            Node::Unset(it) => {
                for variable in it.variables {
                    self.not_this(variable.span());
                    self.target(*variable);
                    if is_append(*variable) {
                        self.refuse(variable.span(), "`[]` cannot be unset");
                    }
                }
            }
            Node::Isset(it) => it.values.iter().for_each(|it| self.asked(*it)),
            Node::Foreach(it) => {
                self.foreach_target(it.value);
                if let Some(key) = it.key {
                    if matches!(key.target, Expression::Array(_) | Expression::List(_)) {
                        self.refuse(key.span, "no list can be a key");
                    }
                    if key.by_reference.is_some() {
                        self.refuse(key.span, "no key is a reference");
                    }
                    self.foreach_target(key);
                }
            }
            Node::Array(it) if !self.targets.contains(&it.span.start) => self.array(it),
            Node::List(it) if !self.targets.contains(&it.span.start) => {
                self.refuse(it.span, "`list()` is only for what is assigned to");
            }
            Node::Index(it) if it.index.is_none() && !self.targets.contains(&it.span.end) => {
                self.refuse(it.span, "`[]` is only for what is assigned to");
            }
            _ => {}
        }
    }

    /// Whoever is called may take a reference.
    pub(super) fn appends(&mut self, list: &[Argument<'a>]) {
        for argument in list {
            let value = match argument {
                Argument::Expression(it) => *it,
                Argument::NamedArgument(it) => it.value,
                _ => continue,
            };
            self.chain(value);
        }
    }

    fn foreach_target(&mut self, it: &ForeachTarget<'a>) {
        self.target(it.target);
    }

    /// Marks all `[]` along a chain as written to.
    fn chain(&mut self, value: Expression<'a>) {
        let mut place = value;
        loop {
            place = match place {
                Expression::Index(it) => {
                    self.targets.insert(it.span.end);
                    it.base
                }
                Expression::Property(it) => it.object,
                Expression::Parenthesized(it) => it.inner,
                _ => return,
            };
        }
    }

    fn target(&mut self, target: Expression<'a>) {
        match target {
            Expression::Array(it) => {
                self.targets.insert(it.span.start);
                self.parts(it.elements, it.span, it.is_short);
            }
            Expression::List(it) => {
                self.targets.insert(it.span.start);
                self.parts(it.elements, it.span, false);
            }
            Expression::Call(it) => self.result(it.span),
            Expression::MethodCall(it) => self.result(it.span),
            Expression::StaticCall(it) => self.result(it.span),
            Expression::Variable(it) => {
                self.not_this(it.span);
                if self.text(it.span) == b"$GLOBALS" && self.since(Version::V8_1) {
                    self.refuse(it.span, "`$GLOBALS` itself cannot be written to");
                }
            }
            Expression::Index(_) | Expression::Property(_) => {
                self.chain(target);
                self.base(target);
            }
            Expression::StaticProperty(_)
            | Expression::VariableVariable(_)
            | Expression::VariableName(_) => {}
            Expression::Parenthesized(it) => deeper(|| self.target(it.inner)),
            other => self.refuse(other.span(), "this cannot be assigned to"),
        }
    }

    fn result(&mut self, span: Span) {
        self.refuse(span, "the result of a call cannot be assigned to");
    }

    /// What a property or an element that is written to belongs to.
    fn base(&mut self, target: Expression<'a>) {
        let mut place = target;
        loop {
            place = match place {
                Expression::Property(it) if it.is_nullsafe => {
                    self.refuse(it.span, "`?->` is not for what is assigned to");
                    return;
                }
                Expression::Property(it) => it.object,
                Expression::Index(it) => {
                    if it.index.is_none() && self.text(it.base.span()) == b"$GLOBALS" {
                        if self.since(Version::V8_1) {
                            self.refuse(it.span, "nothing can be appended to `$GLOBALS`");
                        }
                        return;
                    }
                    it.base
                }
                Expression::MethodCall(it) if it.is_nullsafe => {
                    self.refuse(it.span, "`?->` is not for what is assigned to");
                    return;
                }
                Expression::Variable(_)
                | Expression::VariableVariable(_)
                | Expression::VariableName(_)
                | Expression::StaticProperty(_)
                | Expression::Call(_)
                | Expression::MethodCall(_)
                | Expression::StaticCall(_)
                | Expression::Offset(_) => return,
                Expression::Parenthesized(it) => it.inner,
                other => {
                    self.refuse(other.span(), "this cannot be assigned to");
                    return;
                }
            };
        }
    }

    /// `[$a, list($b)]` in front of `=`.
    fn parts(&mut self, elements: &[Element<'a>], span: Span, is_short: bool) {
        let is_hole = |it: &&Element<'a>| matches!(it, Element::Hole(_));
        if elements.iter().all(|it| is_hole(&it)) {
            self.refuse(span, "a list that is assigned to needs an element");
        }
        let is_keyed = |it: &&Element<'a>| matches!(it, Element::KeyedElement(_));
        let keyed = elements.iter().filter(is_keyed).count();
        if keyed > 0 && keyed < elements.len() {
            // A comma at the end is no element.
            let rest = elements.iter().filter(|it| !is_keyed(it) && !is_hole(it)).count();
            let is_last = elements.last().is_some_and(|it| is_hole(&it));
            if rest > 0 || elements.len() - keyed > usize::from(is_last) {
                self.refuse(span, "elements with keys and without cannot be mixed here");
            }
        }
        for element in elements {
            let target = match element {
                Element::Expression(it) => *it,
                Element::KeyedElement(it) => it.value,
                Element::ReferenceElement(it) => it.value,
                Element::SpreadElement(it) => {
                    self.refuse(it.span, "`...` is not for what is assigned to");
                    continue;
                }
                Element::Hole(_) => continue,
            };
            let is_mixed = match target {
                Expression::Array(it) => it.is_short != is_short,
                Expression::List(_) => is_short,
                _ => false,
            };
            if is_mixed {
                self.refuse(target.span(), "`[]` and `list()` cannot be mixed");
            }
            deeper(|| self.target(target));
        }
    }

    fn referenced(&mut self, value: Expression<'a>) {
        match value {
            Expression::Property(_) | Expression::Index(_) => {
                self.chain(value);
                self.base(value);
            }
            Expression::Variable(it)
                if self.text(it.span) == b"$GLOBALS" && self.since(Version::V8_1) =>
            {
                self.refuse(it.span, "there is no reference to `$GLOBALS`");
            }
            _ => {}
        }
    }

    /// `[&$a] = f()`.
    fn list_references(&mut self, target: Expression<'a>, value: Expression<'a>) {
        let elements = match target {
            Expression::Array(it) => it.elements,
            Expression::List(it) => it.elements,
            _ => return,
        };
        let takes = |it: &Element<'a>| match it {
            Element::ReferenceElement(_) => true,
            Element::KeyedElement(it) => it.by_reference.is_some(),
            _ => false,
        };
        let is_place = matches!(
            value,
            Expression::Variable(_)
                | Expression::VariableVariable(_)
                | Expression::Property(_)
                | Expression::StaticProperty(_)
                | Expression::Index(_)
                | Expression::Call(_)
                | Expression::MethodCall(_)
                | Expression::StaticCall(_)
        );
        if elements.iter().any(takes) && !is_place {
            self.refuse(value.span(), "there is no reference to this");
        }
    }

    fn asked(&mut self, value: Expression<'a>) {
        match value {
            Expression::Variable(_)
            | Expression::VariableVariable(_)
            | Expression::Property(_)
            | Expression::StaticProperty(_)
            | Expression::Index(_) => {
                if is_append(value) {
                    self.refuse(value.span(), "`[]` is only for what is assigned to");
                }
            }
            Expression::Parenthesized(it) => deeper(|| self.asked(it.inner)),
            other => self.refuse(other.span(), "`isset` is for variables and their parts"),
        }
    }

    fn array(&mut self, it: &Array<'a>) {
        for element in it.elements {
            match element {
                Element::Hole(_) => {
                    self.refuse(it.span, "an element of the array is missing");
                }
                Element::ReferenceElement(it) => self.reference_in_array(it.value),
                Element::KeyedElement(it) if it.by_reference.is_some() => {
                    self.reference_in_array(it.value);
                }
                _ => {}
            }
        }
    }

    fn reference_in_array(&mut self, value: Expression<'a>) {
        if matches!(
            value,
            Expression::Call(_) | Expression::MethodCall(_) | Expression::StaticCall(_)
        ) {
            self.result(value.span());
        } else if !is_append(value) {
            self.referenced(value);
        }
    }
}

fn is_append(value: Expression<'_>) -> bool {
    matches!(value, Expression::Index(it) if it.index.is_none())
}
