//! From arguments and configuration to recipes and outputs.
//!
//! Three kinds of build become the same [`Project`]: one that `tilde.toml`
//! declares, one whose files and output stand on the command line, and one of a
//! ThinkPHP application. Every input of a bundle is looked up here, so that
//! missing files and an output that would replace a source are found before any
//! work is done. Paths in recipes are relative to `root`; outputs are relative
//! to the current folder.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use tilde_bundle::{self as bundle, ByteOrderMarks, Docs, Recipe, RuntimeBlocks, Style};

use crate::args::{PathsAs, ProjectArgs};
use crate::budget::Budgets;
use crate::commands::module::{self, Modules};
use crate::composer;
use crate::config::{self, Bundle, Config, Value};
use crate::discover;
use crate::disk::{self, Identity};
use crate::glob::Pattern;
use crate::inputs;
use crate::problem::{Place, Problem};
use crate::rules::{self, Rules};
use crate::scope::{self, Scope, Stamp};
use crate::thinkphp::{self, Application};
use crate::threads;

/// All that a build needs to know.
pub(crate) struct Project {
    /// What the paths in the recipes are relative to; may be empty.
    pub(crate) root: PathBuf,
    pub(crate) targets: Vec<Target>,
    /// What `-` stands for among the inputs.
    pub(crate) stdin: Option<Vec<u8>>,
    pub(crate) applications: Vec<Application>,
    pub(crate) modules: Vec<Modules>,
    /// A Composer project without a tilde.toml.
    pub(crate) composer: Option<composer::App>,
    /// What is expected; the first that decides counts.
    pub(crate) rules: Vec<Rules>,
    /// How large outputs may be.
    pub(crate) budgets: Budgets,
    inputs: HashMap<Identity, PathBuf>,
    /// How the members looked before anything was read, by their paths from the current
    /// folder.
    stamps: HashMap<OsString, Stamp>,
    patterns: Vec<Pattern>,
}

/// One bundle and where it goes.
pub(crate) struct Target {
    pub(crate) recipe: Recipe,
    /// Relative to the current folder; `-` is standard output.
    pub(crate) output: PathBuf,
    /// Where the output is named, for messages.
    pub(crate) place: Option<Place>,
    pub(crate) maps: Maps,
    /// How each member was chosen, in the order of [`Recipe::paths`].
    pub(crate) choices: Vec<Choice>,
}

/// How a member came into a bundle.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) by: ChosenBy,
    pub(crate) is_on_demand: bool,
}

/// What names a member.
#[derive(Clone, Debug)]
pub(crate) enum ChosenBy {
    /// Its own name.
    Name,
    /// The file of `--files-from`.
    List,
    /// A folder, by its name.
    Folder(Arc<str>),
    /// A pattern, by its text.
    Pattern(Arc<str>),
    /// Composer's autoloader.
    Composer,
}

/// Which maps an output gets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Maps {
    pub(crate) source: bool,
    pub(crate) xdebug: bool,
}

impl Maps {
    fn any(self) -> bool {
        self.source || self.xdebug
    }
}

impl Project {
    /// How many files the build will read.
    pub(crate) fn files_len(&self) -> usize {
        let len = |recipe: &Recipe| recipe.files.len() + recipe.on_demand.len();
        self.targets.iter().map(|target| len(&target.recipe)).sum()
    }

    /// The members of all bundles, from the current folder.
    pub(crate) fn members(&self) -> impl Iterator<Item = PathBuf> {
        let paths = self.targets.iter().flat_map(|target| target.recipe.paths());
        paths.map(|path| self.root.join(path))
    }

    /// How a member of a bundle looked before it was read.
    pub(crate) fn stamp(&self, member: &Path) -> Option<Stamp> {
        self.stamps.get(self.root.join(member).as_os_str()).copied()
    }

