//! Where members are, seen from the bundle: for `__DIR__` and `__FILE__`.
//!
//! A constant holds the folder above the bundle and all members that ask, made
//! from the bundle's own `__DIR__` when it runs. So a build may be moved with
//! its sources. PHP's `__DIR__` is a real path: links are followed here too.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use tilde_eval::Sources;
use tilde_lexer::{Options, Version};

use crate::edit::{NewToken, new_tokens, quoted};
use crate::facts::Declaration;
use crate::module::Module;
use crate::scan::Scan;
use crate::source::SourceId;
use crate::{Paths, Recipe};

/// The folder above the bundle and its members.
#[derive(Debug)]
pub(crate) struct Root {
    /// The constant that holds it.
    name: String,
    /// Its path, where paths stay those of this machine.
    absolute: Option<Vec<u8>>,
    /// How many folders it is above the bundle's.
    up: usize,
    /// The files of the members that ask, from there: `/lib/a.php`.
    files: Vec<Option<Vec<u8>>>,
}

impl Root {
    /// None where no member asks, where the bundle goes into no file, or where
    /// there is no folder above all.
    pub(crate) fn new(
        scan: &Scan,
        asks: impl Fn(&Module) -> bool,
        sources: &dyn Sources,
        recipe: &Recipe,
    ) -> Option<Self> {
        let output = recipe.output.as_deref()?;
        // `dirname()` with a number, and expressions as constants.
        let is_absolute = recipe.paths == Paths::Absolute;
        if recipe.oldest < Version::V7_0 && !is_absolute {
            return None;
        }
        let folder = real(sources, folder_of(output))?;
        let mut files: Vec<Option<PathBuf>> = vec![None; scan.sources.len()];
        for module in scan.not_plain() {
            if asks(module) {
                let index = module.source.index();
                files[index] = Some(real(sources, &scan.sources[index].path)?);
            }
        }
        let mut root = files.iter().any(Option::is_some).then(|| folder.clone())?;
        for file in files.iter().flatten() {
            root = common(&root, folder_of(file));
        }
        let is_folder = |path: &Path| {
            matches!(path.components().next_back(), None | Some(Component::Normal(_)))
        };
        if !is_folder(&root) {
            return None;
        }
        let below = |path: &PathBuf| tail(path, &root);
        let up = folder.components().count() - root.components().count();
        let files: Vec<_> = files.iter().map(|file| file.as_ref().and_then(below)).collect();
        let output = folder.join(output.file_name()?);
        let output = tail(&output, &root)?;
        let paths = files.iter().flatten().map(Vec::as_slice).chain([&*output]);
        let names = paths.chain(declared(scan));
        let name = format!("TILDE_ROOT_{:016X}", fingerprint(names));
        let bytes = root.as_os_str().as_bytes();
        let absolute = is_absolute.then(|| bytes.strip_suffix(b"/").unwrap_or(bytes).to_vec());
        Some(Self { name, absolute, up, files })
    }

    /// `(\TILDE_ROOT.'/lib')`, or `'/srv/app/lib'`.
    pub(crate) fn expression(&self, path: &[u8], options: Options) -> Vec<NewToken> {
        let root = format!("\\{}", self.name).into_bytes();
        let code = match (&self.absolute, path) {
            (Some(root), b"") if root.is_empty() => b"'/'".to_vec(),
            (Some(root), path) => quoted(&[root, path].concat()),
            (None, b"") => root,
            (None, path) => [&b"("[..], &root, b".", &quoted(path), b")"].concat(),
        };
        new_tokens(&code, options)
    }

    /// Whether it is known where a member is.
    pub(crate) fn has(&self, source: SourceId) -> bool {
        self.files[source.index()].is_some()
    }

    /// A member's file or folder from the root, with a slash in front.
    pub(crate) fn path_of(&self, source: SourceId, is_file: bool) -> Option<&[u8]> {
        let file = self.files[source.index()].as_deref()?;
        let end = memchr::memrchr(b'/', file).unwrap_or(0);
        Some(if is_file { file } else { &file[..end] })
    }

    /// `if (!\defined('TILDE_ROOT')) \define('TILDE_ROOT', \dirname(__DIR__, 1));`, and an
    /// error where it is another folder: that of a copy of the bundle.
    pub(crate) fn definition(&self, is_wrapped: bool, recipe: &Recipe) -> Vec<NewToken> {
        let name = &self.name;
        if self.absolute.is_some() {
            return Vec::new();
        }
        let folder = match self.up {
            0 => "__DIR__".to_owned(),
            up => format!("\\dirname(__DIR__,{up})"),
        };
        let code = format!(
            "if(!\\defined('{name}'))\\define('{name}',{folder});\
             elseif(\\{name}!=={folder})\
             throw new \\Exception('tilde: a copy of this bundle is loaded already: '.__FILE__);"
        );
        let code = if is_wrapped { format!("namespace{{{code}}}") } else { code };
        new_tokens(code.as_bytes(), recipe.lexer)
    }
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A path in which nothing leads elsewhere.
fn real(sources: &dyn Sources, path: &Path) -> Option<PathBuf> {
    let real = sources.realpath(path)?;
    let real: PathBuf = real.components().filter(|it| *it != Component::CurDir).collect();
    real.components().all(|it| it != Component::ParentDir).then_some(real)
}

pub(crate) fn common(first: &Path, second: &Path) -> PathBuf {
    let second: PathBuf = second.components().filter(|it| *it != Component::CurDir).collect();
    let pairs = first.components().zip(second.components());
    pairs.take_while(|(first, second)| first == second).map(|(first, _)| first).collect()
}

/// What is below a folder, with a slash in front.
fn tail(path: &Path, folder: &Path) -> Option<Vec<u8>> {
    let rest = path.strip_prefix(folder).ok()?;
    Some([b"/", rest.as_os_str().as_bytes()].concat())
}

/// The names that members declare: bundles of two projects may have the same paths.
pub(crate) fn declared(scan: &Scan) -> impl Iterator<Item = &[u8]> {
    let all = scan.modules.iter().flat_map(|module| &module.facts.declarations);
    all.map(Declaration::full_name)
}

/// What two different bundles do not share: FNV-1a of all paths and names.
pub(crate) fn fingerprint<'p>(paths: impl Iterator<Item = &'p [u8]>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in paths.flat_map(|path| path.iter().chain(b"\0")) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
