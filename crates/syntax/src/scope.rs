//! What names mean: the namespace and the imports that hold at a place.
//!
//! PHP resolves names while it compiles, so an import holds from its statement
//! to the end of the namespace. A function or constant without a backslash in its
//! name has *two* meanings, and which of them it is shows only when it runs.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use foldhash::HashMap;

use crate::ast::{Name, Namespace, Node, Use, UseKind};
use crate::tree::Tree;

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A class, interface, trait or enum.
    Class,
    /// A function.
    Function,
    /// A constant that is not of a class.
    Constant,
}

/// What a name means, without a backslash in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved<'a> {
    /// This and nothing else.
    Known(Cow<'a, [u8]>),
    /// The first if there is one, else the second, which is the global one of
    /// that name.
    Either(Vec<u8>, Cow<'a, [u8]>),
    /// A word of the language that no namespace changes: `self`, `parent` and
    /// `static` as classes, `true`, `false` and `null` as constants.
    Special(&'a [u8]),
}

/// The namespace and the imports at a place of a tree.
///
/// Call [`enter`](Self::enter) and [`leave`](Self::leave) for every node of a
/// walk, and it is always the scope of the place that the walk has come to.
///
/// ```
/// use tilde_syntax::ast::Expression;
/// use tilde_syntax::{
///     Arena, Flow, NameKind, Node, Options, Resolved, Scope, Tree, Version, Visitor, parse, walk,
/// };
///
/// struct News<'t, 'a>(&'t Tree<'a>, Scope<'a>, Vec<Resolved<'a>>);
///
/// impl<'a> Visitor<'a> for News<'_, 'a> {
///     fn enter(&mut self, node: Node<'a>) -> Flow {
///         self.1.enter(self.0, node);
///         if let Node::New(new) = node
///             && let Expression::Name(name) = new.class
///         {
///             self.2.push(self.1.resolve(self.0, name, NameKind::Class));
///         }
///         Flow::Descend
///     }
///
///     fn leave(&mut self, node: Node<'a>) {
///         self.1.leave(node);
///     }
/// }
///
/// let arena = Arena::new();
/// let source = b"<?php namespace A; use B\\C as D; new D; new E; new \\F; new self;";
/// let tree = parse(source, Options::new(Version::V8_2), &arena).unwrap();
/// let mut news = News(&tree, Scope::default(), Vec::new());
/// walk(Node::from(tree.program()), &mut news);
/// let known = |name: &'static str| Resolved::Known(name.as_bytes().into());
/// assert_eq!(news.2, [known("B\\C"), known("A\\E"), known("F"), Resolved::Special(b"self")]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scope<'a> {
    namespace: Cow<'a, [u8]>,
    /// By what they are called here.
    classes: HashMap<AnyCase<'a>, Cow<'a, [u8]>>,
    functions: HashMap<AnyCase<'a>, Cow<'a, [u8]>>,
    constants: HashMap<Cow<'a, [u8]>, Cow<'a, [u8]>>,
}

/// A name that is the same in small and capital letters.
#[derive(Clone, Debug)]
struct AnyCase<'a>(Cow<'a, [u8]>);

impl PartialEq for AnyCase<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for AnyCase<'_> {}

impl Hash for AnyCase<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut folded = [0; 32];
        for part in self.0.chunks(folded.len()) {
            let folded = &mut folded[..part.len()];
            folded.copy_from_slice(part);
            folded.make_ascii_lowercase();
            state.write(folded);
        }
    }
}

impl<'a> Scope<'a> {
    /// The namespace, without backslashes around it; empty for the global one.
    #[must_use]
    pub fn namespace(&self) -> &[u8] {
        &self.namespace
    }

    /// Takes note of a node that a walk has come to.
    pub fn enter(&mut self, tree: &Tree<'a>, node: Node<'a>) {
        match node {
            Node::Namespace(namespace) => self.enter_namespace(tree, namespace),
            Node::Use(import) => self.import(tree, import),
            _ => {}
        }
    }

    /// Takes note of a node that a walk leaves.
    pub fn leave(&mut self, node: Node<'a>) {
        if matches!(node, Node::Namespace(_)) {
            *self = Self::default();
        }
    }

