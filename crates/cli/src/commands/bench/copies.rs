//! Copies of a project: as it is installed, with Composer's whole class map, and built.
//!
//! Each is a folder of its own, as it would be deployed, and the project itself is not
//! touched. What requires Composer's autoloader in one requires ours in another: nothing
//! else differs.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use bstr::ByteSlice as _;
use walkdir::WalkDir;

use crate::args::ProjectArgs;
use crate::commands::build::publish;
use crate::compile;
use crate::composer::{App, TRACES};
use crate::console::Console;
use crate::disk::{self, Durability};
use crate::php;
use crate::problem::{Error, Problem};
use crate::project;
use crate::scope::Scope;
use crate::signals::Folder;

/// What is in a project and no part of it.
const OTHERS: [&str; 3] = [".git", ".svn", "node_modules"];
/// A project has no more bytes.
const MAX_BYTES: u64 = 2 << 30;
/// A larger file requires no autoloader.
const MAX_SCRIPT: u64 = 1 << 20;
/// Composer has so long.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is measured against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Installed,
    Authoritative,
    Tilde,
}

impl Kind {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Installed => "as installed",
            Self::Authoritative => "Composer's class map",
            Self::Tilde => "tilde",
        }
    }
}

/// A copy of the project.
pub(super) struct Variant {
    pub(super) kind: Kind,
    pub(super) root: PathBuf,
}

/// All copies, which go with the value.
pub(super) struct Copies {
    pub(super) variants: Vec<Variant>,
    /// How many files are compiled.
    pub(super) files: usize,
    /// Nothing was recorded.
    pub(super) is_guess: bool,
    /// The folder of all of them.
    pub(super) folder: Folder,
}

impl Copies {
    /// Makes the copies, and builds one.
    pub(super) fn make(app: &App, composer: &Path, console: Console) -> Result<Self, Error> {
        let failed = |error: io::Error| unmade(&error);
        let folder = Folder::new("tilde-bench-").map_err(failed)?;
        let mut copies = Self { variants: Vec::new(), files: 0, is_guess: true, folder };
        // Links in the path would differ from those that PHP sees.
        let base = copies.folder.path().canonicalize().map_err(failed)?;
        for (kind, name) in [
            (Kind::Installed, "installed"),
            (Kind::Authoritative, "authoritative"),
            (Kind::Tilde, "compiled"),
        ] {
            let root = base.join(name);
            copy(app, &root).map_err(failed)?;
            let switched = switch(app, &root, kind).map_err(failed)?;
            match kind {
                Kind::Installed => {}
                Kind::Authoritative if has_map(&root, composer, console)? => {}
                Kind::Authoritative => continue,
                Kind::Tilde if switched == 0 => return Err(no_front(app).into()),
                Kind::Tilde => copies.files = build(app, &root)?,
            }
            copies.variants.push(Variant { kind, root });
        }
        copies.is_guess = !app.out().join(TRACES).is_file();
        Ok(copies)
    }
}

fn unmade(error: &io::Error) -> Problem {
    let message = format!("cannot copy the project: {}", disk::reason(error));
    Problem::error("T-WRITE", message).help("TMPDIR says where the copies go")
}

fn no_front(app: &App) -> Problem {
    let vendor = below(app);
    let name = vendor.join("autoload.php");
    let message = format!("nothing in the project requires {}", name.display());
    Problem::error("T-COMPOSER", message)
        .help("bench puts tilde's autoloader there in a copy, so it has to stand in one text")
}

/// The vendor folder, as scripts name it.
pub(super) fn below(app: &App) -> &Path {
    let vendor = app.vendor();
    vendor.strip_prefix(app.root()).unwrap_or(vendor)
}

