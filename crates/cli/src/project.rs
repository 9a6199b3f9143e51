//! From arguments and configuration to recipes and outputs.
//!
//! Three kinds of build become the same [`Project`]: one that `tilde.toml`
//! declares, one whose files and output stand on the command line, and one of a
//! ThinkPHP application. Every input of a bundle is looked up here, so that
//! missing files and an output that would replace a source are found before any
//! work is done. Paths in recipes are relative to `root`; outputs are relative
//! to the current folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tilde_bundle::{ByteOrderMarks, Docs, Recipe, RuntimeBlocks, Style};

use crate::args::ProjectArgs;
use crate::config::{self, Bundle, Config, Value};
use crate::discover;
use crate::disk::{self, Identity};
use crate::glob::Pattern;
use crate::inputs;
use crate::problem::{Place, Problem};
use crate::rules::{self, Rules};
use crate::scope::Scope;
use crate::thinkphp::{self, Application};
use crate::threads;

/// All that a build needs to know.
pub(crate) struct Project {
    /// What the paths in the recipes are relative to; may be empty.
    pub(crate) root: PathBuf,
    pub(crate) targets: Vec<Target>,
    /// What `-` stands for among the inputs.
    pub(crate) stdin: Option<Vec<u8>>,
    pub(crate) application: Option<Application>,
    /// What is expected; the first that decides counts.
    pub(crate) rules: Vec<Rules>,
    inputs: BTreeMap<Identity, PathBuf>,
}

/// One bundle and where it goes.
pub(crate) struct Target {
    pub(crate) recipe: Recipe,
    /// Relative to the current folder; `-` is standard output.
    pub(crate) output: PathBuf,
    /// Where the output is named, for messages.
    pub(crate) place: Option<Place>,
}

impl Project {
    /// How many files the build will read.
    pub(crate) fn files_len(&self) -> usize {
        self.targets.iter().map(|target| target.recipe.files.len()).sum()
    }

    /// An error if writing to `output` would replace an input.
    pub(crate) fn check_input(&self, output: &Path, place: Option<&Place>) -> Result<(), Problem> {
        let Ok(metadata) = fs::metadata(output) else { return Ok(()) };
        let identity = Identity::of(&metadata);
        let of_application = || self.application.as_ref()?.input(identity);
        match self.inputs.get(&identity).cloned().or_else(of_application) {
            None => Ok(()),
            Some(input) if input == output => {
                Err(output_is_input(output, "it is also an input", place))
            }
            Some(input) => {
                let reason = format!("it is the same file as the input {}", input.display());
                Err(output_is_input(output, &reason, place))
            }
        }
    }
}

/// Works out what to build. `scope` learns what that depends on, even if it
/// fails.
pub(crate) fn plan(args: &ProjectArgs, scope: &mut Scope) -> Result<Project, Vec<Problem>> {
    threads::plan(&args.threads);
    let is_ad_hoc = args.output.is_some() || args.list.files_from.is_some();
    let mut project = match &args.thinkphp.root {
        Some(root) => application(args, root, scope)?,
        None if is_ad_hoc => ad_hoc(args, scope)?,
        None => configured(args, scope)?,
    };
    project.rules.insert(0, Rules { allow: args.allow.clone(), deny: args.deny.clone() });
    Ok(project)
}

/// `tilde build --thinkphp ROOT`.
fn application(
    args: &ProjectArgs,
    root: &Path,
    scope: &mut Scope,
) -> Result<Project, Vec<Problem>> {
    let path = args.config.clone().or_else(|| discover::find(root, discover::CONFIG));
    if path.is_none() {
        scope.file(&root.join(discover::CONFIG));
    }
    let read = |path| discover::read_config(path, scope);
    let config = path.as_deref().map(read).transpose()?;
    let folder = path.as_deref().map_or(root, disk::folder_of);
    let usual = config::Target::default();
    let target = config.as_ref().map_or(&usual, |config| &config.target);
    let lexer = discover::options(&args.php, target, folder, scope)?;
    let rules = config.iter().map(|config| config.rules.below(folder)).collect();
    let config = config.as_ref().map(|config| (config, folder));
    let application = thinkphp::plan(args, config, lexer, scope)?;
    let project = finish(PathBuf::new(), Vec::new(), None, &[], path.as_deref(), scope)?;
    Ok(Project { application: Some(application), rules, ..project })
}

