//! The command line: commands, options and their help texts.
//!
//! Only what is written there, not what it means: the meaning needs files
//! (`tilde.toml`, `composer.json`) and is worked out in `project.rs`. The
//! options of `build` are those of `check` and `watch` too.

// The comments are the help texts (so a struct that is flattened must have none:
// it would take the place of the command's own description), where backticks would be shown as such.
#![allow(clippy::doc_markdown)]

mod value;

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use tilde_bundle::{Docs, Paths, Style};

use self::value::environment_name;
pub(crate) use self::value::{Define, MapPath, OutputPlace, ServerEntry, class_name};
use crate::budget::Limit;
use crate::commands::docker::args::DockerArgs;
use crate::commands::module::args::ModuleArgs;
use crate::commands::phar::args::PharArgs;
use crate::escape::escaped_bytes;
use crate::rules::Rule;
use crate::variables;
use crate::versions::Versions;

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

// How large outputs may be.
#[derive(Args)]
pub(crate) struct BudgetArgs {
    /// The most bytes of an output, as '200 kB', or by how much it may grow compared with the
    /// file on disk, as '+10 kB' or '+5 %'; more is a finding; repeatable (default: budget in
    /// tilde.toml)
    #[arg(long, value_name = "LIMIT")]
    pub(crate) budget: Vec<Limit>,
}

// Where results are kept for the next time. (Text in three slashes would be the help of
// the command.)
#[derive(Args)]
pub(crate) struct CacheArgs {
    /// Neither use nor keep results of builds
    #[arg(long, help_heading = "Cache")]
    pub(crate) no_cache: bool,

    /// Keep results in DIR, not in the user's caches
    #[arg(long, value_name = "DIR", help_heading = "Cache")]
    pub(crate) cache_dir: Option<PathBuf>,
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

// What to build; the same for `build`, `check` and `watch`.
#[derive(Args, Default)]
pub(crate) struct ProjectArgs {
    /// A folder or a tilde.toml (default: the current folder); with -o, the
    /// files to bundle, in this order (`-`: standard input)
    #[arg(value_name = "PATH|FILE")]
    pub(crate) paths: Vec<PathBuf>,

    /// Bundle the given files into this file (`-`: standard output)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// With -o: a file that runs when something asks for a class of it, or
    /// includes it; repeatable
    #[arg(long, value_name = "FILE", requires = "output")]
    pub(crate) on_demand: Vec<PathBuf>,

    /// With -o: each file has variables of its own, as where a function loads it
    #[arg(long, requires = "output")]
    pub(crate) own_scope: bool,

    /// What `__DIR__` and `__FILE__` become: relative to the bundle (the default), so that
    /// it can be moved with its files, or absolute, as they are here
    #[arg(
        long = "paths",
        value_enum,
        value_name = "relative|absolute",
        hide_possible_values = true
    )]
    pub(crate) paths_as: Option<PathsAs>,

    /// Put the outputs into this folder, under their own file names
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub(crate) out: Option<PathBuf>,

    /// Use this configuration instead of looking for tilde.toml
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "files_from"])]
    pub(crate) config: Option<PathBuf>,

    /// A finding that is expected: it is shown as a note and does not change the
    /// exit status; with PATH only in that file or folder; repeatable
    #[arg(long, value_name = "CODE[:PATH]", help_heading = "Messages", value_parser = Rule::parse)]
    pub(crate) allow: Vec<Rule>,

    /// A finding that changes the exit status, also if it is a note, or if
    /// tilde.toml allows it; repeatable
    #[arg(long, value_name = "CODE", help_heading = "Messages", value_parser = Rule::parse_code)]
    pub(crate) deny: Vec<Rule>,

    #[command(flatten)]
    pub(crate) thinkphp: ThinkPhpArgs,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) php: PhpArgs,

    /// How the code is printed: lines, tight, php, thinkphp-2.0 or thinkphp-2.2
    /// (default: lines, or what tilde.toml says)
    #[arg(long, value_name = "STYLE")]
    pub(crate) style: Option<Style>,

    #[command(flatten)]
    pub(crate) docs: DocsArgs,

    #[command(flatten)]
    pub(crate) maps: MapArgs,

    #[command(flatten)]
    pub(crate) threads: ThreadsArgs,
}

