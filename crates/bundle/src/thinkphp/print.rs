//! Plans to bytes: compile each file, join, edit, strip.

use rayon::prelude::*;
use tilde_lexer::Options;

use crate::source::SourceId;
use crate::strip::{Docs, StripOptions, strip};
use crate::thinkphp::code;
use crate::thinkphp::library::Library;
use crate::thinkphp::plan::{BlocksHere, Edit, GUARD, Part, Plan};

/// All caches, in the order of their plans.
pub(crate) fn print(plans: &[Plan], library: &Library<'_>, options: Options) -> Vec<Vec<u8>> {
    let mut printed: Vec<Vec<u8>> = Vec::new();
    for plan in plans {
        let bytes = print_one(plan, library, options, &printed);
        printed.push(bytes);
    }
    printed
}

fn print_one(plan: &Plan, library: &Library<'_>, options: Options, printed: &[Vec<u8>]) -> Vec<u8> {
    let text = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::File { source, blocks } => compiled(*source, *blocks, library, options),
        Part::Cache(plan) => printed[*plan].get(5..).unwrap_or_default().to_vec(),
    };
    let texts: Vec<Vec<u8>> = plan.parts.par_iter().map(text).collect();
    let mut joined = texts.concat();
    if plan.edit == Edit::CutLookup {
        joined = code::without_cache_lookup(&joined);
    }
    joined.extend_from_slice(&plan.tail);
    if plan.edit == Edit::Unguard {
        joined = unguarded(&joined);
    }
    joined.splice(..0, plan.head.bytes());
    match plan.style {
        Some(style) => strip(&joined, &StripOptions { lexer: options, style, docs: Docs::Drop }),
        None => joined,
    }
}

fn compiled(
    source: SourceId,
    blocks: BlocksHere,
    library: &Library<'_>,
    options: Options,
) -> Vec<u8> {
    let text = &library.get(source).text;
    match blocks {
        BlocksHere::Stay => code::compile(text, false),
        BlocksHere::Go => code::compile(text, true),
        BlocksHere::AfterStripping => code::compile_in_namespace(text, options),
    }
}

fn unguarded(joined: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(joined.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(joined, GUARD) {
        text.extend_from_slice(&joined[from..at]);
        text.push(b' ');
        from = at + GUARD.len();
    }
    text.extend_from_slice(&joined[from..]);
    text
}
