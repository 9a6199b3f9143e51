//! Where the code of outputs comes from that a build would write.
//!
//! Of a bundle only a map tells, which builds do not make unless they are asked to: so it
//! is built once more, with one. Each bundle once, however many of its files are asked about.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::compare::origin::{Segments, Side, Sources};
use crate::compile::{self, Output};
use crate::console::Console;
use crate::disk;
use crate::project::Project;

/// A file of a bundle, and where its code comes from.
pub(crate) type Located = (Vec<u8>, Arc<Segments>);

/// What is known of the bundles of some outputs.
#[derive(Default)]
pub(crate) struct NewSides {
    /// The files of each bundle, by its first output.
    bundles: HashMap<PathBuf, Vec<Located>>,
}

impl NewSides {
    /// Of the bundles of these outputs.
    pub(crate) fn of<'o>(
        outputs: impl IntoIterator<Item = &'o Output>,
        project: &Project,
        console: Console,
    ) -> Self {
        let bundles = outputs.into_iter().filter_map(|output| output.bundle.as_deref());
        Self::of_bundles(bundles, project, console)
    }

    /// Of bundles, each by its first output.
    pub(crate) fn of_bundles<'o>(
        bundles: impl IntoIterator<Item = &'o Path>,
        project: &Project,
        console: Console,
    ) -> Self {
        let bundles: BTreeSet<&Path> = bundles.into_iter().collect();
        let segments =
            |bundle: &Path| (bundle.to_owned(), compile::segments(project, bundle, console));
        Self { bundles: bundles.into_par_iter().map(segments).collect() }
    }

    /// What is known of an output.
    pub(crate) fn side(&self, output: &Output) -> Side {
        if let Some(bundle) = &output.bundle {
            return self.side_of_bundle(bundle, output.bytes.whole());
        }
        let read = |path: &PathBuf| Some((path.clone(), disk::read(path).ok()?));
        let files = output.inputs.iter().filter_map(|input| read(&input.path)).collect();
        Side::Sources(Sources::new(files, output.lexer))
    }

    /// What is known of a file of a bundle. Nothing, if the bundle would not have a file of
    /// these bytes now.
    pub(crate) fn side_of_bundle(&self, bundle: &Path, bytes: &[u8]) -> Side {
        let files = self.bundles.get(bundle).into_iter().flatten();
        let mut same = files.filter(|(built, _)| built == bytes);
        same.next().map_or(Side::Unknown, |(_, segments)| Side::Map(segments.clone()))
    }
}
