//! The files of an application, each read and lexed once.
//!
//! Most files of 3.2 are done when they have been read, and nobody asks for
//! their bytes any more. Those are given back at once, as fresh memory takes
//! longer than the work in it; who asks all the same gets them read again. A
//! newcomer would trust that the file is still the same.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rayon::prelude::*;
use tilde_eval::{Declares, Sources};
use tilde_lexer::Options;

use crate::clean::{Clean, Room, clean};
use crate::declares::declares;
use crate::print::Piece;
use tilde_bundle::token::{Token, lex};
use tilde_bundle::{Source, SourceId};

pub(crate) struct Library<'a> {
    sources: &'a dyn Sources,
    options: Options,
    files: Vec<File>,
    /// By plain paths.
    by_path: HashMap<OsString, Option<SourceId>>,
    /// A file that was read again and is no longer what it was.
    changed: OnceLock<SourceId>,
}

struct File {
    path: PathBuf,
    /// The length in bytes.
    len: u64,
    /// None while they are given back.
    text: OnceLock<Vec<u8>>,
    /// When they were asked for.
    tokens: OnceLock<Vec<Token>>,
    /// Of a file that is done already.
    piece: Option<Piece>,
    /// Whether it is a file at all.
    is_made: bool,
}

impl File {
    fn new(path: PathBuf, text: Vec<u8>) -> Self {
        Self {
            path,
            len: text.len() as u64,
            text: text.into(),
            tokens: OnceLock::new(),
            piece: None,
            is_made: false,
        }
    }
}

impl<'a> Library<'a> {
    pub(crate) fn new(sources: &'a dyn Sources, options: Options) -> Self {
        Self {
            sources,
            options,
            files: Vec::new(),
            by_path: HashMap::new(),
            changed: OnceLock::new(),
        }
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
    /// else. Files are read and lexed side by side, and with `compiles` compiled
    /// as 3.2 does.
    pub(crate) fn add_all(
        &mut self,
        paths: &[PathBuf],
        compiles: bool,
    ) -> Vec<Option<(SourceId, Option<Declares>)>> {
        let is_new = |path: &PathBuf| !self.by_path.contains_key(path.as_os_str());
        let new: Vec<PathBuf> = paths.iter().map(|path| plain(path)).filter(is_new).collect();
        let (sources, options) = (self.sources, self.options);
        let read = |room: &mut Room, path: &PathBuf| {
            let text = sources.read(path).ok()?;
            Some(read_file(path, text, compiles, options, room))
        };
        let files: Vec<Option<(File, Option<Declares>)>> =
            new.par_iter().map_init(Default::default, read).collect();
        let mut known = HashMap::new();
        for (path, file) in new.into_iter().zip(files) {
            let id = file.map(|(file, declares)| {
                let id = self.push(file);
                known.insert(id, declares);
                id
            });
            self.by_path.insert(path.into(), id);
        }
        let declares_of = |library: &Self, id: SourceId| {
            declares(library.text(id), library.tokens(id), options.version)
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
        self.file(id).piece.as_ref()
    }

    pub(crate) fn path(&self, id: SourceId) -> &Path {
        &self.file(id).path
    }

    /// The length in bytes.
    pub(crate) fn len(&self, id: SourceId) -> u64 {
        self.file(id).len
    }

    /// The bytes of a source.
    pub(crate) fn text(&self, id: SourceId) -> &[u8] {
        self.file(id).text.get_or_init(|| self.read_again(id))
    }

    fn read_again(&self, id: SourceId) -> Vec<u8> {
        let file = self.file(id);
        let text = self.sources.read(&file.path).unwrap_or_default();
        let again = clean(&text, self.options, &mut Room::default()).map(|clean| clean.piece);
        if again.as_ref().map(Piece::bytes) != file.piece.as_ref().map(Piece::bytes) {
            // The first one is as good as any other.
            let _ = self.changed.set(id);
        }
        text
    }

    /// A file that was not the same whenever it was read.
    pub(crate) fn changed(&self) -> Option<&Path> {
        self.changed.get().map(|id| self.path(*id))
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
        let id = self.push(File { is_made: true, ..File::new(path.clone(), text) });
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
        ids.filter(|id| !self.file(*id).is_made)
    }

    fn file(&self, id: SourceId) -> &File {
        &self.files[id.index()]
    }

    /// All sources; those that were given back are empty.
    pub(crate) fn into_sources(self) -> Vec<Source> {
        let source = |file: File| Source {
            path: file.path,
            text: file.text.into_inner().unwrap_or_default(),
        };
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

/// A file that was just read, and what it declares.
fn read_file(
    path: &Path,
    text: Vec<u8>,
    compiles: bool,
    options: Options,
    room: &mut Room,
) -> (File, Option<Declares>) {
    let clean = if compiles { clean(&text, options, room) } else { None };
    if let Some(Clean { piece, declares }) = clean {
        let (len, text) = (text.len() as u64, OnceLock::new());
        let piece = Some(piece);
        return (File { len, text, piece, ..File::new(path.to_owned(), Vec::new()) }, declares);
    }
    let tokens = lex(&text, options);
    let declares = declares(&text, &tokens, options.version);
    (File { tokens: tokens.into(), ..File::new(path.to_owned(), text) }, declares)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// One file, which has other bytes whenever it is read.
    struct Turns(&'static [&'static str], AtomicUsize);

    impl Sources for Turns {
        fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
            let turn = self.1.fetch_add(1, Ordering::Relaxed);
            self.0
                .get(turn)
                .map(|text| text.as_bytes().to_vec())
                .ok_or(io::ErrorKind::NotFound.into())
        }

        fn is_file(&self, _: &Path) -> bool {
            true
        }

        fn is_dir(&self, _: &Path) -> bool {
            false
        }

        fn realpath(&self, path: &Path) -> Option<PathBuf> {
            Some(path.to_owned())
        }
    }

    #[test]
    fn what_is_read_again_has_to_be_the_same() {
        const CLEAN: &str = "<?php\nnamespace A;\nclass B {} // x\n";
        const SAME: &str = "<?php\nnamespace A;\nclass B {} // y\n";
        const OTHER: &str = "<?php\nnamespace A;\nclass C {} // x\n";
        const LONG: &str = "<?php\nnamespace A;\nclass B {} /* x */ f(<<<A\nA\n);\n";
        let changed = |turns: &'static [&'static str]| {
            let sources = Turns(turns, AtomicUsize::new(0));
            let mut library = Library::new(&sources, Options::default());
            let (id, _) = library.add_all(&["a".into()], true).remove(0).unwrap();
            assert_eq!(library.piece(id).is_some(), turns[0] == CLEAN);
            assert_eq!(library.text(id), turns.last().unwrap().as_bytes());
            assert_eq!(library.len(id), turns[0].len() as u64);
            library.changed().is_some()
        };
        assert!(!changed(&[CLEAN, CLEAN]));
        assert!(!changed(&[CLEAN, SAME]));
        assert!(changed(&[CLEAN, OTHER]));
        assert!(changed(&[CLEAN, LONG]));
        assert!(changed(&[CLEAN, ""]));
        assert!(!changed(&[LONG]));
    }

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
