//! Which doc comment belongs to what, with PHP's reflection as the judge.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use tilde_syntax::{
    Arena, Flow, Node, Options, Position, Span, Tree, Version, Visitor, parse, walk,
};

const SOURCE: &str = r"<?php
/** file */
/** f1 */
function f1() {}
/** lost: a brace comes between */ { }
function f2() {}
/** of what comes next */ $a = 1;
function f3() {}
function /** f4 */ f4 /** too late */ () {}
function f5(/** parameter */ $a /** behind */) {}
/** A */
abstract class A /** A again */ extends /** and again */ ArrayObject
{
    /** a */
    public $a, /** b */ $b = 1, $c;
    public /** d */ $d /** e */ = 1, $e;
    /** F, behind its value */
    const F = 1 /** G */, G = 2;
    const H = 3;
    /** i */
    #[I(/** in an attribute */ 1)]
    public /** i again */ function i() { /** in a body */ }
    public function j() {}
    /** k */ abstract protected function &/** k again */k();
    use T { /** of an alias */ l as m; }
    public $n;
}
trait T { /** l */ function l() {} }
/** E */
enum E: int {
    /** O */ case O = 1;
    case /** too late */ P = 2;
    /** Q */
    const Q = self::O;
}
class Z {}
";

/// Prints `name`, TAB and the comment of all that reflection knows of.
const JUDGE: &str = r#"<?php
require $argv[1];
$say = function ($name, $of) { $doc = $of->getDocComment(); if ($doc) echo "$name\t$doc\n"; };
foreach (get_defined_functions()['user'] as $name) {
    if ($name !== '{closure}') $say($name, new ReflectionFunction($name));
}
foreach (['A', 'T', 'E', 'Z'] as $class) {
    $reflection = new ReflectionClass($class);
    $say($class, $reflection);
    foreach ($reflection->getReflectionConstants() as $member) {
        if ($member->class === $class) $say("$class::{$member->name}", $member);
    }
    foreach ($reflection->getProperties() as $member) {
        if ($member->class === $class) $say("$class::\${$member->name}", $member);
    }
    foreach ($reflection->getMethods() as $member) {
        if ($member->class === $class && $member->name !== 'm' && !($class === 'A' && $member->name === 'l')) {
            $say("$class::{$member->name}()", $member);
        }
    }
}
"#;

#[test]
fn doc_comments_belong_to_what_php_gives_them_to() {
    let arena = Arena::new();
    let tree = parse(SOURCE.as_bytes(), Options::new(Version::V8_2), &arena).unwrap();
    let mut docs = Docs { tree: &tree, class: String::new(), found: BTreeMap::new() };
    walk(Node::from(tree.program()), &mut docs);
    let ours: Vec<String> = docs.found.iter().map(|(name, doc)| format!("{name}\t{doc}")).collect();
    assert_eq!(ours, ask());
    assert!(ours.len() > 12, "{ours:?}");
}

fn ask() -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let (source, judge) = (folder.path().join("source.php"), folder.path().join("judge.php"));
    fs::write(&source, SOURCE).unwrap();
    fs::write(&judge, JUDGE).unwrap();
    let output = Command::new("php")
        .arg(&judge)
        .arg(&source)
        .output()
        .expect("PHP 8.2 knows whose comments they are (apt-get install php-cli installs it)");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

struct Docs<'t, 'a> {
    tree: &'t Tree<'a>,
    class: String,
    found: BTreeMap<String, String>,
}

impl Docs<'_, '_> {
    fn text(&self, span: Span) -> String {
        String::from_utf8(self.tree.text(span).to_vec()).unwrap()
    }

    fn add(&mut self, name: String, doc: Option<Position>) {
        let Some(doc) = doc else { return };
        let at = Span { start: doc.get(), end: doc.get() + 1 };
        let comment = self.tree.tokens_in(at).next().unwrap();
        assert_eq!(comment.kind.name(), "T_DOC_COMMENT");
        self.found.insert(name, self.text(comment.span));
    }
}

impl<'a> Visitor<'a> for Docs<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        match node {
            Node::Function(node) => self.add(self.text(node.name.span), node.doc),
            Node::Class(node) => {
                self.class = self.text(node.name.unwrap().span);
                self.add(self.class.clone(), node.doc);
            }
            Node::Method(node) => {
                self.add(format!("{}::{}()", self.class, self.text(node.name.span)), node.doc);
            }
            Node::PropertyItem(node) => {
                self.add(format!("{}::{}", self.class, self.text(node.variable.span)), node.doc);
            }
            Node::ConstantItem(node) => {
                self.add(format!("{}::{}", self.class, self.text(node.name.span)), node.doc);
            }
            Node::EnumCase(node) => {
                self.add(format!("{}::{}", self.class, self.text(node.name.span)), node.doc);
            }
            _ => {}
        }
        Flow::Descend
    }
}
