//! The third phase: the plan's tokens to bytes, in the recipe's style.
//!
//! PHP's and ThinkPHP's own styles know nothing of single tokens: they strip
//! the whole text after it is joined.

use crate::Recipe;
use crate::link::{Item, Plan};
use crate::scan::Scan;
use crate::strip::{Docs, StripOptions, Style, strip};
use crate::writer::{Spacing, Writer};

pub(crate) fn print(plan: &Plan, scan: &Scan, recipe: &Recipe) -> Vec<u8> {
    match recipe.style {
        Style::Lines => written(plan, scan, recipe, Spacing::Lines),
        Style::Tight => written(plan, scan, recipe, Spacing::Tight),
        Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => {
            let joined = written(plan, scan, recipe, Spacing::Verbatim);
            let options =
                StripOptions { lexer: recipe.lexer, style: recipe.style, docs: Docs::Drop };
            strip(&joined, &options)
        }
    }
}

fn written(plan: &Plan, scan: &Scan, recipe: &Recipe, spacing: Spacing) -> Vec<u8> {
    let capacity = scan.sources.iter().map(|source| source.text.len()).sum();
    let mut writer = Writer::new(Vec::with_capacity(capacity), recipe.lexer, spacing, recipe.docs);
    plan.visit(scan, |item| match item {
        Item::Token(kind, bytes, _) => writer.token(kind, bytes),
        Item::Edited => writer.edit(),
        Item::MemberEnd => writer.end_line(),
    });
    writer.finish()
}
