//! Options that several commands have: of what is built, how it is printed, and for which PHP.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use tilde_bundle::{Docs, Paths, Style};

use super::value::{Define, MapPath, ServerEntry, environment_name};
use crate::budget::Limit;
use crate::rules::Rule;
use crate::variables;
use crate::versions::Versions;

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

// Asks for words instead of work.
#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// Say what a code in a message, such as T-GLUE, stands for, and do nothing
    /// else
    #[arg(long, value_name = "CODE", help_heading = "Messages")]
    pub(crate) explain: Option<String>,
}
