//! Module packages: a folder of sources with a `zm.json`, and the archive that
//! it is handed on as.
//!
//! [`Manifest`] is a `zm.json` that was read and checked, [`Constraint`] the
//! language of `depends`, [`resolve`] chooses what fulfils it, [`class_map`] says
//! what an archive has to load and in which order, [`Plugin`] writes the files
//! that a package has besides its sources. Nothing here touches a disk: bytes
//! come in and values go out. A package without `depends` of its own may still
//! need another one, since a class may extend one of another module: only the
//! application knows.

mod class_map;
mod json;
mod manifest;
mod plugin;
mod resolve;
mod version;

pub use class_map::{ClassMap, Declarations, Symbol, class_map, declarations};
pub use json::{Json, Kind, Syntax};
pub use manifest::{DEFAULT_VERSION, Finding, FindingKind, KEYS, Manifest, is_plain_path};
pub use plugin::{ENTRY, LIGHT_CACHE, PLUGIN, Plugin, Store, generated_id, namespace};
pub use resolve::{Candidate, Dependency, Origin, Unresolved, resolve};
pub use version::{Constraint, Version, VersionError};