/// `tilde build FILE... -o OUT`.
fn ad_hoc(args: &ProjectArgs, scope: &mut Scope) -> Result<Project, Vec<Problem>> {
    let Some(output) = &args.output else {
        return Err(usage(
            "there is no output for these files",
            "give it with -o FILE (`-o -` prints it)",
        ));
    };
    check_details(args)?;
    let inputs = inputs::list(&args.paths, &args.list, scope)?;
    if inputs.paths.is_empty() {
        return Err(usage(
            "there are no files to bundle",
            "name them before -o, or in the list of --files-from",
        ));
    }
    let style = args.style.unwrap_or(Style::Lines);
    check_docs(args.docs.choice(), style)?;
    check_twice(&inputs.paths)?;
    let name = output
        .file_name()
        .map_or_else(|| "bundle".into(), |name| name.to_string_lossy().into_owned());
    let recipe = Recipe {
        name,
        files: inputs.paths,
        output: absolute(output),
        style,
        docs: docs(args.docs.choice(), style),
        runtime_blocks: RuntimeBlocks::Remove,
        marks: ByteOrderMarks::Keep,
        lexer: discover::options_here(&args.php, scope)?,
    };
    let target = Target { recipe, output: output.clone(), place: None };
    finish(PathBuf::new(), vec![target], inputs.stdin, &[], None, scope)
}

/// An error if there is an option for an application, and no application.
fn check_details(args: &ProjectArgs) -> Result<(), Vec<Problem>> {
    match args.thinkphp.detail() {
        None => Ok(()),
        Some(option) => Err(usage(
            &format!("{option} is for ThinkPHP applications, and none is named"),
            "give --thinkphp ROOT, or add [thinkphp] to tilde.toml",
        )),
    }
}

fn usage(message: &str, help: &str) -> Vec<Problem> {
    vec![Problem::error("T-USAGE", message).help(help)]
}

/// `tilde build [PATH]`.
fn configured(args: &ProjectArgs, scope: &mut Scope) -> Result<Project, Vec<Problem>> {
    let path = config_path(args)?;
    scope.file(&path);
    let config = discover::read_config(&path, scope)?;
    let root = path.parent().map(Path::to_owned).unwrap_or_default();
    if config.thinkphp.is_none() {
        check_details(args)?;
    }
    if config.bundles.is_empty() && config.thinkphp.is_none() {
        let message = format!("{} declares no bundle", path.display());
        let help = ["add one:", "[[bundle]]", "files = [\"lib/*.php\"]", "output = \"bundle.php\""];
        let help = help.map(str::to_owned).to_vec();
        return Err(vec![Problem { help, ..Problem::error("T-CONFIG", message) }]);
    }
    let lexer = discover::options(&args.php, &config.target, disk::folder_of(&path), scope)?;
    let mut targets = Vec::new();
    let mut patterns = Vec::new();
    let mut problems = Vec::new();
    for bundle in &config.bundles {
        let (files, mut found) = expand(bundle, &config, &root, &mut patterns, scope);
        problems.append(&mut found);
        let style = args.style.or(bundle.style).unwrap_or(Style::Lines);
        let kept = check_docs(args.docs.choice().or(bundle.docs), style);
        let place = config.place(bundle.output.span.clone());
        problems.extend(kept.err().map(|problem| problem.at(place)));
        let recipe = Recipe {
            name: bundle.name.clone(),
            files,
            output: None,
            style,
            docs: docs(args.docs.choice().or(bundle.docs), style),
            runtime_blocks: bundle.runtime_blocks,
            marks: ByteOrderMarks::Keep,
            lexer,
        };
        match output_path(args, &bundle.output, &root) {
            Ok(output) => {
                targets.push(Target {
                    recipe: Recipe { output: absolute(&output), ..recipe },
                    output,
                    place: Some(config.place(bundle.output.span.clone())),
                });
            }
            Err(problem) => problems.push(problem.at(config.place(bundle.output.span.clone()))),
        }
    }
    let rules = vec![config.rules.below(&root)];
    let place = (&config, disk::folder_of(&path));
    let application = match config.thinkphp {
        Some(_) => thinkphp::plan(args, Some(place), lexer, scope).map(Some),
        None => Ok(None),
    };
    match application {
        Ok(application) if problems.is_empty() => {
            let project = finish(root, targets, None, &patterns, Some(&path), scope)?;
            Ok(Project { application, rules, ..project })
        }
        Ok(_) => Err(problems),
        Err(found) => Err([problems, found].concat()),
    }
}

