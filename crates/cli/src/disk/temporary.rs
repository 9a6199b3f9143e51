//! Temporary files beside the files that they will replace.
//!
//! One has the mode 0600 until it is complete, and is locked while its process
//! lives, so that what a killed one left is known and swept away.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{self as unix, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustix::fs::Mode;

use super::{Durability, folder_of, write_pieces};
use crate::signals;

/// What tilde makes beside outputs is hidden and carries this in front, so that
/// globs and `watch` pass it over.
pub(crate) const TEMPORARY_PREFIX: &str = ".tilde-";
pub(super) const SUFFIX: &str = ".tmp";

/// A temporary file, which goes with the value unless it was put into a place.
pub(super) struct Temporary {
    pub(super) file: File,
    pub(super) path: PathBuf,
    is_placed: bool,
}

impl Temporary {
    /// A complete file beside `target`, with the mode and, where we may, the
    /// owner of the file that it will replace. The mode comes last: nobody reads
    /// what will be secret while it is written.
    pub(super) fn new(
        target: &Path,
        bytes: &[&[u8]],
        old: Option<&Metadata>,
        durability: Durability,
    ) -> io::Result<Self> {
        let mut temporary = Self::locked(folder_of(target))?;
        write_pieces(&mut temporary.file, bytes)?;
        temporary.finish(old)?;
        // A full disk may come to light only here.
        if durability == Durability::Disk {
            temporary.file.sync_data()?;
        }
        Ok(temporary)
    }

    /// Gives a file that is complete the mode and, where we may, the owner of the
    /// one that it will replace.
    pub(super) fn finish(&self, old: Option<&Metadata>) -> io::Result<()> {
        if let Some(old) = old {
            // Only root may give a file away; anyone else keeps it, as `cp` does.
            let _ = unix::fchown(&self.file, Some(old.uid()), Some(old.gid()));
        }
        let mode = old.map_or(0o666 & !umask(), |old| old.mode() & 0o7777);
        self.file.set_permissions(Permissions::from_mode(mode))
    }

    /// An empty file that says by its lock that it is in use.
    pub(super) fn locked(folder: &Path) -> io::Result<Self> {
        loop {
            let temporary = Self::registered(folder)?;
            // Without locks, as on some network drives, nothing is swept either.
            let _ = temporary.file.lock();
            // Another process may have swept it away between its birth and its lock.
            if temporary.metadata()?.nlink() > 0 {
                return Ok(temporary);
            }
        }
    }

    /// An empty file that a signal removes.
    fn registered(folder: &Path) -> io::Result<Self> {
        let mut live = signals::live();
        let (file, path) = create(folder, SUFFIX)?;
        live.files.insert(path.clone());
        Ok(Self { file, path, is_placed: false })
    }

    pub(super) fn metadata(&self) -> io::Result<Metadata> {
        self.file.metadata()
    }

    /// Puts the file into the place of an old one, which goes with this value. File
    /// systems that would begin to write to the disk when one file replaces another do
    /// not do so here, and the old one's pages need not be freed at once.
    pub(super) fn swap(&mut self, target: &Path) -> io::Result<()> {
        if exchange(&self.path, target).is_err() {
            return self.rename(target);
        }
        if fs::symlink_metadata(&self.path)?.is_dir() {
            exchange(&self.path, target)?;
            return Err(ErrorKind::IsADirectory.into());
        }
        Ok(())
    }

    /// Puts the file into its place. It is no temporary file any more.
    pub(super) fn rename(&mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.is_placed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let mut live = signals::live();
        if !self.is_placed {
            let _ = fs::remove_file(&self.path);
        }
        live.files.remove(&self.path);
    }
}

/// Gives each of two files the other's name, where the file system can.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// A new file of ours, with the mode 0600.
pub(super) fn create(folder: &Path, suffix: &str) -> io::Result<(File, PathBuf)> {
    let mut builder = tempfile::Builder::new();
    let file = builder.prefix(TEMPORARY_PREFIX).suffix(suffix).tempfile_in(folder)?;
    file.keep().map_err(|error| error.error)
}

/// Whether a file has a name of ours.
pub(super) fn is_ours(name: &OsStr, suffix: &str) -> bool {
    let name = name.as_bytes();
    name.starts_with(TEMPORARY_PREFIX.as_bytes()) && name.ends_with(suffix.as_bytes())
}

/// Removes the temporary files of processes that were killed, but for those that
/// are still needed.
pub(super) fn sweep(folders: &BTreeSet<PathBuf>, needed: &BTreeSet<PathBuf>) {
    for entry in folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && is_ours(&entry.file_name(), SUFFIX) && !needed.contains(&entry.path()) {
            remove_if_stale(&entry.path());
        }
    }
}

/// What cannot be removed stays; that is no reason not to build.
fn remove_if_stale(path: &Path) {
    let Ok(file) = File::open(path) else { return };
    match file.try_lock() {
        Ok(()) => drop(fs::remove_file(path)),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
    }
}

/// What the user takes from the mode of new files. To ask is to set it, so it
/// is asked once, and with the narrowest in between.
fn umask() -> u32 {
    static UMASK: OnceLock<u32> = OnceLock::new();
    *UMASK.get_or_init(|| {
        let umask = rustix::process::umask(Mode::RWXG | Mode::RWXO);
        rustix::process::umask(umask);
        umask.bits()
    })
}
