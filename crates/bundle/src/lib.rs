//! Many PHP sources to one: scan, check, link, print, verify.
//!
//! [`build`] reads the members of a [`Recipe`], joins them and proves that the
//! result holds exactly their tokens; [`strip`] takes comments and blanks from
//! one file. Bytes come in through [`Sources`] and values go out: nothing here
//! touches a disk, a clock or a terminal. Joining is not concatenation: a member
//! is parsed, changed where it has to be, and refused with a reason where it
//! would behave otherwise in a bundle.
//!
//! # Known limits
//!
//! - A class whose parent is in no member must find it when the bundle runs.
//! - An `include` whose path is known only at run time looks for a file, also if a
//!   member was made of that file.
//! - Files and lines in stack traces are the bundle's, and the order of global
//!   variables is. A [`map`] says where lines came from.

// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]

mod alone;
mod bytes;
mod check;
mod compiler;
mod diagnostic;
mod edit;
mod explain;
mod facts;
mod files;
mod link;
mod loader;
pub mod map;
mod members;
mod module;
mod print;
mod range;
mod report;
mod rewrite;
mod root;
mod runtime;
mod scan;
mod shapes;
mod source;
mod style;
mod survey;
pub mod token;
mod verify;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use tilde_lexer::Version;

use compiler::Kept;
use link::{Link, Part};
use map::{PartMap, SourceMap};
use members::Members;
use module::Module;
use scan::Scan;

pub use bytes::Bytes;
pub use compiler::Compiler;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use explain::{codes, explain};
pub use files::companion;
pub use module::syntax_error;
pub use range::range_of_versions;
pub use report::{Counts, MemberReport, Obstacle, Reason, Rule, Shape};
pub use source::{Source, SourceId};
pub use style::php;
pub use style::{Docs, StripOptions, Style, UnknownStyle, strip, strip_onto};
pub use survey::{
    ClassShape, IncludePath, MeantType, MethodTypes, Survey, SurveyedClass, SurveyedInclude,
    SurveyedQuestion, survey,
};
pub use tilde_eval::{Sources, normal};
pub use verify::Actual;

/// What to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The bundle's name, for messages.
    pub name: String,
    /// The members that run when the bundle is loaded, in the order in which they
    /// do.
    pub files: Vec<PathBuf>,
    /// The members that run when something asks for a class of theirs, as an
    /// autoloader would run them, or includes them.
    pub on_demand: Vec<PathBuf>,
    /// Whose the variables of `files` are.
    pub scope: Scope,
    /// Those of `files` that Composer's autoloader would run as well, each with the
    /// key by which it knows that they have run.
    pub composer_files: Vec<(PathBuf, String)>,
    /// Where the bundle goes, from where the members are named; none where that
    /// is no file. What `__DIR__` becomes depends on it.
    pub output: Option<PathBuf>,
    /// What `__DIR__` and `__FILE__` become.
    pub paths: Paths,
    /// Whether other files may stand beside it, where PHP does not let all members
    /// be in one.
    pub has_companions: bool,
    /// Whether each file of the bundle gets a source map.
    pub has_map: bool,
    /// What stays where comments and blanks stood.
    pub style: Style,
    /// Whether doc comments stay; `lines` and `tight` only.
    pub docs: Docs,
    /// What becomes of `//[RUNTIME]` blocks.
    pub runtime_blocks: RuntimeBlocks,
    /// What becomes of byte order marks.
    pub marks: ByteOrderMarks,
    /// What becomes of `static` variables of functions.
    pub state: State,
    /// The PHP that will run the bundle: the newest, if there are several.
    pub lexer: tilde_lexer::Options,
    /// The oldest PHP that will run it.
    pub oldest: Version,
}

impl Recipe {
    /// How the oldest PHP reads the code.
    pub(crate) fn oldest(&self) -> tilde_lexer::Options {
        self.lexer.with_version(self.oldest)
    }

