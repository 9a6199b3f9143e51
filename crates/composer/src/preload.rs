//! `preload.php`, for `opcache.preload`: the core, parents first.
//!
//! The script declares the classes, so each of them must link, or the server does not start.
//! From PHP 8.1 on that needs the parents, and the classes in types of methods where those of a
//! parent's method have other types: only these are compared. Older PHPs want to know all.
//! A class stays out that needs what is not there, that would need the constant of a bundle
//! (a request without our autoloader has none), and that something else may declare too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use tilde_bundle::{MethodTypes, SurveyedClass};
use tilde_lexer::Version;

use crate::classes::Classes;
use crate::compile::{Bundle, Settings};
use crate::plan::{Basis, Plan};
use crate::project::Project;
use crate::runtime::{core, quoted};

/// The classes of all files, by their names in lower case.
type Known<'a> = BTreeMap<&'a [u8], &'a SurveyedClass>;

/// What a class needs to link.
#[derive(Default)]
struct Needs {
    names: BTreeSet<Vec<u8>>,
    /// The same, as far as a parent that PHP has built in decides.
    perhaps: Vec<Perhaps>,
}

/// Classes that are needed if a class of PHP's has a method.
struct Perhaps {
    parent: Vec<u8>,
    method: Vec<u8>,
    names: Vec<Vec<u8>>,
}

/// The script.
pub(crate) fn preload(
    project: &Project,
    classes: &Classes,
    bundles: &[Bundle],
    (plan, settings): (&Plan, &Settings),
) -> String {
    let Some(core) = core(bundles) else {
        return "<?php\n// Written by tilde: there is no core to preload.\n".to_owned();
    };
    if !project.is_prepended {
        return "<?php
// Written by tilde: nothing is preloaded. As `prepend-autoloader` is false, other autoloaders
// may have a class before Composer's.
"
        .to_owned();
    }
    let known = known(classes);
    let is_guess = matches!(plan.basis, Basis::Guess(_));
    let (mut list, mut older) = (String::new(), String::new());
    for (name, file) in ordered(classes, &core.files) {
        let survey = classes.sources[file].survey.as_ref();
        let all: Vec<&SurveyedClass> = survey.iter().flat_map(|it| &it.classes).collect();
        let is_doubtful = |it: &&SurveyedClass| is_guess && !is_sure_to_link(it, &known);
        if all.iter().any(is_doubtful) {
            continue;
        }
        entry(&mut list, &name, &all, &known);
        let own: BTreeSet<&[u8]> = all.iter().map(|it| &*it.name).collect();
        let signatures: BTreeSet<&Vec<u8>> = all.iter().flat_map(|it| &it.signatures).collect();
        let signatures = signatures.into_iter().filter(|name| !own.contains(&***name));
        let signatures: Vec<String> = signatures.map(|it| quoted(it)).collect();
        if settings.oldest < Version::V8_1 && !signatures.is_empty() {
            // A `String` takes all that is written to it.
            let _ =
                writeln!(older, "        {} => array({}),", quoted(&name), signatures.join(", "));
        }
    }
    if !older.is_empty() {
        older = format!(
            "    $older = \\PHP_VERSION_ID >= 80100 ? array() : array(\n{older}    );
    foreach ($older as $class => $needs) {{
        $classes[$class] = \\array_merge($classes[$class], $needs);
    }}
"
        );
    }
    script(&list, &older, &core.function)
}

/// What the file of a class needs, as an element of PHP's array.
fn entry(list: &mut String, name: &[u8], all: &[&SurveyedClass], known: &Known<'_>) {
    let own: BTreeSet<&[u8]> = all.iter().map(|it| &*it.name).collect();
    let mut needs = Needs::default();
    for class in all {
        needs.add(class, known);
    }
    let others = |names: &mut dyn Iterator<Item = &Vec<u8>>| {
        let names: Vec<String> =
            names.filter(|name| !own.contains(&***name)).map(|name| quoted(name)).collect();
        names.join(", ")
    };
    // A `String` takes all that is written to it.
    let _ = write!(
        list,
        "        {} => array(array({})",
        quoted(name),
        others(&mut needs.names.iter())
    );
    for Perhaps { parent, method, names } in &needs.perhaps {
        let (parent, method) = (quoted(parent), quoted(method));
        let _ = write!(list, ", array({parent}, {method}, array({}))", others(&mut names.iter()));
    }
    list.push_str("),\n");
}

fn script(list: &str, older: &str, function: &str) -> String {
    format!(
        "<?php
// Written by tilde, for `opcache.preload`. A class that needs something which is not here is
// left out, and so is one whose file does more than declare it, or says where it is.
(static function () {{
    $classes = array();
    foreach (array(
{list}    ) as $class => $needs) {{
        $classes[$class] = \\array_shift($needs);
        foreach ($needs as $need) {{
            if (\\method_exists($need[0], $need[1])) {{
                $classes[$class] = \\array_merge($classes[$class], $need[2]);
            }}
        }}
    }}
{older}    $is_there = static function ($name) {{
        return \\class_exists($name, false) || \\interface_exists($name, false) || \\trait_exists($name, false);
    }};
    do {{
        $count = \\count($classes);
        foreach ($classes as $class => $needs) {{
            foreach ($needs as $need) {{
                if (!isset($classes[$need]) && !$is_there($need)) {{
                    unset($classes[$class]);
                    break;
                }}
            }}
        }}
    }} while (\\count($classes) < $count);
    require_once __DIR__.'/core.php';
    $load = static function ($class) use ($classes) {{
        if (isset($classes[\\strtolower($class)])) {{
            {function}($class);
        }}
    }};
    \\spl_autoload_register($load);
    foreach ($classes as $class => $needs) {{
        $is_there($class) || $load($class);
    }}
    \\spl_autoload_unregister($load);
}})();
"
    )
}

