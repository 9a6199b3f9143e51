//! What a random program declares, and where, before a line of it is written.
//!
//! All of it is known first, so that a file can ask for what comes later; and
//! nothing is made of what comes later in its own list, so that there are no
//! cycles of classes and no endless calls.

use tilde_testing::rng::Rng;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Class,
    Abstract,
    Interface,
    Trait,
    Enum,
}

/// A file and a namespace in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) file: usize,
    pub(crate) block: usize,
}

/// How a declaration stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Plain,
    /// `if (!class_exists('C', false)) { … }`
    Guarded,
    /// `if (true) { … }`
    Conditional,
}

#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) namespace: &'static str,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) spot: Spot,
    pub(crate) form: Form,
    pub(crate) parent: Option<usize>,
    pub(crate) interfaces: Vec<usize>,
    pub(crate) traits: Vec<usize>,
    pub(crate) is_stringable: bool,
    /// Two classes of which `make()` returns one.
    pub(crate) makes: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) namespace: &'static str,
    pub(crate) name: String,
    pub(crate) spot: Spot,
    pub(crate) form: Form,
}

#[derive(Clone, Debug)]
pub(crate) struct Constant {
    pub(crate) namespace: &'static str,
    pub(crate) name: String,
    pub(crate) spot: Spot,
    pub(crate) is_const: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct FilePlan {
    pub(crate) path: &'static str,
    /// The namespaces of its blocks.
    pub(crate) blocks: Vec<&'static str>,
    pub(crate) has_braces: bool,
    pub(crate) is_strict: bool,
    /// Nothing but `return [...]`.
    pub(crate) is_value: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) files: Vec<FilePlan>,
    pub(crate) classes: Vec<Class>,
    pub(crate) functions: Vec<Function>,
    pub(crate) constants: Vec<Constant>,
    /// Classes may stand in any order, and their files hold nothing else.
    pub(crate) is_autoloaded: bool,
}

const PATHS: [&str; 9] = [
    "a.php",
    "b.php",
    "c.php",
    "lib/a.php",
    "lib/d.php",
    "lib/e.inc",
    "deep/er/f.php",
    "g h.php",
    "index.php",
];

/// Classes come more often than the others.
const KINDS: [Kind; 7] = [
    Kind::Class,
    Kind::Class,
    Kind::Class,
    Kind::Abstract,
    Kind::Interface,
    Kind::Trait,
    Kind::Enum,
];

pub(crate) fn full(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}\\{name}") }
}

impl Plan {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let mut plan = Self { is_autoloaded: rng.percent(20), ..Self::default() };
        plan.plan_files(rng);
        for index in 0..rng.between(0, 6) {
            plan.plan_class(rng, index);
        }
        for index in 0..rng.between(0, 4) {
            plan.plan_function(rng, index);
        }
        for index in 0..rng.between(0, 3) {
            plan.plan_constant(rng, index);
        }
        plan
    }

    fn plan_files(&mut self, rng: &mut Rng) {
        let mut paths = PATHS;
        rng.shuffle(&mut paths);
        let mut namespaces = vec![""];
        if rng.percent(65) {
            namespaces.extend(["A", "A\\B", "Z"].iter().take(rng.between(1, 3)));
        }
        let strictness = rng.below(100);
        let count = rng.between(2, 6);
        for path in paths.iter().take(count) {
            let mut blocks = vec![*rng.pick(&namespaces)];
            if !blocks[0].is_empty() && rng.percent(15) {
                blocks.push(*rng.pick(&namespaces[1..]));
            }
            let has_braces = !blocks[0].is_empty() && rng.percent(15);
            if has_braces && rng.percent(30) {
                blocks.push("");
            }
            self.files.push(FilePlan {
                path,
                blocks,
                has_braces,
                is_strict: strictness < 15 || strictness < 18 && rng.percent(50),
                is_value: rng.percent(4),
            });
        }
    }

    fn spot(&self, rng: &mut Rng) -> Option<(Spot, &'static str)> {
        let file = rng.below(self.files.len());
        let block = rng.below(self.files[file].blocks.len());
        let is_code = !self.files[file].is_value;
        is_code.then(|| (Spot { file, block }, self.files[file].blocks[block]))
    }

    fn plan_class(&mut self, rng: &mut Rng, index: usize) {
        let Some((spot, namespace)) = self.spot(rng) else { return };
        let kind = *rng.pick(&KINDS);
        let form = form(rng);
        let is_class = matches!(kind, Kind::Class | Kind::Abstract);
        let mut older = |is_possible: bool, chance: usize, kinds: &[Kind]| {
            let is_wanted = is_possible && rng.percent(chance);
            if is_wanted { self.older(rng, spot, kinds) } else { None }
        };
        let parent = older(is_class, 60, &[Kind::Class, Kind::Abstract]);
        let interface = older(kind != Kind::Trait, 35, &[Kind::Interface]);
        let used = older(kind != Kind::Interface, 35, &[Kind::Trait]);
        let makes = older(is_class, 35, &[Kind::Class, Kind::Abstract]);
        self.classes.push(Class {
            namespace,
            name: format!("C{index}"),
            kind,
            spot,
            form,
            parent,
            interfaces: interface.into_iter().collect(),
            traits: used.into_iter().collect(),
            is_stringable: kind == Kind::Class && rng.percent(12),
            makes,
        });
    }

    /// A class that another one at a spot can be made of.
    fn older(&self, rng: &mut Rng, spot: Spot, kinds: &[Kind]) -> Option<usize> {
        let is_there = self.is_autoloaded || rng.percent(3);
        let fits = |class: &Class| {
            kinds.contains(&class.kind) && (is_there || class.spot.file <= spot.file)
        };
        let all: Vec<usize> =
            (0..self.classes.len()).filter(|it| fits(&self.classes[*it])).collect();
        if all.is_empty() { None } else { Some(*rng.pick(&all)) }
    }

    fn plan_function(&mut self, rng: &mut Rng, index: usize) {
        let Some((spot, namespace)) = self.spot(rng) else { return };
        let mut name = format!("f{index}");
        if !namespace.is_empty() && rng.percent(12) {
            (*rng.pick(&["strlen", "ucfirst", "max"])).clone_into(&mut name);
        }
        let is_known = |it: &Function| it.namespace == namespace && it.name == name;
        if !self.functions.iter().any(is_known) {
            self.functions.push(Function { namespace, name, spot, form: form(rng) });
        }
    }

    fn plan_constant(&mut self, rng: &mut Rng, index: usize) {
        let Some((spot, namespace)) = self.spot(rng) else { return };
        let mut name = format!("K{index}");
        if !namespace.is_empty() && rng.percent(12) {
            (*rng.pick(&["E_USER_NOTICE", "M_PI"])).clone_into(&mut name);
        }
        let is_const = rng.percent(60);
        self.constants.push(Constant { namespace, name, spot, is_const });
    }
}

fn form(rng: &mut Rng) -> Form {
    match rng.below(100) {
        0..12 => Form::Guarded,
        12..20 => Form::Conditional,
        _ => Form::Plain,
    }
}
