//! Results of earlier builds, kept on disk, for `tilde build` and `tilde check`.
//!
//! A result is found by the project and by the bytes of all members, and it holds where
//! the file system still answers as it did. Whether a member has the same bytes is told
//! by how it looks (identity, length, times) where that proves it, as git does: a file
//! that had changed just before it was read may have changed again within one tick of
//! the clock, and its bytes are read. An output that has the bytes which were proved when
//! it was made is not made again; all others come from the cache, or the project is
//! built. So nothing here decides anything: a cache that is gone costs time.

mod record;
mod store;

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use tilde_bundle::Recipe;

use self::record::{Index, Known, Product, Record};
use self::store::{Kind, Store};
use crate::args::CacheArgs;
use crate::compile::{self, Compiled, Output};
use crate::console::Console;
use crate::disk::{self, Answers, Hash, Links, Probes};
use crate::glob::Script;
use crate::problem::Problem;
use crate::project::{Project, Target};
use crate::scope::{self, Stamp};
use crate::threads;

/// Within so long a file may change twice and look the same.
const TICK: Duration = Duration::from_millis(20);
/// The same where times are whole milliseconds, or seconds.
const COARSE_TICK: Duration = Duration::from_secs(2);

/// To look at a file takes as long as to compile so many bytes.
const LOOK: u64 = 200;

/// What is known of one project.
pub(crate) struct Cache<'a> {
    store: Store,
    project: &'a Project,
    /// What names the project.
    key: Hash,
    /// When nothing had been looked at yet.
    started: SystemTime,
}

/// What a build would write.
pub(crate) struct Recalled {
    pub(crate) outputs: Vec<RecalledOutput>,
    pub(crate) findings: Vec<Problem>,
}

/// An output as a build would write it.
pub(crate) struct RecalledOutput {
    pub(crate) path: PathBuf,
    pub(crate) len: u64,
    pub(crate) is_map: bool,
    pub(crate) makes_folder: bool,
    /// How many sources are in it.
    pub(crate) inputs: usize,
    /// How many bytes these have.
    pub(crate) input_len: u64,
    /// None where the file has them already.
    pub(crate) bytes: Option<Vec<u8>>,
}

impl Recalled {
    /// Whether all files are as a build would write them.
    pub(crate) fn is_current(&self) -> bool {
        self.outputs.iter().all(|output| output.bytes.is_none())
    }
}

impl<'a> Cache<'a> {
    /// The cache for a project that was worked out since `started`. None where nobody
    /// wants one, or where results depend on more than files: standard input, and what
    /// an application and its PHP do.
    pub(crate) fn of(args: &CacheArgs, project: &'a Project, started: SystemTime) -> Option<Self> {
        let is_file = |target: &Target| {
            !disk::is_dash(&target.output) && !disk::is_descriptor(&target.output)
        };
        let has_only_files = project.stdin.is_none()
            && project.applications.is_empty()
            && project.modules.is_empty()
            && project.targets.iter().all(is_file);
        let root = if has_only_files { root(args)? } else { return None };
        Some(Self { store: Store::open(root)?, project, key: key(project)?, started })
    }

    /// What a build would write, if that is known.
    pub(crate) fn recall(&self) -> Option<Recalled> {
        let index = self.index();
        let (members, read) = (self.look(&index)?, index.read.clone());
        let mut found = Index { members, read, ..Index::default() };
        let name = self.result(&found);
        let record = Record::parse(&self.store.load(Kind::Result, &name)?)?;
        if !record.holds() {
            return None;
        }
        let mut outputs = Vec::new();
        for product in &record.outputs {
            self.check_place(&product.path)?;
            let known = self.output(product, &index);
            let bytes = match known {
                Some(_) => None,
                None => Some(self.store.load(Kind::Output, &product.hash)?),
            };
            found.outputs.extend(known.map(|known| (product.path.clone(), known)));
            outputs.push(product.recalled(bytes));
        }
        let findings = record::parse_problems(&record.findings)?;
        if found != index {
            let _ = self.store.save(Kind::Index, &self.key, &[&found.to_bytes()]);
        }
        self.store.touch(Kind::Index, &self.key);
        self.store.touch(Kind::Result, &name);
        Some(Recalled { outputs, findings })
    }

