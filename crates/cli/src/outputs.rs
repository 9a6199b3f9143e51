//! Which files a project compiles into: bundles, caches of ThinkPHP applications, and
//! packages of modules.
//!
//! Where the caches of an application go is known only when its sources have been
//! compiled, so this may take as long as a build.

use std::path::PathBuf;

use crate::args::ProjectArgs;
use crate::compile::{self, Output};
use crate::console::Console;
use crate::problem::Error;
use crate::project::{self, Project};
use crate::scope::Scope;

/// The outputs of PHP that a configuration declares; without companions and maps.
pub(crate) fn declared(args: &ProjectArgs) -> Result<Vec<PathBuf>, Error> {
    let project = project::plan(args, &mut Scope::ignored())?;
    let bundles = project.targets.iter().map(|target| target.output.clone());
    let outputs = bundles.chain(caches(&project)?).collect();
    Ok(outputs)
}

/// Where the caches of the applications go.
pub(crate) fn caches(project: &Project) -> Result<Vec<PathBuf>, Error> {
    if project.applications.is_empty() {
        return Ok(Vec::new());
    }
    let compiled = compile::compile(project, Console::silent())?;
    let caches = compiled.outputs.into_iter().filter(|output| output.bundle.is_none());
    let is_php = |output: &Output| !tilde_phar::is_archive(output.bytes.whole());
    Ok(caches.filter(is_php).map(|output| output.path).collect())
}

/// Where the packages of the modules go.
pub(crate) fn packages(project: &Project) -> Result<Vec<PathBuf>, Error> {
    let mut packages = Vec::new();
    for modules in &project.modules {
        packages.extend(modules.places()?);
    }
    Ok(packages)
}
