//! `--safe`: the caches of a generation without the bugs of its format.
//!
//! The layout and the names stay, and the code is joined as any bundle is:
//! parts of a plan become members of a recipe. A newcomer would get wrong that
//! this can fail where the framework's own way does not, since a bundle that
//! would behave otherwise is refused.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use tilde_eval::Options;

use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::strip::{Docs, Style};
use crate::thinkphp::library::Library;
use crate::thinkphp::plan::{BlocksHere, Edit, Part, Plan};
use crate::thinkphp::proof::{self, Tokens};
use crate::{Recipe, RuntimeBlocks, build};

/// All caches in the order of their plans, or what stands in the way.
pub(crate) fn print(
    plans: &[Plan],
    library: &mut Library<'_>,
    options: Options,
) -> (Vec<Vec<u8>>, Vec<Diagnostic>) {
    let mut printed = Vec::new();
    let mut diagnostics = Vec::new();
    for plan in plans {
        let recipe = Recipe {
            name: plan.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            files: members(plans, plan, library),
            style: if plan.style.is_some() { Style::Tight } else { Style::Lines },
            docs: Docs::Drop,
            runtime_blocks: blocks(plan),
            lexer: options,
        };
        let built = build(&*library, &recipe);
        diagnostics.extend(built.diagnostics.into_iter().map(|mut diagnostic| {
            for label in &mut diagnostic.labels {
                let path = &built.sources[label.source.index()].path;
                label.source = library.find(path).expect("a member is in the library");
            }
            diagnostic
        }));
        printed.extend(built.output);
    }
    if printed.len() < plans.len() {
        printed.clear();
    }
    (printed, diagnostics)
}

impl Sources for Library<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.find(path) {
            Some(id) => Ok(self.get(id).text.clone()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

fn blocks(plan: &Plan) -> RuntimeBlocks {
    let stays = |part: &Part| matches!(part, Part::File { blocks: BlocksHere::Stay, .. });
    if plan.parts.iter().any(stays) { RuntimeBlocks::Keep } else { RuntimeBlocks::Remove }
}

/// The members of a plan; code that the framework makes gets a name beside the
/// cache.
fn members(plans: &[Plan], plan: &Plan, library: &mut Library<'_>) -> Vec<PathBuf> {
    let mut members = Vec::new();
    for (index, part) in plan.parts.iter().enumerate() {
        match part {
            Part::Text(text) => members.push(generated(plan, index, text, library)),
            Part::Cache(other) => {
                members.extend(self::members(plans, &plans[*other], library));
            }
            Part::File { source, .. } => {
                let file = library.get(*source);
                let tokens = Tokens::new(&file.text, library.tokens(*source), BlocksHere::Stay);
                let kept: Vec<_> = tokens.kept().collect();
                match proof::lookup(&file.text, &kept).filter(|_| plan.edit == Edit::CutLookup) {
                    Some(gone) => {
                        let text = [&file.text[..gone.start], &file.text[gone.end..]].concat();
                        let path = beside(&file.path, "without the lookup of the cache");
                        members.push(library.add_text(path, text));
                    }
                    None => members.push(file.path.clone()),
                }
            }
        }
    }
    // What is declared already is not declared again.
    let mut seen = BTreeSet::new();
    members.retain(|member| seen.insert(member.clone()));
    if !plan.tail.is_empty() {
        members.push(generated(plan, plan.parts.len(), &plan.tail, library));
    }
    members
}

fn generated(plan: &Plan, index: usize, text: &[u8], library: &mut Library<'_>) -> PathBuf {
    let path = beside(&plan.path, &format!("generated part {}", index + 1));
    library.add_text(path, [b"<?php ", text].concat())
}

fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(" ({what})"));
    name.into()
}
