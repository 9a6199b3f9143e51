//! Where the files of a deployed application lie on this machine.
//!
//! An application is compiled under the paths that it will see where it runs,
//! perhaps on Windows, while its files lie here under others. Once a path is
//! mapped, one that is not means nothing here: `/etc/app.php` of the deployed
//! machine is not that of this one.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tilde_eval::Sources;
use tilde_thinkphp::Files;

use crate::disk::{self, Identity};
use crate::reach::Reach;
use crate::scope::{self, Stamp};
use crate::threads;

/// An absolute path without `.` and `..`, of Linux or of Windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The letter of the drive; none but on Windows.
    drive: Option<u8>,
    /// Each part behind a `/`; a root has none.
    parts: Vec<u8>,
}

impl Name {
    /// The name that these bytes are, if they begin at a root.
    pub(crate) fn absolute(path: &[u8]) -> Option<Self> {
        match path {
            [b'/', rest @ ..] => Some(Self::root(None).join(rest)),
            [drive, b':', b'/' | b'\\', rest @ ..] if drive.is_ascii_alphabetic() => {
                Some(Self::root(Some(*drive)).join(rest))
            }
            _ => None,
        }
    }

    fn root(drive: Option<u8>) -> Self {
        Self { drive, parts: Vec::new() }
    }

    /// The name of a path that starts in this folder, or at a root.
    pub(crate) fn join(&self, path: &[u8]) -> Self {
        let (drive, path) = match path {
            [drive, b':', rest @ ..] if self.is_windows() && drive.is_ascii_alphabetic() => {
                (Some(*drive), rest)
            }
            path => (self.drive, path),
        };
        let is_rooted = path.first().is_some_and(|byte| self.is_separator(*byte));
        let start: &[u8] = if is_rooted || drive != self.drive { b"" } else { &self.parts };
        let mut parts = Vec::with_capacity(start.len() + 1 + path.len());
        parts.extend_from_slice(start);
        for part in path.split(|byte| self.is_separator(*byte)) {
            match part {
                b"" | b"." => {}
                b".." => {
                    let last = parts.iter().rposition(|byte| *byte == b'/');
                    parts.truncate(last.unwrap_or(0));
                }
                part => {
                    parts.push(b'/');
                    parts.extend_from_slice(part);
                }
            }
        }
        Self { drive, parts }
    }

    /// The folder that it is in; a root is in itself.
    pub(crate) fn parent(&self) -> Self {
        self.join(b"..")
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.drive.is_some()
    }

    /// The path as that system writes it.
    pub(crate) fn to_path(&self) -> PathBuf {
        let mut path = self.to_bytes();
        if self.is_windows() {
            path.iter_mut().filter(|byte| **byte == b'/').for_each(|byte| *byte = b'\\');
        }
        OsString::from_vec(path).into()
    }

    /// The path as a web server writes it: with `/`, on Windows too.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut path = Vec::with_capacity(self.parts.len() + 3);
        path.extend(self.drive.map(|drive| [drive, b':']).iter().flatten());
        path.extend_from_slice(if self.parts.is_empty() { b"/" } else { &self.parts });
        path
    }

    fn is_separator(&self, byte: u8) -> bool {
        byte == b'/' || (byte == b'\\' && self.is_windows())
    }

    /// What of this name is below a folder: parts, each behind a `/`.
    pub(crate) fn below(&self, folder: &Self) -> Option<&[u8]> {
        let is_same = |one: &[u8], other: &[u8]| {
            one == other || (self.is_windows() && one.eq_ignore_ascii_case(other))
        };
        let drive = |name: &Self| name.drive.map(|drive| drive.to_ascii_uppercase());
        let (head, rest) = self.parts.split_at_checked(folder.parts.len())?;
        let is_below = drive(self) == drive(folder)
            && is_same(head, &folder.parts)
            && matches!(rest, [] | [b'/', ..]);
        is_below.then_some(rest)
    }
}

