//! Options of the commands that read sources and make no output of a project.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use tilde_bundle::Style;

use super::shared::{DocsArgs, ExplainArgs, ListArgs, PhpArgs, ThreadsArgs};
use super::value::{MapPath, OutputPlace, class_name};
use crate::rules::Rule;

#[derive(Args)]
pub(crate) struct StripArgs {
    /// The files, or folders with .php files below, printed one after the other
    /// (`-`: standard input, also the default)
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// How the code is printed: lines, tight, php, thinkphp-2.0 or thinkphp-2.2
    #[arg(long, value_name = "STYLE", default_value = "lines")]
    pub(crate) style: Style,

    /// Write each file to its relative path below this folder; absolute paths
    /// keep the tree below the folder that they have in common
    #[arg(long, value_name = "DIR")]
    pub(crate) out_dir: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) docs: DocsArgs,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) php: PhpArgs,

    #[command(flatten)]
    pub(crate) threads: ThreadsArgs,
}

#[derive(Args)]
pub(crate) struct TokensArgs {
    /// The files, or folders with .php files below (`-`: standard input, also
    /// the default)
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// text (default on a terminal), tsv (default elsewhere) or json
    #[arg(long, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) format: Option<TokenFormat>,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) php: PhpArgs,

    #[command(flatten)]
    pub(crate) threads: ThreadsArgs,
}

#[derive(Args)]
pub(crate) struct LintArgs {
    /// The files, or folders with .php files below (`-`: standard input, also
    /// the default)
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) php: PhpArgs,

    #[command(flatten)]
    pub(crate) threads: ThreadsArgs,
}

// Each is an option that is there or not.
#[allow(clippy::struct_excessive_bools)]
#[derive(Args)]
pub(crate) struct StateArgs {
    /// Folders with .php files below, without those of vendor/, or files (`-`: standard
    /// input; default: the current folder)
    #[arg(value_name = "PATH|FILE")]
    pub(crate) paths: Vec<PathBuf>,

    /// Show all of it: what is likely no leak as notes
    #[arg(long)]
    pub(crate) all: bool,

    /// Read the files below vendor/ too
    #[arg(long)]
    pub(crate) vendor: bool,

    /// Write all of it to this file, a line each, sorted (`-`: standard output), and
    /// report nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all", "baseline"])]
    pub(crate) snapshot: Option<PathBuf>,

    /// Compare with the file of --snapshot instead of writing it, and report what is new
    /// and what is gone
    #[arg(long, requires = "snapshot")]
    pub(crate) check: bool,

    /// Leave out what a file that --snapshot has written has in the same line
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write a class of PHP that puts back what a request may change, but for what is
    /// allowed, and say what it cannot put back
    #[arg(long, requires = "output", conflicts_with_all = ["all", "snapshot", "baseline"])]
    pub(crate) resetter: bool,

    /// With --resetter: the file of the class (`-`: standard output)
    #[arg(short, long, value_name = "FILE", requires = "resetter")]
    pub(crate) output: Option<PathBuf>,

    /// With --resetter: what calls it, laravel-swoole, octane, symfony, hyperf or plain
    #[arg(
        long = "for",
        value_enum,
        value_name = "FRAMEWORK",
        default_value = "plain",
        hide_possible_values = true,
        requires = "resetter"
    )]
    pub(crate) framework: Framework,

    /// With --resetter: the name of the class, with its namespace (default: that of the
    /// file)
    #[arg(long, value_name = "CLASS", requires = "resetter", value_parser = class_name)]
    pub(crate) class: Option<String>,

    /// A finding that is expected: it is shown as a note and does not change the
    /// exit status; with PATH only in that file or folder; repeatable
    #[arg(long, value_name = "CODE[:PATH]", help_heading = "Messages", value_parser = Rule::parse)]
    pub(crate) allow: Vec<Rule>,

    /// A finding that changes the exit status, also if it is a note, or if
    /// tilde.toml allows it; repeatable
    #[arg(long, value_name = "CODE", help_heading = "Messages", value_parser = Rule::parse_code)]
    pub(crate) deny: Vec<Rule>,

    #[command(flatten)]
    pub(crate) explain: ExplainArgs,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) php: PhpArgs,

    #[command(flatten)]
    pub(crate) threads: ThreadsArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Framework {
    Plain,
    LaravelSwoole,
    Octane,
    Symfony,
    Hyperf,
}

#[derive(Args)]
pub(crate) struct WhereArgs {
    /// A place in a compiled file
    #[arg(
        value_name = "FILE:LINE[:COLUMN]",
        required_unless_present = "log",
        conflicts_with = "log",
        value_parser = OsStringValueParser::new().try_map(OutputPlace::parse)
    )]
    pub(crate) places: Vec<OutputPlace>,

    /// Print a log, a stack trace or an error page with the places in it that are
    /// in compiled files replaced (default: standard input)
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub(crate) log: Option<PathBuf>,

    /// With --log: what lies at DEPLOYED where the code runs is at LOCAL here;
    /// repeatable, the longest DEPLOYED that fits counts
    #[arg(
        long,
        value_name = "DEPLOYED=LOCAL",
        requires = "log",
        value_parser = OsStringValueParser::new().try_map(MapPath::parse)
    )]
    pub(crate) map_path: Vec<MapPath>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokenFormat {
    Text,
    Tsv,
    Json,
}
