//! The files of an application, each read and lexed once.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rayon::prelude::*;
use tilde_eval::{Declares, Sources};
use tilde_lexer::Options;

use crate::source::{Source, SourceId};
use crate::thinkphp::clean::{Clean, clean};
use crate::thinkphp::declares::declares;
use crate::thinkphp::print::Piece;
use crate::token::{Token, lex};

pub(crate) struct Library<'a> {
    sources: &'a dyn Sources,
    options: Options,
    files: Vec<Source>,
    /// Of each file, when they were asked for.
    tokens: Vec<OnceLock<Vec<Token>>>,
    /// Of files that are done already.
    pieces: Vec<Option<Piece>>,
    /// By plain paths.
    by_path: HashMap<OsString, Option<SourceId>>,
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
            pieces: Vec::new(),
            by_path: HashMap::new(),
            made: BTreeSet::new(),
        }
    }

    /// The source of a path; none for a file that cannot be read.
    pub(crate) fn add(&mut self, path: &Path) -> Option<SourceId> {
        let path = plain(path);
        if let Some(known) = self.by_path.get(path.as_os_str()) {
            return *known;
        }
        let id = self.sources.read(&path).ok().map(|text| self.push(path.clone(), text));
        self.by_path.insert(path.into(), id);
        id
    }

    /// The sources of many paths and what each file declares, if it does nothing
    /// else. Files are read and lexed side by side, and with `is_namespaced`
    /// compiled as 3.2 does.
    pub(crate) fn add_all(
        &mut self,
        paths: &[PathBuf],
        is_namespaced: bool,
    ) -> Vec<Option<(SourceId, Option<Declares>)>> {
        let is_new = |path: &PathBuf| !self.by_path.contains_key(path.as_os_str());
        let new: Vec<PathBuf> = paths.iter().map(|path| plain(path)).filter(is_new).collect();
        let (sources, options) = (self.sources, self.options);
        let read = |room: &mut Vec<Token>, path: &PathBuf| {
            let text = sources.read(path).ok()?;
            Some(New::of(text, is_namespaced, options, room))
        };
        let results: Vec<Option<New>> = new.par_iter().map_init(Default::default, read).collect();
        let mut known = HashMap::new();
        for (path, result) in new.into_iter().zip(results) {
            let id = result.map(|new| {
                let id = self.push(path.clone(), new.text);
                match new.code {
                    Code::Piece(piece) => self.pieces[id.index()] = Some(piece),
                    Code::Tokens(tokens) => self.tokens[id.index()] = tokens.into(),
                }
                known.insert(id, new.declares);
                id
            });
            self.by_path.insert(path.into(), id);
        }
        let declares_of = |library: &Self, id: SourceId| {
            declares(&library.get(id).text, library.tokens(id), options.version)
        };
        let mut with_declares = |path: &PathBuf| {
            let id = self.add(path)?;
            let declares = known.remove(&id).unwrap_or_else(|| declares_of(self, id));
            Some((id, declares))
        };
        paths.iter().map(&mut with_declares).collect()
    }

    /// What a file of 3.2 is in a cache, if nothing is to be said about it.
    pub(crate) fn piece(&self, id: SourceId) -> Option<&Piece> {
        self.pieces[id.index()].as_ref()
    }

    /// The tokens of a source, for the PHP of the target.
    pub(crate) fn tokens(&self, id: SourceId) -> &[Token] {
        self.tokens[id.index()].get_or_init(|| lex(&self.files[id.index()].text, self.options))
    }

    /// The source of a path that was added.
    pub(crate) fn find(&self, path: &Path) -> Option<SourceId> {
        self.by_path.get(path.as_os_str()).copied().flatten()
    }

    /// Adds a text that is in no file, under a path of its own.
    pub(crate) fn add_text(&mut self, path: PathBuf, text: Vec<u8>) -> PathBuf {
        let id = self.push(path.clone(), text);
        self.by_path.insert(path.clone().into(), Some(id));
        self.made.insert(id);
        path
    }

    fn push(&mut self, path: PathBuf, text: Vec<u8>) -> SourceId {
        self.files.push(Source { path, text });
        self.tokens.push(OnceLock::new());
        self.pieces.push(None);
        SourceId(u32::try_from(self.files.len() - 1).expect("fewer files than 32 bits count"))
    }

    /// All that were read.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (SourceId, &Source)> {
        let id = |(index, source)| (SourceId(index as u32), source);
        self.files.iter().enumerate().map(id).filter(|(id, _)| !self.made.contains(id))
    }

    pub(crate) fn get(&self, id: SourceId) -> &Source {
        &self.files[id.index()]
    }

    pub(crate) fn into_files(self) -> Vec<Source> {
        self.files
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

/// A file that was just read.
struct New {
    text: Vec<u8>,
    declares: Option<Declares>,
    code: Code,
}

/// What stays of the work on a file: tokens take much room.
enum Code {
    Piece(Piece),
    Tokens(Vec<Token>),
}

impl New {
    fn of(text: Vec<u8>, is_namespaced: bool, options: Options, room: &mut Vec<Token>) -> Self {
        let clean = if is_namespaced { clean(&text, options, room) } else { None };
        if let Some(Clean { piece, declares }) = clean {
            return Self { text, declares, code: Code::Piece(piece) };
        }
        let tokens = lex(&text, options);
        let declares = declares(&text, &tokens, options.version);
        Self { text, declares, code: Code::Tokens(tokens) }
    }
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