    /// How members are read, joined and printed, whichever they are.
    pub(crate) fn manner(&self) -> Self {
        Self {
            name: self.name.clone(),
            files: Vec::new(),
            on_demand: Vec::new(),
            scope: self.scope,
            composer_files: Vec::new(),
            output: self.output.clone(),
            paths: self.paths,
            has_companions: self.has_companions,
            has_map: self.has_map,
            style: self.style,
            docs: self.docs,
            runtime_blocks: self.runtime_blocks,
            marks: self.marks,
            state: self.state,
            lexer: self.lexer,
            oldest: self.oldest,
        }
    }

    /// All members.
    pub fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.iter().chain(&self.on_demand)
    }
}

/// Whose the variables outside of functions are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Of whatever code loads the bundle: all members share them, as files do that
    /// one script requires.
    #[default]
    Shared,
    /// Of the member, as in a file that is loaded by a function.
    Own,
}

/// What the paths of members become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Paths {
    /// Expressions, from the place where the bundle runs: it may be moved with what
    /// lies beside it.
    #[default]
    Relative,
    /// What they are on this machine.
    Absolute,
}

/// What becomes of the code between `//[RUNTIME]` and `//[/RUNTIME]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuntimeBlocks {
    /// It stays.
    Keep,
    /// It goes.
    #[default]
    Remove,
}

/// What becomes of a byte order mark at the start of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ByteOrderMarks {
    /// It is printed, as PHP does.
    #[default]
    Keep,
    /// It goes, if PHP code follows at once.
    Remove,
}

/// What becomes of `static` variables of functions, which a resident worker has from one
/// request to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// They stay as they are.
    #[default]
    Keep,
    /// They can be put back: the bundle has a class `tilde_state`. Its method `reset()` is
    /// called once when the application has started, and after each request; a function that
    /// is called then finds its variables as they were when it was called first after the
    /// start. What this cannot be done for is left as it is, with a note.
    Instrument,
}

/// What became of a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The members as they were read; a [`SourceId`] is an index into them.
    pub sources: Vec<Source>,
    /// All findings, in the order of the members.
    pub diagnostics: Vec<Diagnostic>,
    /// The bundle's bytes; `None` when a diagnostic is an error.
    pub output: Option<Bytes>,
    /// Where its code came from, if the recipe asks for that.
    pub map: Option<SourceMap>,
    /// The files that have to stand beside it.
    pub companions: Vec<Companion>,
    /// What became of the members, in the order in which they stand; those that are
    /// left out have none. Empty where there is no output.
    pub members: Vec<MemberReport>,
}

/// A file of a bundle beside its output, which requires it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// Its name, in the output's folder.
    pub name: OsString,
    /// Its bytes.
    pub bytes: Bytes,
    /// Where its code came from, if the recipe asks for that.
    pub map: Option<SourceMap>,
}

/// Reads the members of a recipe and joins them.
///
/// Never fails: what went wrong is in the diagnostics, and then there is no
/// output. The result depends on the recipe and the bytes alone, not on the
/// number of threads.
#[must_use]
pub fn build(sources: &dyn Sources, recipe: &Recipe) -> Build {
    Compiler::once().build(sources, recipe)
}

/// Joins members that have been read, or made: [`build`] for these in place of
/// the recipe's files. `sources` says where their paths lead.
#[must_use]
pub fn build_sources(members: Vec<Source>, sources: &dyn Sources, recipe: &Recipe) -> Build {
    finish(scan::parse(members, recipe), sources, recipe, &mut Kept::default())
}

