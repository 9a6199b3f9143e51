//! Builds that keep what a change cannot alter, against builds that begin anew.
//!
//! Members come from `testdata/semantics`, the recipe from chance, and after each random
//! change both builds must be equal: bytes, maps, companions, reports and findings.
//! `TILDE_RANDOM=20000` makes that many changes to each case instead of a few, from the
//! seed `TILDE_SEED` on.

// The helpers are test code as well.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use tilde_bundle::{
    ByteOrderMarks, Compiler, Docs, Paths, Recipe, RuntimeBlocks, Scope, Style, build,
};
use tilde_lexer::{Options, Version};
use tilde_testing::rng::Rng;
use tilde_testing::sources::Memory;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/semantics");

/// Code that concerns other members, or how they stand together.
const SNIPPETS: &[&str] = &[
    "\nclass Late { public $a = 1; }\n",
    "\nclass Early extends Late {}\n",
    "\nfunction helper() { return __LINE__ . __DIR__; }\n",
    "\necho helper(), __FILE__;\n",
    "\nreturn;\n",
    "\nreturn 5;\n",
    "\nlabel: echo 1; goto label;\n",
    "\nstatic $shared = 1;\n",
    "\nrequire_once __DIR__ . '/a.php';\n",
    "\ninclude 'b.php';\n",
    "\nif (!class_exists('Late')) { class Late {} }\n",
    "\nconst NUMBER = 5;\n",
    "\nini_set('precision', 5); echo 'a' . 1.5;\n",
    "\nspl_autoload_register('f'); $x = file_get_contents('x');\n",
    "\n//[RUNTIME]\necho 1;\n//[/RUNTIME]\n",
    "\n?>\n<p>html</p>\n",
    "\n/** doc */ $a = 1;\n",
    " // a comment\n",
    "\nthis is no code\n",
];

/// A project that changes.
struct Case {
    random: Rng,
    sources: Memory,
    original: Memory,
    recipe: Recipe,
    compiler: Compiler,
}

impl Case {
    fn new(folder: &Path, seed: u64) -> Option<Self> {
        let mut random = Rng::new(seed);
        let mut files = BTreeMap::new();
        read_all(folder, folder, &mut files);
        let mut paths: Vec<PathBuf> = files.keys().cloned().collect();
        let on_demand = (0..paths.len()).filter(|_| random.below(4) == 0).count();
        let on_demand = paths.split_off(paths.len() - on_demand);
        (paths.len() + on_demand.len() > 1).then_some(())?;
        let sources = Memory { root: "/app".into(), files };
        let mut recipe = recipe(paths, on_demand);
        manner(&mut recipe, &mut random);
        let original = sources.clone();
        Some(Self { random, sources, original, recipe, compiler: Compiler::new() })
    }

    /// Changes something. Returns what, for messages.
    fn change(&mut self) -> String {
        let paths: Vec<PathBuf> = self.original.files.keys().cloned().collect();
        let path = self.random.pick(&paths).clone();
        let named = path.display().to_string();
        self.compiler.forget(&path);
        match self.random.below(9) {
            0 => {
                self.sources.files.remove(&path);
                format!("{named} is gone")
            }
            1 => {
                let other = self.random.pick(&paths);
                let text = self.original.files[other].clone();
                let message = format!("{named} is as {} was", other.display());
                self.sources.files.insert(path, text);
                message
            }
            2 => self.move_member(&path),
            3 => {
                manner(&mut self.recipe, &mut self.random);
                format!("{:?}", self.recipe)
            }
            4 => {
                let text = self.sources.files.entry(path).or_default();
                let len = self.random.below(text.len() + 1);
                text.truncate(len);
                format!("{named} has {len} bytes")
            }
            5 | 6 => {
                let text = self.original.files[&path].clone();
                self.sources.files.insert(path, text);
                format!("{named} is as it was")
            }
            _ => {
                let snippet = self.random.pick(SNIPPETS);
                let text = self.sources.files.entry(path).or_insert_with(|| b"<?php".to_vec());
                text.extend(snippet.as_bytes());
                format!("{named} with {snippet:?}")
            }
        }
    }

