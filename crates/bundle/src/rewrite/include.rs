//! What becomes of an `include` of a member: a call of its function, or `true`
//! where it has run already, which is what PHP returns for it.

use tilde_lexer::TokenKind as K;
use tilde_syntax::Span;

use crate::edit::{Edits, NewToken, Rule, new_token, new_tokens};
use crate::facts::{Include, IncludePath};
use crate::link::{Resolution, is_within};
use crate::rewrite::Context;

/// Returns what is replaced, in order.
pub(super) fn resolve(context: Context<'_>, edits: &mut Edits) -> Vec<Span> {
    let mut replaced: Vec<Span> = Vec::new();
    for include in &context.module.facts.includes {
        let Some(resolution) = context.link.resolve(include, context.module) else {
            if let Some(path) = folded(context, include) {
                edits.replace(include.path_span, path, Rule::Magic);
                replaced.push(include.path_span);
            } else {
                found(context, include, edits);
            }
            continue;
        };
        let (at, code) = match resolution {
            Resolution::Done => (include.span, b"true".to_vec()),
            Resolution::Call(code) => (include.span, code),
            Resolution::File(path) => (include.path_span, path),
        };
        // One in the path of another one goes with it.
        if replaced.last().is_none_or(|last| !last.contains(at)) {
            edits.replace(at, new_tokens(&code, context.options), Rule::Include);
            replaced.push(at);
        }
    }
    for path in context.module.facts.lookups.iter().filter_map(|lookup| lookup.path) {
        if !is_within(&replaced, path) {
            look(context, path, edits);
        }
    }
    replaced
}

/// A path that PHP may look for in the member's folder is looked for there.
fn found(context: Context<'_>, include: &Include, edits: &mut Edits) {
    if context.link.path_function(include, context.module).is_some() {
        look(context, include.path_span, edits);
    }
}

/// Puts the function that finds files around a path.
fn look(context: Context<'_>, path: Span, edits: &mut Edits) {
    let Some(prefix) = context.link.finds_files(context.module) else { return };
    let Some(root) = &context.link.root else { return };
    let Some(folder) = root.path_of(context.module.source, false) else { return };
    let start = format!("\\{prefix}_path(");
    let Span { start: before, end: after } = path;
    edits.insert_all(before, new_tokens(start.as_bytes(), context.options), Rule::Include);
    let mut end = vec![new_token(K::Comma, b",")];
    end.extend(root.expression(folder, context.options));
    end.push(new_token(K::CloseParenthesis, b")"));
    edits.insert_all(after, end, Rule::Include);
}

/// `__DIR__ . '/../a.php'` without the `..`, if there is such a file: a folder that
/// is left again need not be there when the bundle runs.
fn folded(context: Context<'_>, include: &Include) -> Option<Vec<NewToken>> {
    let IncludePath::FromMember(path) = &include.path else { return None };
    let root = context.link.root.as_ref()?;
    let folder = root.path_of(context.module.source, false)?;
    let mut parts: Vec<&[u8]> = folder.split(|byte| *byte == b'/').skip(1).collect();
    let mut is_changed = false;
    for part in path.split(|byte| *byte == b'/').skip(1) {
        match part {
            b".." => {
                parts.pop()?;
                is_changed = true;
            }
            part => parts.push(part),
        }
    }
    if !is_changed
        || path.first() != Some(&b'/')
        || !context.link.is_file(context.module.source, path)
    {
        return None;
    }
    let path: Vec<u8> = parts.iter().flat_map(|part| [b"/", *part].concat()).collect();
    Some(root.expression(&path, context.options))
}
