//! All outputs or none, also when tilde is killed between two renames.
//!
//! Before the first of several renames a journal says how to take them back, and
//! every old file gets a second name, a hard link. Then come the renames. To
//! remove the journal is what makes them count. Whoever finds the journal of a
//! process that has died takes the renames back, which can be done again and
//! again, so that a second kill does no harm either.
//!
//! The journal lies in the folder of the first file, with a note of where it is
//! in the folders of the others. It is locked while its process lives. A
//! repository may bring one along, so it moves only files of ours onto files in
//! the very folders that this build writes to, and only where it knows the inode
//! that is there.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::temporary::{self, Temporary, create, is_ours};
use super::{Durability, folder_of};
use crate::signals;

const SUFFIX: &str = ".journal";
const BACKUP_SUFFIX: &str = temporary::SUFFIX;
/// Nobody has outputs for more bytes of journal.
const MAX_LEN: u64 = 1 << 24;

/// A rename that is about to come.
pub(super) struct Rename<'a> {
    pub(super) temporary: Temporary,
    pub(super) target: PathBuf,
    /// The path as the user knows it.
    pub(super) path: &'a Path,
}

impl Rename<'_> {
    fn run(&mut self, durability: Durability) -> io::Result<()> {
        match durability {
            Durability::Disk => self.temporary.rename(&self.target),
            Durability::System => self.temporary.swap(&self.target),
        }
    }
}

/// Does all renames or none. The error comes with the one that failed.
pub(super) fn rename_all(
    renames: &mut [Rename<'_>],
    durability: Durability,
) -> Result<(), (usize, io::Error)> {
    if let [rename] = renames {
        return rename.run(durability).map_err(|error| (0, error));
    }
    if renames.is_empty() {
        return Ok(());
    }
    // No signal comes between.
    let _live = signals::live();
    let journal = Journal::write(renames, durability).map_err(|error| (0, error))?;
    let work = |(index, rename): (usize, &mut Rename<'_>)| {
        rename.run(durability).map_err(|error| (index, error))
    };
    let result = journal.keep().and_then(|()| renames.iter_mut().enumerate().try_for_each(work));
    if result.is_err() {
        journal.undo();
    }
    journal.remove();
    result
}

/// How to take renames back.
struct Journal {
    /// Its own path, and where a note about it lies.
    paths: Vec<PathBuf>,
    entries: Vec<Entry>,
    /// Locked.
    file: File,
}

/// How to take a rename back.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    target: PathBuf,
    /// The second name of the old file, if there was one.
    backup: Option<PathBuf>,
    /// The inode of the new one.
    new: u64,
}