/// The configuration that the arguments mean.
fn config_path(args: &ProjectArgs) -> Result<PathBuf, Vec<Problem>> {
    if let Some(path) = &args.config {
        let is_alone = args.paths.is_empty();
        let message = "--config and a PATH both name the project";
        return if is_alone {
            Ok(path.clone())
        } else {
            Err(usage(message, "leave one of them out"))
        };
    }
    let path = match args.paths.as_slice() {
        [] => Path::new("."),
        [path] => path,
        _ => {
            return Err(usage(
                "there is no output for these files",
                "give it with -o FILE, as in: tilde build a.php b.php -o all.php",
            ));
        }
    };
    if path.is_dir() {
        return discover::find(path, discover::CONFIG).ok_or_else(|| {
            let message = format!("there is no tilde.toml in {} or above it", path.display());
            let help = "write one, or name files and an output: tilde build a.php b.php -o all.php";
            vec![Problem::error("T-CONFIG", message).help(help)]
        });
    }
    if path.extension().is_some_and(|extension| extension == "toml") {
        return Ok(path.to_owned());
    }
    match fs::metadata(path) {
        _ if disk::is_dash(path) => {}
        Ok(_) => {}
        Err(error) => return Err(disk::unreadable(path, &error).into()),
    }
    let help = format!("give it with -o FILE, as in: tilde build {} -o all.php", path.display());
    Err(usage(&format!("there is no output for the file {}", path.display()), &help))
}

/// Where a bundle of the configuration goes.
fn output_path(args: &ProjectArgs, output: &Value, root: &Path) -> Result<PathBuf, Problem> {
    let path = Path::new(&output.text);
    let is_file = !output.text.ends_with(['/', '\\']) && path.file_name().is_some();
    let Some(name) = path.file_name().filter(|_| is_file) else {
        let message = format!("cannot write {}: it is a folder, not a file", output.text);
        return Err(Problem::error("T-CONFIG", message).help("add the name of the file"));
    };
    if let Some(folder) = &args.out {
        return Ok(folder.join(name));
    }
    let rules = Rules { allow: args.allow.clone(), deny: Vec::new() };
    if is_outside(root, path) && !rules.allow_outside() {
        let message = format!("the output {} is outside of the project's folder", output.text);
        let help = "give --allow T-OUTSIDE if you trust this tilde.toml, or --out for the folder";
        return Err(Problem::error(rules::OUTSIDE, message).help(help));
    }
    Ok(root.join(path))
}

/// An error if doc comments are to stay in a style that has no room for them.
pub(crate) fn check_docs(choice: Option<Docs>, style: Style) -> Result<(), Problem> {
    let has_docs = match style {
        Style::Lines | Style::Tight => true,
        Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => false,
    };
    if has_docs || choice != Some(Docs::Keep) {
        return Ok(());
    }
    let message = format!("the style {style} cannot keep doc comments");
    Err(Problem::error("T-USAGE", message).help("the styles lines and tight can"))
}

/// An error if two of the files are one.
fn check_twice(paths: &[PathBuf]) -> Result<(), Problem> {
    let mut files: BTreeMap<Identity, &Path> = BTreeMap::new();
    for path in paths {
        let Ok(metadata) = fs::metadata(path) else { continue };
        let Some(other) = files.insert(Identity::of(&metadata), path) else { continue };
        let (path, other) = (path.display(), other.display());
        let message = format!("{other} and {path} are the same file");
        let help = "name it once: a bundle has each file one time";
        return Err(Problem::error("T-USAGE", message).help(help));
    }
    Ok(())
}

