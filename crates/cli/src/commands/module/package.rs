//! A package in the making: all its files in memory.
//!
//! What is in it depends on the sources, composer.json, the data folder and the
//! cache, and on nothing else: no clock, no random id.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tilde_bundle::StripOptions;
use tilde_lexer::Options;
use tilde_module::{
    Declarations, ENTRY, Json, LIGHT_CACHE, PLUGIN, Plugin, Store, class_map, declarations,
    generated_id, namespace,
};
use tilde_phar::{Compression, ErrorKind, Member, Settings, Writer, pack, stub};

use super::project::{Project, Source, read_json};
use super::warning;
use crate::commands::phar::{create, members};
use crate::commands::strip;
use crate::disk;
use crate::problem::Problem;

/// The folder of data in a package, whatever it is called in the project.
pub(super) const DATA: &str = "zm_data";

/// What packages are made with.
pub(super) struct Packer<'a> {
    project: &'a Project,
    composer: Json,
    cache: PathBuf,
    lexer: Options,
    strip: Option<StripOptions>,
}

/// The files of a package by name, in the order of their bytes.
pub(super) struct Package {
    pub(super) files: BTreeMap<Vec<u8>, Contents>,
    pub(super) warnings: Vec<Problem>,
    time: u32,
}

pub(super) struct Contents {
    pub(super) bytes: Vec<u8>,
    pub(super) is_executable: bool,
}

impl<'a> Packer<'a> {
    pub(super) fn new(
        project: &'a Project,
        cache: Option<&Path>,
        lexer: Options,
        strip: Option<StripOptions>,
    ) -> Result<Self, Problem> {
        let composer = project.composer()?;
        Ok(Self { project, composer, cache: project.cache(cache), lexer, strip })
    }

    /// Makes the package of a module.
    pub(super) fn package(&self, source: &Source, time: u32) -> Result<Package, Vec<Problem>> {
        let name = &source.manifest.name;
        let Some(namespace) = namespace(&self.composer, &source.folder) else {
            let message = format!("the module {name} has no namespace");
            let help = format!(
                "give composer.json a prefix for {} or a folder above it, in autoload.psr-4",
                source.folder
            );
            return Err(vec![Problem::error("T-MODULE", message).help(help)]);
        };
        let mut warnings = Vec::new();
        let mut files = read(&self.project.root, &self.project.path(&source.folder), "")?;
        let (map, autoload_files) = self.loaded(&files, &mut warnings);
        self.strip(&mut files)?;
        for item in &source.manifest.data {
            files.extend(self.data(name, item)?);
        }
        if let Some(keys) = &source.manifest.light_cache {
            let store = Store::of(keys, &read_json(&self.cache)?);
            warnings.extend(store.missing.iter().map(|key| {
                let cache = self.cache.display();
                warning(format!("the module {name} stores `{key}`, but {cache} has no value of it"))
            }));
            files.insert(LIGHT_CACHE.into(), Contents::made(store.text));
        }
        let id =
            generated_id(files.iter().map(|(name, it)| (name.as_slice(), it.bytes.as_slice())));
        let plugin = Plugin {
            manifest: &source.manifest,
            id: &id,
            root: &source.folder,
            namespace: &namespace,
            class_map: &map,
            autoload_files: &autoload_files,
            time,
        };
        let (json, entry) = (plugin.json(), plugin.entry());
        files.insert(PLUGIN.into(), Contents::made(json));
        files.insert(ENTRY.into(), Contents::made(entry));
        Ok(Package { files, warnings, time })
    }

    fn data(&self, name: &str, item: &str) -> Result<BTreeMap<Vec<u8>, Contents>, Problem> {
        let path = self.project.data.join(item);
        if fs::symlink_metadata(&path).is_err() {
            let message =
                format!("the module {name} stores {}, but there is no such file", path.display());
            return Err(
                Problem::error("T-MODULE", message).help("correct `zm-data-store` in its zm.json")
            );
        }
        read(&self.project.data, &path, &format!("{DATA}/"))
    }

