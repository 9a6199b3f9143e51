//! The files of an application, read once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tilde_eval::Sources;

use crate::source::{Source, SourceId};

pub(crate) struct Library<'a> {
    sources: &'a dyn Sources,
    files: Vec<Source>,
    by_path: HashMap<PathBuf, Option<SourceId>>,
}

impl<'a> Library<'a> {
    pub(crate) fn new(sources: &'a dyn Sources) -> Self {
        Self { sources, files: Vec::new(), by_path: HashMap::new() }
    }

    /// The source of a path; none for a file that cannot be read.
    pub(crate) fn add(&mut self, path: &Path) -> Option<SourceId> {
        // `/app/./a.php` is `/app/a.php`.
        let path: PathBuf = path.components().collect();
        if let Some(known) = self.by_path.get(&path) {
            return *known;
        }
        let id = self.sources.read(&path).ok().map(|text| self.push(path.clone(), text));
        self.by_path.insert(path, id);
        id
    }

    /// The source of a path that was added.
    pub(crate) fn find(&self, path: &Path) -> Option<SourceId> {
        self.by_path.get(path).copied().flatten()
    }

    /// Adds a text that is in no file, under a path of its own.
    pub(crate) fn add_text(&mut self, path: PathBuf, text: Vec<u8>) -> PathBuf {
        let id = self.push(path.clone(), text);
        self.by_path.insert(path.clone(), Some(id));
        path
    }

    fn push(&mut self, path: PathBuf, text: Vec<u8>) -> SourceId {
        self.files.push(Source { path, text });
        SourceId(u32::try_from(self.files.len() - 1).expect("fewer files than 32 bits count"))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.files)
    }

    pub(crate) fn get(&self, id: SourceId) -> &Source {
        &self.files[id.index()]
    }

    pub(crate) fn into_files(self) -> Vec<Source> {
        self.files
    }
}