// What tells where the code of a bundle came from.
#[derive(Args, Default)]
pub(crate) struct MapArgs {
    /// Write a source map beside each bundle (all.php.map), for tilde where
    #[arg(long)]
    pub(crate) map: bool,

    /// Write a map for Xdebug 3.5 beside each bundle (.xdebug/all.php.map), with
    /// the paths of this machine
    #[arg(long)]
    pub(crate) xdebug_map: bool,
}

// A ThinkPHP application, and the machine where it will run.
#[derive(Args, Default)]
pub(crate) struct ThinkPhpArgs {
    /// Write the caches of the ThinkPHP application whose web root is this
    /// folder, as the framework itself would; which one it is, is found out
    #[arg(
        long = "thinkphp",
        help_heading = "ThinkPHP",
        value_name = "ROOT",
        conflicts_with_all = ["paths", "output", "files_from", "style", "DocsArgs", "MapArgs"]
    )]
    pub(crate) root: Option<PathBuf>,

    /// The entry script, relative to ROOT (default: index.php)
    #[arg(long, help_heading = "ThinkPHP", value_name = "FILE")]
    pub(crate) entry: Option<PathBuf>,

    /// Take the constants from this JSON array of [name, value] pairs, in their
    /// order, instead of deriving them from the entry script
    #[arg(long, help_heading = "ThinkPHP", value_name = "FILE")]
    pub(crate) constants: Option<PathBuf>,

    /// What is at LOCAL here lies at DEPLOYED where the application runs, such
    /// as D:\www\shop=. ; repeatable, the longest DEPLOYED that fits counts
    #[arg(
        long,
        help_heading = "ThinkPHP",
        value_name = "DEPLOYED=LOCAL",
        value_parser = OsStringValueParser::new().try_map(MapPath::parse)
    )]
    pub(crate) map_path: Vec<MapPath>,

    /// A constant that is defined before the entry script runs, such as
    /// APP_DEBUG=false; VALUE is a literal of PHP; repeatable
    #[arg(
        long,
        help_heading = "ThinkPHP",
        value_name = "NAME=VALUE",
        value_parser = OsStringValueParser::new().try_map(Define::parse)
    )]
    pub(crate) define: Vec<Define>,

    /// An entry of $_SERVER, for configuration that reads it; !NAME is one that is
    /// absent, such as '!HTTPS'; repeatable
    #[arg(
        long,
        help_heading = "ThinkPHP",
        value_name = "NAME=VALUE",
        value_parser = OsStringValueParser::new().try_map(ServerEntry::parse)
    )]
    pub(crate) server: Vec<ServerEntry>,

    /// The request that makes the caches has no parameters, cookies and files:
    /// $_GET, $_POST, $_COOKIE, $_REQUEST and $_FILES are empty
    #[arg(long, help_heading = "ThinkPHP")]
    pub(crate) empty_request: bool,

    /// Let `eval = "php"` in tilde.toml run code of the project (or set
    /// TILDE_ALLOW_PHP=1)
    #[arg(long, help_heading = "ThinkPHP")]
    pub(crate) allow_php: bool,

    /// Leave out the bugs of ThinkPHP's own format
    #[arg(long, help_heading = "ThinkPHP")]
    pub(crate) safe: bool,
}

impl ThinkPhpArgs {
    /// An option that means something only for a ThinkPHP application.
    pub(crate) fn detail(&self) -> Option<&'static str> {
        let given = [
            ("--entry", self.entry.is_some()),
            ("--constants", self.constants.is_some()),
            ("--map-path", !self.map_path.is_empty()),
            ("--define", !self.define.is_empty()),
            ("--allow-php", self.allow_php),
            ("--server", !self.server.is_empty()),
            ("--empty-request", self.empty_request),
            ("--safe", self.safe),
        ];
        // A variable gives way where it means nothing.
        let is_meant = |option: &str| !variables::has(option.trim_start_matches('-'));
        let given = given.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name);
        given.into_iter().find(|name| is_meant(name))
    }
}

