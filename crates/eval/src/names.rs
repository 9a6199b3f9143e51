//! Namespaces and what `use` imports.
//!
//! Functions and constants fall back to the global namespace, and classes do not.

use rustc_hash::FxHashMap;
use tilde_syntax::ast::{Use, UseKind};

use crate::value::Bytes;

/// The namespace that a piece of code is in, and its imports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) namespace: Bytes,
    /// By the alias in lower case.
    classes: FxHashMap<Vec<u8>, Bytes>,
    functions: FxHashMap<Vec<u8>, Bytes>,
    constants: FxHashMap<Vec<u8>, Bytes>,
}

/// What a name stands for: the first of these that exists.
pub(crate) struct Candidates {
    pub(crate) full: Bytes,
    pub(crate) fallback: Option<Bytes>,
}

impl Names {
    pub(crate) fn in_namespace(namespace: Vec<u8>) -> Self {
        Self { namespace: namespace.into(), ..Self::default() }
    }

    /// Adds the imports of a `use`.
    pub(crate) fn import(&mut self, node: &Use<'_>, source: &[u8]) {
        let prefix = node.prefix.map(|prefix| clean(prefix.span.of(source)));
        for item in node.items {
            let mut name = prefix.clone().unwrap_or_default();
            if !name.is_empty() && !name.ends_with(b"\\") {
                name.push(b'\\');
            }
            name.extend(clean(item.name.span.of(source)));
            let name = name.strip_prefix(b"\\").unwrap_or(&name).to_vec();
            let alias = match item.alias {
                Some(alias) => alias.span.of(source).to_vec(),
                None => last_segment(&name).to_vec(),
            };
            match node.kind.or(item.kind) {
                None => self.classes.insert(alias.to_ascii_lowercase(), name.into()),
                Some(UseKind::Function) => {
                    self.functions.insert(alias.to_ascii_lowercase(), name.into())
                }
                Some(UseKind::Constant) => self.constants.insert(alias, name.into()),
            };
        }
    }

    /// The name that something declared here has.
    pub(crate) fn declared(&self, name: &[u8]) -> Bytes {
        if self.namespace.is_empty() {
            return name.into();
        }
        [&*self.namespace, b"\\", name].concat().into()
    }

    /// The full name of a class.
    pub(crate) fn class(&self, name: &[u8]) -> Bytes {
        if let Some(full) = self.explicit(name) {
            return full;
        }
        match self.classes.get(&name.to_ascii_lowercase()) {
            Some(full) => full.clone(),
            None => self.declared(name),
        }
    }

    /// The full names of a function.
    pub(crate) fn function(&self, name: &[u8]) -> Candidates {
        self.candidates(name, self.functions.get(&name.to_ascii_lowercase()))
    }

    /// The full names of a constant.
    pub(crate) fn constant(&self, name: &[u8]) -> Candidates {
        self.candidates(name, self.constants.get(name))
    }

    fn candidates(&self, name: &[u8], imported: Option<&Bytes>) -> Candidates {
        if let Some(full) = self.explicit(name) {
            return Candidates { full, fallback: None };
        }
        if let Some(full) = imported {
            return Candidates { full: full.clone(), fallback: None };
        }
        let fallback = (!self.namespace.is_empty()).then(|| name.into());
        Candidates { full: self.declared(name), fallback }
    }

    /// The full name if the name has a backslash.
    fn explicit(&self, name: &[u8]) -> Option<Bytes> {
        if let Some(full) = name.strip_prefix(b"\\") {
            return Some(full.into());
        }
        let first = name.iter().position(|byte| *byte == b'\\')?;
        let head = name[..first].to_ascii_lowercase();
        if head == b"namespace" {
            return Some(self.declared(&name[first + 1..]));
        }
        Some(match self.classes.get(&head) {
            Some(full) => [full, &name[first..]].concat().into(),
            None => self.declared(name),
        })
    }
}

fn last_segment(name: &[u8]) -> &[u8] {
    name.rsplit(|byte| *byte == b'\\').next().unwrap_or(name)
}

/// A name without the blanks and comments that PHP 7.4 allows in it.
pub(crate) fn clean(name: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(name.len());
    let mut rest = name;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail.first()) {
            (b'/', Some(b'*')) => {
                let end = tail.windows(2).skip(1).position(|pair| pair == b"*/");
                rest = end.map_or(&[][..], |end| &tail[end + 3..]);
            }
            (b'/', Some(b'/')) | (b'#', _) => {
                let end = tail.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                rest = end.map_or(&[][..], |end| &tail[end..]);
            }
            (byte, _) if byte.is_ascii_whitespace() => {}
            _ => text.push(*byte),
        }
    }
    text
}
