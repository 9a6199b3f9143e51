//! Classes: their members, modifiers, and the methods whose names PHP knows.

use std::collections::{BTreeMap, BTreeSet};

use tilde_lexer::{TokenKind, Version};

use super::constant::Kind;
use super::types::{Atom, Typed, leaves};
use super::{Checker, constant, has_modifier, is_interface};
use crate::ast::{
    Adaptation, AttributeGroup, Class, ClassConstants, ClassKind, EnumCase, Member, Method, Name,
    Properties, TraitUse, Type,
};
use crate::span::Span;

/// What is known of a class while its members are read.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of it")]
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// Its full name in lower case; none of an anonymous one.
    pub(super) name: Option<Vec<u8>>,
    pub(super) is_trait: bool,
    pub(super) has_parent: bool,
    pub(super) is_readonly: bool,
    is_interface: bool,
    is_abstract: bool,
    /// The constants so far, with what PHP knows of their values.
    pub(super) constants: BTreeMap<Vec<u8>, Option<Kind>>,
}

/// What has attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Class(ClassKind),
    Method,
    /// A property, a constant or a case.
    Member,
    Function,
    Parameter,
}

/// What holds for a method whose name PHP knows.
struct Magic {
    name: &'static [u8],
    arguments: Option<usize>,
    is_static: bool,
    /// What the types of its arguments must take.
    takes: &'static [&'static str],
    /// Of what its result may be, if it says so.
    returns: &'static [&'static str],
    /// From which PHP on the types and the number count.
    since: Version,
}

const fn magic(
    name: &'static str,
    arguments: Option<usize>,
    takes: &'static [&'static str],
    returns: &'static [&'static str],
) -> Magic {
    let (name, since) = (name.as_bytes(), Version::V8_0);
    Magic { name, arguments, is_static: false, takes, returns, since }
}

const MAGIC: [Magic; 15] = [
    Magic { since: Version::V7_1, ..magic("__clone", Some(0), &[], &["void"]) },
    Magic { since: Version::V7_1, ..magic("__get", Some(1), &["string"], &[]) },
    Magic { since: Version::V7_1, ..magic("__set", Some(2), &["string"], &["void"]) },
    Magic { since: Version::V7_1, ..magic("__unset", Some(1), &["string"], &["void"]) },
    Magic { since: Version::V7_1, ..magic("__isset", Some(1), &["string"], &["bool"]) },
    Magic { since: Version::V7_1, ..magic("__call", Some(2), &["string", "array"], &[]) },
    Magic {
        is_static: true,
        since: Version::V7_1,
        ..magic("__callstatic", Some(2), &["string", "array"], &[])
    },
    magic("__tostring", Some(0), &[], &["string"]),
    magic("__debuginfo", Some(0), &[], &["array", "null"]),
    magic("__serialize", Some(0), &[], &["array"]),
    magic("__unserialize", Some(1), &["array"], &["void"]),
    Magic { is_static: true, ..magic("__set_state", Some(1), &["array"], &["object"]) },
    magic("__invoke", None, &[], &[]),
    magic("__sleep", Some(0), &[], &["array"]),
    magic("__wakeup", Some(0), &[], &["void"]),
];

