//! The files of an application, each read and lexed once.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rayon::prelude::*;
use tilde_eval::Sources;
use tilde_lexer::Options;

use crate::source::{Source, SourceId};
use crate::token::{Token, lex};

pub(crate) struct Library<'a> {
    sources: &'a dyn Sources,
    options: Options,
    files: Vec<Source>,
    /// Of each file, when they were asked for.
    tokens: Vec<OnceLock<Vec<Token>>>,
    by_path: HashMap<PathBuf, Option<SourceId>>,
    /// Those that are in no file.
    made: BTreeSet<SourceId>,
}

impl<'a> Library<'a> {
    pub(crate) fn new(sources: &'a dyn Sources, options: Options) -> Self {
        Self {
            sources,
            options,
            files: Vec::new(),
            tokens: Vec::new(),
            by_path: HashMap::new(),
            made: BTreeSet::new(),
        }
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

    /// The sources of many paths, which are read and lexed side by side.
    pub(crate) fn add_all(&mut self, paths: &[PathBuf]) -> Vec<Option<SourceId>> {
        let new = paths.iter().map(|path| path.components().collect::<PathBuf>());
        let new: Vec<PathBuf> = new.filter(|path| !self.by_path.contains_key(path)).collect();
        let (sources, options) = (self.sources, self.options);
        let read = |path: &PathBuf| {
            let text = sources.read(path).ok()?;
            let tokens = lex(&text, options);
            Some((text, tokens))
        };
        let results: Vec<Option<(Vec<u8>, Vec<Token>)>> = new.par_iter().map(read).collect();
        for (path, result) in new.into_iter().zip(results) {
            let id = result.map(|(text, tokens)| {
                let id = self.push(path.clone(), text);
                self.tokens[id.index()] = tokens.into();
                id
            });
            self.by_path.insert(path, id);
        }
        paths.iter().map(|path| self.add(path)).collect()
    }

    /// The tokens of a source, for the PHP of the target.
    pub(crate) fn tokens(&self, id: SourceId) -> &[Token] {
        self.tokens[id.index()].get_or_init(|| lex(&self.files[id.index()].text, self.options))
    }

    /// The source of a path that was added.
    pub(crate) fn find(&self, path: &Path) -> Option<SourceId> {
        self.by_path.get(path).copied().flatten()
    }

    /// Adds a text that is in no file, under a path of its own.
    pub(crate) fn add_text(&mut self, path: PathBuf, text: Vec<u8>) -> PathBuf {
        let id = self.push(path.clone(), text);
        self.by_path.insert(path.clone(), Some(id));
        self.made.insert(id);
        path
    }

    fn push(&mut self, path: PathBuf, text: Vec<u8>) -> SourceId {
        self.files.push(Source { path, text });
        self.tokens.push(OnceLock::new());
        SourceId(u32::try_from(self.files.len() - 1).expect("fewer files than 32 bits count"))
    }

    /// All that were read.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.files).filter(|(id, _)| !self.made.contains(id))
    }

    pub(crate) fn get(&self, id: SourceId) -> &Source {
        &self.files[id.index()]
    }

    pub(crate) fn into_files(self) -> Vec<Source> {
        self.files
    }
}
