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
//! - All members run, in order, where the bundle is required. What an autoloader
//!   would load later, or never, has no place yet.
//! - A class whose parent is in no member must find it when the bundle runs.
//! - An `include` whose path is known only at run time stays as it is.
//! - Files and lines in stack traces are the bundle's.

// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]

mod check;
mod diagnostic;
mod edit;
mod explain;
mod facts;
mod link;
mod members;
mod module;
mod print;
mod rewrite;
mod root;
mod runtime;
mod scan;
mod source;
mod style;
pub mod token;
mod verify;

use std::path::PathBuf;

use rayon::prelude::*;

use link::{Link, Part};
use members::Members;
use module::Module;
use scan::Scan;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use explain::{codes, explain};
pub use module::syntax_error;
pub use source::{Source, SourceId};
pub use style::php;
pub use style::{Docs, StripOptions, Style, UnknownStyle, strip, strip_onto};
pub use tilde_eval::Sources;
pub use verify::Actual;

/// What to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The bundle's name, for messages.
    pub name: String,
    /// The members, in the order in which they run.
    pub files: Vec<PathBuf>,
    /// Where the bundle goes, from where the members are named; none where that
    /// is no file. What `__DIR__` becomes depends on it.
    pub output: Option<PathBuf>,
    /// What stays where comments and blanks stood.
    pub style: Style,
    /// Whether doc comments stay; `lines` and `tight` only.
    pub docs: Docs,
    /// What becomes of `//[RUNTIME]` blocks.
    pub runtime_blocks: RuntimeBlocks,
    /// What becomes of byte order marks.
    pub marks: ByteOrderMarks,
    /// The PHP that will run the bundle.
    pub lexer: tilde_lexer::Options,
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

/// What became of a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The members as they were read; a [`SourceId`] is an index into them.
    pub sources: Vec<Source>,
    /// All findings, in the order of the members.
    pub diagnostics: Vec<Diagnostic>,
    /// The bundle's bytes; `None` when a diagnostic is an error.
    pub output: Option<Vec<u8>>,
}

/// Reads the members of a recipe and joins them.
///
/// Never fails: what went wrong is in the diagnostics, and then there is no
/// output. The result depends on the recipe and the bytes alone, not on the
/// number of threads.
#[must_use]
pub fn build(sources: &dyn Sources, recipe: &Recipe) -> Build {
    finish(scan::scan(sources, recipe), sources, recipe)
}

/// Joins members that have been read, or made: [`build`] for these in place of
/// the recipe's files. `sources` says where their paths lead.
#[must_use]
pub fn build_sources(members: Vec<Source>, sources: &dyn Sources, recipe: &Recipe) -> Build {
    finish(scan::parse(members, recipe), sources, recipe)
}

fn finish(mut scan: Scan, sources: &dyn Sources, recipe: &Recipe) -> Build {
    let mut diagnostics = std::mem::take(&mut scan.diagnostics);
    let members = Members::new(&scan.sources);
    scan.modules = members::ordered(std::mem::take(&mut scan.modules), &members);
    let link = Link::new(&scan, &members, sources, recipe);
    diagnostics.extend(check::check(&scan, &link, recipe));
    let is_refused = diagnostics.iter().any(|it| it.severity == Severity::Error);
    let output =
        if is_refused { None } else { compile(&mut scan, &link, recipe, &mut diagnostics) };
    Build { sources: scan.sources, diagnostics, output }
}

/// Links, prints and proves members that can be bundled.
fn compile(
    scan: &mut Scan,
    link: &Link<'_>,
    recipe: &Recipe,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<u8>> {
    let (plan, findings) = link::link(scan, link, recipe);
    diagnostics.extend(findings);
    let head = print::head(&plan.head, recipe);
    // The tokens of a module go as soon as its part is there.
    let modules = std::mem::take(&mut scan.modules).into_iter().enumerate();
    let mut parts = plan.parts.into_iter().peekable();
    let parts: Vec<(Module, Part)> = modules
        .filter_map(|(index, module)| Some((module, parts.next_if(|it| it.position == index)?)))
        .collect();
    let one = |(module, part): (Module, Part)| {
        let text = scan.text(&module);
        let printed = print::part(&module, text, &part.edits, recipe);
        let finding = verify::part(&printed, &module, text, &part.edits, recipe);
        (printed, finding)
    };
    let (parts, findings): (Vec<_>, Vec<_>) = parts.into_par_iter().map(one).unzip();
    let finding = verify::head(&head, &plan.head, recipe);
    let finding = finding.or_else(|| findings.into_iter().flatten().next());
    let is_proved = finding.is_none();
    diagnostics.extend(finding);
    is_proved.then(|| print::join(&head, &parts, recipe.style))
}
