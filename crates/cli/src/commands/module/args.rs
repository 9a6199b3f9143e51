//! The command line of `tilde module`.

// The comments are the help texts, where backticks would be shown as such.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use tilde_bundle::Style;

use crate::args::{DocsArgs, PhpArgs, ThreadsArgs};
use crate::commands::phar::args::LimitArgs;

#[derive(Args)]
pub(crate) struct ModuleArgs {
    #[command(subcommand)]
    pub(crate) command: ModuleCommand,
}

#[derive(Subcommand)]
pub(crate) enum ModuleCommand {
    /// List the modules of a project: sources, packages, Composer's
    List(ListModulesArgs),

    /// Write modules to packages
    #[command(
        after_help = "A module is a folder below src/ with a zm.json. Its package is NAME.phar, or
NAME_VERSION.phar, in zm_data/output. The same sources make the same bytes: the
time is that of SOURCE_DATE_EPOCH, else 1 January 1980.

Examples:
  tilde module pack shop
  tilde module pack --all --strip lines -D dist"
    )]
    Pack(PackArgs),

    /// Write the sources of packages into a project
    #[command(
        after_help = "All or nothing. Files, values of the cache and data that exist stay as they are
unless an option says otherwise. Nothing of a package is executed: what it
wants to be changed in config/global.php is shown."
    )]
    Unpack(UnpackArgs),

    /// Compare packages with what their sources make
    #[command(
        after_help = "Ends with 1 when a package is missing or differs; writes nothing. Give the
options that the packages were made with."
    )]
    Check(PackArgs),
}

// Where things are.
#[derive(Args)]
pub(crate) struct ProjectArgs {
    /// The project: the folder with src/ and composer.json
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// The data folder (default: zm_data in the project)
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// The folder with packages that are loaded (default: modules in the data
    /// folder); repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) load_path: Vec<PathBuf>,

    /// The language of lists and notes (default: zh if LC_ALL, LC_MESSAGES or LANG
    /// says so, else en)
    #[arg(long, value_enum, value_name = "en|zh", hide_possible_values = true)]
    pub(crate) lang: Option<Lang>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    En,
    Zh,
}

#[derive(Args)]
pub(crate) struct ListModulesArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

#[derive(Args)]
pub(crate) struct PackArgs {
    /// The modules
    #[arg(value_name = "NAME", required_unless_present = "all")]
    pub(crate) names: Vec<String>,

    /// All modules of the project
    #[arg(long, conflicts_with = "names")]
    pub(crate) all: bool,

    /// The folder of the packages (default: output in the data folder)
    #[arg(short = 'D', long, value_name = "DIR")]
    pub(crate) target: Option<PathBuf>,

    /// The persistence file of the cache (default: _cache.json in the data folder)
    #[arg(long, value_name = "FILE")]
    pub(crate) cache: Option<PathBuf>,

    /// Strip PHP files (.php, .phtml, .inc): lines, tight, php, thinkphp-2.0 or
    /// thinkphp-2.2
    #[arg(long, value_name = "STYLE")]
    pub(crate) strip: Option<Style>,

    #[command(flatten)]
    pub(crate) docs: DocsArgs,

    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    #[command(flatten)]
    pub(crate) php: PhpArgs,

    #[command(flatten)]
    pub(crate) threads: ThreadsArgs,
}

impl PackArgs {
    /// The names of the modules; none for all.
    pub(crate) fn names(&self) -> Option<&[String]> {
        (!self.all).then_some(&*self.names)
    }
}

#[derive(Args)]
// They are switches of the framework's command.
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct UnpackArgs {
    /// The modules, by name or by the path of a package
    #[arg(value_name = "NAME|PHAR", required = true)]
    pub(crate) names: Vec<String>,

    /// Replace source files that exist
    #[arg(long)]
    pub(crate) overwrite_source: bool,

    /// Replace values of the cache that exist
    #[arg(long)]
    pub(crate) overwrite_light_cache: bool,

    /// Replace data files that exist
    #[arg(long)]
    pub(crate) overwrite_zm_data: bool,

    /// Unpack also if a dependency is missing or does not fit
    #[arg(long)]
    pub(crate) ignore_depends: bool,

    /// The persistence file of the cache (default: _cache.json in the data folder)
    #[arg(long, value_name = "FILE")]
    pub(crate) cache: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    #[command(flatten)]
    pub(crate) limit: LimitArgs,
}
