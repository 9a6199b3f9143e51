//! What becomes of the code of a member that is a function: a function for each
//! of its namespaces, behind the imports.
//!
//! The last of them is the member's: it calls the others first, and before these
//! what PHP declares before the code of a file runs. What an `include` of the file
//! would give, the function gives: 1 where no `return` says otherwise.

use tilde_lexer::TokenKind as K;
use tilde_syntax::Span;

use crate::edit::{Edits, NewToken, Rule, new_token, new_tokens, quoted};
use crate::facts::joined;
use crate::loader::Loader;
use crate::rewrite::Context;

/// The start of a member with nothing in front of its code.
pub(super) fn open_at_start(context: Context<'_>, start: u32, edits: &mut Edits) {
    if let Some(segment) = context.module.facts.body.segments.first()
        && segment.after.is_none()
    {
        let opening = opening(context, 0);
        if !opening.is_empty() {
            edits.insert_all(start, opening, Rule::Shape);
        }
    }
}

/// The other starts. A `?>` in front of one stays.
pub(super) fn open(context: Context<'_>, edits: &mut Edits) {
    for (index, segment) in context.module.facts.body.segments.iter().enumerate() {
        let Some(after) = segment.after else { continue };
        let mut opening = opening(context, index);
        if opening.is_empty() {
            return;
        }
        let is_tag = after.of(context.text).starts_with(b"?>");
        if is_tag && !ends_namespace(context, after.start) {
            opening.insert(0, new_token(K::Semicolon, b";"));
        }
        let at = if is_tag { after.start } else { after.end };
        edits.insert_all(at, opening, Rule::Shape);
    }
}

/// Whether a `?>` stands behind the name of a namespace.
fn ends_namespace(context: Context<'_>, start: u32) -> bool {
    let mut terminators = context.module.facts.namespaces.iter().filter_map(|it| it.terminator);
    terminators.any(|terminator| terminator.start == start)
}

fn opening(context: Context<'_>, segment: usize) -> Vec<NewToken> {
    let Some(loader) = loader(context) else { return Vec::new() };
    let mut code = b"function ".to_vec();
    code.extend(loader.short(context.module, segment));
    code.extend(b"(){");
    if segment + 1 == context.module.facts.body.segments.len() {
        code.extend(first_calls(context, loader));
        for before in 0..segment {
            code.push(b'\\');
            code.extend(loader.function(context.module, before));
            code.extend(b"();");
        }
    }
    new_tokens(&code, context.options)
}

/// What PHP declares before the code of the file runs, if its parent is there.
fn first_calls(context: Context<'_>, loader: &Loader) -> Vec<u8> {
    let module = context.module;
    let mut code = Vec::new();
    for first in &module.first {
        if let Some(parent) = &first.parent {
            code.extend([b"if(\\class_exists(", &*quoted(parent), b",false))"].concat());
        }
        code.extend(first_call(context, loader, first.index));
    }
    code
}

fn first_call(context: Context<'_>, loader: &Loader, index: usize) -> Vec<u8> {
    let namespace = context.module.facts.declarations[index].namespace();
    let name = joined(namespace, &loader.first(context.module, index));
    [loader.call(&name, false), b";".to_vec()].concat()
}

/// The functions around what is declared first, and their calls where PHP declares
/// it in any case.
pub(super) fn first(context: Context<'_>, edits: &mut Edits) {
    let Some(loader) = loader(context) else { return };
    for first in &context.module.first {
        let it = &context.module.facts.declarations[first.index];
        let name = loader.first(context.module, first.index);
        let start = [b"function ", &*name, b"(){"].concat();
        edits.insert_all(it.statement.start, new_tokens(&start, context.options), Rule::Guard);
        edits.insert_all(it.statement.end, new_tokens(b"}", context.options), Rule::Guard);
        if first.parent.is_some() {
            let call = new_tokens(&first_call(context, loader, first.index), context.options);
            edits.insert_all(it.statement.end, call, Rule::Shape);
        }
    }
}

/// `const A = 1;` becomes `\define('N\A', 1);`, which may stand in a function.
pub(super) fn define(context: Context<'_>, edits: &mut Edits) {
    if !context.module.is_function() {
        return;
    }
    for constants in &context.module.facts.body.constants {
        let mut start = constants.span.start;
        for (name, value) in &constants.items {
            let end: &[u8] = if start == constants.span.start { b"" } else { b");" };
            let code = [end, b"\\define(", &quoted(name), b","].concat();
            let at = Span { start, end: value.start };
            edits.replace(at, new_tokens(&code, context.options), Rule::Shape);
            start = value.end;
        }
        edits.insert(start, new_token(K::CloseParenthesis, b")"), Rule::Shape);
    }
}

/// The ends, and the call of a member that runs at its place.
pub(super) fn close(context: Context<'_>, edits: &mut Edits) {
    let Some(loader) = loader(context) else { return };
    let segments = &context.module.facts.body.segments;
    for (index, segment) in segments.iter().enumerate() {
        let mut code = b"return 1;}".to_vec();
        if index + 1 == segments.len() && !context.module.is_on_demand() {
            code.extend(loader.call(&loader.function(context.module, index), false));
            code.push(b';');
        }
        edits.insert_all(segment.end, new_tokens(&code, context.options), Rule::Shape);
    }
}

fn loader(context: Context<'_>) -> Option<&Loader> {
    context.link.loader.as_ref().filter(|_| context.module.is_function())
}
