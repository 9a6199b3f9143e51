//! The command line: commands, options and their help texts.
//!
//! Only what is written there, not what it means: the meaning needs files
//! (`tilde.toml`, `composer.json`) and is worked out in `project.rs`. The
//! options of `build` are those of `check` and `watch` too.

// The comments are the help texts (so a struct that is flattened must have none:
// it would take the place of the command's own description), where backticks would be shown as such.
#![allow(clippy::doc_markdown)]

mod outputs;
mod setup;
mod shared;
mod source;
mod value;

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::outputs::{BuildArgs, CheckArgs, DiffArgs, PendingArgs, WatchArgs};
pub(crate) use self::setup::{
    BenchArgs, CompletionsArgs, ConfigArgs, InitArgs, ManArgs, TraceArgs,
};
pub(crate) use self::shared::{
    CacheArgs, DocsArgs, ListArgs, PathsAs, PhpArgs, ProjectArgs, Switch, ThinkPhpArgs, ThreadsArgs,
};
pub(crate) use self::source::{
    Framework, LintArgs, StateArgs, StripArgs, TokenFormat, TokensArgs, WhereArgs,
};
pub(crate) use self::value::{Define, MapPath, OutputPlace, ServerEntry, class_name};
use crate::commands::docker::args::DockerArgs;
use crate::commands::module::args::ModuleArgs;
use crate::commands::phar::args::PharArgs;
use crate::escape::escaped_bytes;
use crate::variables;

/// Compiles PHP applications: many source files in, few files out.
#[derive(Parser)]
#[command(
    name = "tilde",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "Exit status: 0 done, 1 done but with findings or differences, 2 could not do it.
Each option is also a variable of the environment: TILDE_STYLE=tight is --style tight,
TILDE_MAP=1 is --map. The command line goes before it."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) terminal: TerminalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

// Only the options of the command in use are put together.
#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Compile what tilde.toml declares, a ThinkPHP application, or the given files
    #[command(after_help = "Examples:
  tilde build                            what tilde.toml here (or above) declares
  tilde build shop/                      the same for the project in shop/
  tilde build a.php b.php -o all.php     bundle two files, in this order
  git ls-files -z '*.php' | tilde build --files-from - -0 -o all.php
  tilde build a.php -o -                 print the bundle
  tilde build --dry-run -v               what would become of each file, and why
  tilde build --thinkphp public/         the caches of the ThinkPHP application in public/
  tilde build --thinkphp . --php 5.6 --map-path 'D:\\wamp\\www\\shop=.'
                                         the same for a server where it lies elsewhere
  tilde build --explain T-GLUE           what a code in a message stands for")]
    Build(BuildArgs),

    /// Compare the files on disk with what a build would write
    #[command(
        after_help = "Prints a unified diff, a statement a line and below the source that it comes from,
and ends with 1 when a file would change; writes no output. With --quiet, only the
exit status tells.

Examples:
  tilde check                            in CI, when compiled files are committed
  tilde check --stat                     which outputs would change, and how much
  tilde check --output-format sarif > tilde.sarif
  tilde check a.php b.php -o all.php
  tilde check --thinkphp public/"
    )]
    Check(CheckArgs),

    /// Go through pending changes of outputs, one by one
    #[command(
        after_help = "Pending changes are files beside the outputs (all.php.new), which build --review
writes. Ends with 1 when some are left.

Examples:
  tilde build --review                   write what has changed beside the outputs
  tilde review                           accept, reject or skip each
  tilde review dist/all.php              only this one"
    )]
    Review(PendingArgs),

    /// Take pending changes of outputs
    #[command(after_help = "Examples:
  tilde accept                           all pending changes
  tilde accept dist/all.php              only this one")]
    Accept(PendingArgs),

    /// Drop pending changes of outputs
    #[command(after_help = "Examples:
  tilde reject                           all pending changes
  tilde reject dist/all.php              only this one")]
    Reject(PendingArgs),

    /// Say what two compiled files do differently
    #[command(
        after_help = "Compares tokens, so blanks and comments are no difference. Ends with 1 when the code
differs.

Examples:
  tilde diff old/all.php dist/all.php
  tilde diff --git HEAD                  the outputs of tilde.toml since the last commit
  tilde diff --git v1.2 dist/all.php     one file since a tag
  tilde diff --git HEAD --html diff.html a page to look at"
    )]
    Diff(DiffArgs),

    /// Build, then build again at every change
    #[command(
        after_help = "Errors are shown and the old outputs stay until the next change mends them.
