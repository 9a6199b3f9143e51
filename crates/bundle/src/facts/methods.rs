//! The types of methods: which classes they name, and what PHP compares with a parent's.

use tilde_syntax::ast::{self, ClassKind, Name};
use tilde_syntax::{NameKind, Resolved, Span, TokenKind, is_builtin_type};

use super::{Collector, Parent, ParentKind};

/// A type as it is meant, and the classes in it, both in lower case.
pub type MeantType = (Vec<u8>, Vec<Vec<u8>>);

/// A method, as far as PHP compares it with one of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodTypes {
    /// In lower case.
    pub name: Vec<u8>,
    /// The types of its parameters and of its result.
    pub types: Vec<MeantType>,
    /// Whether PHP compares those of children with it: not with a private one, and not with a
    /// constructor, unless they are abstract.
    pub is_compared: bool,
    /// Whether it has no body.
    pub is_abstract: bool,
    /// Whether `#[ReturnTypeWillChange]` keeps PHP from a complaint about its result.
    pub is_quiet: bool,
    /// Its modifiers and what its parameters have besides types and names.
    pub form: Vec<u8>,
}

/// What a class is, as far as PHP compares it with its parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassShape {
    /// Class, interface, trait or enum.
    pub kind: ClassKind,
    /// Whether nothing may extend it.
    pub is_final: bool,
    /// What it extends, if it is a class: a full name in lower case.
    pub extends: Option<Vec<u8>>,
    /// The names of its properties, with a `$`, and of its constants.
    pub members: Vec<Vec<u8>>,
    /// Its properties with their types.
    pub properties: Vec<(Vec<u8>, MeantType)>,
    /// Whether it gives methods of traits other names, or chooses between them.
    pub adapts_traits: bool,
}

impl<'a> Collector<'_, 'a> {
    pub(super) fn shape(&self, class: &ast::Class<'a>) -> ClassShape {
        let text = |span: Span| self.tree.text(span).to_vec();
        let (mut members, mut properties, mut adapts_traits) = (Vec::new(), Vec::new(), false);
        for member in class.members {
            match member {
                ast::Member::Properties(it) => {
                    let names = || it.items.iter().map(|it| text(it.variable.span));
                    members.extend(names());
                    properties.extend(names().map(|name| (name, self.meant(it.hint))));
                }
                ast::Member::ClassConstants(it) => {
                    members.extend(it.items.iter().map(|it| text(it.name.span)));
                }
                ast::Member::EnumCase(it) => members.push(text(it.name.span)),
                ast::Member::TraitUse(it) => adapts_traits |= it.adaptations.is_some(),
                ast::Member::Method(it) => {
                    let promoted = it.parameters.list.iter().filter(|it| !it.modifiers.is_empty());
                    for it in promoted {
                        members.push(text(it.variable.span));
                        properties.push((text(it.variable.span), self.meant(it.hint)));
                    }
                }
            }
        }
        let extends = match class.kind {
            ClassKind::Interface => None,
            _ => class.extends.first().and_then(|name| self.parent(*name, ParentKind::Class)),
        };
        ClassShape {
            kind: class.kind,
            is_final: class.modifiers.iter().any(|it| it.kind == TokenKind::Final),
            extends: extends.map(|it| it.name),
            members,
            properties,
            adapts_traits,
        }
    }

    /// The classes in the types of methods.
    pub(super) fn signatures(&self, class: &ast::Class<'a>) -> Vec<Parent> {
        let mut found = Vec::new();
        for member in class.members {
            let ast::Member::Method(method) = member else { continue };
            let hints = method.parameters.list.iter().filter_map(|it| it.hint);
            for hint in hints.chain(method.return_type) {
                self.add_types(hint, &mut found);
            }
        }
        found
    }

    fn add_types(&self, hint: ast::Type<'a>, found: &mut Vec<Parent>) {
        let mut open = vec![hint];
        while let Some(it) = open.pop() {
            match it {
                ast::Type::Name(name) if !self.is_builtin_type(name) => {
                    found.extend(self.parent(name, ParentKind::Signature));
                }
                ast::Type::Name(_) => {}
                ast::Type::NullableType(it) => open.push(it.inner),
                ast::Type::UnionType(it) => open.extend(it.types.iter().rev()),
                ast::Type::IntersectionType(it) => open.extend(it.types.iter().rev()),
                ast::Type::ParenthesizedType(it) => open.push(it.inner),
            }
        }
    }

    fn is_builtin_type(&self, name: Name) -> bool {
        is_builtin_type(self.tree.text(name.span), self.tree.options().version)
    }

    pub(super) fn methods(&self, class: &ast::Class<'a>) -> Vec<MethodTypes> {
        let methods = class.members.iter().filter_map(|member| match member {
            ast::Member::Method(it) => Some(it),
            _ => None,
        });
        let has =
            |method: &ast::Method<'a>, kind| method.modifiers.iter().any(|it| it.kind == kind);
        let method = |it: &'a ast::Method<'a>| {
            let name = self.tree.text(it.name.span).to_ascii_lowercase();
            let is_abstract = class.kind == ClassKind::Interface || has(it, TokenKind::Abstract);
            let is_free = has(it, TokenKind::Private) || name == b"__construct";
            let hints = it.parameters.list.iter().map(|it| it.hint);
            let types = hints.chain([it.return_type]).map(|hint| self.meant(hint));
            MethodTypes {
                types: types.collect(),
                is_compared: is_abstract || !is_free,
                is_abstract,
                is_quiet: self.is_quiet(it),
                form: self.form(it),
                name,
            }
        };
        methods.map(|it| method(it)).collect()
    }

    fn is_quiet(&self, method: &ast::Method<'a>) -> bool {
        let mut attributes = method.attributes.iter().flat_map(|group| group.attributes);
        attributes.any(|it| {
            let name = self.scope.resolve(self.tree, it.name, NameKind::Class);
            matches!(name, Resolved::Known(name) if name.eq_ignore_ascii_case(b"ReturnTypeWillChange"))
        })
    }

    fn form(&self, method: &ast::Method<'a>) -> Vec<u8> {
        let modifiers = method
            .modifiers
            .iter()
            .filter(|it| !matches!(it.kind, TokenKind::Public | TokenKind::Abstract));
        let mut form: Vec<u8> =
            modifiers.flat_map(|it| [self.tree.text(it.span), b" "]).flatten().copied().collect();
        form.extend(method.by_reference.map(|_| b'&'));
        for it in method.parameters.list {
            form.push(b',');
            form.extend(it.by_reference.map(|_| b'&'));
            form.extend(it.variadic.map(|_| b'.'));
            form.extend(it.value.map(|_| b'='));
        }
        form
    }

    fn meant(&self, hint: Option<ast::Type<'a>>) -> MeantType {
        let Some(hint) = hint else { return Default::default() };
        let mut classes = Vec::new();
        self.add_types(hint, &mut classes);
        let mut names = classes.iter().map(|it| (it.span, &it.name));
        let mut next = names.next();
        let mut text = Vec::new();
        for token in self.tree.tokens_in(hint.span()).filter(|token| !token.kind.is_trivia()) {
            match next {
                Some((span, name)) if span.contains(token.span) => {
                    if span.start == token.span.start {
                        text.extend(name);
                    }
                    if span.end == token.span.end {
                        next = names.next();
                    }
                }
                _ => text.extend(self.tree.text(token.span).to_ascii_lowercase()),
            }
        }
        (text, classes.into_iter().map(|it| it.name).collect())
    }
}