    fn enter_namespace(&mut self, tree: &Tree<'a>, namespace: &Namespace<'a>) {
        *self = Self::default();
        if let Some(name) = namespace.name {
            self.namespace = tree.name_text(name);
        }
    }

    fn import(&mut self, tree: &Tree<'a>, import: &Use<'a>) {
        for item in import.items {
            let name = match import.prefix {
                Some(prefix) => joined(&tree.name_text(prefix), &tree.name_text(item.name)).into(),
                None => tree.name_text(item.name),
            };
            let name = if name.first() == Some(&b'\\') { without_first(name) } else { name };
            let alias = match item.alias {
                Some(alias) => tree.text(alias.span).into(),
                None => last_part(&name),
            };
            match item.kind.or(import.kind) {
                None => self.classes.insert(AnyCase(alias), name),
                Some(UseKind::Function) => self.functions.insert(AnyCase(alias), name),
                Some(UseKind::Constant) => self.constants.insert(alias, name),
            };
        }
    }

    /// What a name means here.
    #[must_use]
    pub fn resolve(&self, tree: &Tree<'a>, name: Name, kind: NameKind) -> Resolved<'a> {
        let text = tree.name_text(name);
        if text.first() == Some(&b'\\') {
            return Resolved::Known(without_first(text));
        }
        if let Some(rest) = relative(&text) {
            return Resolved::Known(joined(&self.namespace, rest).into());
        }
        if text.contains(&b'\\') {
            return Resolved::Known(self.qualified(&text).into());
        }
        if is_special(&text, kind) {
            return Resolved::Special(tree.text(name.span));
        }
        self.unqualified(text, kind)
    }

    /// `A\B`: what its first part imports, or below the namespace.
    fn qualified(&self, text: &[u8]) -> Vec<u8> {
        let end = memchr::memchr(b'\\', text).unwrap_or(text.len());
        match self.classes.get(&AnyCase(text[..end].into())) {
            Some(import) => [&**import, &text[end..]].concat(),
            None => joined(&self.namespace, text),
        }
    }

    fn unqualified(&self, text: Cow<'a, [u8]>, kind: NameKind) -> Resolved<'a> {
        let import = match kind {
            NameKind::Class => self.classes.get(&AnyCase(Cow::Borrowed(&text))),
            NameKind::Function => self.functions.get(&AnyCase(Cow::Borrowed(&text))),
            NameKind::Constant => self.constants.get(&*text),
        };
        if let Some(import) = import {
            return Resolved::Known(import.clone());
        }
        if self.namespace.is_empty() {
            return Resolved::Known(text);
        }
        let here = joined(&self.namespace, &text);
        match kind {
            NameKind::Class => Resolved::Known(here.into()),
            NameKind::Function | NameKind::Constant => Resolved::Either(here, text),
        }
    }
}

/// Whether PHP has a variable of this name, given without its `$`, in each scope.
#[must_use]
pub fn is_superglobal(name: &[u8]) -> bool {
    matches!(
        name,
        b"GLOBALS"
            | b"_GET"
            | b"_POST"
            | b"_COOKIE"
            | b"_SERVER"
            | b"_ENV"
            | b"_REQUEST"
            | b"_FILES"
            | b"_SESSION"
    )
}

/// What is below `namespace\`, in any case.
fn relative(text: &[u8]) -> Option<&[u8]> {
    let (word, rest) = text.split_at_checked(b"namespace\\".len())?;
    word.eq_ignore_ascii_case(b"namespace\\").then_some(rest)
}

fn is_special(text: &[u8], kind: NameKind) -> bool {
    let words: &[&[u8]] = match kind {
        NameKind::Class => &[b"self", b"parent", b"static"],
        NameKind::Constant => &[b"true", b"false", b"null"],
        NameKind::Function => &[],
    };
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn joined(first: &[u8], last: &[u8]) -> Vec<u8> {
    if first.is_empty() { last.to_vec() } else { [first, b"\\", last].concat() }
}

fn last_part<'a>(name: &Cow<'a, [u8]>) -> Cow<'a, [u8]> {
    let start = memchr::memrchr(b'\\', name).map_or(0, |at| at + 1);
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(&name[start..]),
        Cow::Owned(name) => Cow::Owned(name[start..].to_vec()),
    }
}

fn without_first(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[1..]),
        Cow::Owned(mut text) => {
            text.remove(0);
            Cow::Owned(text)
        }
    }
}
