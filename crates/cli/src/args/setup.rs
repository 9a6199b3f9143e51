//! Options of the commands around a project: its beginning, its configuration, its
//! measurements, and help.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::shared::{BudgetArgs, ProjectArgs};

#[derive(Args)]
pub(crate) struct TraceArgs {
    /// The folder of the Composer project (default: the current one)
    #[arg(long, value_name = "DIR")]
    pub(crate) project: Option<PathBuf>,

    /// The folder of the outputs (default: vendor/tilde)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// The command, after two dashes
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

#[derive(Args)]
pub(crate) struct BenchArgs {
    /// The folder of the Composer project (default: the current one)
    #[arg(long, value_name = "DIR")]
    pub(crate) project: Option<PathBuf>,

    /// A path to ask for, such as /cart?id=1; repeatable (default: /)
    #[arg(long = "url", value_name = "PATH", conflicts_with = "command")]
    pub(crate) urls: Vec<String>,

    /// Read more paths from this file, one a line
    #[arg(long, value_name = "FILE", conflicts_with = "command")]
    pub(crate) urls_from: Option<PathBuf>,

    /// The front controller (default: public/index.php and its like)
    #[arg(long, value_name = "FILE", conflicts_with = "command")]
    pub(crate) front: Option<PathBuf>,

    /// What answers: php-fpm, or php, which is its own server (default: php-fpm if there is
    /// one, else php)
    #[arg(long, value_name = "PROGRAM", conflicts_with = "command")]
    pub(crate) server: Option<PathBuf>,

    /// What makes the class map to compare with
    #[arg(long, value_name = "PROGRAM", default_value = "composer")]
    pub(crate) composer: PathBuf,

    /// How long to measure each way to run PHP, in seconds
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = clap::value_parser!(u64).range(1..=600)
    )]
    pub(crate) seconds: u64,

    /// A command to run instead of asking a server, after two dashes
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

#[derive(Args)]
pub(crate) struct InitArgs {
    /// Write no tilde.toml, but into composer.json a script that builds, and the folder of
    /// the outputs into .gitignore
    #[arg(long)]
    pub(crate) composer: bool,

    /// A folder (default: the current one), or files to bundle
    #[arg(value_name = "PATH|FILE")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ConfigArgs {
    /// Print the schema, for editors and validators
    #[arg(long, exclusive = true)]
    pub(crate) schema: bool,

    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    #[command(flatten)]
    pub(crate) budget: BudgetArgs,
}

#[derive(Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Args)]
pub(crate) struct ManArgs {
    /// The command (default: tilde itself)
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}
