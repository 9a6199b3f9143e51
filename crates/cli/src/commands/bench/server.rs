//! PHP, started to answer: php-fpm with one process, or PHP's own server. It listens on a
//! socket of this machine or on its loopback, and ends with the value.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::client::{Address, Answer, Client};
use super::copies::{Kind, Variant};
use crate::commands::trace::{SCAN_DIR, Settings};
use crate::disk;
use crate::group::Group;
use crate::php;
use crate::problem::Problem;

/// A server is there after this time.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often to see whether it is there.
const PAUSE: Duration = Duration::from_millis(2);
/// The names that php-fpm has in the path.
const FPM: [&str; 8] = [
    "php-fpm",
    "php-fpm8.5",
    "php-fpm8.4",
    "php-fpm8.3",
    "php-fpm8.2",
    "php-fpm8.1",
    "php-fpm8.0",
    "php-fpm7.4",
];

/// How PHP runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Regime {
    Off,
    Checked,
    Unchecked,
    Preloaded,
    /// For commands, whose processes share no memory.
    FileCache,
}

impl Regime {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Off => "without OPcache",
            Self::Checked => "with OPcache that compares timestamps",
            Self::Unchecked => "with OPcache that compares none",
            Self::Preloaded => "the same, and tilde preloaded",
            Self::FileCache => "with OPcache in files",
        }
    }

    /// What a variant gets as php.ini. `files` is a folder for a cache.
    pub(super) fn settings(self, variant: &Variant, vendor: &Path, files: &Path) -> String {
        let mut text = match self {
            Self::Off => return "opcache.enable=0\nopcache.enable_cli=0\n".to_owned(),
            // The copies are so new that OPcache would not keep them.
            _ => "opcache.enable=1\nopcache.enable_cli=1\nopcache.file_update_protection=0\n"
                .to_owned(),
        };
        text += match self {
            Self::Checked => "opcache.validate_timestamps=1\nopcache.revalidate_freq=0\n",
            _ => "opcache.validate_timestamps=0\n",
        };
        if self == Self::Preloaded && variant.kind == Kind::Tilde {
            let script = vendor.join("tilde/preload.php");
            let _ = writeln!(text, "opcache.preload='{}'", script.display());
            if is_root() {
                text += "opcache.preload_user=root\n";
            }
        }
        if self == Self::FileCache {
            let _ = writeln!(text, "opcache.file_cache='{}'", files.display());
            text += "opcache.file_cache_only=1\n";
        }
        text
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A program that answers.
pub(super) struct Program {
    path: PathBuf,
    is_fpm: bool,
    /// As it says of itself.
    pub(super) version: String,
}

impl Program {
    /// The one that is named, or the first that is there.
    pub(super) fn find(named: Option<&Path>) -> Result<Self, Problem> {
        let programs: Vec<&Path> = match named {
            Some(path) => vec![path],
            None => FPM.into_iter().chain(["php"]).map(Path::new).collect(),
        };
        let mut paths = programs.into_iter().filter_map(located);
        let found = paths.find_map(|path| Self::ask(&path));
        found.ok_or_else(|| {
            let name = named.unwrap_or(Path::new("php"));
            let message = format!("`{}` is no PHP that could answer", name.display());
            Problem::error("T-USAGE", message)
                .help("install php-fpm or php-cli, or name one with --server")
        })
    }

    fn ask(path: &Path) -> Option<Self> {
        let mut command = Command::new(path);
        let said = php::run(command.arg("-v"), Vec::new(), PATIENCE).ok()?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let is_fpm = text.contains("(fpm-fcgi)");
        let mut words = text.split(' ');
        let is_php = words.next() == Some("PHP") && (is_fpm || text.contains("(cli)"));
        let version = words.next().unwrap_or_default();
        let name = if is_fpm { "php-fpm" } else { "its own server" };
        is_php.then(|| Self {
            path: path.to_owned(),
            is_fpm,
            version: format!("PHP {version}, {name}"),
        })
    }
}

/// The path of a program. Debian has php-fpm where only root looks.
fn located(name: &Path) -> Option<PathBuf> {
    if name.as_os_str().as_encoded_bytes().contains(&b'/') {
        return Some(name.to_owned());
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    let sbin = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    let mut places = env::split_paths(&folders).chain(sbin).map(|folder| folder.join(name));
    places.find(|path| path.is_file())
}

/// A PHP that answers from a copy of the project.
pub(super) struct Server {
    _settings: Settings,
    group: Group,
    is_fpm: bool,
    client: Client,
    root: PathBuf,
    front: PathBuf,
}

impl Server {
    /// Starts one. `front` is the front controller below the copy, `settings` its php.ini,
    /// and `folder` a place for what it needs.
    pub(super) fn start(
        program: &Program,
        variant: &Variant,
        front: &Path,
        settings: &str,
        folder: &Path,
    ) -> Result<Self, Problem> {
        let failed = |error: io::Error| program.failed(&error.to_string());
        fs::create_dir_all(folder).map_err(failed)?;
        let settings = Settings::with(settings)?;
        let front = variant.root.join(front);
        let root = disk::folder_of(&front).to_owned();
        let (mut command, address) = program.command(folder, &root).map_err(failed)?;
        command.env(SCAN_DIR, settings.scan_dir()).env_remove("TILDE_DEV");
        command.current_dir(&variant.root);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut group = Group::start(&mut command).map_err(failed)?;
        let end = Instant::now() + PATIENCE;
        loop {
            if let Ok(client) = Client::connect(&address) {
                let is_fpm = program.is_fpm;
                return Ok(Self { _settings: settings, group, is_fpm, client, root, front });
            }
            let has_ended = group.child.try_wait().is_ok_and(|it| it.is_some());
            if has_ended || Instant::now() > end {
                let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
                let last = log.lines().last().unwrap_or("it does not start to listen");
                return Err(program.failed(last));
            }
            thread::sleep(PAUSE);
        }
    }

    /// How long the process that answers has had a processor, where the system tells.
    pub(super) fn work(&self) -> Option<Duration> {
        let started = self.group.child.id();
        let process = if self.is_fpm {
            let children = fs::read_to_string(format!("/proc/{started}/task/{started}/children"));
            children.ok()?.split_whitespace().next()?.parse().ok()?
        } else {
            started
        };
        let text = fs::read_to_string(format!("/proc/{process}/schedstat")).ok()?;
        text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    }

    /// Asks the front controller for a path.
    pub(super) fn get(&mut self, url: &str) -> io::Result<Answer> {
        self.client.get(&self.root, &self.front, url)
    }

    /// Asks another script in its folder.
    pub(super) fn script(&mut self, name: &str) -> io::Result<Answer> {
        self.client.get(&self.root, &self.root.join(name), &format!("/{name}"))
    }
}

impl Program {
    fn failed(&self, reason: &str) -> Problem {
        let message = format!("{} does not answer: {reason}", self.path.display());
        Problem::error("T-USAGE", message).help("another one can be named with --server")
    }

    fn command(&self, folder: &Path, root: &Path) -> io::Result<(Command, Address)> {
        let mut command = Command::new(&self.path);
        if !self.is_fpm {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            command.arg("-S").arg(address.to_string()).arg("-t").arg(root);
            return Ok((command, Address::Port(address)));
        }
        let (socket, configuration) = (folder.join("socket"), folder.join("fpm.conf"));
        let user = if is_root() { "user = root\ngroup = root\n" } else { "" };
        let text = format!(
            "[global]\nerror_log = {}\ndaemonize = no\n[www]\nlisten = {}\npm = static\n\
             pm.max_children = 1\nclear_env = no\n{user}",
            folder.join("log").display(),
            socket.display()
        );
        fs::write(&configuration, text)?;
        // The one before may still be ending, and must not be asked.
        let _ = fs::remove_file(&socket);
        command.arg("-F").arg("-y").arg(configuration);
        if is_root() {
            command.arg("-R");
        }
        Ok((command, Address::Socket(socket)))
    }
}
