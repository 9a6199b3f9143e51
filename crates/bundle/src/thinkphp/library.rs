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
        if let Some(known) = self.by_path.get(path) {
            return *known;
        }
        let id = self.sources.read(path).ok().map(|text| {
            self.files.push(Source { path: path.to_owned(), text });
            SourceId(u32::try_from(self.files.len() - 1).expect("fewer files than 32 bits count"))
        });
        self.by_path.insert(path.to_owned(), id);
        id
    }

    pub(crate) fn get(&self, id: SourceId) -> &Source {
        &self.files[id.index()]
    }

    pub(crate) fn into_files(self) -> Vec<Source> {
        self.files
    }
}
