//! What the files of a module declare, and in which order they can be loaded.
//!
//! A file counts for what it declares, not for its name: one with an interface
//! only is needed too, and one that merely says `Foo::class` is a script. PHP
//! declares a class whose parent is not there only when the line is reached, so
//! files with parents come first.

use std::collections::{BTreeMap, BTreeSet};

use tilde_syntax::ast::{Class, Name, Node};
use tilde_syntax::{Arena, Flow, NameKind, Options, Resolved, Scope, SyntaxError, Tree, Visitor};
use tilde_syntax::{parse, walk};

/// What a file declares outside of functions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declarations {
    /// Classes, interfaces, traits and enums, and functions.
    pub symbols: Vec<Symbol>,
    /// Whether loading it does anything but declare.
    pub has_effects: bool,
}

/// A class or a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The full name as it is written, without a leading backslash.
    pub name: String,
    /// A function; otherwise a class, interface, trait or enum.
    pub is_function: bool,
    /// The full names of what it extends, implements and uses.
    pub parents: Vec<String>,
}

/// Reads what a file declares.
///
/// # Errors
///
/// The first syntax error.
pub fn declarations(source: &[u8], options: Options) -> Result<Declarations, SyntaxError> {
    let arena = Arena::new();
    let tree = parse(source, options, &arena)?;
    let mut collector = Collector {
        tree: &tree,
        scope: Scope::default(),
        found: Declarations::default(),
        functions: 0,
        classes: Vec::new(),
    };
    walk(Node::from(tree.program()), &mut collector);
    Ok(collector.found)
}

struct Collector<'t, 'a> {
    tree: &'t Tree<'a>,
    scope: Scope<'a>,
    found: Declarations,
    functions: usize,
    /// The named classes that are around; none for one without a name.
    classes: Vec<Option<usize>>,
}

impl<'a> Visitor<'a> for Collector<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        self.scope.enter(self.tree, node);
        match node {
            Node::Class(class) => self.class(class),
            Node::Function(function) => {
                if self.functions == 0 && self.classes.is_empty() {
                    let name = self.full(self.tree.text(function.name.span));
                    self.found.symbols.push(Symbol {
                        name,
                        is_function: true,
                        parents: Vec::new(),
                    });
                }
                self.functions += 1;
            }
            Node::TraitUse(traits) => {
                if let Some(Some(at)) = self.classes.last().copied() {
                    let names = self.resolved(traits.traits);
                    self.found.symbols[at].parents.extend(names);
                }
            }
            node if self.functions == 0 && self.classes.is_empty() => self.effect(node),
            _ => {}
        }
        if is_body(node) {
            self.functions += 1;
        }
        Flow::Descend
    }

    fn leave(&mut self, node: Node<'a>) {
        self.scope.leave(node);
        match node {
            Node::Class(_) => {
                self.classes.pop();
            }
            Node::Function(_) => self.functions -= 1,
            _ => {}
        }
        if is_body(node) {
            self.functions -= 1;
        }
    }
}

/// What has a body that runs later, but for functions with a name.
fn is_body(node: Node<'_>) -> bool {
    matches!(node, Node::Method(_) | Node::Closure(_) | Node::ArrowFunction(_) | Node::Hook(_))
}

impl<'a> Collector<'_, 'a> {
    fn class(&mut self, class: &Class<'a>) {
        let at = class.name.filter(|_| self.functions == 0).map(|name| {
            let name = self.full(self.tree.text(name.span));
            let mut parents = self.resolved(class.extends);
            parents.extend(self.resolved(class.implements));
            self.found.symbols.push(Symbol { name, is_function: false, parents });
            self.found.symbols.len() - 1
        });
        self.classes.push(at);
    }

    fn full(&self, name: &[u8]) -> String {
        let namespace = String::from_utf8_lossy(self.scope.namespace());
        let name = String::from_utf8_lossy(name);
        if namespace.is_empty() { name.into_owned() } else { format!("{namespace}\\{name}") }
    }

    fn resolved(&self, names: &[Name]) -> Vec<String> {
        let full = |name: &Name| match self.scope.resolve(self.tree, *name, NameKind::Class) {
            Resolved::Known(name) => Some(String::from_utf8_lossy(&name).into_owned()),
            Resolved::Either(..) | Resolved::Special(_) => None,
        };
        names.iter().filter_map(full).collect()
    }

    /// A condition around a declaration does nothing by itself, and neither does
    /// what it asks: `if (!function_exists('f'))`.
    fn effect(&mut self, node: Node<'a>) {
        self.found.has_effects |= matches!(
            node,
            Node::ExpressionStatement(_)
                | Node::Echo(_)
                | Node::InlineHtml(_)
                | Node::Return(_)
                | Node::While(_)
                | Node::DoWhile(_)
                | Node::For(_)
                | Node::Foreach(_)
                | Node::Unset(_)
                | Node::Global(_)
                | Node::StaticVariables(_)
        );
    }
}

