//! The command line of `tilde docker`.

// The comments are the help texts, where backticks would be shown as such.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tilde_docker::{Base, Variant};

use crate::args::PhpArgs;

#[derive(Args)]
pub(crate) struct DockerArgs {
    #[command(subcommand)]
    pub(crate) command: DockerCommand,
}

#[derive(Subcommand)]
pub(crate) enum DockerCommand {
    /// Write a Dockerfile and what belongs to it, for what the project builds
    #[command(
        after_help = "Writes Dockerfile, .dockerignore, docker-bake.hcl and docker/, with the extensions of
PHP that composer.json and the sources need and with OPcache sized for them. Replaces
no file that is there, unless --overwrite is given. The options are kept in the
Dockerfile, for `tilde docker check`.

Examples:
  tilde docker init                      PHP-FPM on Debian
  tilde docker init --variant fpm --variant cli --script bin/console
  tilde docker init --variant frankenphp --with redis
  docker build -t shop . && docker/test.sh shop"
    )]
    Init(InitArgs),

    /// List what a build of the image is given, or write it to an archive
    #[command(
        after_help = "Reads .dockerignore as Docker does. The same files make the same archive: entries are
sorted, and their time is that of SOURCE_DATE_EPOCH, else 1 January 1980.

Examples:
  tilde docker build-context             what would be sent
  tilde docker build-context -o - | docker build -"
    )]
    BuildContext(ContextArgs),

    /// Compare the files on disk with what init would write
    #[command(
        after_help = "Prints a unified diff, and ends with 1 when a file would change; writes nothing. The
options are those that are kept in the Dockerfile."
    )]
    Check(CheckArgs),
}

#[derive(Args)]
pub(crate) struct InitArgs {
    /// The folder of the project (default: the current one)
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) image: ImageArgs,

    /// Replace files that are there
    #[arg(long)]
    pub(crate) overwrite: bool,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// The folder of the project (default: the current one)
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ContextArgs {
    /// The folder of the project (default: the current one)
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,

    /// Write an archive of the files (`-`: standard output) instead of a list
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

// What an image is like.
#[derive(Args, Clone, Default)]
pub(crate) struct ImageArgs {
    /// What serves the application: fpm (the default), apache, cli, swoole or
    /// frankenphp; repeatable, the first is what a plain `docker build` makes
    #[arg(long, value_enum, value_name = "VARIANT", hide_possible_values = true)]
    pub(crate) variant: Vec<VariantName>,

    /// What is below PHP: debian (the default) or alpine
    #[arg(long, value_enum, value_name = "BASE", hide_possible_values = true)]
    pub(crate) base: Option<BaseName>,

    /// An extension that is installed though nothing is seen to need it; repeatable
    #[arg(long, value_name = "EXTENSION")]
    pub(crate) with: Vec<String>,

    /// An extension that is not installed whatever needs it; repeatable
    #[arg(long, value_name = "EXTENSION")]
    pub(crate) without: Vec<String>,

    /// The folder that a web server shows (default: public, web, www or htdocs with an
    /// index.php, else that of the project)
    #[arg(long, value_name = "DIR")]
    pub(crate) web_root: Option<String>,

    /// The script that cli and swoole run (default: what composer.json has as bin)
    #[arg(long, value_name = "FILE")]
    pub(crate) script: Option<String>,

    /// A folder that the application writes to; repeatable (default: storage, var, runtime
    /// and their like, where they are there)
    #[arg(long, value_name = "DIR")]
    pub(crate) writable: Vec<String>,

    /// What the image is called (default: as in composer.json, else the folder)
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    #[command(flatten)]
    pub(crate) php: PhpArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VariantName {
    Fpm,
    Apache,
    Cli,
    Swoole,
    Frankenphp,
}

impl VariantName {
    pub(crate) fn variant(self) -> Variant {
        match self {
            Self::Fpm => Variant::Fpm,
            Self::Apache => Variant::Apache,
            Self::Cli => Variant::Cli,
            Self::Swoole => Variant::Swoole,
            Self::Frankenphp => Variant::Frankenphp,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BaseName {
    Debian,
    Alpine,
}

impl BaseName {
    pub(crate) fn base(self) -> Base {
        match self {
            Self::Debian => Base::Debian,
            Self::Alpine => Base::Alpine,
        }
    }
}

/// The options alone.
#[derive(Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct Options {
    #[command(flatten)]
    image: ImageArgs,
}

/// Reads options as they stand in a Dockerfile. The error is the first line of what clap
/// says.
pub(super) fn parse(words: &[String]) -> Result<ImageArgs, String> {
    let options = Options::try_parse_from(words).map_err(|error| {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        line.strip_prefix("error: ").unwrap_or(line).to_owned()
    })?;
    Ok(options.image)
}

impl ImageArgs {
    /// The command line that means the same.
    pub(crate) fn command(&self) -> String {
        let mut words = vec!["tilde".to_owned(), "docker".to_owned(), "init".to_owned()];
        let mut add = |option: &str, value: &str| {
            words.extend([format!("--{option}"), value.to_owned()]);
        };
        let variants = self.variant.iter().map(|it| it.variant().as_str());
        variants.for_each(|it| add("variant", it));
        if self.base == Some(BaseName::Alpine) {
            add("base", "alpine");
        }
        self.with.iter().for_each(|it| add("with", it));
        self.without.iter().for_each(|it| add("without", it));
        self.web_root.iter().for_each(|it| add("web-root", it));
        self.script.iter().for_each(|it| add("script", it));
        self.writable.iter().for_each(|it| add("writable", it));
        self.name.iter().for_each(|it| add("name", it));
        words.extend(php_words(&self.php));
        joined(&words)
    }

    /// The command that builds the application in the image.
    pub(crate) fn build(&self) -> String {
        let mut words = vec!["tilde".to_owned(), "build".to_owned()];
        words.extend(php_words(&self.php));
        joined(&words)
    }
}

/// The options that say how PHP reads the code.
fn php_words(php: &PhpArgs) -> Vec<String> {
    let mut words = Vec::new();
    let mut add = |option: &str, value: &str| {
        words.extend([format!("--{option}"), value.to_owned()]);
    };
    if let Some(versions) = php.php {
        let (oldest, newest) = (versions.oldest, versions.newest);
        if oldest == newest {
            add("php", newest.as_str());
        } else {
            add("php", &format!("{oldest} - {newest}"));
        }
    }
    if let Some(switch) = php.short_tags {
        add("short-tags", if switch.is_on() { "on" } else { "off" });
    }
    php.environment().into_iter().for_each(|it| add("env", it));
    words
}

fn joined(words: &[String]) -> String {
    // A NUL byte cannot stand in an argument.
    shlex::try_join(words.iter().map(|it| &**it)).unwrap_or_default()
}