    /// What is loaded from the package, and the files of Composer's autoloader.
    fn loaded(
        &self,
        files: &BTreeMap<Vec<u8>, Contents>,
        warnings: &mut Vec<Problem>,
    ) -> (tilde_module::ClassMap, Vec<String>) {
        let always = self.composer.get("autoload").and_then(|it| it.get("files"));
        let always = always.into_iter().flat_map(Json::items).filter_map(Json::text);
        let always: Vec<String> =
            always.filter(|path| files.contains_key(path.as_bytes())).map(str::to_owned).collect();
        let is_loaded = |name: &str| {
            let own = name.rsplit('/').next().unwrap_or(name);
            Path::new(own).extension().is_some_and(|end| end == "php")
                && !own.starts_with("global_")
                && !own.starts_with("script_")
                && !files.contains_key(format!("{name}.plain").as_bytes())
                && !always.iter().any(|path| path == name)
        };
        let sources = files.iter().filter_map(|(name, contents)| {
            Some((str::from_utf8(name).ok().filter(|name| is_loaded(name))?, contents))
        });
        let sources: Vec<(&str, &Contents)> = sources.collect();
        let read: Vec<(&str, Result<Declarations, _>)> = sources
            .par_iter()
            .map(|(name, contents)| (*name, declarations(&contents.bytes, self.lexer)))
            .collect();
        let mut declared = Vec::new();
        for (name, declarations) in read {
            match declarations {
                Ok(declarations) => declared.push((name.to_owned(), declarations)),
                Err(error) => warnings.push(
                    warning(format!(
                        "{name} cannot be loaded: syntax error on line {}",
                        error.line
                    ))
                    .help("`tilde lint` shows it"),
                ),
            }
        }
        (class_map(&declared), always)
    }

    fn strip(&self, files: &mut BTreeMap<Vec<u8>, Contents>) -> Result<(), Vec<Problem>> {
        let Some(options) = self.strip else { return Ok(()) };
        let one = |(name, contents): (&Vec<u8>, &mut Contents)| {
            let name = str::from_utf8(name).ok().map(Path::new).filter(|name| create::is_php(name));
            let stripped = strip::checked(name?, &contents.bytes, options);
            stripped.map(|bytes| contents.bytes = bytes).err()
        };
        let problems: Vec<Problem> = files.par_iter_mut().filter_map(one).collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// The advice for `tilde phar create` names options that these commands have not.
fn without_options(problem: Problem) -> Problem {
    match problem.code {
        "T-PHAR" | "T-LOOP" => problem.help("put the file itself in its place, or take it out"),
        _ => problem,
    }
}

/// All files of a folder, by their paths from `base`.
fn read(base: &Path, folder: &Path, prefix: &str) -> Result<BTreeMap<Vec<u8>, Contents>, Problem> {
    let read = |(name, path): (Vec<u8>, PathBuf)| {
        let name = [prefix.as_bytes(), &name].concat();
        Ok((name, Contents::read(&path)?))
    };
    let found = members::below(base, folder).map_err(without_options)?;
    found.into_par_iter().map(read).collect()
}

impl Contents {
    fn made(text: String) -> Self {
        Self { bytes: text.into_bytes(), is_executable: false }
    }

    /// A folder has no contents.
    fn read(path: &Path) -> Result<Self, Problem> {
        if path.is_dir() {
            return Ok(Self::made(String::new()));
        }
        let unreadable = |error| disk::unreadable(path, &error);
        let metadata = fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_file() {
            let message =
                format!("cannot take {}: it is neither a file nor a folder", path.display());
            return Err(Problem::error("T-MODULE", message));
        }
        let is_executable = metadata.permissions().mode() & 0o100 != 0;
        Ok(Self { bytes: disk::read(path).map_err(unreadable)?, is_executable })
    }
}

impl Package {
    /// The archive, which was read again.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Problem> {
        let unwritable = |error: tilde_phar::Error| match error.kind {
            ErrorKind::Name(..) => create::unwritable(&error).help("rename it"),
            _ => create::unwritable(&error),
        };
        let settings = Settings::new(stub::running(ENTRY.as_bytes(), b"")).with_time(self.time);
        let members = self.files.keys().map(|name| Member::file(name.clone())).collect();
        let mut writer =
            Writer::new(Cursor::new(Vec::new()), settings, members).map_err(unwritable)?;
        for (name, contents) in &self.files {
            if !name.ends_with(b"/") {
                let mut packed =
                    pack(contents.bytes.clone(), Compression::None).map_err(unwritable)?;
                packed.is_executable = contents.is_executable;
                writer.add(packed).map_err(unwritable)?;
            }
        }
        let bytes = writer.finish().map_err(unwritable)?.into_inner();
        create::verify(|| Cursor::new(&bytes[..]), self.files.len())?;
        Ok(bytes)
    }
}