impl<'a> Checker<'_, 'a> {
    pub(super) fn class(&mut self, it: &Class<'a>) {
        if let Some(name) = it.name.filter(|name| self.is_reserved(self.text(name.span))) {
            self.refuse(name.span, "no class can have this name");
        }
        let traits = it.members.iter().flat_map(|member| match member {
            Member::TraitUse(it) => it.traits,
            _ => &[],
        });
        let names = it.extends.iter().chain(it.implements).chain(traits);
        if let Some(name) = names.copied().find(|name| self.special(*name).is_some()) {
            self.refuse(name.span, "this cannot be named here");
        }
        let name = it.name.map(|name| {
            let name = self.text(name.span).to_ascii_lowercase();
            let namespace = self.scope.namespace().to_ascii_lowercase();
            if namespace.is_empty() { name } else { [&namespace, &b"\\"[..], &name].concat() }
        });
        let members = Members {
            name,
            is_trait: it.kind == ClassKind::Trait,
            has_parent: !it.extends.is_empty(),
            is_readonly: has_modifier(it.modifiers, TokenKind::Readonly),
            is_interface: is_interface(it),
            is_abstract: has_modifier(it.modifiers, TokenKind::Abstract),
            constants: BTreeMap::new(),
        };
        if members.is_abstract && has_modifier(it.modifiers, TokenKind::Final) {
            self.refuse(it.span, "what is abstract cannot be final");
        }
        self.backing(it);
        self.classes.push(members);
        self.frame().class = self.class_around();
        self.attributes_of(it.attributes, Target::Class(it.kind));
        self.members(it);
    }

    fn backing(&mut self, it: &Class<'a>) {
        let Some(backing) = it.backing else { return };
        let word = self.text(backing.span()).to_ascii_lowercase();
        if !matches!(&*word, b"int" | b"string") {
            self.refuse(backing.span(), "an enum is backed by `int` or `string`");
        }
    }

    fn members(&mut self, it: &Class<'a>) {
        let mut methods = BTreeSet::new();
        let mut properties = BTreeSet::new();
        for member in it.members {
            self.member_attributes(member);
            match member {
                Member::Method(it) => {
                    if !methods.insert(self.text(it.name.span).to_ascii_lowercase()) {
                        self.refuse(it.name.span, "another method has this name");
                    }
                    for parameter in it.parameters.list {
                        let is_promoted =
                            !parameter.modifiers.is_empty() || parameter.hooks.is_some();
                        let name = self.text(parameter.variable.span);
                        if is_promoted && !properties.insert(name) {
                            self.refuse(parameter.span, "another property has this name");
                        }
                    }
                }
                Member::Properties(group) => {
                    for item in group.items {
                        if !properties.insert(self.text(item.variable.span)) {
                            self.refuse(item.span, "another property has this name");
                        }
                    }
                    self.properties(it, group);
                }
                Member::ClassConstants(it) => self.constants(it),
                Member::EnumCase(case) => self.case(it, case),
                Member::TraitUse(it) => self.traits(it),
            }
        }
    }

    fn around(&self) -> (bool, bool, bool) {
        let members = self.classes.last();
        members.map_or((false, false, false), |it| (it.is_interface, it.is_trait, it.is_abstract))
    }

    fn new_constant(&mut self, name: Span, kind: Option<Kind>) {
        let text = self.text(name);
        if text.eq_ignore_ascii_case(b"class") {
            self.refuse(name, "no constant can be called `class`");
        }
        let members = self.classes.last_mut();
        let old = members.and_then(|it| it.constants.insert(text.to_vec(), kind));
        if old.is_some() {
            self.refuse(name, "another constant has this name");
        }
    }

    fn constants(&mut self, it: &ClassConstants<'a>) {
        let (is_interface, is_trait, _) = self.around();
        let is_private = has_modifier(it.modifiers, TokenKind::Private);
        if is_interface && (is_private || has_modifier(it.modifiers, TokenKind::Protected)) {
            self.refuse(it.span, "what an interface has is public");
        }
        if is_private && has_modifier(it.modifiers, TokenKind::Final) {
            self.refuse(it.span, "a private constant cannot be final");
        }
        if has_modifier(it.modifiers, TokenKind::Final) && self.before(Version::V8_1) {
            self.refuse(it.span, "up to PHP 8.0 no constant can be final");
        }
        if is_trait && self.before(Version::V8_2) {
            self.refuse(it.span, "up to PHP 8.1 a trait has no constants");
        }
        if let Some(hint) = it.hint {
            self.hint(hint, Typed::Constant);
        }
        for item in it.items {
            self.constant(item.value, constant::Place::Class);
            if let Some(hint) = it.hint {
                self.default(hint, item.value, false);
            }
            let kind = self.kind(item.value);
            self.new_constant(item.name.span, kind);
        }
    }

    fn case(&mut self, class: &Class<'a>, it: &EnumCase<'a>) {
        match (class.kind == ClassKind::Enum, class.backing, it.value) {
            (false, ..) => self.refuse(it.span, "only enums have cases"),
            (_, Some(_), None) => self.refuse(it.span, "a case of this enum needs a value"),
            (_, None, Some(_)) => self.refuse(it.span, "a case of this enum has no value"),
            _ => {}
        }
        if let Some(value) = it.value {
            self.constant(value, constant::Place::Class);
        }
        self.new_constant(it.name.span, None);
    }

    fn traits(&mut self, it: &TraitUse<'a>) {
        if self.around().0 {
            self.refuse(it.span, "an interface uses no traits");
        }
        for adaptation in it.adaptations.iter().flat_map(|it| it.adaptations) {
            let Adaptation::Alias(alias) = adaptation else { continue };
            let is_refused = |kind| match kind {
                TokenKind::Static | TokenKind::Abstract | TokenKind::Readonly => true,
                TokenKind::Final => self.before(Version::V8_3),
                _ => false,
            };
            if let Some(modifier) = alias.modifier.filter(|it| is_refused(it.kind)) {
                self.refuse(modifier.span, "this modifier does not go with a method of a trait");
            }
        }
    }

    fn properties(&mut self, class: &Class<'a>, it: &Properties<'a>) {
        let has = |kind| has_modifier(it.modifiers, kind);
        let has_hooks = it.items.iter().any(|item| item.hooks.is_some());
        if is_interface(class) && (!has_hooks || self.before(Version::V8_4)) {
            self.refuse(it.span, "an interface has no properties");
        }
        if class.kind == ClassKind::Enum {
            self.refuse(it.span, "an enum has no properties");
        }
        if has(TokenKind::Abstract) && !has_hooks {
            self.refuse(it.span, "a property cannot be abstract");
        }
        if has(TokenKind::Final) && self.before(Version::V8_4) {
            self.refuse(it.span, "up to PHP 8.3 no property can be final");
        }
        self.asymmetry(it.modifiers, it.span);
        let is_static = has(TokenKind::Static);
        if has(TokenKind::Readonly) || self.classes.last().is_some_and(|it| it.is_readonly) {
            let message = match it.hint {
                None => "a readonly property needs a type",
                Some(_) if is_static => "a static property cannot be readonly",
                Some(_) if it.items.iter().any(|item| item.value.is_some()) => {
                    "a readonly property has no first value"
                }
                Some(_) => "",
            };
            if !message.is_empty() {
                self.refuse(it.span, message);
            }
        }
        if let Some(hint) = it.hint {
            self.hint(hint, Typed::Property);
        }
        for value in it.items.iter().filter_map(|item| item.value) {
            self.constant(value, constant::Place::Class);
            if let Some(hint) = it.hint {
                self.default(hint, value, false);
            }
        }
    }

    pub(super) fn method(&mut self, it: &Method<'a>) {
        let (is_interface, is_trait, is_abstract_class) = self.around();
        let has = |kind| has_modifier(it.modifiers, kind);
        let (is_abstract, is_private) = (has(TokenKind::Abstract), has(TokenKind::Private));
        let name = it.name.span;
        if has(TokenKind::Readonly) {
            self.refuse(name, "a method cannot be readonly");
        }
        if is_interface {
            let message = if is_private || has(TokenKind::Protected) {
                "what an interface has is public"
            } else if has(TokenKind::Final) || is_abstract {
                "this modifier does not go with a method of an interface"
            } else if it.body.is_some() {
                "a method of an interface has no body"
            } else {
                ""
            };
            if !message.is_empty() {
                self.refuse(name, message);
            }
        } else if is_abstract {
            if it.body.is_some() {
                self.refuse(name, "an abstract method has no body");
            }
            if is_private && (!is_trait || self.before(Version::V8_0)) {
                self.refuse(name, "an abstract method cannot be private");
            }
            if has(TokenKind::Final) {
                self.refuse(name, "what is abstract cannot be final");
            }
            if !is_abstract_class && !is_trait {
                self.refuse(name, "a class with an abstract method must be abstract");
            }
        } else if it.body.is_none() {
            self.refuse(name, "this method needs a body");
        }
        let is_constructor = self.text(name).eq_ignore_ascii_case(b"__construct");
        let may_promote = !is_abstract && !is_interface;
        self.parameters(it.parameters, is_constructor.then_some(may_promote));
        self.magic(it);
    }

    fn magic(&mut self, it: &Method<'a>) {
        let name = self.text(it.name.span).to_ascii_lowercase();
        if !name.starts_with(b"__") {
            return;
        }
        let is_static = has_modifier(it.modifiers, TokenKind::Static);
        if matches!(&*name, b"__construct" | b"__destruct") {
            if is_static {
                self.refuse(it.name.span, "this method cannot be static");
            }
            if it.return_type.is_some() {
                self.refuse(it.name.span, "this method has no type");
            }
            if name == b"__destruct" && !it.parameters.list.is_empty() {
                self.refuse(it.name.span, "this method takes no arguments");
            }
            return;
        }
        let Some(rules) = MAGIC.iter().find(|rules| rules.name == name) else { return };
        if !self.since(rules.since) {
            return;
        }
        if is_static != rules.is_static {
            let message = if is_static {
                "this method cannot be static"
            } else {
                "this method must be static"
            };
            self.refuse(it.name.span, message);
        }
        let parameters = it.parameters.list.iter().filter(|it| it.variadic.is_none());
        if rules.arguments.is_some_and(|count| parameters.count() != count) {
            self.refuse(it.name.span, "this method takes another number of arguments");
        }
        let by_reference = it.parameters.list.iter().find(|it| it.by_reference.is_some());
        let is_property = !matches!(&*name, b"__invoke" | b"__unserialize" | b"__set_state");
        if let Some(parameter) = by_reference.filter(|_| is_property) {
            self.refuse(parameter.span, "this method takes no references");
        }
        if self.since(Version::V8_0) {
            self.magic_types(it, rules);
        }
    }

    fn magic_types(&mut self, it: &Method<'a>, rules: &Magic) {
        let hints = it.parameters.list.iter().map(|it| it.hint);
        for (hint, word) in hints.zip(rules.takes) {
            let Some(hint) = hint else { continue };
            if !self.has_word(hint, &[word, "mixed"]) {
                self.refuse(hint.span(), format!("this must take `{word}`"));
            }
        }
        let Some(hint) = it.return_type.filter(|_| !rules.returns.is_empty()) else { return };
        let is_nullable = matches!(hint, Type::NullableType(_));
        let is_allowed = |name: Name| match self.atom(name) {
            Atom::Builtin("never") => true,
            Atom::Builtin("static") | Atom::Class(_) | Atom::Special(_) => {
                rules.returns.contains(&"object")
            }
            // A part of `bool`.
            Atom::Builtin("false" | "true") => rules.returns.contains(&"bool"),
            Atom::Builtin(word) => rules.returns.contains(&word),
        };
        let is_right = leaves(hint).into_iter().all(is_allowed);
        if !is_right || is_nullable && !rules.returns.contains(&"null") {
            self.refuse(hint.span(), format!("this must be `{}`", rules.returns.join("|")));
        }
    }

    fn has_word(&self, hint: Type<'a>, words: &[&str]) -> bool {
        leaves(hint).into_iter().any(|name| match self.atom(name) {
            Atom::Builtin(word) => {
                words.contains(&word) || word == "iterable" && words.contains(&"array")
            }
            Atom::Class(_) | Atom::Special(_) => false,
        })
    }

    /// PHP's own attributes say where they may stand.
    pub(super) fn attributes_of(&mut self, groups: &[AttributeGroup<'a>], target: Target) {
        for (name, span) in self.attribute_names(groups) {
            let (since, is_right) = match &*name {
                b"attribute" => (Version::V8_0, matches!(target, Target::Class(_))),
                b"returntypewillchange" => (Version::V8_1, target == Target::Method),
                b"allowdynamicproperties" => {
                    let is_right =
                        matches!(target, Target::Class(ClassKind::Class | ClassKind::Enum));
                    (Version::V8_2, is_right && !self.is_readonly_class(target))
                }
                b"sensitiveparameter" => (Version::V8_2, target == Target::Parameter),
                b"override" => (Version::V8_3, target == Target::Method),
                b"deprecated" | b"nodiscard" | b"delayedtargetvalidation" => {
                    if self.since(Version::V8_4) {
                        self.doubt(span);
                    }
                    continue;
                }
                _ => continue,
            };
            if !is_right && self.since(since) {
                self.refuse(span, "this attribute cannot stand here");
            }
        }
    }

    fn is_readonly_class(&self, target: Target) -> bool {
        matches!(target, Target::Class(_)) && self.classes.last().is_some_and(|it| it.is_readonly)
    }

    fn member_attributes(&mut self, member: &Member<'a>) {
        let (groups, target) = match member {
            Member::Method(it) => (it.attributes, Target::Method),
            Member::Properties(it) => (it.attributes, Target::Member),
            Member::ClassConstants(it) => (it.attributes, Target::Member),
            Member::EnumCase(it) => (it.attributes, Target::Member),
            Member::TraitUse(_) => return,
        };
        self.attributes_of(groups, target);
    }

    /// The classes of attributes, each with its place; one that stands there twice is refused
    /// where it is PHP's own.
    fn attribute_names(&mut self, groups: &[AttributeGroup<'a>]) -> Vec<(Vec<u8>, Span)> {
        let all = groups.iter().flat_map(|group| group.attributes);
        let names: Vec<_> =
            all.filter_map(|it| Some((self.class_name(it.name)?, it.span))).collect();
        let own: [&[u8]; 5] = [
            b"attribute",
            b"allowdynamicproperties",
            b"returntypewillchange",
            b"sensitiveparameter",
            b"override",
        ];
        for (index, (name, span)) in names.iter().enumerate() {
            if !own.contains(&&**name) || !self.since(Version::V8_0) {
                continue;
            }
            if names[..index].iter().any(|(other, _)| other == name) {
                self.refuse(*span, "this attribute cannot be repeated");
            }
        }
        names
    }
}