/// What lies at `deployed` where the application runs is at `local` here.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    pub(crate) deployed: Name,
    /// As a person wrote it, so that messages say what that person knows.
    local: PathBuf,
    /// Absolute and without links.
    real: PathBuf,
}

impl Mapping {
    /// # Errors
    ///
    /// There is nothing at `local`.
    pub(crate) fn new(deployed: Name, local: &Path) -> io::Result<Self> {
        Ok(Self { deployed, local: disk::normal(local), real: local.canonicalize()? })
    }

    /// Every path is what it is.
    pub(crate) fn identity() -> Self {
        Self { deployed: Name::root(None), local: PathBuf::from("/"), real: PathBuf::from("/") }
    }

    /// The deployed name of a file below, given without links.
    pub(crate) fn deployed_of(&self, real: &Path) -> Option<Name> {
        let rest = real.strip_prefix(&self.real).ok()?;
        Some(self.deployed.join(rest.as_os_str().as_bytes()))
    }
}

/// The deployed name of a local file by the mapping that is nearest to it.
pub(crate) fn name_of(real: &Path, mappings: &[Mapping]) -> Option<Name> {
    let nearest = |mapping: &&Mapping| mapping.real.components().count();
    let leading = mappings.iter().filter(|mapping| real.starts_with(&mapping.real));
    leading.max_by_key(nearest).and_then(|mapping| mapping.deployed_of(real))
}

/// The files of a deployed application. It remembers what it was asked for.
pub(crate) struct Deployed {
    /// Where relative paths start.
    folder: Name,
    mappings: Vec<Mapping>,
    reach: Reach,
    /// Whether somebody wants to know how files looked.
    takes_stamps: bool,
    seen: Mutex<Seen>,
}

/// What the application was asked for, by local paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Everything, and how it looked before the answer; for `watch` only.
    pub(crate) stamps: BTreeMap<PathBuf, Option<Stamp>>,
    /// The files that were read, some of them more than once.
    pub(crate) read: Vec<(PathBuf, Identity)>,
}

impl Deployed {
    pub(crate) fn new(folder: Name, mappings: Vec<Mapping>, reach: Reach) -> Self {
        Self { folder, mappings, reach, takes_stamps: false, seen: Mutex::default() }
    }

    /// Whether the application may have a file written at a local path.
    pub(crate) fn may_write(&self, local: &Path) -> bool {
        self.reach.writes(local)
    }

    /// From now on remembers how each file looked before the answer.
    pub(crate) fn take_stamps(&mut self) {
        self.takes_stamps = true;
    }

    /// Where a deployed path is on this machine, if it is anywhere.
    pub(crate) fn local(&self, path: &Path) -> Option<PathBuf> {
        self.locate(path).map(|(local, _)| local)
    }

    /// The last part of a deployed path.
    pub(crate) fn file_name(&self, path: &Path) -> OsString {
        let name = self.folder.join(path.as_os_str().as_bytes());
        let last = name.parts.rsplit(|byte| *byte == b'/').next();
        OsStr::from_bytes(last.unwrap_or_default()).to_owned()
    }

    /// What it was asked for so far.
    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The local path of a deployed one, and its deployed name with the letters
    /// that the disk has.
    fn locate(&self, path: &Path) -> Option<(PathBuf, Name)> {
        let name = self.folder.join(path.as_os_str().as_bytes());
        let leading =
            self.mappings.iter().filter(|mapping| name.below(&mapping.deployed).is_some());
        let Mapping { deployed, local, .. } =
            leading.max_by_key(|mapping| mapping.deployed.parts.len())?;
        let rest = name.below(deployed)?;
        if !name.is_windows() {
            let rest = OsStr::from_bytes(rest.strip_prefix(b"/").unwrap_or_default());
            return Some((if rest.is_empty() { local.clone() } else { local.join(rest) }, name));
        }
        let (mut local, mut name) = (local.clone(), deployed.clone());
        for part in rest.split(|byte| *byte == b'/').skip(1) {
            let part = actual(&local, OsStr::from_bytes(part));
            local.push(&part);
            name = name.join(part.as_bytes());
        }
        Some((local, name))
    }