fn known(classes: &Classes) -> Known<'_> {
    let surveys = classes.sources.iter().filter_map(|source| source.survey.as_ref());
    surveys.flat_map(|it| &it.classes).map(|it| (&*it.name, it)).collect()
}

/// All that a class is made of, with itself in front, and the names of which nothing is known.
fn line<'a>(
    class: &'a SurveyedClass,
    known: &Known<'a>,
) -> (Vec<&'a SurveyedClass>, BTreeSet<&'a Vec<u8>>) {
    let (mut line, mut unknown) = (vec![class], BTreeSet::new());
    let mut seen: BTreeSet<&[u8]> = [&*class.name].into();
    let mut at = 0;
    while let Some(it) = line.get(at) {
        at += 1;
        for parent in &it.parents {
            match known.get(&**parent) {
                Some(parent) if seen.insert(&parent.name) => line.push(parent),
                Some(_) => {}
                None => {
                    unknown.insert(parent);
                }
            }
        }
    }
    (line, unknown)
}

/// The methods of a line, by their names.
fn methods<'a>(line: &[&'a SurveyedClass]) -> BTreeMap<&'a [u8], Vec<&'a MethodTypes>> {
    let mut found: BTreeMap<&[u8], Vec<&MethodTypes>> = BTreeMap::new();
    for method in line.iter().flat_map(|class| &class.methods) {
        found.entry(&method.name).or_default().push(method);
    }
    found
}

impl Needs {
    fn add(&mut self, class: &SurveyedClass, known: &Known<'_>) {
        self.names.extend(class.parents.iter().cloned());
        let (line, unknown) = line(class, known);
        for (name, all) in methods(&line) {
            if all.iter().any(|it| it.is_compared) {
                self.names.extend(differences(&all));
            }
            let named: BTreeSet<&Vec<u8>> =
                all.iter().flat_map(|it| &it.types).flat_map(|(_, names)| names).collect();
            if named.is_empty() {
                continue;
            }
            let named: Vec<Vec<u8>> = named.into_iter().cloned().collect();
            let perhaps = unknown.iter().map(|parent| Perhaps {
                parent: (*parent).clone(),
                method: name.to_vec(),
                names: named.clone(),
            });
            self.perhaps.extend(perhaps);
        }
    }
}

/// The classes in types that are not the same in all methods of one name.
fn differences(all: &[&MethodTypes]) -> Vec<Vec<u8>> {
    let Some((first, others)) = all.split_first() else { return Vec::new() };
    let of = |types: &[(Vec<u8>, Vec<Vec<u8>>)]| -> Vec<Vec<u8>> {
        types.iter().flat_map(|(_, names)| names.clone()).collect()
    };
    let mut found = Vec::new();
    for other in others {
        if first.types.len() != other.types.len() {
            found.extend(of(&first.types));
            found.extend(of(&other.types));
            continue;
        }
        for (a, b) in first.types.iter().zip(&other.types).filter(|(a, b)| a.0 != b.0) {
            found.extend(of(std::slice::from_ref(a)));
            found.extend(of(std::slice::from_ref(b)));
        }
    }
    found
}

/// Whether nothing but missing classes can keep a class from being linked. What requests have
/// used is; of what is guessed, only that is sure which redefines no method in another form.
fn is_sure_to_link(class: &SurveyedClass, known: &Known<'_>) -> bool {
    let (line, unknown) = line(class, known);
    let is_right = |all: &Vec<&MethodTypes>| {
        let is_there = !class.is_concrete || all.iter().any(|it| !it.is_abstract);
        is_there && (all.iter().all(|it| !it.is_compared) || all.windows(2).all(is_same))
    };
    unknown.is_empty() && methods(&line).values().all(is_right)
}

/// Whether nothing but the bodies of two methods is different.
fn is_same(pair: &[&MethodTypes]) -> bool {
    let [a, b] = pair else { return true };
    let is_final = memchr::memmem::find(&b.form, b"final").is_some();
    !is_final && a.form == b.form && a.types == b.types
}

/// The classes of files in lower case, each after its parents; without those of files that
/// do more than declare, say where they are, or declare what scripts declare too.
fn ordered(classes: &Classes, files: &BTreeSet<usize>) -> Vec<(Vec<u8>, usize)> {
    let mut by_name = classes.files_by_name();
    by_name.retain(|_, file| files.contains(file));
    let survey = |file: usize| classes.sources[file].survey.as_ref();
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    // What is open, and whether its parents have been looked at.
    let mut open: Vec<(&Vec<u8>, bool)> = by_name.keys().rev().map(|name| (name, false)).collect();
    while let Some((name, is_ready)) = open.pop() {
        let Some((name, &file)) = by_name.get_key_value(name) else { continue };
        if is_ready {
            order.push((name.clone(), file));
        } else if seen.insert(name) {
            open.push((name, true));
            let all = survey(file).iter().flat_map(|it| &it.classes).collect::<Vec<_>>();
            open.extend(all.into_iter().flat_map(|it| &it.parents).map(|parent| (parent, false)));
        }
    }
    let declared = &classes.included.declared;
    order.retain(|(_, file)| {
        survey(*file).is_some_and(|it| {
            let is_own = it.classes.iter().all(|class| !declared.contains(&class.name));
            !it.has_effects && !it.asks_place && is_own
        })
    });
    order
}
