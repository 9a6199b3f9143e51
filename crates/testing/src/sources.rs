//! Sources of a build: files in memory, or below a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use tilde_eval::{Sources, normal};

/// Files in memory, by their paths without `.` and `..`. A folder is there if a file is in it.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Where they are: what real paths begin with.
    pub root: PathBuf,
    /// The files.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Memory {
    /// Files with these texts.
    pub fn new(files: &[(impl AsRef<Path>, impl AsRef<[u8]>)]) -> Self {
        let files = files.iter();
        let files = files.map(|(path, text)| (path.as_ref().to_owned(), text.as_ref().to_vec()));
        Self { root: PathBuf::new(), files: files.collect() }
    }
}

impl Sources for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(&normal(path)).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(&normal(path))
    }

    fn is_dir(&self, path: &Path) -> bool {
        let path = normal(path);
        let mut below = self.files.range(path.clone()..).map(|(file, _)| file);
        below.next().is_some_and(|file| *file != path && file.starts_with(&path))
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        let is_there = self.is_file(path) || self.is_dir(path);
        is_there.then(|| self.root.join(normal(path)))
    }
}

/// The files below a folder of this machine, by their paths from there. Each path leads where
/// it says.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Sources for Folder {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.join(path).is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.0.join(path).is_dir()
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        Some(path.to_owned())
    }
}

/// The files of this machine.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Sources for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        path.canonicalize().ok()
    }
}