    /// The local path of a deployed one, for a question that is remembered.
    fn ask(&self, path: &Path) -> Option<(PathBuf, Name)> {
        let (local, name) = self.locate(path)?;
        if self.takes_stamps && !self.seen().stamps.contains_key(&local) {
            let stamp = scope::stamp(&local);
            self.seen().stamps.entry(local.clone()).or_insert(stamp);
        }
        Some((local, name))
    }
}

/// The name that a file of this name has in a folder: Windows does not tell
/// upper from lower case.
fn actual(folder: &Path, name: &OsStr) -> OsString {
    if folder.join(name).symlink_metadata().is_ok() {
        return name.to_owned();
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let same =
        entries.map(|entry| entry.file_name()).filter(|other| other.eq_ignore_ascii_case(name));
    same.min().unwrap_or_else(|| name.to_owned())
}

fn unmapped() -> io::Error {
    io::Error::other("no --map-path says where it is on this machine")
}

fn outside() -> io::Error {
    let reason = "it is outside of the application, and no --map-path names it";
    io::Error::new(ErrorKind::PermissionDenied, reason)
}

impl Sources for Deployed {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let Some((local, _)) = self.ask(path) else { return Err(unmapped()) };
        if local.exists() && !self.reach.reads(&local) {
            return Err(outside());
        }
        let (bytes, identity) = disk::read_regular(&local)
            .map_err(|error| io::Error::new(error.kind(), disk::reason(&error)))?;
        threads::add_work(bytes.len() as u64);
        self.seen().read.push((local, identity));
        Ok(bytes)
    }

    fn check(&self, path: &Path) -> io::Result<()> {
        match self.locate(path) {
            Some((local, _)) if local.exists() && !self.reach.knows(&local) => Err(outside()),
            _ => Ok(()),
        }
    }

    fn is_file(&self, path: &Path) -> bool {
        self.ask(path).is_some_and(|(local, _)| local.is_file())
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.ask(path).is_some_and(|(local, _)| local.is_dir())
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        let (local, name) = self.ask(path)?;
        let real = local.canonicalize().ok()?;
        // A link on this machine says nothing about a machine with Windows, or
        // about one where its target does not exist.
        let linked = if name.is_windows() { None } else { name_of(&real, &self.mappings) };
        Some(linked.unwrap_or(name).to_path())
    }
}

