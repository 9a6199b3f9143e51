//! Files in memory, for tests.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use tilde_eval::Sources;

/// Files by their real paths.
pub(crate) struct Files(BTreeMap<PathBuf, Vec<u8>>);

impl Files {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter();
        Self(files.map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect())
    }

    fn has(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }
}

impl Sources for Files {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = self.realpath(path).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        self.0.get(&path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.realpath(path).is_some_and(|path| self.has(&path))
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.realpath(path).is_some_and(|path| !self.has(&path))
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        let mut real = PathBuf::new();
        for part in path.components() {
            match part {
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir => {
                    real.pop();
                }
                part => real.push(part),
            }
        }
        self.0.keys().any(|file| file.starts_with(&real)).then_some(real)
    }
}