/// The phases after [`scan`], in order.
fn finish(mut scan: Scan, sources: &dyn Sources, recipe: &Recipe, kept: &mut Kept) -> Build {
    let mut diagnostics = std::mem::take(&mut scan.diagnostics);
    let paths = kept.paths(&scan.sources);
    let (paths, unasked) = members::asked(&mut scan, &paths);
    diagnostics.extend(unasked);
    scan.modules = members::ordered(std::mem::take(&mut scan.modules));
    let (link, findings) = arrange(&mut scan, &paths, sources, recipe);
    diagnostics.extend(findings);
    let is_refused = diagnostics.iter().any(|it| it.severity == Severity::Error);
    let (mut outputs, members) = if is_refused {
        Default::default()
    } else {
        compile(&mut scan, &link, recipe, kept, &mut diagnostics)
    };
    let output = (!outputs.is_empty()).then(|| outputs.remove(0));
    let (output, map) = output.map_or((None, None), |it| (Some(it.bytes), it.map));
    let path = recipe.output.as_deref().unwrap_or(Path::new(""));
    let companion = |(index, File { bytes, map })| {
        let name = files::companion(path, index + 1);
        Companion { name, bytes, map }
    };
    let companions = outputs.into_iter().enumerate().map(companion).collect();
    Build { sources: scan.sources, diagnostics, output, map, companions, members }
}

/// One file of a bundle.
struct File {
    bytes: Bytes,
    map: Option<SourceMap>,
}

/// A printed part, and what the proof says of it. Nothing in it depends on where the
/// part stands.
struct Printed {
    bytes: Arc<Vec<u8>>,
    finding: Option<Diagnostic>,
    map: Option<PartMap>,
    edits: Counts,
}

/// A part of a file of the bundle.
struct Piece {
    printed: Arc<Printed>,
    /// Where the member stands whose part it is.
    position: Option<usize>,
    /// Whether it was printed just now.
    is_new: bool,
}

/// Gives each member its file and its shape, so that it behaves as it does apart,
/// and says what stands in the way of that.
fn arrange<'a>(
    scan: &mut Scan,
    members: &'a Members,
    sources: &'a dyn Sources,
    recipe: &Recipe,
) -> (Link<'a>, Vec<Diagnostic>) {
    let mut alone = Vec::new();
    loop {
        files::assign(&mut scan.modules, recipe);
        shapes::choose(&mut scan.modules, members, recipe);
        let link = Link::new(scan, members, sources, recipe);
        let mut findings = check::check(scan, &link, recipe);
        let needed = alone::needed(scan, &link, &findings, recipe);
        if needed.is_empty() {
            let is_refused = findings.iter().any(|it| it.severity == Severity::Error);
            let alone = alone.into_iter().filter(|_| !is_refused);
            findings
                .extend(alone.map(|(source, reason)| alone::note(scan, source, reason, recipe)));
            return (link, findings);
        }
        for module in &mut scan.modules {
            let Some(reason) = needed.get(&module.source) else { continue };
            module.is_alone = true;
            module.reason = Reason::Alone(reason.message.clone());
        }
        alone.extend(needed);
    }
}

/// Links, prints and proves members that can be bundled: the bundle and its
/// companions, and what became of each member. Nothing, if the proof fails.
fn compile(
    scan: &mut Scan,
    link: &Link<'_>,
    recipe: &Recipe,
    kept: &mut Kept,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<File>, Vec<MemberReport>) {
    let mut reports: Vec<_> = scan.modules.iter().map(MemberReport::of).collect();
    let members: Vec<SourceId> = scan.modules.iter().map(|module| module.source).collect();
    let (plan, findings) = link::link(scan, link, recipe);
    diagnostics.extend(findings);
    // The tokens of a module go as soon as its part is there, unless they are kept.
    let mut modules: Vec<_> = std::mem::take(&mut scan.modules).into_iter().map(Some).collect();
    let parts = plan
        .files
        .into_iter()
        .enumerate()
        .flat_map(|(file, parts)| parts.into_iter().map(move |part| (file, part)));
    let parts: Vec<(usize, Option<Module>, Part)> = parts
        .map(|(file, part)| match part {
            Part::Member { position, .. } => (file, modules[position].take(), part),
            Part::Generated(_) => (file, None, part),
        })
        .collect();
    let one = |(file, module, part)| (file, print_part(part, module, scan, recipe, kept));
    let parts: Vec<(usize, PrintedPart)> = parts.into_par_iter().map(one).collect();
    let mut files: Vec<Vec<Piece>> = Vec::new();
    let mut fresh = Vec::new();
    for (file, mut part) in parts {
        if let Some(finding) = part.printed.iter().find_map(|it| it.finding.clone()) {
            diagnostics.push(finding);
            return Default::default();
        }
        files.resize_with(files.len().max(file + 1), Vec::new);
        files[file].extend(part.pieces());
        fresh.extend(part.fresh.take().map(|it| (it, part.printed)));
    }
    kept.keep_parts(fresh, &members);
    let files = files.into_iter().map(|parts| join(&parts, &members, &mut reports, recipe));
    let files = files.collect();
    (files, reports)
}