/// Whether a path of the configuration leads out of its folder, by its name or
/// by links.
fn is_outside(root: &Path, path: &Path) -> bool {
    let dot = Path::new(".");
    let Ok(real) = if root.as_os_str().is_empty() { dot } else { root }.canonicalize() else {
        return false;
    };
    let place = disk::place_of(&real.join(path));
    // Where a folder is missing, the name alone tells.
    !disk::normal(&place).starts_with(&real)
}

fn docs(choice: Option<Docs>, style: Style) -> Docs {
    let usual = match style {
        Style::Lines => Docs::Keep,
        Style::Tight | Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => Docs::Drop,
    };
    choice.unwrap_or(usual)
}

/// The files of a bundle in their order, and what is wrong with the patterns.
///
/// A pattern leaves out what the list names itself or an earlier pattern gave:
/// `["first.php", "*.php"]` means first.php, then the others.
fn expand(
    bundle: &Bundle,
    config: &Config,
    root: &Path,
    patterns: &mut Vec<(Pattern, Place)>,
    scope: &mut Scope,
) -> (Vec<PathBuf>, Vec<Problem>) {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    // A file may be called `a[1].php`.
    let is_pattern =
        |value: &Value| Pattern::is_pattern(&value.text) && !root.join(&value.text).exists();
    let named = bundle.files.iter().filter(|value| !is_pattern(value));
    let mut taken: BTreeSet<PathBuf> =
        named.map(|value| disk::normal(Path::new(&value.text))).collect();
    for value in &bundle.files {
        let place = config.place(value.span.clone());
        if !is_pattern(value) {
            let path = PathBuf::from(&value.text);
            let path = disk::normal(&path);
            match lookup(root, &path, scope) {
                Ok(()) => files.push(path),
                Err(problem) => problems.push(problem.at(place)),
            }
            continue;
        }
        let pattern = Pattern::new(&value.text);
        let matches = pattern.and_then(|pattern| Ok((pattern.expand(root, scope)?, pattern)));
        match matches {
            Ok((matches, pattern)) => {
                files.extend(matches.into_iter().filter(|path| taken.insert(path.clone())));
                patterns.push((pattern, place));
            }
            Err(problem) => problems.push(problem.at(place)),
        }
    }
    (files, problems)
}

fn lookup(root: &Path, path: &Path, scope: &mut Scope) -> Result<(), Problem> {
    let full = root.join(path);
    scope.file(&full);
    disk::stat(&full).map(|_| ()).map_err(|error| disk::unreadable(&full, &error))
}

/// The place of an output that is a file.
fn absolute(output: &Path) -> Option<PathBuf> {
    if disk::is_dash(output) { None } else { std::path::absolute(output).ok() }
}

/// Looks every input up and makes sure that no output is one.
fn finish(
    root: PathBuf,
    targets: Vec<Target>,
    stdin: Option<Vec<u8>>,
    patterns: &[(Pattern, Place)],
    config: Option<&Path>,
    scope: &mut Scope,
) -> Result<Project, Vec<Problem>> {
    let files: BTreeSet<PathBuf> =
        targets.iter().flat_map(|target| &target.recipe.files).cloned().collect();
    let is_stdin = |path: &Path| stdin.is_some() && disk::is_dash(path);
    let files: Vec<PathBuf> =
        files.into_iter().filter(|path| !is_stdin(path)).map(|path| root.join(path)).collect();
    for path in &files {
        scope.file(path);
    }
    let stats: Vec<io::Result<Metadata>> = files.par_iter().map(|path| disk::stat(path)).collect();
    threads::add_work(stats.iter().flatten().map(Metadata::len).sum());

    let mut project = Project {
        root,
        targets,
        stdin,
        application: None,
        rules: Vec::new(),
        inputs: BTreeMap::new(),
    };
    let mut problems = Vec::new();
    let mut lens = BTreeMap::new();
    for (path, stat) in files.into_iter().zip(stats) {
        match stat {
            Ok(metadata) => {
                lens.insert(path.clone(), metadata.len());
                project.inputs.insert(Identity::of(&metadata), path);
            }
            Err(error) => problems.push(disk::unreadable(&path, &error)),
        }
    }
    if let Some(config) = config
        && let Ok(metadata) = fs::metadata(config)
    {
        project.inputs.insert(Identity::of(&metadata), config.to_owned());
    }
    problems.extend(check_outputs(&project, patterns, scope));
    problems.extend(check_lens(&project, &lens));
    if problems.is_empty() { Ok(project) } else { Err(problems) }
}

