//! The files of the cache.
//!
//! A file is complete under its name or not there: it is written beside its place and
//! renamed, so that builds at the same time do not disturb each other and whoever is
//! killed leaves nothing that could be read. What is read is compared with a checksum
//! all the same, since a disk may lose what a rename has promised. All of it may be
//! removed at any time.

use std::env;
use std::fs::{self, DirBuilder, File, Metadata};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use crate::disk::{self, Hash};

/// Above this, what was used longest ago goes.
const MAX_BYTES: u64 = 512 << 20;
/// Then so much may stay.
const KEPT_BYTES: u64 = MAX_BYTES / 4 * 3;
/// Nothing larger is kept.
const MAX_FILE: u64 = MAX_BYTES / 8;

/// A file that is being written, or was by somebody who was killed.
const PART: &str = ".part-";
/// So old a part belongs to nobody any more.
const STALE: Duration = Duration::from_secs(3600);

/// Tells programs that make backups that there is nothing to save.
const TAG: (&str, &str) = (
    "CACHEDIR.TAG",
    "Signature: 8a477f597d28d172789f06886806bc55\n# Made by tilde; may be removed at any time.\n",
);

/// What a file of the cache is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// How the files of a project looked, and which bytes they had.
    Index,
    /// What a build of certain bytes has led to.
    Result,
    /// The bytes of an output, by their hash.
    Output,
}

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Result => "results",
            Self::Output => "outputs",
        }
    }
}

/// The cache of this version of tilde.
pub(super) struct Store {
    root: PathBuf,
    folder: PathBuf,
}

impl Store {
    /// The cache in a folder. None if others may write there: they would say what
    /// outputs are.
    pub(super) fn open(root: PathBuf) -> Option<Self> {
        let folder = root.join(concat!(env!("CARGO_PKG_VERSION"), "-", env!("TILDE_BUILD")));
        let is_ours = |folder: &Path| match fs::metadata(folder) {
            Ok(it) => it.uid() == rustix::process::geteuid().as_raw() && it.mode() & 0o022 == 0,
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        (is_ours(&root) && is_ours(&folder)).then_some(Self { root, folder })
    }

    fn path(&self, kind: Kind, name: &Hash) -> PathBuf {
        self.folder.join(kind.folder()).join(hex(name))
    }

    /// What is kept under a name, if it is whole.
    pub(super) fn load(&self, kind: Kind, name: &Hash) -> Option<Vec<u8>> {
        let path = self.path(kind, name);
        let mut bytes = fs::read(&path).ok()?;
        if kind == Kind::Output {
            return (Hash::from(Sha256::digest(&bytes)) == *name).then_some(bytes);
        }
        let (sum, rest) = bytes.split_first_chunk::<32>()?;
        // The name is in it, so that no file stands for another one.
        if checksum(name, &[rest]) != *sum {
            return None;
        }
        bytes.drain(..sum.len());
        Some(bytes)
    }

    /// Whether something has this name, whole or not.
    pub(super) fn has(&self, kind: Kind, name: &Hash) -> bool {
        self.path(kind, name).is_file()
    }

    /// Keeps something under a name. What cannot be kept is no loss.
    pub(super) fn save(&self, kind: Kind, name: &Hash, bytes: &[&[u8]]) -> io::Result<()> {
        if bytes.iter().map(|piece| piece.len() as u64).sum::<u64>() > MAX_FILE {
            return Ok(());
        }
        let path = self.path(kind, name);
        self.make_folder(disk::folder_of(&path))?;
        let builder = &mut tempfile::Builder::new();
        let mut part = builder.prefix(PART).tempfile_in(disk::folder_of(&path))?;
        if kind != Kind::Output {
            part.write_all(&checksum(name, bytes))?;
        }
        disk::write_pieces(&mut part, bytes)?;
        part.persist(&path)?;
        Ok(())
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let tag = self.root.join(TAG.0);
        if tag.exists() { Ok(()) } else { fs::write(tag, TAG.1) }
    }

    /// Says that something was of use just now.
    pub(super) fn touch(&self, kind: Kind, name: &Hash) {
        let file = File::options().write(true).open(self.path(kind, name));
        let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
    }

    /// Removes what was used longest ago, of all versions, where there is too much.
    pub(super) fn shrink(&self) {
        self.shrink_to(MAX_BYTES, KEPT_BYTES);
    }

    fn shrink_to(&self, max: u64, kept: u64) {
        let mut files = self.files();
        let mut bytes: u64 = files.iter().map(|(_, len, _)| len).sum();
        if bytes <= max {
            return;
        }
        files.sort();
        for (_, len, path) in files {
            if bytes <= kept {
                return;
            }
            if fs::remove_file(&path).is_ok() {
                bytes -= len;
                // The folders of other versions go with their last file.
                let folder = disk::folder_of(&path);
                let _ =
                    fs::remove_dir(folder).and_then(|()| fs::remove_dir(disk::folder_of(folder)));
            }
        }
    }

    /// The files of all versions: when they were of use last, their lengths and paths.
    /// Parts that belong to nobody are removed.
    fn files(&self) -> Vec<(SystemTime, u64, PathBuf)> {
        let now = SystemTime::now();
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(&self.root).min_depth(3).max_depth(3) {
            let Ok(entry) = entry else { continue };
            let Some(metadata) = entry.metadata().ok().filter(Metadata::is_file) else { continue };
            let Ok(used) = metadata.modified() else { continue };
            if !entry.file_name().as_encoded_bytes().starts_with(PART.as_bytes()) {
                files.push((used, metadata.len(), entry.into_path()));
            } else if now.duration_since(used).is_ok_and(|age| age > STALE) {
                let _ = fs::remove_file(entry.path());
            }
        }
        files
    }
}

/// Where the cache is if nobody says so: where programs have theirs.
pub(super) fn usual_root() -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    let caches = absolute("XDG_CACHE_HOME");
    let caches = caches.or_else(|| Some(absolute("HOME")?.join(".cache")));
    Some(caches?.join("tilde"))
}