/// A part of the plan, printed and proved.
struct PrintedPart {
    /// Of which member it is.
    position: Option<usize>,
    /// One for each piece of a member.
    printed: Vec<Arc<Printed>>,
    /// What it was made from, if somebody wants to keep it and has not yet.
    fresh: Option<Part>,
}

impl PrintedPart {
    fn pieces(&self) -> impl Iterator<Item = Piece> {
        let (position, is_new) = (self.position, self.fresh.is_some());
        let piece =
            move |printed: &Arc<Printed>| Piece { printed: printed.clone(), position, is_new };
        self.printed.iter().map(piece)
    }
}

/// Prints and proves a part, unless it is known; a member may have several pieces.
fn print_part(
    part: Part,
    module: Option<Module>,
    scan: &Scan,
    recipe: &Recipe,
    kept: &Kept,
) -> PrintedPart {
    let position = part.position();
    if let Some(printed) = kept.printed(&part, module.as_ref().map(|it| it.source)) {
        return PrintedPart { position, printed, fresh: None };
    }
    let printed = match (&part, module) {
        (Part::Member { pieces, .. }, Some(module)) => {
            let text = scan.text(&module);
            let piece = |edits| {
                let bytes = print::part(&module, text, edits, recipe);
                let (finding, map) = match print::too_large(&bytes, module.source, u32::MAX) {
                    Some(finding) => (Some(finding), None),
                    None => verify::part(&bytes, &module, text, edits, recipe),
                };
                Printed { bytes: bytes.into(), finding, map, edits: Counts::of(edits) }
            };
            pieces.iter().map(piece).map(Arc::new).collect()
        }
        (Part::Generated(tokens), _) => {
            let bytes = print::generated(tokens, recipe);
            let finding = verify::generated(&bytes, tokens, recipe);
            let (bytes, edits) = (bytes.into(), Counts::default());
            vec![Arc::new(Printed { bytes, finding, map: None, edits })]
        }
        (Part::Member { .. }, None) => Vec::new(),
    };
    PrintedPart { position, printed, fresh: kept.is_keeping().then_some(part) }
}

/// Joins the parts of a file. `members` says which member stands where.
fn join(
    parts: &[Piece],
    members: &[SourceId],
    reports: &mut [MemberReport],
    recipe: &Recipe,
) -> File {
    let mut joined = print::join(parts.iter().map(|part| &part.printed.bytes), recipe.style);
    joined.bytes.set_first_new(parts.iter().position(|part| part.is_new));
    for (part, len) in parts.iter().zip(joined.lens()) {
        let Some(position) = part.position else { continue };
        reports[position].add(len, &part.printed.edits);
    }
    let map = recipe.has_map.then(|| {
        let of_part = |part: &'_ Piece| part.position.map(|position| members[position]);
        let maps = parts.iter().map(|part| of_part(part).zip(part.printed.map.as_ref()));
        let maps: Vec<_> = maps.collect();
        map::join(&joined, &maps)
    });
    File { bytes: joined.bytes, map }
}