    /// Keeps what was compiled, and which files it was made of. Outputs need not have
    /// been written.
    pub(crate) fn remember(&self, compiled: &Compiled, answers: Answers) {
        if answers.is_torn {
            return;
        }
        let read = |path: &Path| {
            let read = answers.reads.get(self.project.root.join(path).as_os_str())?;
            let is_fresh = self.is_fresh(read.stamp);
            Some(Known { stamp: read.stamp, hash: read.hash, is_fresh })
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        if self.project.composer.is_some() {
            paths.extend(answers.reads.keys().map(PathBuf::from));
            paths.sort_unstable();
        }
        let members = self.members(&paths).map(read).collect::<Option<Vec<_>>>();
        let Some(members) = members else { return };
        let outputs: Vec<Product> = compiled.outputs.par_iter().map(Product::of).collect();
        self.keep_outputs(compiled, &outputs);
        let known = outputs.iter().filter_map(Product::known).collect();
        let index = Index { members, read: paths, outputs: known };
        let name = self.result(&index);
        let Answers { files, folders, real, listings, unread, .. } = answers;
        let findings = record::problems_to_bytes(&compiled.findings);
        let record = Record { files, folders, real, listings, unread, outputs, findings };
        let saved = self.store.save(Kind::Result, &name, &[&record.to_bytes()]);
        let _ = saved.and_then(|()| self.store.save(Kind::Index, &self.key, &[&index.to_bytes()]));
        self.store.shrink();
    }

    fn keep_outputs(&self, compiled: &Compiled, products: &[Product]) {
        for (output, product) in compiled.outputs.iter().zip(products) {
            if !self.store.has(Kind::Output, &product.hash) {
                let _ = self.store.save(Kind::Output, &product.hash, &output.bytes.pieces());
            }
        }
    }

    /// Which bytes the members have; none if one of them cannot be read.
    fn look(&self, index: &Index) -> Option<Vec<Known>> {
        let members: Vec<&Path> = self.members(&index.read).collect();
        threads::add_work(index.read.len() as u64 * LOOK);
        let known = members.par_iter().enumerate().map(|(position, path)| {
            let stamp = self.project.stamp(path).or_else(|| scope::stamp(path))?;
            self.known(path, stamp, index.members.get(position))
        });
        known.collect()
    }

    /// None where a build would refuse to write.
    fn check_place(&self, output: &Path) -> Option<()> {
        if fs::metadata(output).is_ok_and(|it| !it.is_file()) {
            return None;
        }
        self.project.check_companion(output).ok()
    }

    /// The members of all bundles, and `read`: those that only a build finds.
    fn members<'p>(&self, read: &'p [PathBuf]) -> impl Iterator<Item = &'p Path>
    where
        'a: 'p,
    {
        let targets = self.project.targets.iter();
        targets.flat_map(|target| target.recipe.paths()).chain(read).map(PathBuf::as_path)
    }

    fn index(&self) -> Index {
        let index = self.store.load(Kind::Index, &self.key);
        index.and_then(|bytes| Index::parse(&bytes)).unwrap_or_default()
    }

    /// The name of what members with these bytes lead to.
    fn result(&self, index: &Index) -> Hash {
        let mut name = Key(Sha256::new_with_prefix(self.key));
        for member in &index.members {
            name.0.update(member.hash);
        }
        for path in &index.read {
            name.add(path.as_os_str().as_bytes());
        }
        name.0.finalize().into()
    }

    /// Which bytes a member has that looked so when the project was worked out.
    fn known(&self, path: &Path, stamp: Stamp, before: Option<&Known>) -> Option<Known> {
        let before = before.filter(|it| it.stamp == stamp && !it.is_fresh);
        if let Some(before) = before {
            return Some(*before);
        }
        let bytes = disk::read(&self.project.root.join(path)).ok()?;
        let hash = Sha256::digest(bytes).into();
        Some(Known { stamp, hash, is_fresh: self.is_fresh(stamp) })
    }

    /// How an output looks, if it has the bytes that it should have.
    fn output(&self, product: &Product, index: &Index) -> Option<Known> {
        let path = &product.path;
        let metadata = fs::metadata(path).ok()?;
        if !metadata.is_file() || metadata.len() != product.len {
            return None;
        }
        let stamp = scope::stamp_of(&metadata);
        let before = index.outputs.get(path).filter(|it| it.stamp == stamp && !it.is_fresh);
        let hash = match before {
            Some(before) => before.hash,
            None => Sha256::digest(disk::read(path).ok()?).into(),
        };
        let known = Known { stamp, hash, is_fresh: self.is_fresh(stamp) };
        (hash == product.hash).then_some(known)
    }

