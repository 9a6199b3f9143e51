//! The files of a folder, for tests that build from one.

use std::path::{Path, PathBuf};
use std::{fs, io};

use tilde_bundle::Sources;

pub(crate) struct Folder(pub(crate) PathBuf);

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