    /// Takes a member out of the lists and perhaps puts it elsewhere.
    fn move_member(&mut self, path: &PathBuf) -> String {
        self.recipe.files.retain(|it| it != path);
        self.recipe.on_demand.retain(|it| it != path);
        let list = match self.random.below(3) {
            0 => return format!("{} is no member", path.display()),
            1 => &mut self.recipe.files,
            _ => &mut self.recipe.on_demand,
        };
        let at = self.random.below(list.len() + 1);
        list.insert(at, path.clone());
        format!("{} is at {at}", path.display())
    }
}

fn read_all(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(root, &path, files);
        } else if path.extension().is_some_and(|it| it == "php") {
            files.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
        }
    }
}

fn recipe(files: Vec<PathBuf>, on_demand: Vec<PathBuf>) -> Recipe {
    let lexer = Options::new(Version::V8_2);
    Recipe {
        name: "case".to_owned(),
        files,
        on_demand,
        composer_files: Vec::new(),
        has_companions: true,
        has_map: true,
        paths: Paths::Relative,
        scope: Scope::Shared,
        output: Some(PathBuf::from("/app/bundle.php")),
        style: Style::Lines,
        docs: Docs::Keep,
        runtime_blocks: RuntimeBlocks::Remove,
        marks: ByteOrderMarks::Keep,
        state: tilde_bundle::State::Keep,
        oldest: lexer.version,
        lexer,
    }
}

/// How a recipe reads and prints.
fn manner(recipe: &mut Recipe, random: &mut Rng) {
    recipe.style = *random.pick(&[Style::Lines, Style::Tight, Style::Php]);
    recipe.docs = *random.pick(&[Docs::Keep, Docs::Drop]);
    recipe.has_map = random.below(2) == 0;
    recipe.has_companions = random.below(4) != 0;
    recipe.scope = if random.below(4) == 0 { Scope::Own } else { Scope::Shared };
    recipe.oldest = *random.pick(&[Version::V7_4, Version::V8_2, Version::V8_2]);
    recipe.paths = *random.pick(&[Paths::Relative, Paths::Absolute]);
}

fn number(name: &str, usual: u64) -> u64 {
    env::var(name).map_or(usual, |text| text.parse().unwrap())
}

#[test]
fn what_is_kept_is_what_a_new_build_makes() {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    let (seed, changes) = (number("TILDE_SEED", 1), number("TILDE_RANDOM", 25));
    let mut outputs = 0;
    for (index, folder) in folders.iter().enumerate() {
        let Some(mut case) = Case::new(folder, seed + index as u64) else { continue };
        let mut done = Vec::new();
        for _ in 0..changes {
            let expected = build(&case.sources, &case.recipe);
            let found = case.compiler.build(&case.sources, &case.recipe);
            outputs += u64::from(expected.output.is_some());
            assert!(found == expected, "{}, seed {seed}: {done:#?}", folder.display());
            done.push(case.change());
        }
    }
    // Chance must not make everything an error.
    assert!(outputs > folders.len() as u64 * changes / 10, "{outputs} outputs");
}

#[test]
fn a_member_that_is_as_it_was_is_not_read_again() {
    let text = |text: &str| text.as_bytes().to_vec();
    let files = [("a.php", "<?php function a() {}\n"), ("b.php", "<?php function b() {}\n")];
    let files = files.map(|(path, code)| (PathBuf::from(path), text(code)));
    let mut sources = Memory { root: "/app".into(), files: BTreeMap::from(files) };
    let recipe = recipe(sources.files.keys().cloned().collect(), Vec::new());
    let mut compiler = Compiler::new();
    let first = compiler.build(&sources, &recipe);
    sources.files.insert("b.php".into(), text("<?php function c() {}\n"));
    assert!(compiler.build(&sources, &recipe) == first, "nobody said that it has changed");
    compiler.forget(Path::new("b.php"));
    assert!(compiler.build(&sources, &recipe) == build(&sources, &recipe));
}
