//! The files of an application, each read once, and lexed or parsed once.
//!
//! Files that only declare are not evaluated, and the parse that says so has
//! their tokens for all that follows. Up to PHP 7.4 PHP's parser does not see
//! characters that mean nothing, so that tokens with such are lexed anew.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use tilde_eval::{Declares, Sources};
use tilde_lexer::{Options, TokenKind};
use tilde_syntax::{Arena, SyntaxError, Tree, parse};

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
    /// else. Files are read and parsed side by side.
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
        let with_declares = |arena: &mut Arena, id: &Option<SourceId>| {
            id.map(|id| (id, library.declares(id, arena)))
        };
        ids.par_iter().map_init(Arena::new, with_declares).collect()
    }

    fn declares(&self, id: SourceId, arena: &mut Arena) -> Option<Declares> {
        arena.reset();
        let tree = parse(self.text(id), self.options, arena).ok()?;
        let declares = declares(&tree);
        self.file(id).tokens.get_or_init(|| tokens(&tree));
        declares
    }

    /// Why PHP refuses a source, if it does.
    pub(crate) fn mistake(&self, id: SourceId) -> Option<SyntaxError> {
        parse(self.text(id), self.options, &Arena::new()).err()
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

    /// Adds a text that is in no file.
    pub(crate) fn add_text(&mut self, path: PathBuf, text: Vec<u8>) -> SourceId {
        self.push(File { is_generated: true, ..File::new(path, text) })
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
        let source = |file: File| Source { path: file.path.into(), text: Arc::new(file.text) };
        self.files.into_iter().map(source).collect()
    }
}

/// The tokens of a parsed source as the lexer has them.
fn tokens(tree: &Tree<'_>) -> Vec<Token> {
    if tree.tokens().any(|token| token.kind == TokenKind::Dropped) {
        return lex(tree.source(), tree.options());
    }
    let placed = |token: tilde_syntax::Token| {
        Token::new(token.kind, token.span.start as usize, token.span.end as usize)
    };
    tree.tokens().map(placed).collect()
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
    use std::fs;

    use super::*;
    use tilde_lexer::Version;
    use tilde_testing::files::fixtures;

    #[test]
    fn parsed_tokens_are_the_lexed_ones() {
        let odd = ["<?php f(\x01);\n?>\n<?php g();", "<?php f(); __halt_compiler(); a"];
        let mut texts: Vec<Vec<u8>> = odd.map(|text| text.as_bytes().to_vec()).to_vec();
        texts.extend(fixtures("thinkphp").iter().map(|path| fs::read(path).unwrap()));
        let mut parsed = 0;
        for (index, text) in texts.iter().enumerate() {
            let version = Version::ALL[index % Version::ALL.len()];
            for options in [Options::new(version), Options::new(Version::V5_2)] {
                let arena = Arena::new();
                if let Ok(tree) = parse(text, options, &arena) {
                    parsed += 1;
                    assert_eq!(tokens(&tree), lex(text, options), "{}", text.escape_ascii());
                }
            }
        }
        assert!(parsed > texts.len());
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
