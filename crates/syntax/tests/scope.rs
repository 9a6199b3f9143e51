//! What names mean, with PHP as the judge: `A::class` is what PHP makes of `A`,
//! and an error message says which function or constant it has looked for.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::Command;

use tilde_syntax::{
    Arena, Flow, NameKind, Node, Options, Resolved, Scope, Tree, Version, Visitor, parse, walk,
};

/// The heads of files, in each of which the names below are resolved.
const HEADS: [&str; 6] = [
    "",
    "namespace N;",
    "namespace N\\M; use A\\B, C as D, \\E\\F; use function G\\h, i as J; use const K\\L, m as O;",
    "use A\\{B, C\\D as E, function f, const G}; use function H\\{i, j as K};",
    "namespace A { use B\\C; } namespace { use D\\C;",
    "namespace X; use Y\\Z; namespace N;",
];

const NAMES: [&str; 16] = [
    "B",
    "b",
    "D",
    "F\\G",
    "f\\g",
    "\\B",
    "namespace\\B",
    "E",
    "C",
    "h",
    "H",
    "J",
    "L",
    "l",
    "O",
    "Z",
];

/// Runs each of the files in the folder that it is given, by number.
const DRIVER: &str = r#"<?php
for ($index = 0; is_file($file = "$argv[1]/$index.php"); $index++) {
    try {
        require $file;
    } catch (Error $error) {
        echo $error->getMessage();
    }
    echo "\0";
}
"#;

#[test]
fn names_mean_what_php_takes_them_for() {
    let mut questions = Vec::new();
    for head in HEADS {
        for name in NAMES {
            for (kind, expression) in [
                (NameKind::Class, format!("echo {name}::class;")),
                (NameKind::Function, format!("{name}();")),
                (NameKind::Constant, format!("{name};")),
            ] {
                let close = if head.ends_with(';') && head.contains("{ use D") { "}" } else { "" };
                questions.push((kind, format!("<?php {head} {expression} {close}")));
            }
        }
    }
    let sources: Vec<&str> = questions.iter().map(|(_, source)| source.as_str()).collect();
    let answers = ask(&sources);
    assert_eq!(answers.len(), questions.len());
    for ((kind, source), their) in questions.iter().zip(answers) {
        assert_eq!(resolve(source, *kind), their, "{kind:?} in {source}");
    }
}

/// What PHP names in its answers, global names and all.
fn ask(sources: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (index, source) in sources.iter().enumerate() {
        fs::write(folder.path().join(format!("{index}.php")), source).unwrap();
    }
    let driver = folder.path().join("driver");
    fs::write(&driver, DRIVER).unwrap();
    let output = Command::new("php")
        .args(["-d", "display_errors=1", "-d", "log_errors=0", "-d", "html_errors=0"])
        .args([&driver, folder.path()])
        .output()
        .expect("PHP 8.2 resolves names as well (apt-get install php-cli installs it)");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(named).collect()
}

fn named(text: &str) -> String {
    match text.split_once("undefined function ").or(text.split_once("Undefined constant ")) {
        Some((_, rest)) => rest.split(['(', ' ', '"', '\n']).find(|part| !part.is_empty()).unwrap(),
        None => text,
    }
    .to_owned()
}

/// The same of ours: where there are two meanings PHP names the first.
fn resolve(source: &str, kind: NameKind) -> String {
    let arena = Arena::new();
    let tree = parse(source.as_bytes(), Options::new(Version::V8_2), &arena).unwrap();
    let mut last = Last { tree: &tree, scope: Scope::default(), kind, found: String::new() };
    walk(Node::from(tree.program()), &mut last);
    last.found
}

struct Last<'t, 'a> {
    tree: &'t Tree<'a>,
    scope: Scope<'a>,
    kind: NameKind,
    found: String,
}

impl<'a> Visitor<'a> for Last<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        self.scope.enter(self.tree, node);
        let name = match node {
            Node::Use(_) => return Flow::Skip,
            Node::Name(name) => name,
            Node::Constant(constant) => tilde_syntax::ast::Name { span: constant.span },
            _ => return Flow::Descend,
        };
        let found = match self.scope.resolve(self.tree, name, self.kind) {
            Resolved::Known(name) => name.into_owned(),
            Resolved::Either(name, _) => name,
            Resolved::Special(name) => name.to_vec(),
        };
        self.found = String::from_utf8(found).unwrap();
        Flow::Descend
    }

    fn leave(&mut self, node: Node<'a>) {
        self.scope.leave(node);
    }
}