Ends when standard input closes, unless that is a terminal or --ignore-stdin is given.

Examples:
  tilde watch
  tilde watch --thinkphp public/
  tilde watch --exec 'make test'         run this after each change of an output
  tilde watch --poll                     for network drives and shared folders of containers
  tilde watch --ignore-stdin </dev/null  as a service"
    )]
    Watch(WatchArgs),

    /// Print files without comments and blanks
    #[command(after_help = "Examples:
  tilde strip index.php
  tilde strip --style php < index.php    byte for byte what php -w prints
  tilde strip --out-dir dist src/*.php   each to its own place below dist/")]
    Strip(StripArgs),

    /// Print the tokens of files, as PHP itself sees them
    #[command(
        after_help = "The format tsv is a line '# PATH' for each file and then, for each token,
its name, its length in bytes and its line, with tabs between.

Examples:
  tilde tokens index.php
  tilde tokens --php 5.2 --format json legacy.php"
    )]
    Tokens(TokensArgs),

    /// Find syntax errors, as PHP itself would
    #[command(
        after_help = "Prints the first error of each file to standard output, in the --output-format,
and ends with 1 when there is one. What PHP's compiler finds behind its parser,
such as a function declared twice, is no syntax error.

Examples:
  tilde lint src/*.php
  tilde lint --php 7.4 index.php         would PHP 7.4 take it?
  git ls-files -z '*.php' | tilde lint --files-from - -0"
    )]
    Lint(LintArgs),

    /// List what outlives a request in a resident worker, and what must not happen there
    #[command(
        after_help = "Static properties and variables, globals, settings of the process and the like, with
who writes them, how bad that is and why. It is an inventory and no proof. Shows what is
likely a leak, and ends with 1 when there is something; --all shows the rest as notes.

Examples:
  tilde state                            the PHP files here, without vendor/
  tilde state --all src/Cart.php         all that there is in one file
  tilde state --snapshot state.txt       write the list of all of it, to commit it
  tilde state --snapshot state.txt --check
                                         in CI: what is new, and what is gone
  tilde state --baseline state.txt       only leaks that the list does not have
  tilde state --resetter -o app/Resetter.php --class 'App\\Resetter' --for octane
                                         a class that puts it back after each request"
    )]
    State(StateArgs),

    /// Write, read and verify PHAR archives, without PHP
    Phar(PharArgs),

    /// Say which source a place in a compiled file came from
    #[command(
        after_help = "Reads the map beside the compiled file, which build --map writes. Lines and
columns count from 1, columns in bytes.

Examples:
  tilde where dist/all.php:120           prints lib/cart.php:31:5
  tilde where --log error.log            the log, with places in the sources
  tail -f error.log | tilde where --log
  tilde where --log error.log --map-path /srv/shop=.
                                         for a log of another machine"
    )]
    Where(WhereArgs),

    /// List, pack, unpack and check module packages (zm.json), without PHP
    Module(ModuleArgs),

    /// Write the files of a production image for what a project builds
    Docker(DockerArgs),

    /// Run a command, and record which classes PHP uses in it
    #[command(
        after_help = "For a Composer project without a tilde.toml, in which a build then compiles what was
used. Each PHP that the command starts leaves a line for each request in
vendor/tilde/traces.log. The exit status is that of the command.

Examples:
  tilde trace -- php bin/console list
  tilde trace -- vendor/bin/phpunit
  tilde trace -- php -S localhost:8000 -t public
                                         until it is interrupted"
    )]
    Trace(TraceArgs),

    /// Measure what a build gains, with requests of your own
    #[command(
        after_help = "Copies the Composer project that is here three times, builds one of them, and has PHP
answer the same requests from each in turn, without and with OPcache, with and without
comparing timestamps, and preloaded. Ends with 1 if tilde loses somewhere. It runs the
code of the project, which listens on this machine only.

Examples:
  tilde bench                            asks for /
  tilde bench --url / --url '/cart?id=1'
  tilde bench --server php-fpm8.2 --seconds 10
  tilde bench -- php bin/console list    a command instead of requests"
    )]
    Bench(BenchArgs),

    /// Write a first tilde.toml for what is here
    #[command(
        after_help = "Recognises the web root of a ThinkPHP application (here or in public/), a
composer.json, and PHP files; then tries whether it builds. Never replaces a file.

Examples:
  tilde init                             for the current folder
  tilde init shop/                       for the project in shop/
  tilde init bootstrap.php lib/*.php     a bundle of these files, in this order
  tilde init --composer                  have Composer build when it has changed something"
    )]
    Init(InitArgs),

    /// Show what counts for a project and who says so, or the JSON schema of tilde.toml
    #[command(
        after_help = "Prints tilde.toml as it is with the files that it extends, the environment, variables
and options, with the origin of each value. Takes the options of build.

Examples:
  tilde config
  tilde config --env production
  tilde config --schema > tilde.schema.json
                                         then, as the first line of tilde.toml, for editors:
                                         #:schema ./tilde.schema.json"
    )]
    Config(ConfigArgs),

    /// Print the completions of a shell
    #[command(after_help = "Examples:
  tilde completions bash > ~/.local/share/bash-completion/completions/tilde
  tilde completions fish > ~/.config/fish/completions/tilde.fish")]
    Completions(CompletionsArgs),

    /// Print a manual page
    #[command(after_help = "Examples:
  tilde man > tilde.1
  tilde man phar create | man -l -        the page of a command")]
    Man(ManArgs),
}

impl Command {
    /// Whether it reports on sources, so that a CI system shows what it says.
    pub(crate) fn is_checking(&self) -> bool {
        matches!(
            self,
            Self::Build(_) | Self::Check(_) | Self::Diff(_) | Self::Lint(_) | Self::State(_)
        )
    }
}

#[derive(Args)]
pub(crate) struct TerminalArgs {
    /// When to use colours; NO_COLOR and FORCE_COLOR count too
    #[arg(
        long,
        global = true,
        help_heading = "Messages",
        value_enum,
        value_name = "WHEN",
        default_value = "auto"
    )]
    pub(crate) color: ColorWhen,

    /// Say nothing but errors and warnings
    #[arg(short, long, global = true, help_heading = "Messages")]
    pub(crate) quiet: bool,

    /// How errors and warnings are written to standard error, and by check, diff,
    /// lint and state to standard output: text, or short (a line each), json, github
    /// (annotations; the default in GitHub Actions), gitlab (code quality; the
    /// default of build, check, diff, lint and state in GitLab CI), sarif or junit
    #[arg(
        long,
        global = true,
        help_heading = "Messages",
        value_enum,
        value_name = "FORMAT",
        hide_possible_values = true
    )]
    pub(crate) output_format: Option<OutputFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    Text,
    Short,
    Json,
    Github,
    Gitlab,
    Sarif,
    Junit,
}

impl OutputFormat {
    /// Whether a report is one document and not a line or a paragraph for each problem.
    pub(crate) fn is_document(self) -> bool {
        match self {
            Self::Json | Self::Gitlab | Self::Sarif | Self::Junit => true,
            Self::Text | Self::Short | Self::Github => false,
        }
    }
}

/// Reads the arguments, or ends the program with a message, or with the help
/// or the version when those were asked for.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Arguments {
    let mut arguments = split_module(arguments.collect());
    variables::take(&mut arguments).unwrap_or_else(|error| error.exit());
    Arguments::try_parse_from(&arguments).unwrap_or_else(|error| {
        // A file whose name begins with `-` and that a shell puts in for `*` is
        // quoted in the message.
        let escaped = arguments
            .iter()
            .map(|argument| OsString::from_vec(escaped_bytes(argument.as_bytes()).into_owned()));
        Arguments::try_parse_from(escaped).err().unwrap_or(error).exit()
    })
}

/// `module:pack`, as users of the framework type it, is `module pack`.
fn split_module(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let takes_value = |it: &OsString| it == "--color" || it == "--output-format";
    let mut at = 1;
    while let Some(option) = arguments.get(at).filter(|it| it.as_bytes().starts_with(b"-")) {
        at += 1 + usize::from(takes_value(option));
    }
    let command = arguments.get(at).and_then(|it| it.to_str()?.strip_prefix("module:"));
    if let Some(command) = command.map(OsString::from) {
        arguments.splice(at..=at, ["module".into(), command]);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }
}
