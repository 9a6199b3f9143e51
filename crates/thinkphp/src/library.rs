//! The files of an application, each read once, and lexed once.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rayon::prelude::*;
use tilde_eval::{Declares, Sources};
use tilde_lexer::Options;

use crate::declares::declares;
use tilde_bundle::token::{Token, lex};
use tilde_bundle::{Source, SourceId};

pub(crate) struct Library<'a> {
    sources: &'a dyn Sources,
    options: Options,
    files: Vec<File>,
    /// By plain paths.
    by_path: HashMap<OsString, Option<SourceId>>,
}

struct File {
    path: PathBuf,
    text: Vec<u8>,
    /// When they were asked for.
    tokens: OnceLock<Vec<Token>>,
    /// Whether it is no file at all.
    is_generated: bool,
}

impl File {
    fn new(path: PathBuf, text: Vec<u8>) -> Self {
        Self { path, text, tokens: OnceLock::new(), is_generated: false }
    }
}

impl<'a> Library<'a> {
    pub(crate) fn new(sources: &'a dyn Sources, options: Options) -> Self {
        Self { sources, options, files: Vec::new(), by_path: HashMap::new() }
    }

    /// The source of a path; none for a file that cannot be read.
    pub(crate) fn add(&mut self, path: &Path) -> Option<SourceId> {
        let path = plain(path);
        if let Some(known) = self.by_path.get(path.as_os_str()) {
            return *known;
        }
        let text = self.sources.read(&path).ok();
        let id = text.map(|text| self.push(File::new(path.clone(), text)));
        self.by_path.insert(path.into(), id);
        id
    }

    /// The sources of many paths and what each file declares, if it does nothing
    /// else. Files are read and lexed side by side.
    pub(crate) fn add_all(
        &mut self,
        paths: &[PathBuf],
    ) -> Vec<Option<(SourceId, Option<Declares>)>> {
        let is_new = |path: &PathBuf| !self.by_path.contains_key(path.as_os_str());
        let new: Vec<PathBuf> = paths.iter().map(|path| plain(path)).filter(is_new).collect();
        let sources = self.sources;
        let read = |path: &PathBuf| Some(File::new(path.clone(), sources.read(path).ok()?));
        let files: Vec<Option<File>> = new.par_iter().map(read).collect();
        for (path, file) in new.into_iter().zip(files) {
            let id = file.map(|file| self.push(file));
            self.by_path.insert(path.into(), id);
        }
        let ids: Vec<Option<SourceId>> = paths.iter().map(|path| self.add(path)).collect();
        let library = &*self;
        let with_declares = |id: &Option<SourceId>| id.map(|id| (id, library.declares(id)));
        ids.par_iter().map(with_declares).collect()
    }

    fn declares(&self, id: SourceId) -> Option<Declares> {
        declares(self.text(id), self.tokens(id), self.options.version)
    }

    pub(crate) fn path(&self, id: SourceId) -> &Path {
        &self.file(id).path
    }

    /// The bytes of a source.
    pub(crate) fn text(&self, id: SourceId) -> &[u8] {
        &self.file(id).text
    }

    /// The tokens of a source, for the PHP of the target.
    pub(crate) fn tokens(&self, id: SourceId) -> &[Token] {
        self.file(id).tokens.get_or_init(|| lex(self.text(id), self.options))
    }

    /// The source of a path that was added.
    pub(crate) fn find(&self, path: &Path) -> Option<SourceId> {
        self.by_path.get(path.as_os_str()).copied().flatten()
    }

    /// Adds a text that is in no file, under a path of its own.
    pub(crate) fn add_text(&mut self, path: PathBuf, text: Vec<u8>) -> PathBuf {
        let id = self.push(File { is_generated: true, ..File::new(path.clone(), text) });
        self.by_path.insert(path.clone().into(), Some(id));
        path
    }

    fn push(&mut self, file: File) -> SourceId {
        self.files.push(file);
        SourceId(u32::try_from(self.files.len() - 1).expect("fewer files than 32 bits count"))
    }

    /// All that were read.
    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = SourceId> {
        let ids = (0..self.files.len()).map(|index| SourceId(index as u32));
        ids.filter(|id| !self.file(*id).is_generated)
    }

    fn file(&self, id: SourceId) -> &File {
        &self.files[id.index()]
    }

    /// All sources.
    pub(crate) fn into_sources(self) -> Vec<Source> {
        let source = |file: File| Source { path: file.path, text: file.text };
        self.files.into_iter().map(source).collect()
    }
}

/// `/app/./a.php` is `/app/a.php`, as [`Path::components`] has it.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let bytes = path.as_os_str().as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    if bytes.starts_with(b"/") {
        plain.push(b'/');
    }
    let mut start = 0;
    for end in memchr::memchr_iter(b'/', bytes).chain([bytes.len()]) {
        let part = &bytes[start..end];
        let is_first = start == 0;
        start = end + 1;
        if part.is_empty() || (part == b"." && !is_first) {
            continue;
        }
        if !matches!(plain.last(), None | Some(b'/')) {
            plain.push(b'/');
        }
        plain.extend_from_slice(part);
    }
    OsString::from_vec(plain).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_those_of_their_components() {
        let paths = [
            "",
            ".",
            "/",
            "//",
            "./",
            "./a",
            "/.",
            "/./",
            "/a",
            "/a/",
            "a/",
            "/a/./b",
            "/a//b",
            "/a/../b",
            "../a",
            "a/.",
            "a/./",
            ".a/..b",
            "/.a",
            "././a",
            "/app/./ThinkPHP/",
        ];
        for path in paths {
            let components: PathBuf = Path::new(path).components().collect();
            assert_eq!(plain(Path::new(path)).as_os_str(), components.as_os_str(), "{path}");
        }
    }
}