// Asks for words instead of work.
#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// Say what a code in a message, such as T-GLUE, stands for, and do nothing
    /// else
    #[arg(long, value_name = "CODE", help_heading = "Messages")]
    pub(crate) explain: Option<String>,
}

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

// More inputs from a list.
#[derive(Args, Default)]
pub(crate) struct ListArgs {
    /// Read more paths from this file, one a line (`-`: standard input)
    #[arg(long, value_name = "LIST")]
    pub(crate) files_from: Option<PathBuf>,

    /// The paths of --files-from end with a NUL byte instead of a line break
    #[arg(short = '0', long = "null", requires = "files_from")]
    pub(crate) null: bool,
}

// Which PHP reads the code.
#[derive(Args, Clone, Default)]
pub(crate) struct PhpArgs {
    /// The PHP version whose rules apply, 5.2 to 8.5, or several in Composer's language,
    /// such as `>=7.2` (default: target.php in tilde.toml, else what composer.json asks
    /// for, else the newest)
    #[arg(long, value_name = "VERSION")]
    pub(crate) php: Option<Versions>,

    /// short_open_tag of that PHP (default: off, or what tilde.toml says)
    #[arg(long, value_enum, value_name = "on|off", hide_possible_values = true)]
    pub(crate) short_tags: Option<Switch>,

    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
}

impl PhpArgs {
    /// The environment whose configuration counts.
    pub(crate) fn environment(&self) -> Option<&str> {
        self.environment.env.as_deref()
    }
}

// Which of the configurations of a project counts.
#[derive(Args, Clone, Default)]
pub(crate) struct EnvironmentArgs {
    /// Put tilde.NAME.toml on top of tilde.toml (or set TILDE_ENV)
    #[arg(long, value_name = "NAME", value_parser = environment_name)]
    pub(crate) env: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PathsAs {
    Relative,
    Absolute,
}

impl PathsAs {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Relative => "relative",
            Self::Absolute => "absolute",
        }
    }

    pub(crate) fn choice(self) -> Paths {
        match self {
            Self::Relative => Paths::Relative,
            Self::Absolute => Paths::Absolute,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

impl Switch {
    pub(crate) fn is_on(self) -> bool {
        match self {
            Self::On => true,
            Self::Off => false,
        }
    }
}

// What becomes of doc comments.
#[derive(Args, Default)]
#[group(multiple = false)]
pub(crate) struct DocsArgs {
    /// Doc comments: keep or drop (default: bundles keep them in the style
    /// lines, everything else drops them)
    #[arg(long, value_enum, value_name = "keep|drop", hide_possible_values = true)]
    docs: Option<DocsChoice>,

    /// The same as --docs keep
    #[arg(long)]
    keep_docs: bool,

    /// The same as --docs drop
    #[arg(long)]
    no_docs: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DocsChoice {
    Keep,
    Drop,
}

impl DocsArgs {
    /// The option that was given, if one was.
    pub(crate) fn option(&self) -> Option<&'static str> {
        match (self.docs, self.keep_docs, self.no_docs) {
            (Some(_), _, _) => Some("docs"),
            (_, true, _) => Some("keep-docs"),
            (_, _, true) => Some("no-docs"),
            (None, false, false) => None,
        }
    }

    /// What was asked for, if anything.
    pub(crate) fn choice(&self) -> Option<Docs> {
        match (self.docs, self.keep_docs, self.no_docs) {
            (Some(DocsChoice::Keep), _, _) | (_, true, _) => Some(Docs::Keep),
            (Some(DocsChoice::Drop), _, _) | (_, _, true) => Some(Docs::Drop),
            (None, false, false) => None,
        }
    }
}

#[derive(Args, Default)]
pub(crate) struct ThreadsArgs {
    /// How many threads work (default: one for each processor); the output
    /// never depends on it
    #[arg(short = 'j', long = "threads", value_name = "N")]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
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
