//! A Composer project: which class is in which file, and what is compiled of them.
//!
//! [`Project::read`] reads composer.json and what `composer install` has left in the vendor
//! folder, [`Classes::find`] says which file Composer's autoloader would load for each
//! class, [`Plan`] chooses what is compiled together, and [`compile`] builds it by way of
//! the crate bundle and writes the autoloader in front of Composer's. Bytes come in through
//! [`Files`] and values go out: nothing here touches a disk. Names of classes are those that
//! somebody asks Composer for, so their case counts, while PHP compares names without it.

mod builtin;
mod classes;
mod compile;
mod finding;
mod graph;
mod includes;
mod link;
mod loader;
mod plan;
mod preload;
mod project;
mod questions;
mod report;
mod runtime;
mod trace;

use std::path::{Path, PathBuf};

use tilde_eval::Sources;

pub use classes::{Class, Classes};
pub use compile::{Compiled, Member, Output, Settings, compile};
pub use finding::{Finding, Message};
pub use graph::entries;
pub use loader::ClassLoader;
pub use plan::{Basis, Left, Plan, Why};
pub use project::{AutoloadFile, Package, Project, autoload_files};
pub use runtime::recorder;
pub use trace::Traces;

/// What a project is read from.
pub trait Files: Sources {
    /// The files below a folder whose names end in `.php` or `.inc`, sorted, with links
    /// followed, and without what is below `except` and in hidden folders.
    fn php_files(&self, folder: &Path, except: &Path) -> Vec<PathBuf>;

    /// The other files below a folder for which [`may_be_script`] holds, found in the same way.
    fn other_scripts(&self, folder: &Path, except: &Path) -> Vec<PathBuf>;

    /// Says that so many files are about to be read.
    fn expect(&self, _files: usize) {}
}

/// Whether a file may hold PHP by its name, though that does not end in `.php` or `.inc`: what
/// has no ending, and endings that templates, modules and old scripts have.
#[must_use]
pub fn may_be_script(path: &Path) -> bool {
    let endings = [
        "phtml", "phtm", "php3", "php4", "php5", "php7", "phps", "pht", "tpl", "html", "htm",
        "module", "install", "theme", "profile", "engine", "ctp", "view",
    ];
    path.extension().is_none_or(|it| endings.iter().any(|ending| it.eq_ignore_ascii_case(ending)))
}