fn checksum(name: &Hash, bytes: &[&[u8]]) -> Hash {
    hash_of(&[&[&name[..]], bytes].concat())
}

/// The hash of bytes that come in pieces.
pub(super) fn hash_of(pieces: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for piece in pieces {
        hash.update(piece);
    }
    hash.finalize().into()
}

fn hex(name: &Hash) -> String {
    let digit = |digit: u8| char::from_digit(digit.into(), 16).expect("four bits are a digit");
    name.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let root = tempfile::tempdir().unwrap();
        let store = Store::open(root.path().to_owned()).unwrap();
        (root, store)
    }

    #[test]
    fn what_is_not_whole_is_not_there() {
        let (_root, store) = store();
        let output: Hash = Sha256::digest("bytes").into();
        for (kind, name) in [(Kind::Index, [1; 32]), (Kind::Output, output)] {
            assert_eq!(store.load(kind, &name), None);
            store.save(kind, &name, &[b"bytes"]).unwrap();
            assert_eq!(store.load(kind, &name).as_deref(), Some(&b"bytes"[..]));
            let path = store.path(kind, &name);
            let whole = fs::read(&path).unwrap();
            for broken in [&whole[..whole.len() - 1], &[&whole[..], b"x"].concat(), b""] {
                fs::write(&path, broken).unwrap();
                assert_eq!(store.load(kind, &name), None);
            }
            let mut broken = whole.clone();
            for index in 0..whole.len() {
                broken[index] ^= 1;
                fs::write(&path, &broken).unwrap();
                assert_eq!(store.load(kind, &name), None);
                broken[index] ^= 1;
            }
        }
        // A file in the place of another one.
        fs::write(store.path(Kind::Index, &[1; 32]), b"").unwrap();
        store.save(Kind::Index, &[2; 32], &[b"bytes"]).unwrap();
        fs::rename(store.path(Kind::Index, &[2; 32]), store.path(Kind::Index, &[1; 32])).unwrap();
        assert_eq!(store.load(Kind::Index, &[1; 32]), None);
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let (root, store) = store();
        for number in 0..8 {
            store.save(Kind::Output, &[number; 32], &[&[0; 100]]).unwrap();
            let file = File::options().write(true).open(store.path(Kind::Output, &[number; 32]));
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(number) * 100);
            file.unwrap().set_modified(time).unwrap();
        }
        let part = store.folder.join("outputs/.part-old");
        fs::write(&part, "").unwrap();
        File::open(&part).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        store.touch(Kind::Output, &[0; 32]);
        store.shrink_to(800, 400);
        assert!((0..8).all(|number| store.has(Kind::Output, &[number; 32])) && !part.exists());
        store.shrink_to(799, 400);
        let left: Vec<u8> = (0..8).filter(|it| store.has(Kind::Output, &[*it; 32])).collect();
        assert_eq!(left, [0, 5, 6, 7]);
        store.shrink_to(0, 0);
        assert!(!store.folder.exists() && root.path().join(TAG.0).exists());
    }

    #[test]
    fn what_others_may_write_is_not_believed() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(Store::open(root.path().to_owned()).is_none());
    }
}