/// An error for each bundle whose files are too much for an output, before they
/// are read.
fn check_lens(project: &Project, lens: &BTreeMap<PathBuf, u64>) -> Vec<Problem> {
    let len = |file: &PathBuf| match &project.stdin {
        Some(stdin) if disk::is_dash(file) => stdin.len() as u64,
        _ => lens.get(&project.root.join(file)).copied().unwrap_or(0),
    };
    let check = |target: &Target| {
        let len = target.recipe.files.iter().map(len).sum();
        Some(too_large(&target.recipe.name, len, disk::MAX_LEN)?.at(target.place.clone()))
    };
    project.targets.iter().filter_map(check).collect()
}

/// An error if there are more bytes than fit into one output.
pub(crate) fn too_large(name: &str, len: u64, limit: u64) -> Option<Problem> {
    let message =
        format!("the bundle `{name}` would have {len} bytes, and an output has up to {limit}");
    let problem = Problem::error("T-OUTPUT", message);
    (len > limit).then(|| problem.help("make several bundles of its files"))
}

fn check_outputs(
    project: &Project,
    patterns: &[(Pattern, Place)],
    scope: &mut Scope,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut places: BTreeMap<PathBuf, &Target> = BTreeMap::new();
    let patterns = by_base(project, patterns);
    for target in project.targets.iter().filter(|target| !disk::is_dash(&target.output)) {
        let output = &target.output;
        scope.output(output);
        let place = disk::place_of(output);
        if let Err(problem) = project.check_input(output, target.place.as_ref()) {
            problems.push(problem);
        } else if let Some(pattern) = taking(&patterns, &place) {
            let reason = format!("the pattern `{}` would make it an input", pattern.text());
            problems.push(output_is_input(output, &reason, target.place.as_ref()));
        }
        if let Some(other) = places.insert(place, target) {
            let message = format!(
                "the bundles `{}` and `{}` have one output: {}",
                other.recipe.name,
                target.recipe.name,
                output.display()
            );
            let problem = Problem::error("T-OUTPUT", message)
                .at(target.place.clone())
                .at(other.place.clone());
            problems.push(problem.help("give each bundle an output of its own"));
        }
    }
    problems
}

/// Each pattern once, by the folder that its matches are below.
fn by_base<'p>(
    project: &Project,
    patterns: &'p [(Pattern, Place)],
) -> BTreeMap<PathBuf, Vec<&'p Pattern>> {
    let once: BTreeMap<&str, &Pattern> =
        patterns.iter().map(|(pattern, _)| (pattern.text(), pattern)).collect();
    let mut by_base: BTreeMap<PathBuf, Vec<&Pattern>> = BTreeMap::new();
    for pattern in once.into_values() {
        if let Some(base) = pattern.real_base(&project.root) {
            by_base.entry(base).or_default().push(pattern);
        }
    }
    by_base
}

/// A pattern that would match this absolute path.
fn taking<'p>(patterns: &BTreeMap<PathBuf, Vec<&'p Pattern>>, path: &Path) -> Option<&'p Pattern> {
    path.ancestors().skip(1).find_map(|base| {
        let below = path.strip_prefix(base).ok()?;
        patterns.get(base)?.iter().copied().find(|pattern| pattern.would_match(below))
    })
}

fn output_is_input(output: &Path, reason: &str, place: Option<&Place>) -> Problem {
    let message = format!("cannot write {}: {reason}", output.display());
    Problem::error("T-OUTPUT", message)
        .at(place.cloned())
        .help("choose another output, so that no source is lost")
}