/// What a package loads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassMap {
    /// Classes and the paths of their files, parents first.
    pub classes: Vec<(String, String)>,
    /// Files that only declare functions.
    pub function_files: Vec<String>,
}

/// Puts the files in an order: each after those that declare what its classes
/// extend, implement and use, and otherwise in the order in which they come.
#[must_use]
pub fn class_map(files: &[(String, Declarations)]) -> ClassMap {
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for (index, (_, declarations)) in files.iter().enumerate() {
        for symbol in declarations.symbols.iter().filter(|symbol| !symbol.is_function) {
            owners.entry(symbol.name.to_ascii_lowercase()).or_insert(index);
        }
    }
    let mut order = Order { files, owners, visited: BTreeSet::new(), all: Vec::new() };
    (0..files.len()).for_each(|index| order.visit(index));
    let mut map = ClassMap::default();
    for (path, declarations) in order.all.iter().map(|index| &files[*index]) {
        let classes = declarations.symbols.iter().filter(|symbol| !symbol.is_function);
        let before = map.classes.len();
        map.classes.extend(classes.map(|symbol| (symbol.name.clone(), path.clone())));
        let has_classes = map.classes.len() > before;
        if !has_classes && !declarations.has_effects && !declarations.symbols.is_empty() {
            map.function_files.push(path.clone());
        }
    }
    map
}

struct Order<'f> {
    files: &'f [(String, Declarations)],
    /// The files of classes, by names in lower case.
    owners: BTreeMap<String, usize>,
    visited: BTreeSet<usize>,
    all: Vec<usize>,
}

impl Order<'_> {
    /// Keeps a stack of its own: classes can form a long line.
    fn visit(&mut self, index: usize) {
        let mut stack = vec![(index, false)];
        while let Some((index, is_complete)) = stack.pop() {
            if is_complete {
                self.all.push(index);
            } else if self.visited.insert(index) {
                stack.push((index, true));
                let parents = self.files[index].1.symbols.iter().flat_map(|it| &it.parents);
                let files = parents.filter_map(|it| self.owners.get(&it.to_ascii_lowercase()));
                let files: Vec<usize> = files.copied().collect();
                stack.extend(files.into_iter().rev().map(|file| (file, false)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tilde_syntax::Version;

    use super::*;

    fn of(source: &str) -> Declarations {
        declarations(source.as_bytes(), Options::new(Version::V8_2)).expect(source)
    }

    fn names(source: &str) -> Vec<String> {
        of(source).symbols.into_iter().map(|symbol| symbol.name).collect()
    }

    #[test]
    fn all_kinds_of_declarations_are_found() {
        let source = "<?php namespace A\\B; use X\\{Y, Z as W};
            interface I extends Y {} trait T { function f() { function g() {} } }
            enum E: int implements I { case One = 1; }
            abstract class C extends W implements I, \\Countable { use T; }
            function h() { class Inner {} } if (true) { class D {} }
            $x = new class extends C { use T; };";
        assert_eq!(
            names(source),
            ["A\\B\\I", "A\\B\\T", "A\\B\\E", "A\\B\\C", "A\\B\\h", "A\\B\\D"]
        );
        let class = of(source).symbols[3].clone();
        assert_eq!(class.parents, ["X\\Z", "A\\B\\I", "Countable", "A\\B\\T"]);
        assert!(of(source).has_effects);
    }

    #[test]
    fn a_name_of_a_class_is_no_class() {
        assert_eq!(of("<?php echo Foo::class;").symbols, []);
        let guarded = of("<?php if (!function_exists('f')) { function f() { echo 1; } }");
        assert_eq!((guarded.symbols.len(), guarded.has_effects), (1, false));
    }

    #[test]
    fn parents_come_first() {
        let file = |path: &str, source: &str| (path.to_owned(), of(source));
        let map = class_map(&[
            file("a.php", "<?php class A extends B {}"),
            file("b.php", "<?php class B implements I {} function b() {}"),
            file("f.php", "<?php function f() {}"),
            file("i.php", "<?php interface I {}"),
            file("run.php", "<?php function r() {} r();"),
        ]);
        let paths: Vec<&str> = map.classes.iter().map(|(_, path)| path.as_str()).collect();
        assert_eq!(paths, ["i.php", "b.php", "a.php"]);
        assert_eq!(map.function_files, ["f.php"]);
    }
}