    /// Whether a file that looked so may have changed again without looking otherwise.
    fn is_fresh(&self, (_, _, modified, changed): Stamp) -> bool {
        let is_coarse = changed.1 % 1_000_000 == 0;
        let tick = if is_coarse { COARSE_TICK } else { TICK };
        let latest = modified.max(changed);
        let started = self.started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let limit = started.saturating_sub(tick);
        let limit = (limit.as_secs().cast_signed(), i64::from(limit.subsec_nanos()));
        latest >= limit
    }
}

impl Record {
    /// Whether the file system still answers so.
    fn holds(&self) -> bool {
        fn all<T: PartialEq + Sync>(
            answers: &BTreeMap<OsString, T>,
            ask: impl Fn(&Path) -> T + Sync,
        ) -> bool {
            answers.par_iter().all(|(path, answer)| ask(Path::new(path)) == *answer)
        }
        // The walks know of most scripts that they are no links.
        let links = Links::default();
        let is_listed = |((folder, except), scripts): (&(PathBuf, PathBuf), &Arc<[Script]>)| {
            links.scripts(folder, except) == **scripts
        };
        self.listings.par_iter().all(is_listed)
            && all(&self.files, Path::is_file)
            && all(&self.folders, Path::is_dir)
            && all(&self.real, |path| links.follow(path))
            && self.unread.par_iter().all(|path| disk::read(path).is_err())
    }
}

impl Product {
    fn of(output: &Output) -> Self {
        Self {
            path: output.path.clone(),
            hash: store::hash_of(&output.bytes.pieces()),
            len: output.bytes.len() as u64,
            makes_folder: output.makes_folder,
            is_map: output.is_map,
            inputs: output.inputs.len() as u64,
            input_len: output.input_len(),
        }
    }

    /// How its file looks. What has just been written is always fresh, and so it is read
    /// next time.
    fn known(&self) -> Option<(PathBuf, Known)> {
        let stamp = scope::stamp(&self.path)?;
        Some((self.path.clone(), Known { stamp, hash: self.hash, is_fresh: true }))
    }

    fn recalled(&self, bytes: Option<Vec<u8>>) -> RecalledOutput {
        RecalledOutput {
            path: self.path.clone(),
            len: self.len,
            is_map: self.is_map,
            makes_folder: self.makes_folder,
            inputs: self.inputs as usize,
            input_len: self.input_len,
            bytes,
        }
    }
}

/// Compiles a project, and notes what that asks for if there is a cache to keep it.
pub(crate) fn compile(
    cache: Option<&Cache<'_>>,
    project: &Project,
    console: Console,
) -> Result<(Compiled, Answers), Vec<Problem>> {
    if cache.is_none() {
        return Ok((compile::compile(project, console)?, Answers::default()));
    }
    let probes = Probes::with_reads();
    let compiled = compile::compile_noting(project, &probes, console)?;
    Ok((compiled, probes.into_answers()))
}

/// Where the cache is; none where there is to be none.
fn root(args: &CacheArgs) -> Option<PathBuf> {
    if args.no_cache {
        return None;
    }
    args.cache_dir.clone().or_else(store::usual_root)
}

/// A name for all that decides about the outputs of a project besides the bytes of its
/// members and the answers of the file system.
fn key(project: &Project) -> Option<Hash> {
    let mut key = Key::default();
    key.add(env::current_dir().ok()?.as_os_str().as_bytes());
    key.add(project.root.as_os_str().as_bytes());
    key.add(format!("{:?}", project.rules).as_bytes());
    for pattern in project.patterns() {
        key.add(pattern.text().as_bytes());
    }
    for target in &project.targets {
        let Target { recipe, output, place, maps, choices: _ } = target;
        let manner = Recipe {
            files: Vec::new(),
            on_demand: Vec::new(),
            composer_files: Vec::new(),
            ..recipe.clone()
        };
        key.add(output.as_os_str().as_bytes());
        key.add(format!("{manner:?} {place:?} {maps:?}").as_bytes());
        for list in [&recipe.files, &recipe.on_demand] {
            key.add(&list.len().to_le_bytes());
            for path in list {
                key.add(path.as_os_str().as_bytes());
            }
        }
        for (path, name) in &recipe.composer_files {
            key.add(path.as_os_str().as_bytes());
            key.add(name.as_bytes());
        }
        key.add(b"");
    }
    if let Some(app) = &project.composer {
        key.add(&app.key());
    }
    Some(key.0.finalize().into())
}

#[derive(Default)]
struct Key(Sha256);

impl Key {
    /// Adds bytes with their length, so that none is taken for the end of another.
    fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }
}
