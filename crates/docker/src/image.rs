//! What an image is made of: the facts about an application that its files are written
//! from.

use tilde_syntax::Version;

use crate::needs::Need;
use crate::recipe::Base;
use crate::sizes::Sizes;

/// What serves the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// PHP-FPM, behind a web server.
    Fpm,
    /// Apache with PHP in it.
    Apache,
    /// A command.
    Cli,
    /// A server that the application starts itself with Swoole.
    Swoole,
    /// `FrankenPHP`.
    Frankenphp,
}

impl Variant {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Fpm, Self::Apache, Self::Cli, Self::Swoole, Self::Frankenphp];

    /// The name of its stage, and in tags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fpm => "fpm",
            Self::Apache => "apache",
            Self::Cli => "cli",
            Self::Swoole => "swoole",
            Self::Frankenphp => "frankenphp",
        }
    }

    /// Whether it runs a script of the application that never ends, or that is a command.
    #[must_use]
    pub fn has_script(self) -> bool {
        match self {
            Self::Cli | Self::Swoole => true,
            Self::Fpm | Self::Apache | Self::Frankenphp => false,
        }
    }

    /// The image that it is made from.
    pub(crate) fn image(self, php: &str, base: Base, suite: &str) -> String {
        let below = match base {
            Base::Debian => suite,
            Base::Alpine => "alpine",
        };
        match self {
            Self::Fpm => format!("php:{php}-fpm-{below}"),
            Self::Apache => format!("php:{php}-apache-{below}"),
            Self::Cli | Self::Swoole => format!("php:{php}-cli-{below}"),
            Self::Frankenphp => format!("dunglas/frankenphp:1-php{php}-{below}"),
        }
    }
}

/// All that the files of an image depend on. Paths are relative to the folder of the
/// project, with `/`.
#[derive(Clone, Debug)]
pub struct Image {
    /// What the image is called.
    pub name: String,
    /// The version of tilde that builds the application.
    pub tilde: String,
    /// The command line that writes the files again.
    pub command: String,
    /// The command that builds the application.
    pub build: String,
    /// What it is to run on, the oldest first; at least one.
    pub php: Vec<Version>,
    /// What serves it, the usual one first; at least one.
    pub variants: Vec<Variant>,
    /// What is below PHP.
    pub base: Base,
    /// Whether `composer install` runs, and whether there is a composer.lock.
    pub composer: Option<bool>,
    /// The folder that a web server shows; empty for that of the project.
    pub web_root: String,
    /// The script that answers requests, or that `cli` and `swoole` run.
    pub script: String,
    /// What `tilde build` writes.
    pub outputs: Vec<String>,
    /// The folders that the application writes to.
    pub writable: Vec<String>,
    /// The script for `opcache.preload`.
    pub preload: Option<String>,
    /// The extensions.
    pub needs: Vec<Need>,
    /// How much code there is.
    pub sizes: Sizes,
    /// Folders and files of development that the image does without.
    pub left_out: Vec<String>,
}

impl Image {
    /// The PHP that is used where nobody says which.
    pub(crate) fn newest(&self) -> Version {
        *self.php.last().expect("an image is for at least one PHP")
    }

    /// The user of the web server in this distribution.
    pub(crate) fn user(&self) -> u32 {
        match self.base {
            Base::Debian => 33,
            Base::Alpine => 82,
        }
    }

    /// The folder that a web server shows, in the image.
    pub(crate) fn web_root_in_image(&self) -> String {
        match &*self.web_root {
            "" => "/app".to_owned(),
            folder => format!("/app/{folder}"),
        }
    }

    /// The options of `docker run` for the folders that the application writes to, each
    /// after this text.
    pub(crate) fn tmpfs(&self, before: &str) -> String {
        let user = self.user();
        let option = |it: &String| format!("{before}--tmpfs /app/{it}:uid={user},gid={user}");
        self.writable.iter().map(option).collect::<Vec<_>>().concat()
    }

    /// The extensions that are installed.
    pub(crate) fn needed(&self) -> impl Iterator<Item = &Need> {
        self.needs.iter().filter(|need| !need.is_optional)
    }
}

/// The release of Debian that the images of a PHP have, and whether it is in the archive;
/// none where there are no images with a release that can still be installed from.
#[must_use]
pub fn suite(php: Version) -> Option<(&'static str, bool)> {
    if php >= Version::V8_1 {
        Some(("bookworm", false))
    } else if php >= Version::V7_4 {
        Some(("bullseye", true))
    } else if php >= Version::V7_2 {
        Some(("buster", true))
    } else if php >= Version::V5_6 {
        Some(("stretch", true))
    } else {
        None
    }
}