impl Files for Deployed {
    fn earlier_output(&self, path: &Path) -> Option<Vec<u8>> {
        let (local, _) = self.locate(path)?;
        // A pipe would wait for ever.
        (local.is_file() && self.reach.reads(&local)).then(|| disk::read(&local).ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(path: &str) -> Name {
        Name::absolute(path.as_bytes()).unwrap()
    }

    fn text(name: &Name) -> String {
        name.to_path().to_str().unwrap().to_owned()
    }

    #[test]
    fn names_are_written_as_their_system_does() {
        assert_eq!(text(&name("/srv//app/./x/../y/")), "/srv/app/y");
        assert_eq!(text(&name("/../..")), "/");
        assert_eq!(text(&name(r"D:\wamp/www\.\app")), r"D:\wamp\www\app");
        assert_eq!(name(r"D:\wamp\www").to_bytes(), b"D:/wamp/www");
        assert_eq!(text(&name("d:/")), r"d:\");
        assert_eq!(Name::absolute(b"D:app"), None);
        assert_eq!(Name::absolute(b"app"), None);
    }

    #[test]
    fn names_join_as_their_system_does() {
        let linux = name("/srv/app");
        assert_eq!(text(&linux.join(b"./a/../b.php")), "/srv/app/b.php");
        assert_eq!(text(&linux.join(b"/etc")), "/etc");
        assert_eq!(text(&linux.join(br"a\b")), r"/srv/app/a\b");
        let windows = name(r"D:\www\app");
        assert_eq!(text(&windows.join(br"a\..\b/c")), r"D:\www\app\b\c");
        assert_eq!(text(&windows.join(b"/x")), r"D:\x");
        assert_eq!(text(&windows.join(b"C:/x")), r"C:\x");
        assert_eq!(text(&windows.parent()), r"D:\www");
    }

    /// `/srv/app` is `app`, and `/srv/app/lib` is `lib`; `/srv/application` is
    /// nothing.
    fn deployed(dir: &Path, prefix: &str) -> Deployed {
        let file = |path: &str| {
            let path = dir.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, path.as_os_str().as_bytes()).unwrap();
        };
        for path in ["app/Conf/Config.php", "app/lib/a.php", "lib/b.php", "application/a.php"] {
            file(path);
        }
        let mapping = |name: Name, local: &str| Mapping::new(name, &dir.join(local)).unwrap();
        let app = name(prefix);
        let mappings = vec![mapping(app.clone(), "app"), mapping(app.join(b"lib"), "lib")];
        let mut reach = Reach::default();
        reach.add(dir);
        Deployed::new(app, mappings, reach)
    }

    #[test]
    fn the_longest_mapping_wins() {
        let dir = tempfile::tempdir().unwrap();
        let sources = deployed(dir.path(), "/srv/app");
        let is_file = |path: &str| sources.is_file(Path::new(path));
        assert!(is_file("/srv/app/Conf/Config.php"));
        assert!(is_file("/srv/app/../app/lib/b.php"));
        assert!(is_file("./lib/b.php"));
        assert!(!is_file("/srv/app/lib/a.php"));
        assert!(!is_file("/srv/application/a.php"));
        assert!(!is_file("/srv/app/conf/config.php"));
        assert!(sources.is_dir(Path::new("/srv/app")));
        let local = dir.path().join("lib/b.php");
        assert!(!sources.is_file(&local), "what is not mapped is not there");
        // PHP may find it there: it is no file that is known to be missing.
        let unmapped = sources.read(&local).unwrap_err();
        assert_ne!(unmapped.kind(), ErrorKind::NotFound);
        assert!(unmapped.to_string().contains("no --map-path says where it is"));
        assert_eq!(sources.read(Path::new("lib/b.php")).unwrap(), local.as_os_str().as_bytes());
        let identity = Identity::of(&fs::metadata(&local).unwrap());
        assert_eq!(sources.seen().read, [(local, identity)]);
    }

    #[test]
    fn windows_does_not_tell_cases_apart() {
        let dir = tempfile::tempdir().unwrap();
        let sources = deployed(dir.path(), r"D:\www\App");
        let real = |path: &str| sources.realpath(Path::new(path));
        let file = PathBuf::from(r"D:\www\App\Conf\Config.php");
        assert_eq!(real("d:/WWW/app/conf/config.PHP"), Some(file.clone()));
        assert_eq!(real(r".\CONF/Config.php"), Some(file));
        assert_eq!(real(r"LIB\B.php"), Some(PathBuf::from(r"D:\www\App\lib\b.php")));
        assert_eq!(real(r"C:\www\App\Conf\Config.php"), None);
        assert_eq!(sources.file_name(Path::new(r"C:\tmp\~app.php")), "~app.php");
    }

    #[test]
    fn links_are_followed_where_they_lead_to_mapped_files() {
        let dir = tempfile::tempdir().unwrap();
        let sources = deployed(dir.path(), "/srv/app");
        let link = |to: &str, from: &str| {
            std::os::unix::fs::symlink(dir.path().join(to), dir.path().join(from)).unwrap();
        };
        link("lib/b.php", "app/b.php");
        link("application/a.php", "app/a.php");
        let real = |path: &str| sources.realpath(Path::new(path));
        assert_eq!(real("b.php"), Some("/srv/app/lib/b.php".into()));
        assert_eq!(real("Conf/../a.php"), Some("/srv/app/a.php".into()));
        assert_eq!(real("c.php"), None);
    }
}
