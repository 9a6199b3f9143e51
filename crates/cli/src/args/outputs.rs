//! Options of the commands that make outputs or compare them: `build`, `check`, `watch`,
//! `diff`, and what answers a review.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::shared::{BudgetArgs, CacheArgs, EnvironmentArgs, ExplainArgs, PhpArgs, ProjectArgs};

// Each is an option that is there or not.
#[allow(clippy::struct_excessive_bools)]
#[derive(Args)]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    #[command(flatten)]
    pub(crate) budget: BudgetArgs,

    #[command(flatten)]
    pub(crate) cache: CacheArgs,

    #[command(flatten)]
    pub(crate) explain: ExplainArgs,

    /// Write what became of which file as JSON: outputs, and inputs with their
    /// shapes, reasons and bytes (`-`: standard output)
    #[arg(long, value_name = "FILE")]
    pub(crate) metafile: Option<PathBuf>,

    /// Say what would be written, with the members of each output in their order
    /// and what they become, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Write what has changed beside the outputs (all.php.new), for tilde review, instead of
    /// replacing them; in CI write nothing
    #[arg(long, conflicts_with_all = ["dry_run", "metafile"])]
    pub(crate) review: bool,

    /// Print a table of what is big in each bundle, by members and by folders
    #[arg(long)]
    pub(crate) analyze: bool,

    /// Say of each member what became of it, and why
    #[arg(short, long, help_heading = "Messages", conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Print for each output how much of it would change, and no diff
    #[arg(long, conflicts_with = "full")]
    pub(crate) stat: bool,

    /// Print all of a diff, however long it is
    #[arg(long)]
    pub(crate) full: bool,

    #[command(flatten)]
    pub(crate) budget: BudgetArgs,

    #[command(flatten)]
    pub(crate) cache: CacheArgs,

    #[command(flatten)]
    pub(crate) explain: ExplainArgs,
}

#[derive(Args)]
pub(crate) struct PendingArgs {
    /// The outputs (default: all that tilde.toml declares)
    #[arg(value_name = "OUTPUT")]
    pub(crate) outputs: Vec<PathBuf>,

    /// Use this configuration instead of looking for tilde.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
}

#[derive(Args)]
pub(crate) struct DiffArgs {
    /// The old file and the new one (`-`: standard input); with --git, the files to
    /// compare (default: the outputs of tilde.toml)
    #[arg(value_name = "OLD NEW|FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Compare what this revision has with the files on disk
    #[arg(long, value_name = "REVISION")]
    pub(crate) git: Option<String>,

    /// With --git: use this configuration instead of looking for tilde.toml
    #[arg(long, value_name = "FILE", requires = "git")]
    pub(crate) config: Option<PathBuf>,

    /// Write a page of HTML that needs nothing else: the symbols, both sides beside each other,
    /// and what is in the new file by size (`-`: standard output, in place of the diff)
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,

    /// Print the symbols that differ, and no statements
    #[arg(long, conflicts_with = "full")]
    pub(crate) stat: bool,

    /// Print all of a diff, however long it is
    #[arg(long)]
    pub(crate) full: bool,

    #[command(flatten)]
    pub(crate) php: PhpArgs,
}

#[derive(Args)]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Look for changes every MS milliseconds (default 500) instead of waiting
    /// for the system to tell
    #[arg(
        long,
        value_name = "MS",
        require_equals = true,
        num_args = 0..=1,
        default_missing_value = "500",
        value_parser = clap::value_parser!(u64).range(1..=86_400_000)
    )]
    pub(crate) poll: Option<u64>,

    /// Go on when standard input closes
    #[arg(long)]
    pub(crate) ignore_stdin: bool,

    /// Run this command, by sh, after each change of an output; never twice at once
    #[arg(long, value_name = "COMMAND")]
    pub(crate) exec: Option<OsString>,

    /// End the command of --exec when an output changes while it runs, and run it again
    #[arg(long, requires = "exec")]
    pub(crate) restart: bool,

    /// Empty the terminal before each build
    #[arg(long)]
    pub(crate) clear: bool,
}
