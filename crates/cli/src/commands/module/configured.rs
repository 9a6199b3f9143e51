//! Modules that `tilde.toml` declares: packages among the outputs of a project.

use std::path::{Path, PathBuf};

use tilde_bundle::StripOptions;
use tilde_lexer::Options;

use super::pack::{make, missing, selected, strip_options, targets};
use super::package::{DATA, Package, Packer};
use super::project::{Project, Source};

use crate::args::ProjectArgs;
use crate::commands::phar::create;
use crate::compile::{Input, Output};
use crate::config::{self, Config, Value};
use crate::discover::Choice;
use crate::problem::{Place, Problem};
use crate::project::is_outside;
use crate::rules::{self, Rules};
use crate::scope::Scope;

/// The modules of one `[[module]]`, ready to be packed.
pub(crate) struct Modules {
    project: Project,
    /// All of the project, or why they cannot be read.
    sources: Result<Vec<Source>, Vec<Problem>>,
    /// None for all.
    names: Vec<String>,
    target: PathBuf,
    cache: Option<PathBuf>,
    lexer: Options,
    strip: Option<StripOptions>,
    time: u32,
    place: Place,
}

/// Works out the modules that a configuration in the folder `root` declares.
pub(crate) fn plan_all(
    args: &ProjectArgs,
    config: &Config,
    root: &Path,
    php: Choice,
    scope: &mut Scope,
) -> Result<Vec<Modules>, Vec<Problem>> {
    let (mut planned, mut problems) = (Vec::new(), Vec::new());
    for module in &config.modules {
        match plan(args, config, module, root, php) {
            Ok(modules) => {
                modules.note(scope);
                planned.push(modules);
            }
            Err(problem) => problems.push(problem.at(config.place(module.span.clone()))),
        }
    }
    if problems.is_empty() { Ok(planned) } else { Err(problems) }
}

fn plan(
    args: &ProjectArgs,
    config: &Config,
    module: &config::Module,
    root: &Path,
    php: Choice,
) -> Result<Modules, Problem> {
    let path = |value: &Value| root.join(&value.text);
    let project = module.project.as_ref().map_or(root.to_owned(), path);
    let project = if project.as_os_str().is_empty() { PathBuf::from(".") } else { project };
    let load_paths = module.load_path.iter().map(path).collect();
    let project = Project::of(project, module.data.as_ref().map(path), load_paths);
    let target = match (&args.out, &module.target) {
        (Some(folder), _) => folder.clone(),
        (None, Some(value)) => root.join(&value.text),
        (None, None) => project.output(),
    };
    let rules = Rules { allow: args.allow.clone(), deny: Vec::new() };
    let below = target.strip_prefix(root).unwrap_or(&target);
    if args.out.is_none() && is_outside(root, below) && !rules.allow_outside() {
        let message =
            format!("the packages in {} are outside of the project's folder", target.display());
        let help = "give --allow T-OUTSIDE if you trust this tilde.toml, or --out for the folder";
        return Err(Problem::error(rules::OUTSIDE, message).help(help));
    }
    let strip = strip_options(module.strip, args.docs.choice().or(module.docs), php)?;
    Ok(Modules {
        sources: project.sources(),
        project,
        names: module.names.iter().map(|name| name.text.clone()).collect(),
        target,
        cache: module.cache.as_ref().map(path),
        lexer: php.oldest(),
        strip,
        time: create::time()?,
        place: config.place(module.span.clone()),
    })
}

impl Modules {
    /// Takes note of all that packages are made of.
    fn note(&self, scope: &mut Scope) {
        scope.tree(&self.project.path("src"));
        self.project.load_paths.iter().for_each(|path| scope.tree(path));
        scope.file(&self.project.path("composer.json"));
        scope.file(&self.project.cache(self.cache.as_deref()));
        for source in self.sources.iter().flatten() {
            for item in &source.manifest.data {
                scope.tree(&self.project.data.join(item));
            }
        }
        for (_, target) in self.selected().into_iter().flatten() {
            scope.output(&target);
        }
    }

    /// The modules to pack, and where each package goes.
    fn selected(&self) -> Result<Vec<(&Source, PathBuf)>, Vec<Problem>> {
        let sources = self.sources.as_ref().map_err(Clone::clone)?;
        let names = (!self.names.is_empty()).then_some(&*self.names);
        let selected = selected(names, sources)?;
        let targets = targets(Some(&self.target), &self.project, &selected)?;
        Ok(selected.into_iter().zip(targets).collect())
    }

    /// Where the packages go.
    pub(crate) fn places(&self) -> Result<Vec<PathBuf>, Vec<Problem>> {
        Ok(self.selected()?.into_iter().map(|(_, target)| target).collect())
    }

    /// Makes the packages, and says what was found.
    pub(crate) fn compile(&self) -> (Vec<Output>, Vec<Problem>) {
        match self.outputs() {
            Ok(made) => made,
            Err(problems) => {
                let place = |it: Problem| {
                    if it.places.is_empty() { it.at(self.place.clone()) } else { it }
                };
                (Vec::new(), problems.into_iter().map(place).collect())
            }
        }
    }

    fn outputs(&self) -> Result<(Vec<Output>, Vec<Problem>), Vec<Problem>> {
        let (selected, targets): (Vec<&Source>, Vec<PathBuf>) =
            self.selected()?.into_iter().unzip();
        let packer = Packer::new(&self.project, self.cache.as_deref(), self.lexer, self.strip)?;
        let packages = make(&packer, &selected, |_| self.time)?;
        let mut problems =
            missing(&self.project, self.sources.as_deref().unwrap_or_default(), &selected);
        let mut outputs = Vec::new();
        for ((package, source), path) in packages.into_iter().zip(selected).zip(targets) {
            let inputs = self.inputs(&package, source);
            if inputs.iter().any(|input| input.path == path) {
                let message = format!("cannot write {}: it is also an input", path.display());
                let help = "take it out of `zm-data-store`, or choose another `target`";
                return Err(vec![Problem::error("T-OUTPUT", message).help(help)]);
            }
            let bytes = package.bytes()?;
            problems.extend(package.warnings);
            outputs.push(Output {
                name: source.manifest.name.clone(),
                path,
                bytes: bytes.into(),
                inputs,
                left_out: Vec::new(),
                is_map: false,
                makes_folder: true,
                newer_than: None,
                lexer: Options::default(),
                bundle: None,
            });
        }
        Ok((outputs, problems))
    }

    /// The files that a package has from the project.
    fn inputs(&self, package: &Package, source: &Source) -> Vec<Input> {
        let folder = self.project.path(&source.folder);
        let data = format!("{DATA}/");
        let mut inputs = Vec::new();
        for (name, contents) in &package.files {
            let Ok(name) = str::from_utf8(name) else { continue };
            let below =
                Path::new(name).strip_prefix(&source.folder).map(|below| folder.join(below));
            let of_data = || name.strip_prefix(&*data).map(|below| self.project.data.join(below));
            let Some(path) = below.ok().or_else(of_data) else { continue };
            let len = contents.bytes.len() as u64;
            inputs.push(Input { path, len, choice: None, member: None });
        }
        inputs
    }
}
