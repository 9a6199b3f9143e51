//! What a script uses, from its code: a guess at what a request loads.
//!
//! What is created, called statically or read of a class is loaded when the code runs, and
//! so are the parents of all of it. Types, `instanceof`, `catch` and `::class` load nothing.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tilde_bundle::{IncludePath, normal};
use tilde_syntax::ast::{Expression, MemberName, Node};
use tilde_syntax::{Arena, Flow, NameKind, Resolved, Scope, Tree, Visitor, parse, walk};

use crate::Files;
use crate::classes::{Classes, Reading};
use crate::project::Project;

/// Where front controllers are, in the order in which they are looked for.
const CONTROLLERS: [&str; 8] = [
    "public/index.php",
    "web/index.php",
    "www/index.php",
    "html/index.php",
    "htdocs/index.php",
    "webroot/index.php",
    "index.php",
    "bin/console",
];

/// The scripts that a project is started by: front controllers where they usually are, then
/// the commands of composer.json.
#[must_use]
pub fn entries(files: &dyn Files, project: &Project) -> Vec<PathBuf> {
    let controllers = CONTROLLERS.iter().map(|path| project.root.join(path));
    let all = controllers.chain(project.commands.iter().cloned());
    let mut entries: Vec<PathBuf> = Vec::new();
    for path in all.filter(|path| files.is_file(path)) {
        if !entries.contains(&path) {
            entries.push(path);
        }
    }
    entries
}

/// The files of classes that scripts use, with what Composer's autoloader always runs; those
/// that are reached first in front.
pub(crate) fn reached(
    files: &dyn Files,
    project: &Project,
    classes: &Classes,
    reading: Reading,
    scripts: &[PathBuf],
) -> Vec<usize> {
    let mut arena = Arena::new();
    let mut found = Vec::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut open: Vec<usize> = Vec::new();
    let mut scripts: VecDeque<PathBuf> = scripts.iter().cloned().collect();
    let mut visited: BTreeSet<PathBuf> = BTreeSet::new();
    let mut take = |names: Vec<Vec<u8>>, open: &mut Vec<usize>| {
        for class in names.iter().filter_map(|name| classes.of_name(name)) {
            if seen.insert(class.file) {
                open.push(class.file);
            }
        }
    };
    while let Some(path) = scripts.pop_front() {
        let Ok(text) = files.read(&path) else { continue };
        take(uses(&text, reading, Extent::All, &mut arena), &mut open);
        let survey = tilde_bundle::survey(&text, reading.lexer, reading.oldest, &mut arena);
        for include in survey.iter().flat_map(|it| &it.includes) {
            let IncludePath::FromMember(below) = &include.path else { continue };
            let below = String::from_utf8_lossy(below).into_owned();
            let folder = path.parent().unwrap_or(Path::new("/"));
            let target = normal(&folder.join(below.trim_start_matches('/')));
            let is_own = !target.starts_with(&project.vendor);
            if is_own && visited.insert(target.clone()) {
                scripts.push_back(target);
            }
        }
    }
    for file in &project.files {
        // Who calls its functions is not known.
        let text = files.read(&file.path).unwrap_or_default();
        take(uses(&text, reading, Extent::Outside, &mut arena), &mut open);
    }
    let needs = |arena: &mut Arena, file: &usize| {
        let source = &classes.sources[*file];
        let parents = source.survey.iter().flat_map(|it| &it.classes);
        let parents = parents.flat_map(|it| it.parents.clone());
        let mut names: Vec<Vec<u8>> = parents.collect();
        names.extend(uses(&source.text, reading, Extent::All, arena));
        names
    };
    while !open.is_empty() {
        let files = std::mem::take(&mut open);
        let all: Vec<_> = files.par_iter().map_init(Arena::new, needs).collect();
        found.extend(files);
        for names in all {
            take(names, &mut open);
        }
    }
    found
}

/// Which code is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    All,
    /// What is in no function.
    Outside,
}

/// The classes that code uses where it runs, but for what it throws: full names in lower
/// case, as they come.
fn uses(text: &[u8], reading: Reading, extent: Extent, arena: &mut Arena) -> Vec<Vec<u8>> {
    arena.reset();
    let Ok(tree) = parse(text, reading.lexer, arena) else { return Vec::new() };
    let mut uses = Uses { tree: &tree, scope: Scope::default(), extent, names: Vec::new() };
    walk(Node::from(tree.program()), &mut uses);
    uses.names
}

struct Uses<'t, 'a> {
    tree: &'t Tree<'a>,
    scope: Scope<'a>,
    extent: Extent,
    names: Vec<Vec<u8>>,
}

impl<'a> Visitor<'a> for Uses<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        self.scope.enter(self.tree, node);
        match node {
            Node::New(it) => self.class(it.class),
            Node::StaticCall(it) => self.class(it.class),
            Node::StaticProperty(it) => self.class(it.class),
            Node::ClassConstant(it) if !self.is_name_only(it.name) => self.class(it.class),
            Node::Throw(_) => return Flow::Skip,
            Node::Function(_) | Node::Class(_) | Node::Closure(_) | Node::ArrowFunction(_)
                if self.extent == Extent::Outside =>
            {
                return Flow::Skip;
            }
            _ => {}
        }
        Flow::Descend
    }

    fn leave(&mut self, node: Node<'a>) {
        self.scope.leave(node);
    }
}

impl<'a> Uses<'_, 'a> {
    fn class(&mut self, class: Expression<'a>) {
        let Expression::Name(name) = class else { return };
        if let Resolved::Known(name) = self.scope.resolve(self.tree, name, NameKind::Class) {
            self.names.push(name.to_ascii_lowercase());
        }
    }

    fn is_name_only(&self, name: MemberName<'a>) -> bool {
        let MemberName::Identifier(name) = name else { return false };
        self.tree.text(name.span).eq_ignore_ascii_case(b"class")
    }
}
