//! From the tree of a file to its facts, in one walk.
//!
//! A variable that `static` or `global` binds is followed from that statement on, to the end
//! of its function and into closures that take it by reference. PHP binds when the statement
//! runs; what stands before it in the text and runs after it, in a loop, is not seen.

mod calls;
mod frame;
mod writes;

use tilde_syntax::ast::{self, Expression, Identifier, Name, Parameters, Type};
use tilde_syntax::{
    Arena, Flow, NameKind, Node, Options, Resolved, Scope, Span, SyntaxError, TokenKind, Tree,
    Visitor, parse, walk,
};

use self::frame::{Frame, Frames, Label};
use crate::facts::{
    Binding, Class, ClassRef, FileFacts, Function, Property, StaticVariable, Visibility,
};

/// Reads a file as the PHP of these options does, and says what of it is state.
///
/// # Errors
///
/// The first mistake in the source, where PHP stops too.
///
/// # Panics
///
/// If the source has more than `u32::MAX` bytes.
pub fn scan(source: &[u8], options: Options) -> Result<FileFacts, SyntaxError> {
    let arena = Arena::new();
    let tree = parse(source, options, &arena)?;
    let mut scanner = Scanner {
        tree: &tree,
        scope: Scope::default(),
        facts: FileFacts::default(),
        classes: Vec::new(),
        frames: Frames::new(),
        anonymous: 0,
    };
    scanner.writer();
    walk(Node::from(tree.program()), &mut scanner);
    let mut facts = scanner.facts;
    facts.declares = !facts.classes.is_empty() || !facts.functions.is_empty();
    Ok(facts)
}

struct Scanner<'t, 'a> {
    tree: &'t Tree<'a>,
    scope: Scope<'a>,
    facts: FileFacts,
    /// Those around the place of the walk.
    classes: Vec<u32>,
    frames: Frames<'a>,
    /// How many classes without a name there were.
    anonymous: usize,
}

impl<'a> Visitor<'a> for Scanner<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        match node {
            Node::Namespace(_) | Node::Use(_) => {
                self.scope.enter(self.tree, node);
                // The names of an import are no code.
                if matches!(node, Node::Use(_)) {
                    return Flow::Skip;
                }
            }
            Node::Class(it) => self.class(it),
            Node::Properties(it) => self.properties(it),
            Node::TraitUse(it) => self.trait_use(it),
            Node::Function(_)
            | Node::Method(_)
            | Node::Closure(_)
            | Node::ArrowFunction(_)
            | Node::Hook(_) => self.enter_function(node),
            Node::StaticVariable(it) => self.static_variable(it),
            Node::Global(it) => self.global(it),
            Node::If(it) => self.frames.top().ask(it.condition.span()),
            Node::Ternary(it) => self.frames.top().ask(it.condition.span()),
            Node::Binary(it) if frame::is_asking(it.operator) => {
                self.frames.top().ask(it.left.span());
            }
            Node::InlineHtml(it) => self.inline_html(it.span),
            Node::AttributeGroup(_) => return Flow::Skip,
            node => {
                self.note_write(node);
                self.note_call(node);
            }
        }
        Flow::Descend
    }

    fn leave(&mut self, node: Node<'a>) {
        match node {
            Node::Namespace(_) => self.scope.leave(node),
            Node::Class(_) => {
                self.classes.pop();
            }
            Node::Function(_)
            | Node::Method(_)
            | Node::Closure(_)
            | Node::ArrowFunction(_)
            | Node::Hook(_) => self.frames.pop(),
            Node::If(it) => self.frames.top().leave_if(it),
            Node::Ternary(_) => self.frames.top().answered(),
            Node::Binary(it) if frame::is_asking(it.operator) => self.frames.top().answered(),
            _ => {}
        }
    }
}