    /// The patterns that inputs match.
    pub(crate) fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// A member has other bytes, and perhaps it is another file. Whether the project is
    /// the same in all else: not if that file is something else in it.
    pub(crate) fn takes(&mut self, member: &Path) -> bool {
        let Ok(metadata) = disk::stat(member) else { return false };
        let identity = Identity::of(&metadata);
        if let Some(input) = self.inputs.get(&identity) {
            return input == member;
        }
        self.inputs.retain(|_, input| input.as_os_str() != member.as_os_str());
        self.inputs.insert(identity, member.to_owned());
        self.targets.iter().all(|target| self.check_input(&target.output, None).is_ok())
    }

    /// An error if writing to `output` would replace an input.
    pub(crate) fn check_input(&self, output: &Path, place: Option<&Place>) -> Result<(), Problem> {
        let Ok(metadata) = fs::metadata(output) else { return Ok(()) };
        let identity = Identity::of(&metadata);
        let of_application =
            || self.applications.iter().find_map(|application| application.input(identity));
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

    /// The same for a file beside an output, which only the build itself names.
    pub(crate) fn check_companion(&self, path: &Path) -> Result<(), Problem> {
        self.check_input(path, None)?;
        let place = disk::place_of(path);
        let would_match = |pattern: &&Pattern| {
            let base = pattern.real_base(&self.root);
            let below = base.as_deref().and_then(|base| place.strip_prefix(base).ok());
            below.is_some_and(|below| pattern.would_match(below))
        };
        match self.patterns.iter().find(would_match) {
            None => Ok(()),
            Some(pattern) => {
                let reason = format!("the pattern `{}` would make it an input", pattern.text());
                Err(output_is_input(path, &reason, None))
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
        None => match composer::folder(args) {
            Some(folder) => of_composer(args, folder, scope)?,
            None => configured(args, scope)?,
        },
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
    let read = |path| discover::read_config(path, args.php.environment(), scope);
    let config = path.as_deref().map(read).transpose()?;
    let folder = path.as_deref().map_or(root, disk::folder_of);
    let usual = config::Target::default();
    let target = config.as_ref().map_or(&usual, |config| &config.target);
    let php = discover::choose(&args.php, target, folder, scope)?;
    let rules = config.iter().map(|config| config.rules.below(folder)).collect();
    let all = config.as_ref().map(|config| config.budget.clone()).unwrap_or_default();
    let budgets = Budgets { all, ..Budgets::default() };
    let config = config.as_ref().map(|config| (config, folder));
    let applications = thinkphp::plan_all(args, config, php, scope)?;
    let project = finish(PathBuf::new(), Vec::new(), None, &[], path.as_deref(), scope)?;
    Ok(Project { applications, rules, budgets, ..project })
}

/// `tilde build` in the folder of a Composer project.
fn of_composer(
    args: &ProjectArgs,
    folder: PathBuf,
    scope: &mut Scope,
) -> Result<Project, Vec<Problem>> {
    check_details(args)?;
    let app = composer::plan(args, folder, scope)?;
    let project = finish(PathBuf::new(), Vec::new(), None, &[], None, scope)?;
    Ok(Project { composer: Some(app), ..project })
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
    let maps = Maps { source: args.maps.map, xdebug: args.maps.xdebug_map };
    check_maps(maps, output)?;
    let inputs = inputs::list(&args.paths, &args.list, scope)?;
    if inputs.paths.is_empty() && args.on_demand.is_empty() {
        return Err(usage(
            "there are no files to bundle",
            "name them before -o, or in the list of --files-from",
        ));
    }
    let style = args.style.unwrap_or(Style::Lines);
    check_docs(args.docs.choice(), style)?;
    let name = output
        .file_name()
        .map_or_else(|| "bundle".into(), |name| name.to_string_lossy().into_owned());
    let php = discover::choose_here(&args.php, scope)?;
    let choices = choices_here(args, inputs.paths.len());
    let recipe = Recipe {
        name,
        composer_files: composer_files(Path::new(""), &inputs.paths, scope),
        files: inputs.paths,
        on_demand: args.on_demand.clone(),
        has_companions: true,
        has_map: maps.any(),
        paths: args.paths_as.map(PathsAs::choice).unwrap_or_default(),
        scope: if args.own_scope { bundle::Scope::Own } else { bundle::Scope::Shared },
        output: absolute(output),
        style,
        docs: docs(args.docs.choice(), style),
        runtime_blocks: RuntimeBlocks::Remove,
        state: bundle::State::Keep,
        marks: ByteOrderMarks::Keep,
        lexer: php.options,
        oldest: php.oldest,
    };
    let target = Target { recipe, output: output.clone(), place: None, maps, choices };
    finish(PathBuf::new(), vec![target], inputs.stdin, &[], None, scope)
}

/// How the members on the command line were chosen, which gives so many `files`.
fn choices_here(args: &ProjectArgs, files: usize) -> Vec<Choice> {
    let by = |index| if index < args.paths.len() { ChosenBy::Name } else { ChosenBy::List };
    let files = (0..files).map(|index| Choice { by: by(index), is_on_demand: false });
    let on_demand =
        args.on_demand.iter().map(|_| Choice { by: ChosenBy::Name, is_on_demand: true });
    files.chain(on_demand).collect()
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
    let config = discover::read_config(&path, args.php.environment(), scope)?;
    let root = path.parent().map(Path::to_owned).unwrap_or_default();
    if config.thinkphp.is_empty() {
        check_details(args)?;
    }
    if config.bundles.is_empty() && config.thinkphp.is_empty() && config.modules.is_empty() {
        let message = format!("{} declares no bundle", path.display());
        let help = ["add one:", "[[bundle]]", "files = [\"lib/*.php\"]", "output = \"bundle.php\""];
        let help = help.map(str::to_owned).to_vec();
        return Err(vec![Problem { help, ..Problem::error("T-CONFIG", message) }]);
    }
    let php = discover::choose(&args.php, &config.target, disk::folder_of(&path), scope)?;
    let mut targets = Vec::new();
    let mut patterns = Vec::new();
    let mut problems = Vec::new();
    let mut budgets = Budgets { all: config.budget.clone(), ..Budgets::default() };
    for bundle in &config.bundles {
        let (patterns, problems) = (&mut patterns, &mut problems);
        let mut lists = Lists { config: &config, root: &root, patterns, problems };
        let chosen = lists.members(bundle, scope);
        match target(args, &config, bundle, (&root, php, chosen), scope) {
            Ok(target) => {
                if !bundle.budget.is_empty() {
                    budgets.bundles.insert(target.output.clone(), bundle.budget.clone());
                }
                targets.push(target);
            }
            Err(found) => problems.extend(found),
        }
    }
    let rules = vec![config.rules.below(&root)];
    let place = (&config, disk::folder_of(&path));
    let applications = match &*config.thinkphp {
        [] => Ok(Vec::new()),
        [..] => thinkphp::plan_all(args, Some(place), php, scope),
    };
    let modules = module::plan_all(args, &config, &root, php, scope);
    let mut take = |found: Vec<Problem>| problems.extend(found);
    let applications = applications.map_err(&mut take).unwrap_or_default();
    let modules = modules.map_err(&mut take).unwrap_or_default();
    if !problems.is_empty() {
        return Err(problems);
    }
    let project = finish(root, targets, None, &patterns, Some(&path), scope)?;
    Ok(Project { applications, modules, rules, budgets, ..project })
}

/// One bundle of the configuration in the folder `root`.
fn target(
    args: &ProjectArgs,
    config: &Config,
    bundle: &Bundle,
    (root, php, chosen): (&Path, discover::Choice, Chosen),
    scope: &mut Scope,
) -> Result<Target, Vec<Problem>> {
    let Chosen { files, on_demand, choices } = chosen;
    let style = args.style.or(bundle.style).unwrap_or(Style::Lines);
    let place = || config.place(bundle.output.span.clone());
    let kept = check_docs(args.docs.choice().or(bundle.docs), style);
    let output = match (kept, output_path(args, &bundle.output, root)) {
        (Ok(()), Ok(output)) => output,
        (kept, output) => {
            let problems = kept.err().into_iter().chain(output.err());
            return Err(problems.map(|problem| problem.at(place())).collect());
        }
    };
    let maps = Maps {
        source: args.maps.map || bundle.has_map,
        xdebug: args.maps.xdebug_map || bundle.has_xdebug_map,
    };
    let recipe = Recipe {
        name: bundle.name.clone(),
        composer_files: composer_files(root, &files, scope),
        files,
        on_demand,
        has_companions: true,
        has_map: maps.any(),
        paths: args.paths_as.map(PathsAs::choice).or(bundle.paths).unwrap_or_default(),
        scope: bundle.scope,
        output: absolute(&output),
        style,
        docs: docs(args.docs.choice().or(bundle.docs), style),
        runtime_blocks: bundle.runtime_blocks,
        state: bundle.state,
        marks: ByteOrderMarks::Keep,
        lexer: php.options,
        oldest: php.oldest,
    };
    Ok(Target { recipe, output, place: Some(place()), maps, choices })
}

/// The configuration that the arguments mean.
pub(crate) fn config_path(args: &ProjectArgs) -> Result<PathBuf, Vec<Problem>> {
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
            let help = "`tilde init` writes one, or name files and an output: tilde build a.php b.php -o all.php";
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

/// An error if there are to be maps of what is no file.
fn check_maps(maps: Maps, output: &Path) -> Result<(), Problem> {
    if !maps.any() || !(disk::is_dash(output) || disk::is_descriptor(output)) {
        return Ok(());
    }
    let message = "a map lies beside its bundle, and this output has no place";
    Err(Problem::error("T-USAGE", message).help("give -o the name of a file"))
}

/// An error if two of the files are one. `files` have what `stats` say.
fn check_twice(files: &[PathBuf], stats: &[io::Result<Metadata>]) -> Result<(), Problem> {
    let mut known: HashMap<Identity, &Path> = HashMap::new();
    for (path, stat) in files.iter().zip(stats) {
        let Ok(metadata) = stat else { continue };
        let Some(other) = known.insert(Identity::of(metadata), path) else { continue };
        let (path, other) = (path.display(), other.display());
        let message = format!("{other} and {path} are the same file");
        let help = "name it once: a bundle has each file one time";
        return Err(Problem::error("T-USAGE", message).help(help));
    }
    Ok(())
}

/// Whether a path of the configuration leads out of its folder, by its name or
/// by links.
pub(crate) fn is_outside(root: &Path, path: &Path) -> bool {
    let dot = Path::new(".");
    let Ok(real) = if root.as_os_str().is_empty() { dot } else { root }.canonicalize() else {
        return false;
    };
    let place = disk::place_of(&real.join(path));
    // Where a folder is missing, the name alone tells.
    !disk::normal(&place).starts_with(&real)
}

pub(crate) fn docs(choice: Option<Docs>, style: Style) -> Docs {
    let usual = match style {
        Style::Lines => Docs::Keep,
        Style::Tight | Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => Docs::Drop,
    };
    choice.unwrap_or(usual)
}

/// Makes files of the lists of a configuration.
struct Lists<'a> {
    config: &'a Config,
    root: &'a Path,
    patterns: &'a mut Vec<(Pattern, Place)>,
    problems: &'a mut Vec<Problem>,
}

/// What a list names.
enum Named {
    File(PathBuf),
    Pattern(Pattern, ChosenBy),
}

/// The members of a bundle.
struct Chosen {
    files: Vec<PathBuf>,
    on_demand: Vec<PathBuf>,
    /// Those of the files, and then of the others.
    choices: Vec<Choice>,
}

/// What a list leaves out.
enum Excluded {
    /// A file, or a folder with all below it.
    Path(PathBuf),
    Pattern(Pattern),
}

impl Excluded {
    fn has(&self, path: &Path) -> bool {
        match self {
            Self::Path(excluded) => path.starts_with(excluded),
            Self::Pattern(pattern) => pattern.is_match(path),
        }
    }
}

impl Lists<'_> {
    /// The files of a bundle in their order, and those that run on demand.
    ///
    /// A pattern leaves out what the lists name themselves or an earlier pattern
    /// gave: `["first.php", "*.php"]` means first.php, then the others.
    fn members(&mut self, bundle: &Bundle, scope: &mut Scope) -> Chosen {
        let without_sign = |value: &Value| {
            let text = value.text.strip_prefix('!')?.to_owned();
            Some(Value { text, span: value.span.clone() })
        };
        let signed = bundle.files.iter().chain(&bundle.on_demand).filter_map(without_sign);
        let mut excluded = Vec::new();
        for value in bundle.exclude.iter().cloned().chain(signed) {
            excluded.extend(self.excluded(&value));
        }
        let mut read = |values: &[Value]| -> Vec<(Range<usize>, Named)> {
            let values = values.iter().filter(|value| without_sign(value).is_none());
            values.filter_map(|it| Some((it.span.clone(), self.named(it)?))).collect()
        };
        let lists = [read(&bundle.files), read(&bundle.on_demand)];
        let mut taken = BTreeSet::new();
        for (span, named) in lists.iter().flatten() {
            if let Named::File(path) = named
                && !taken.insert(path.clone())
            {
                let message = format!("{} is named twice", path.display());
                let problem = Problem::error("T-CONFIG", message);
                self.problems.push(problem.at(self.config.place(span.clone())));
            }
        }
        let [files, on_demand] = lists.map(|list| self.expand(list, &excluded, &mut taken, scope));
        let choice = |by, is_on_demand| Choice { by, is_on_demand };
        let (files, mut choices): (Vec<_>, Vec<_>) =
            files.into_iter().map(|(path, by)| (path, choice(by, false))).unzip();
        let (on_demand, others): (Vec<_>, Vec<_>) =
            on_demand.into_iter().map(|(path, by)| (path, choice(by, true))).unzip();
        choices.extend(others);
        Chosen { files, on_demand, choices }
    }

    /// A file may be called `a[1].php`; a folder stands for the PHP files in it.
    fn named(&mut self, value: &Value) -> Option<Named> {
        let full = self.root.join(&value.text);
        if full.is_dir() {
            let by = ChosenBy::Folder((*value.text).into());
            let pattern = self.pattern(&Pattern::php_files(&value.text), value)?;
            Some(Named::Pattern(pattern, by))
        } else if Pattern::is_pattern(&value.text) && !full.exists() {
            let by = ChosenBy::Pattern((*value.text).into());
            Some(Named::Pattern(self.pattern(&value.text, value)?, by))
        } else {
            Some(Named::File(disk::normal(Path::new(&value.text))))
        }
    }

    fn excluded(&mut self, value: &Value) -> Option<Excluded> {
        if Pattern::is_pattern(&value.text) && !self.root.join(&value.text).exists() {
            return self.pattern(&value.text, value).map(Excluded::Pattern);
        }
        Some(Excluded::Path(disk::normal(Path::new(&value.text))))
    }

    fn pattern(&mut self, text: &str, value: &Value) -> Option<Pattern> {
        let pattern = Pattern::new(text);
        pattern.map_err(|it| self.problems.push(it.at(self.config.place(value.span.clone())))).ok()
    }

    fn expand(
        &mut self,
        list: Vec<(Range<usize>, Named)>,
        excluded: &[Excluded],
        taken: &mut BTreeSet<PathBuf>,
        scope: &mut Scope,
    ) -> Vec<(PathBuf, ChosenBy)> {
        let mut files = Vec::new();
        for (span, named) in list {
            let place = self.config.place(span);
            let found = match named {
                Named::File(path) => {
                    let found = lookup(self.root, &path, scope);
                    found.map(|()| files.push((path, ChosenBy::Name)))
                }
                Named::Pattern(pattern, by) => pattern.expand(self.root, scope).map(|matches| {
                    let is_in = |path: &PathBuf| !excluded.iter().any(|it| it.has(path));
                    let mut matches: Vec<PathBuf> = matches.into_iter().filter(is_in).collect();
                    matches.retain(|path| taken.insert(path.clone()));
                    files.extend(matches.into_iter().map(|path| (path, by.clone())));
                    self.patterns.push((pattern, place.clone()));
                }),
            };
            self.problems.extend(found.err().map(|problem| problem.at(place)));
        }
        files
    }
}

fn lookup(root: &Path, path: &Path, scope: &mut Scope) -> Result<(), Problem> {
    let full = root.join(path);
    scope.file(&full);
    disk::stat(&full).map(|_| ()).map_err(|error| disk::unreadable(&full, &error))
}

/// Those of the files that Composer's autoloader would run as well.
fn composer_files(root: &Path, files: &[PathBuf], scope: &mut Scope) -> Vec<(PathBuf, String)> {
    let folder = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let Some(composer) = discover::find(folder, discover::COMPOSER) else { return Vec::new() };
    let list = disk::folder_of(&composer).join("vendor/composer/autoload_files.php");
    scope.file(&list);
    let known = composer::files(&list);
    if known.is_empty() {
        return Vec::new();
    }
    let key = |path: &PathBuf| {
        let key = known.get(&root.join(path).canonicalize().ok()?)?;
        Some((path.clone(), key.clone()))
    };
    files.iter().filter_map(key).collect()
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
    let is_stdin = |path: &Path| stdin.is_some() && disk::is_dash(path);
    let mut known = HashSet::new();
    let members = targets.iter().flat_map(|target| target.recipe.paths());
    let mut files = Vec::new();
    for path in members.filter(|path| !is_stdin(path)) {
        if known.insert(path.as_os_str()) || config.is_none() {
            files.push(root.join(path));
        }
    }
    for path in &files {
        scope.file(path);
    }
    let stats: Vec<io::Result<Metadata>> = files.par_iter().map(|path| disk::stat(path)).collect();
    threads::add_work(stats.iter().flatten().map(Metadata::len).sum());
    if config.is_none() {
        check_twice(&files, &stats)?;
    }

    let mut project = Project {
        root,
        targets,
        stdin,
        applications: Vec::new(),
        modules: Vec::new(),
        composer: None,
        rules: Vec::new(),
        budgets: Budgets::default(),
        inputs: HashMap::with_capacity(files.len()),
        stamps: HashMap::with_capacity(files.len()),
        patterns: patterns.iter().map(|(pattern, _)| pattern.clone()).collect(),
    };
    let mut missing = BTreeMap::new();
    for (path, stat) in files.into_iter().zip(stats) {
        match stat {
            Ok(metadata) if config.is_some() && disk::is_stream(&metadata) => {
                missing.insert(path.clone(), disk::a_stream(&path));
            }
            Ok(metadata) => {
                let stamp = scope::stamp_of(&metadata);
                project.stamps.insert(path.clone().into_os_string(), stamp);
                project.inputs.insert(Identity::of(&metadata), path);
            }
            Err(error) => {
                missing.insert(path.clone(), disk::unreadable(&path, &error));
            }
        }
    }
    let mut problems: Vec<Problem> = missing.into_values().collect();
    if let Some(config) = config
        && let Ok(metadata) = fs::metadata(config)
    {
        project.inputs.insert(Identity::of(&metadata), config.to_owned());
    }
    problems.extend(check_outputs(&project, patterns, scope));
    problems.extend(check_lens(&project));
    if problems.is_empty() { Ok(project) } else { Err(problems) }
}

/// An error for each bundle whose files are too much for an output, before they
/// are read.
fn check_lens(project: &Project) -> Vec<Problem> {
    let len = |file: &PathBuf| match &project.stdin {
        Some(stdin) if disk::is_dash(file) => stdin.len() as u64,
        _ => project.stamp(file).map_or(0, |(_, len, ..)| len),
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