impl Journal {
    fn write(renames: &[Rename<'_>], durability: Durability) -> io::Result<Self> {
        let (file, path) = create(folder_of(&renames[0].target), SUFFIX)?;
        let _ = file.lock();
        let mut journal = Self { paths: vec![path], entries: Vec::new(), file };
        match journal.fill(renames, durability) {
            Ok(()) => Ok(journal),
            Err(error) => {
                journal.remove();
                Err(error)
            }
        }
    }

    fn fill(&mut self, renames: &[Rename<'_>], durability: Durability) -> io::Result<()> {
        let path = self.paths[0].clone();
        let own = folder_of(&path);
        let entry = |(index, rename)| Entry::new(index, rename, &path);
        self.entries = renames.iter().enumerate().map(entry).collect::<io::Result<_>>()?;
        let folders: BTreeSet<&Path> =
            self.entries.iter().map(|entry| folder_of(&entry.target)).collect();
        for folder in folders.into_iter().filter(|folder| *folder != own) {
            let (mut note, note_path) = create(folder, SUFFIX)?;
            self.paths.push(note_path);
            note.write_all(std::path::absolute(&path)?.as_os_str().as_bytes())?;
        }
        let text: Vec<u8> = self.entries.iter().flat_map(|entry| entry.to_bytes(own)).collect();
        self.file.write_all(&text)?;
        match durability {
            Durability::Disk => self.file.sync_data(),
            Durability::System => Ok(()),
        }
    }

    /// Gives the old files their second names.
    fn keep(&self) -> Result<(), (usize, io::Error)> {
        let keep = |(index, entry): (usize, &Entry)| entry.keep().map_err(|error| (index, error));
        self.entries.iter().enumerate().try_for_each(keep)
    }

    fn undo(&self) -> usize {
        self.entries.iter().filter(|entry| entry.undo()).count()
    }

    /// From here on the files count as they are.
    fn remove(&self) {
        let backups = self.entries.iter().filter_map(|entry| entry.backup.as_ref());
        for path in self.paths.iter().chain(backups) {
            let _ = fs::remove_file(path);
        }
    }
}

impl Entry {
    fn new(index: usize, rename: &Rename<'_>, journal: &Path) -> io::Result<Self> {
        let target = rename.target.clone();
        let is_there = fs::symlink_metadata(&target).is_ok();
        let stem = journal.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = format!("{stem}-{index}{BACKUP_SUFFIX}");
        let backup = is_there.then(|| folder_of(&target).join(name));
        Ok(Self { target, backup, new: rename.temporary.metadata()?.ino() })
    }

    fn keep(&self) -> io::Result<()> {
        let Some(backup) = &self.backup else { return Ok(()) };
        // Some file systems have no hard links, and some systems let nobody
        // link the files of others.
        fs::hard_link(&self.target, backup).or_else(|_| fs::copy(&self.target, backup).map(drop))
    }

    /// Whether there was something to take back. A target that is not the new
    /// file was not result, was taken back before, or is somebody else's.
    fn undo(&self) -> bool {
        let inode = fs::symlink_metadata(&self.target).map(|metadata| metadata.ino());
        if inode.ok() != Some(self.new) {
            return false;
        }
        match &self.backup {
            Some(backup) => fs::rename(backup, &self.target).is_ok(),
            None => fs::remove_file(&self.target).is_ok(),
        }
    }

    /// The target, the backup and the inode, each with a NUL after it. What
    /// is in the folder of the journal goes by its name, so that the folder may
    /// be moved.
    fn to_bytes(&self, folder: &Path) -> Vec<u8> {
        let name = |path: &Path| {
            let path = path
                .strip_prefix(folder)
                .map_or_else(|_| std::path::absolute(path), |path| Ok(path.to_owned()));
            path.unwrap_or_default().into_os_string()
        };
        let backup = self.backup.as_deref().map(name).unwrap_or_default();
        [name(&self.target).as_bytes(), backup.as_bytes(), self.new.to_string().as_bytes(), b""]
            .join(&0)
    }

    fn parse_all(text: &[u8], folder: &Path) -> Vec<Self> {
        let mut fields: Vec<&[u8]> = text.split(|byte| *byte == 0).collect();
        // Nothing, or what was not written to its end.
        fields.pop();
        fields.chunks_exact(3).filter_map(|fields| Self::parse(fields, folder)).collect()
    }

    fn parse(fields: &[&[u8]], folder: &Path) -> Option<Self> {
        let path = |name: &[u8]| folder.join(OsStr::from_bytes(name));
        let [target, backup, inode] = fields else { return None };
        let backup = (!backup.is_empty()).then(|| path(backup));
        let new = str::from_utf8(inode).ok()?.parse().ok()?;
        Some(Self { target: path(target), backup, new })
    }

    /// Whether it moves a file of ours within one of the folders.
    fn is_within(&self, folders: &BTreeSet<PathBuf>) -> bool {
        let is_near = |path: &Path| {
            path.file_name().is_some()
                && folder_of(path).canonicalize().is_ok_and(|folder| folders.contains(&folder))
        };
        let is_ours =
            |path: &PathBuf| path.file_name().is_some_and(|name| is_ours(name, BACKUP_SUFFIX));
        is_near(&self.target)
            && self.backup.as_ref().is_none_or(|path| is_near(path) && is_ours(path))
    }
}

/// What the journals in some folders say.
#[derive(Default)]
pub(super) struct Recovered {
    /// Files that are as they were before a build that was killed.
    pub(super) undone: usize,
    /// What a journal still needs.
    pub(super) needed: BTreeSet<PathBuf>,
}

/// Takes back what killed processes have left half done in these folders, by
/// their real names.
pub(super) fn recover(folders: &BTreeSet<PathBuf>) -> Recovered {
    let mut recovered = Recovered::default();
    for path in journals(folders) {
        match Journal::open(&path) {
            // What the note is about has come to its end.
            Err(error) if error.kind() == ErrorKind::NotFound => drop(fs::remove_file(path)),
            Err(_) => {}
            Ok(Found::Live(entries)) => recovered.needs(&entries),
            Ok(Found::Dead(journal)) if journal.entries.iter().all(|it| it.is_within(folders)) => {
                recovered.undone += journal.undo();
                journal.remove();
            }
            Ok(Found::Dead(journal)) => recovered.needs(&journal.entries),
        }
    }
    recovered
}

/// Whether a killed process has left something half done in these folders.
pub(super) fn is_interrupted(folders: &BTreeSet<PathBuf>) -> bool {
    journals(folders).iter().any(|path| {
        matches!(Journal::open(path), Ok(Found::Dead(journal)) if !journal.entries.is_empty())
    })
}

impl Recovered {
    fn needs(&mut self, entries: &[Entry]) {
        let backup =
            |path: &PathBuf| Some(folder_of(path).canonicalize().ok()?.join(path.file_name()?));
        self.needed
            .extend(entries.iter().filter_map(|entry| entry.backup.as_ref()).filter_map(backup));
    }
}

fn journals(folders: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let is_journal = |entry: &fs::DirEntry| {
        entry.file_type().is_ok_and(|kind| kind.is_file()) && is_ours(&entry.file_name(), SUFFIX)
    };
    entries.filter(is_journal).map(|entry| entry.path()).collect()
}

/// A journal of some process.
enum Found {
    /// The process is at work, or it is another user's.
    Live(Vec<Entry>),
    Dead(Journal),
}

impl Journal {
    /// The journal at the path, or that a note there is about, if it is there.
    fn open(path: &Path) -> io::Result<Found> {
        let (file, text) = read(path)?;
        if !text.starts_with(b"/") || text.contains(&0) {
            return Self::of(file, path.to_owned(), None);
        }
        let journal = PathBuf::from(OsStr::from_bytes(&text));
        Self::of(read(&journal)?.0, journal, Some(path.to_owned()))
    }

    fn of(file: File, path: PathBuf, note: Option<PathBuf>) -> io::Result<Found> {
        let is_locked = file.try_lock().is_err();
        let is_foreign = file.metadata()?.uid() != rustix::process::geteuid().as_raw();
        // It may have become complete only before the lock.
        let entries = Entry::parse_all(&read(&path)?.1, folder_of(&path));
        if is_locked || is_foreign {
            return Ok(Found::Live(entries));
        }
        let paths = [path].into_iter().chain(note).collect();
        Ok(Found::Dead(Self { paths, entries, file }))
    }
}

/// A journal or a note about one. Whatever else a note may lead to is not
/// opened: that could wait for ever.
fn read(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let is_file = fs::symlink_metadata(path)?.is_file();
    if !is_file || !path.file_name().is_some_and(|name| is_ours(name, SUFFIX)) {
        return Err(ErrorKind::NotFound.into());
    }
    let file = File::open(path)?;
    let mut text = Vec::new();
    (&file).take(MAX_LEN).read_to_end(&mut text)?;
    Ok((file, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_as_they_were() {
        let new = u64::MAX;
        let entry = |target: &str, backup: Option<&str>| Entry {
            target: target.into(),
            backup: backup.map(PathBuf::from),
            new,
        };
        let entries =
            [entry("/a/b\n", Some("/a/.tilde-1.tmp")), entry("/c/d", None), entry("/c/e", None)];
        let text: Vec<u8> =
            entries.iter().flat_map(|entry| entry.to_bytes(Path::new("/a"))).collect();
        assert_eq!(Entry::parse_all(&text, Path::new("/a")), entries);
        // One that was being written when its process was killed.
        assert_eq!(Entry::parse_all(&text[..text.len() - 9], Path::new("/a")), entries[..2]);
    }

    /// Two folders with an old file each, and renames to these and to a new file.
    struct Case {
        folder: tempfile::TempDir,
        targets: [PathBuf; 3],
    }

    impl Case {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let targets = ["a/one", "a/new", "b/two"].map(|name| folder.path().join(name));
            for target in &targets {
                fs::create_dir_all(folder_of(target)).unwrap();
            }
            fs::write(&targets[0], "old").unwrap();
            fs::write(&targets[2], "old").unwrap();
            Self { folder, targets }
        }

        fn renames(&self) -> Vec<Rename<'_>> {
            let rename = |target: &PathBuf| Rename {
                temporary: Temporary::new(target, &[b"new"], None, Durability::Disk).unwrap(),
                target: target.clone(),
                path: Path::new(""),
            };
            self.targets.iter().map(rename).collect()
        }

        fn folders(&self) -> BTreeSet<PathBuf> {
            self.targets.iter().map(|it| folder_of(it).canonicalize().unwrap()).collect()
        }

        /// The files, and nothing besides.
        fn check(&self, texts: [Option<&str>; 3]) {
            let found = self.targets.each_ref().map(|target| fs::read_to_string(target).ok());
            assert_eq!(found.each_ref().map(Option::as_deref), texts);
            let left = self.folders().into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
            assert_eq!(left.count(), texts.iter().flatten().count());
        }
    }

    const OLD: [Option<&str>; 3] = [Some("old"), None, Some("old")];
    const NEW: [Option<&str>; 3] = [Some("new"); 3];

    const BOTH: [Durability; 2] = [Durability::Disk, Durability::System];

    #[test]
    fn renames_count_once_all_are_done() {
        for durability in BOTH {
            let case = Case::new();
            let mut renames = case.renames();
            rename_all(&mut renames, durability).unwrap();
            drop(renames);
            case.check(NEW);
        }
    }

    #[test]
    fn a_rename_that_fails_takes_the_others_back() {
        for durability in BOTH {
            let case = Case::new();
            let mut renames = case.renames();
            renames[2].target = case.folder.path().join("gone/two");
            let error = rename_all(&mut renames, durability).map_err(|(_, error)| error.kind());
            assert_eq!(error, Err(ErrorKind::NotFound));
            drop(renames);
            case.check(OLD);
            let mut renames = case.renames();
            fs::remove_file(&renames[2].temporary.path).unwrap();
            let failed = rename_all(&mut renames, durability).map_err(|(index, _)| index);
            assert_eq!(failed, Err(2));
            drop(renames);
            case.check(OLD);
        }
    }

    #[test]
    fn a_folder_is_not_replaced() {
        let case = Case::new();
        let mut renames = case.renames();
        fs::remove_file(&case.targets[0]).unwrap();
        fs::create_dir(&case.targets[0]).unwrap();
        assert!(renames[0].run(Durability::System).is_err());
        drop(renames);
        assert!(case.targets[0].is_dir());
    }

    #[test]
    fn what_a_killed_process_did_is_taken_back() {
        for done in 0..=3 {
            let case = Case::new();
            let mut renames = case.renames();
            let journal = Journal::write(&renames, Durability::Disk).unwrap();
            journal.keep().unwrap();
            for rename in &mut renames[..done] {
                rename.run(Durability::Disk).unwrap();
            }
            drop(renames);
            // While it lives nobody interferes.
            let needed = recover(&case.folders()).needed;
            assert_eq!((needed.len(), is_interrupted(&case.folders())), (2, false));
            drop(journal);
            // A program that another test starts holds the lock until it runs.
            let started = std::time::Instant::now();
            while !is_interrupted(&case.folders()) {
                assert!(started.elapsed().as_secs() < 10, "it is still locked");
                std::thread::yield_now();
            }
            // One that does not write to all folders cannot take all back.
            let some = BTreeSet::from([folder_of(&case.targets[2]).canonicalize().unwrap()]);
            let recovered = recover(&some);
            assert_eq!((recovered.undone, recovered.needed.len()), (0, 2));
            // One that was killed while it took them back.
            if done == 3 {
                fs::remove_file(&case.targets[1]).unwrap();
            }
            assert_eq!(recover(&case.folders()).undone, if done == 3 { 2 } else { done });
            temporary::sweep(&case.folders(), &BTreeSet::new());
            case.check(OLD);
        }
    }

    #[test]
    fn what_others_have_written_since_stays() {
        let case = Case::new();
        let mut renames = case.renames();
        let journal = Journal::write(&renames, Durability::Disk).unwrap();
        journal.keep().unwrap();
        renames[0].run(Durability::Disk).unwrap();
        drop((renames, journal));
        fs::write(case.folder.path().join("a/newer"), "newer").unwrap();
        fs::rename(case.folder.path().join("a/newer"), &case.targets[0]).unwrap();
        assert_eq!(recover(&case.folders()).undone, 0);
        case.check([Some("newer"), None, Some("old")]);
    }

    #[test]
    fn a_note_that_leads_elsewhere_is_not_followed() {
        let case = Case::new();
        for note in ["/dev/zero", "/a/.tilde-1.journal", "/proc/self/mem"] {
            fs::write(case.folder.path().join("a/.tilde-1.journal"), note).unwrap();
            assert_eq!(recover(&case.folders()).undone, 0);
            case.check(OLD);
        }
    }

    #[test]
    fn a_journal_moves_only_what_is_ours_and_near() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        fs::create_dir(folder.join("out")).unwrap();
        let folders = BTreeSet::from([folder.join("out")]);
        let is_within = |target: &str, backup: &str| {
            let backup = (!backup.is_empty()).then(|| folder.join(backup));
            Entry { target: folder.join(target), backup, new: 1 }.is_within(&folders)
        };
        assert!(is_within("out/a", "out/.tilde-1.tmp") && is_within("out/a", ""));
        assert!(!is_within("a", "out/.tilde-1.tmp") && !is_within("out/../a", ""));
        assert!(!is_within("out/a", ".tilde-1.tmp") && !is_within("out/a", "out/b"));
        assert!(!is_within("out/..", "") && !is_within("gone/a", ""));
    }
}