impl<'a> Scanner<'_, 'a> {
    fn text(&self, span: Span) -> &'a [u8] {
        self.tree.text(span)
    }

    /// The number of the function that the walk has come to, among the writers of the file.
    fn writer(&mut self) -> u32 {
        if let Some(writer) = self.frames.top().writer {
            return writer;
        }
        let writer = self.frames.as_writer(self.tree, &self.facts.classes);
        let number = self.facts.writers.len() as u32;
        self.facts.writers.push(writer);
        self.frames.top().writer = Some(number);
        number
    }

    /// A variable's name without the `$`.
    fn variable_name(&self, span: Span) -> &'a [u8] {
        &self.tree.text(span)[1..]
    }

    /// A class that is named in code; none for `self` and its kind.
    fn class_name(&self, name: Name) -> Option<Vec<u8>> {
        match self.scope.resolve(self.tree, name, NameKind::Class) {
            Resolved::Known(name) | Resolved::Either(_, name) => Some(name.into_owned()),
            Resolved::Special(_) => None,
        }
    }

    fn in_namespace(&self, name: &[u8]) -> Vec<u8> {
        match self.scope.namespace() {
            b"" => name.to_vec(),
            namespace => [namespace, b"\\", name].concat(),
        }
    }

    fn class(&mut self, class: &ast::Class<'a>) {
        self.anonymous += usize::from(class.name.is_none());
        let name = match (class.name, self.anonymous) {
            (Some(name), _) => self.in_namespace(self.text(name.span)),
            (None, 1) => b"class@anonymous".to_vec(),
            (None, number) => format!("class@anonymous#{number}").into_bytes(),
        };
        let is_class = class.kind == ast::ClassKind::Class;
        let parent = class.extends.first().filter(|_| is_class);
        self.classes.push(self.facts.classes.len() as u32);
        self.facts.classes.push(Class {
            name,
            is_trait: class.kind == ast::ClassKind::Trait,
            parent: parent.and_then(|name| self.class_name(*name)),
            traits: Vec::new(),
            properties: Vec::new(),
            methods: Vec::new(),
        });
    }

    /// The class whose members the walk has come to.
    fn current_class(&mut self) -> Option<&mut Class> {
        let index = *self.classes.last()?;
        self.facts.classes.get_mut(index as usize)
    }

    fn trait_use(&mut self, it: &ast::TraitUse<'a>) {
        let names: Vec<_> = it.traits.iter().filter_map(|name| self.class_name(*name)).collect();
        if let Some(class) = self.current_class() {
            class.traits.extend(names);
        }
    }

    fn properties(&mut self, it: &ast::Properties<'a>) {
        let has = |kind| it.modifiers.iter().any(|modifier| modifier.kind == kind);
        if !has(TokenKind::Static) {
            return;
        }
        let visibility = match () {
            () if has(TokenKind::Private) => Visibility::Private,
            () if has(TokenKind::Protected) => Visibility::Protected,
            () => Visibility::Public,
        };
        let hint = it.hint.map(|hint: Type<'a>| self.text(hint.span()).to_vec());
        let property = |item: &ast::PropertyItem<'a>| Property {
            name: self.variable_name(item.variable.span).to_vec(),
            span: item.variable.span,
            hint: hint.clone(),
            visibility,
            is_initialised: item.value.is_some() || hint.is_none(),
        };
        let properties: Vec<Property> = it.items.iter().map(property).collect();
        if let Some(class) = self.current_class() {
            class.properties.extend(properties);
        }
    }

    fn enter_function(&mut self, node: Node<'a>) {
        let class = self.classes.last().copied();
        let label = |name: Identifier, class| Label::Named { name: name.span, class };
        match node {
            Node::Function(it) => {
                let name = self.in_namespace(self.text(it.name.span));
                self.facts.functions.push(function(name.clone(), it.parameters));
                let is_by_reference = it.by_reference.is_some();
                let label = Label::Function { name, short: it.name.span };
                self.frames.push(Frame::new(label, None, is_by_reference));
            }
            Node::Method(it) => {
                if it.parameters.list.iter().any(|it| it.by_reference.is_some()) {
                    let method = function(self.text(it.name.span).to_vec(), it.parameters);
                    if let Some(class) = self.current_class() {
                        class.methods.push(method);
                    }
                }
                let is_by_reference = it.by_reference.is_some();
                self.frames.push(Frame::new(label(it.name, class), class, is_by_reference));
            }
            Node::Hook(it) => {
                let is_by_reference = it.by_reference.is_some();
                self.frames.push(Frame::new(label(it.name, class), class, is_by_reference));
            }
            Node::Closure(it) => self.closure(it),
            _ => self.frames.push_closure(false),
        }
    }

    fn closure(&mut self, it: &ast::Closure<'a>) {
        let uses = it.uses.map_or(&[][..], |uses| uses.list);
        let mut bound = Vec::new();
        for each in uses.iter().filter(|each| each.by_reference.is_some()) {
            let name = self.variable_name(each.variable);
            bound.extend(self.frames.top().binding(name).map(|to| (name, to)));
        }
        self.frames.push_closure(it.by_reference.is_some());
        for (name, to) in bound {
            self.frames.top().bind(name, to);
        }
    }

    fn static_variable(&mut self, it: &ast::StaticVariable<'a>) {
        let name = self.variable_name(it.variable.span);
        let writer = self.writer();
        let index = self.facts.variables.len() as u32;
        let span = it.variable.span;
        self.facts.variables.push(StaticVariable { name: name.to_vec(), writer, span });
        self.frames.top().bind(name, frame::Bound::Static(index));
    }

    fn global(&mut self, it: &ast::Global<'a>) {
        for variable in it.variables {
            let name = match variable {
                Expression::Variable(it) => Some(self.variable_name(it.span)),
                _ => None,
            };
            // Outside of functions the statement does nothing, unless a function has
            // included the file.
            let span = variable.span();
            self.facts.bindings.push(Binding { name: name.map(<[u8]>::to_vec), span });
            if let Some(name) = name {
                self.frames.top().bind(name, frame::Bound::Global);
            }
        }
    }

    fn inline_html(&mut self, span: Span) {
        let text = self.text(span);
        if text.starts_with(b"#!") || text.trim_ascii().is_empty() {
            return;
        }
        self.note_output(span);
    }

    /// What stands before `::`.
    fn class_ref(&mut self, class: Expression<'a>) -> ClassRef {
        let own = self.frames.top().class;
        let Expression::Name(name) = class else {
            let is_this =
                matches!(class, Expression::Variable(it) if self.text(it.span) == b"$this");
            return match own {
                Some(own) if is_this => ClassRef::Late(own),
                _ => ClassRef::Dynamic,
            };
        };
        if let Some(name) = self.class_name(name) {
            return ClassRef::Named(name);
        }
        let word = self.text(name.span).to_ascii_lowercase();
        match (own, word.as_slice()) {
            (Some(own), b"self") => ClassRef::Own(own),
            (Some(own), b"static") => ClassRef::Late(own),
            (Some(own), b"parent") => ClassRef::Parent(own),
            // In a closure that is bound to a class later.
            _ => ClassRef::Dynamic,
        }
    }
}

/// A function by its parameters.
fn function(name: Vec<u8>, parameters: &Parameters<'_>) -> Function {
    let by_reference = |(place, parameter): (usize, &ast::Parameter<'_>)| {
        parameter.by_reference.is_some().then_some(place)
    };
    let places: Vec<usize> = parameters.list.iter().enumerate().filter_map(by_reference).collect();
    let last = parameters.list.last();
    let is_variadic =
        last.is_some_and(|last| last.variadic.is_some() && last.by_reference.is_some());
    Function::new(name, places, is_variadic.then(|| parameters.list.len() - 1))
}
