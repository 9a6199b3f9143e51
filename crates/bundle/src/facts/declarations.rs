//! What is declared, in which namespace, and what names stand for there.

use tilde_syntax::ast::{self, ClassKind, Name, Statement, UseKind};
use tilde_syntax::{NameKind, Position, Resolved, Span, TokenKind, Tree, Version};

use super::collector::word;
use super::{
    Collector, Declaration, Declare, Import, Namespace, Parent, ParentKind, Symbol, folded, joined,
    split,
};

impl<'a> Collector<'_, 'a> {
    pub(super) fn late_declare(&mut self, declare: &ast::Declare<'a>) {
        // The walk comes to them in order, and first to those of the prologue.
        let last = self.facts.declares.last();
        let is_known = last.is_some_and(|last| declare.span.start <= last.span.start);
        if !is_known && matches!(declare.body, Statement::Empty(_)) {
            let declare = self.declare(declare, false);
            self.facts.declares.push(declare);
        }
    }

    pub(super) fn declare(&self, declare: &ast::Declare<'a>, is_first: bool) -> Declare {
        let strict = match declare.directives {
            [item] if self.tree.options().version >= Version::V7_0 => {
                let name = self.tree.text(item.name.span);
                let value = self.tree.text(item.value.span());
                let is_strict = name.eq_ignore_ascii_case(b"strict_types");
                [(&b"1"[..], true), (b"0", false)]
                    .into_iter()
                    .find_map(|(text, strict)| (is_strict && value == text).then_some(strict))
            }
            _ => None,
        };
        Declare { span: declare.span, strict, is_first }
    }

    pub(super) fn namespace(&mut self, namespace: &ast::Namespace<'a>) {
        let at = namespace.terminator.map(|position| self.token_at(position.get()));
        self.facts.namespaces.push(Namespace {
            keyword: word(namespace.span, b"namespace"),
            terminator: at,
            span: namespace.span,
        });
    }

    pub(super) fn token_at(&self, offset: u32) -> Span {
        let tokens = self.tree.token_list();
        tokens
            .starting_at(offset)
            .map_or(Span { start: offset, end: offset }, |index| tokens.span(index))
    }

    pub(super) fn import(&mut self, import: &ast::Use<'a>) {
        // Most imports come before all declarations.
        let new = &self.facts.declarations[self.known..];
        self.declared.extend(new.iter().map(|it| (it.symbol, it.full_name().to_vec())));
        self.known = self.facts.declarations.len();
        for item in import.items {
            let name = self.tree.name_text(item.name);
            let full = match import.prefix {
                Some(prefix) => joined(&self.tree.name_text(prefix), &name),
                None => name.into_owned(),
            };
            let full = full.strip_prefix(b"\\").unwrap_or(&full);
            let symbol = match item.kind.or(import.kind) {
                None => Symbol::Class,
                Some(UseKind::Function) => Symbol::Function,
                Some(UseKind::Constant) => Symbol::Constant,
            };
            let (namespace, last) = split(full);
            if namespace.is_empty() && item.alias.is_none() && self.scope.namespace().is_empty() {
                self.complain(item.name.span);
            }
            let short = item.alias.map_or(last, |alias| self.tree.text(alias.span));
            let (block, short) = (self.facts.namespaces.len(), folded(symbol, short));
            let target = joined(&namespace.to_ascii_lowercase(), &folded(symbol, last));
            let namespace = self.namespace_name();
            let is_taken = !self.declared.is_empty() && {
                let own = joined(&namespace, &short);
                own != target && self.declared.contains(&(symbol, own))
            };
            let name = (symbol, block, short.clone());
            if self.imported.insert(name, self.facts.imports.len()).is_some() || is_taken {
                self.refuse(item.name.span);
            }
            let span = item.name.span;
            self.facts.imports.push(Import { symbol, namespace, short, target, span });
        }
    }

    pub(super) fn namespace_name(&self) -> Vec<u8> {
        self.scope.namespace().to_ascii_lowercase()
    }

    pub(super) fn constants(&mut self, constants: &ast::Constants<'a>) {
        for item in constants.items {
            let declaration = self.declaration(Symbol::Constant, item.name, constants.span, None);
            self.declare_name(declaration);
        }
    }

    /// PHP refuses a file that declares what it imports under the same name.
    pub(super) fn declare_name(&mut self, declaration: Declaration) {
        let symbol = declaration.symbol;
        if !self.imported.is_empty() {
            let name = (symbol, self.facts.namespaces.len(), declaration.short().to_vec());
            let import = self.imported.get(&name).map(|index| &self.facts.imports[*index]);
            if import.is_some_and(|import| import.target != declaration.full_name()) {
                self.refuse(declaration.span);
            }
        }
        self.facts.declarations.push(declaration);
    }

    pub(super) fn function(&mut self, function: &ast::Function<'a>) {
        let declaration =
            self.declaration(Symbol::Function, function.name, function.span, function.doc);
        let is_hoisted = declaration.is_unconditional;
        let declaration = Declaration { is_hoisted, is_hoisted_by_all: is_hoisted, ..declaration };
        self.declare_name(declaration);
    }

    pub(super) fn class(&mut self, class: &ast::Class<'a>) {
        let Some(name) = class.name else {
            self.has_anonymous = true;
            return;
        };
        let parents = self.parents(class);
        // From PHP 8.0 on a class with `__toString` implements an interface.
        let is_stringable = has_to_string(self.tree, class);
        let is_plain = parents.iter().all(|parent| parent.kind == ParentKind::Class)
            && class.kind != ClassKind::Enum
            && !(is_stringable && self.oldest >= Version::V8_0);
        let declaration = self.declaration(Symbol::Class, name, class.span, class.doc);
        let is_hoisted = declaration.is_unconditional && is_plain;
        let is_late = is_stringable && self.tree.options().version >= Version::V8_0;
        let is_hoisted_by_all = is_hoisted && !is_late;
        let signatures = if parents.is_empty() { Vec::new() } else { self.signatures(class) };
        let methods = if self.takes_methods { self.methods(class) } else { Vec::new() };
        let declaration = Declaration {
            parents,
            signatures,
            methods,
            shape: self.takes_methods.then(|| self.shape(class)),
            is_concrete: matches!(class.kind, ClassKind::Class | ClassKind::Enum)
                && class.modifiers.iter().all(|it| it.kind != TokenKind::Abstract),
            is_hoisted,
            is_hoisted_by_all,
            ..declaration
        };
        self.declare_name(declaration);
    }

    pub(super) fn parents(&self, class: &ast::Class<'a>) -> Vec<Parent> {
        let of_extends = match class.kind {
            ClassKind::Interface => ParentKind::Interface,
            ClassKind::Class | ClassKind::Trait | ClassKind::Enum => ParentKind::Class,
        };
        let traits = class.members.iter().flat_map(|member| match member {
            ast::Member::TraitUse(it) => it.traits,
            _ => &[],
        });
        let extends = class.extends.iter().map(|name| (*name, of_extends));
        let implements = class.implements.iter().map(|name| (*name, ParentKind::Interface));
        let traits = traits.map(|name| (*name, ParentKind::Trait));
        let all = extends.chain(implements).chain(traits);
        all.filter_map(|(name, kind)| self.parent(name, kind)).collect()
    }

    pub(super) fn parent(&self, name: Name, kind: ParentKind) -> Option<Parent> {
        match self.scope.resolve(self.tree, name, NameKind::Class) {
            Resolved::Known(full) => {
                Some(Parent { name: full.to_ascii_lowercase(), kind, span: name.span })
            }
            Resolved::Either(..) | Resolved::Special(_) => None,
        }
    }

    pub(super) fn declaration(
        &self,
        symbol: Symbol,
        name: ast::Identifier,
        span: Span,
        doc: Option<Position>,
    ) -> Declaration {
        let doc = doc.map_or(span.start, |doc| doc.get().min(span.start));
        let mut between = self.tree.tokens_in(Span { start: doc, end: span.start });
        let is_doc_apart = between.any(|token| !token.kind.is_trivia());
        let namespace = self.namespace_name();
        let start = if is_doc_apart { span.start } else { doc };
        Declaration {
            symbol,
            name: joined(&namespace, &folded(symbol, self.tree.text(name.span))),
            namespace_len: namespace.len(),
            span: name.span,
            statement: Span { start, end: span.end },
            is_doc_apart,
            start: span.start,
            is_unconditional: self.conditions == 0,
            is_outside: self.is_top_level(),
            parents: Vec::new(),
            signatures: Vec::new(),
            methods: Vec::new(),
            shape: None,
            is_concrete: false,
            is_hoisted: false,
            is_hoisted_by_all: false,
        }
    }
}

fn has_to_string(tree: &Tree<'_>, class: &ast::Class<'_>) -> bool {
    class.members.iter().any(|member| match member {
        ast::Member::Method(method) => {
            tree.text(method.name.span).eq_ignore_ascii_case(b"__tostring")
        }
        _ => false,
    })
}