/// Copies a project without what was built.
fn copy(app: &App, to: &Path) -> io::Result<()> {
    let (root, mut bytes) = (app.root(), 0);
    let is_part = |entry: &walkdir::DirEntry| {
        let is_other = OTHERS.iter().any(|name| entry.file_name() == OsStr::new(name));
        !is_other && entry.path() != app.out()
    };
    for entry in WalkDir::new(root).into_iter().filter_entry(is_part) {
        let entry = entry?;
        let place = to.join(entry.path().strip_prefix(root).unwrap_or(entry.path()));
        let kind = entry.file_type();
        if kind.is_dir() {
            fs::create_dir_all(&place)?;
        } else if kind.is_symlink() {
            symlink(link(root, to, entry.path())?, &place)?;
        } else if kind.is_file() {
            bytes += fs::copy(entry.path(), &place)?;
            if bytes > MAX_BYTES {
                return Err(io::Error::other("it has more than 2 GiB"));
            }
        }
    }
    Ok(())
}

/// What a link of a project names in its copy: a relative one the same, unless it leads out.
fn link(root: &Path, to: &Path, path: &Path) -> io::Result<PathBuf> {
    let target = fs::read_link(path)?;
    let place = disk::normal(&disk::folder_of(path).join(&target));
    match place.strip_prefix(root) {
        Ok(_) if target.is_relative() => Ok(target),
        Ok(below) => Ok(to.join(below)),
        Err(_) => Ok(place),
    }
}

/// Has the scripts of a copy require the autoloader that it is for. Returns how many do.
fn switch(app: &App, root: &Path, kind: Kind) -> io::Result<usize> {
    let vendor = below(app);
    let name = |folder: &Path| folder.join("autoload").into_os_string().into_encoded_bytes();
    let (composers, ours) = (name(vendor), name(&vendor.join("tilde")));
    let mut count = 0;
    let is_own = |entry: &walkdir::DirEntry| entry.path() != root.join(vendor);
    for entry in WalkDir::new(root).into_iter().filter_entry(is_own) {
        let entry = entry?;
        let is_script = entry.path().extension().is_none_or(|it| it == "php" || it == "inc");
        if !entry.file_type().is_file() || !is_script || entry.metadata()?.len() > MAX_SCRIPT {
            continue;
        }
        let old = fs::read(entry.path())?;
        let mut new = old.replace(&ours, &composers);
        if kind == Kind::Tilde {
            for end in [".php", "_runtime.php"] {
                let (from, to) = ([&composers, end.as_bytes()], [&ours, end.as_bytes()]);
                new = new.replace(from.concat(), to.concat());
            }
        }
        count += usize::from(new.contains_str(&ours) || new.contains_str(&composers));
        if new != old {
            fs::write(entry.path(), new)?;
        }
    }
    Ok(count)
}

/// Has Composer make its map. Says whether there is a Composer.
fn has_map(root: &Path, composer: &Path, console: Console) -> Result<bool, Error> {
    let mut command = Command::new(composer);
    command.args(["dump-autoload", "--classmap-authoritative", "--no-scripts", "--no-plugins"]);
    command.arg("--no-interaction").current_dir(root);
    match php::run(&mut command, Vec::new(), PATIENCE) {
        Ok(said) if said.status.success() => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let composer = composer.display();
            console.note(format!("there is no `{composer}` to make a class map to compare with"));
            console.note("help: name it with --composer");
            Ok(false)
        }
        Ok(said) => {
            let message = format!("Composer makes no class map: {}", said.complaint());
            Err(Problem::error("T-COMPOSER", message).into())
        }
        Err(error) => {
            let (composer, reason) = (composer.display(), disk::reason(&error));
            Err(Problem::error("T-COMPOSER", format!("cannot run {composer}: {reason}")).into())
        }
    }
}

/// Builds a copy by what was recorded in the project. Returns how many files are compiled.
fn build(app: &App, root: &Path) -> Result<usize, Error> {
    let out = root.join(below(app)).join("tilde");
    let traces = app.out().join(TRACES);
    if traces.is_file() {
        let copied = fs::create_dir_all(&out).and_then(|()| fs::copy(&traces, out.join(TRACES)));
        copied.map_err(|error| unmade(&error))?;
    }
    let args = ProjectArgs { paths: vec![root.to_owned()], ..ProjectArgs::default() };
    let project = project::plan(&args, &mut Scope::ignored())?;
    let compiled = compile::compile(&project, Console::silent())?;
    publish(&compiled, None, Durability::System, Console::silent())?;
    Ok(compiled.outputs.iter().map(|output| output.inputs.len()).sum())
}
