//! A part as bytes, in the recipe's style.
//!
//! A printed part begins with a tag of its own, so that it can be lexed as it
//! is; the tag goes when parts are joined. PHP's and ThinkPHP's own styles know
//! nothing of single tokens: they strip the text of a part after its edits.

use std::sync::Arc;

use crate::Recipe;
use crate::bytes::Bytes;
use crate::diagnostic::Diagnostic;
use crate::edit::{Edits, Item, NewToken, visit};
use crate::module::Module;
use crate::source::SourceId;
use crate::style::gap::{Spacing, Writer};
use crate::style::{Docs, StripOptions, Style, strip};
use tilde_lexer::TokenKind;

/// What a printed part begins with.
pub(crate) const TAG: &[u8] = b"<?php\n";

/// A part of a bundle, from the start of a line to the end of one, after a tag.
pub(crate) fn part(module: &Module, text: &[u8], edits: &Edits, recipe: &Recipe) -> Vec<u8> {
    let written = |spacing| {
        let capacity = TAG.len() + text.len();
        let out = Vec::with_capacity(capacity);
        let mut writer = Writer::new(out, options(recipe), spacing);
        writer.token(TokenKind::OpenTag, TAG);
        visit(module, text, edits, |item| match item {
            Item::Kept(tokens) => writer.tokens(text, module.tokens.slice(tokens)),
            Item::New(token, _) => writer.token(token.kind, &token.bytes),
            Item::Edited { has_break } => writer.edit(has_break),
        });
        writer.end_line();
        writer.finish()
    };
    let mut printed = styled(recipe, written);
    printed.shrink_to_fit();
    printed
}

/// An error for a part with more bytes than places have numbers: its member is
/// near the limit, or what is put into it makes it so.
pub(crate) fn too_large(printed: &[u8], source: SourceId, limit: u32) -> Option<Diagnostic> {
    let message =
        format!("the file would take {} bytes, and an output has up to {limit}", printed.len());
    let is_too_large = printed.len() as u64 > u64::from(limit);
    let finding = is_too_large.then(|| Diagnostic::error("T-OUTPUT", message))?;
    Some(finding.label(source, 0..0, "").help("leave the file out"))
}

/// Code of the bundle's own, from a tag on.
pub(crate) fn generated(tokens: &[NewToken], recipe: &Recipe) -> Vec<u8> {
    let written = |spacing| {
        let mut writer = Writer::new(Vec::new(), options(recipe), spacing);
        for token in tokens {
            if token.kind.is_trivia() {
                writer.gap(&token.bytes, false);
            } else {
                writer.token(token.kind, &token.bytes);
                writer.edit(false);
            }
        }
        writer.end_line();
        writer.finish()
    };
    styled(recipe, written)
}

fn options(recipe: &Recipe) -> StripOptions {
    let Recipe { lexer, oldest, style, docs, .. } = *recipe;
    StripOptions { lexer, oldest, style, docs }
}

fn styled(recipe: &Recipe, written: impl FnOnce(Spacing) -> Vec<u8>) -> Vec<u8> {
    match recipe.style {
        Style::Lines => written(Spacing::Lines),
        Style::Tight => written(Spacing::Tight),
        Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => {
            let joined = written(Spacing::Verbatim);
            let options = StripOptions { docs: Docs::Drop, ..options(recipe) };
            strip(&joined, &options)
        }
    }
}

/// A file, and where its parts are in it.
pub(crate) struct Joined {
    pub(crate) bytes: Bytes,
    pub(crate) parts: Vec<Placed>,
}

impl Joined {
    /// How many bytes of the file each part is.
    pub(crate) fn lens(&self) -> impl Iterator<Item = usize> + '_ {
        let starts = self.parts.iter().map(|part| part.start);
        let ends = starts.clone().skip(1).chain([self.bytes.len()]);
        starts.zip(ends).map(|(start, end)| end - start)
    }
}

/// Where a part starts, after its tag.
pub(crate) struct Placed {
    pub(crate) start: usize,
    /// A blank that it began with and that is left out.
    pub(crate) cut: Option<u8>,
}

/// Joins the parts of a file, the first of which keeps its tag. Where a style
/// leaves one blank for each gap, a part that begins with one follows a part that
/// ends with one.
pub(crate) fn join<'a>(
    parts: impl ExactSizeIterator<Item = &'a Arc<Vec<u8>>>,
    style: Style,
) -> Joined {
    let mut bytes = Bytes::with_capacity(parts.len());
    let mut places = Vec::with_capacity(parts.len());
    let keeps_one_blank = matches!(style, Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22);
    let mut is_after_blank = false;
    for (index, part) in parts.enumerate() {
        let start = if index == 0 { 0 } else { TAG.len() };
        let is_blank = |byte: &u8| is_after_blank && matches!(byte, b' ' | b'\n');
        let cut = part.get(start).copied().filter(is_blank);
        places.push(Placed { start: bytes.len(), cut });
        bytes.push(part.clone(), start + usize::from(cut.is_some()));
        is_after_blank = keeps_one_blank && (index > 0 || part.len() > TAG.len());
    }
    Joined { bytes, parts: places }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_a_limit_and_the_error_names_its_member() {
        let source = SourceId(3);
        assert_eq!(too_large(b"123456789", source, 9), None);
        let finding = too_large(b"123456789", source, 8).expect("9 bytes are more than 8");
        assert_eq!(finding.message, "the file would take 9 bytes, and an output has up to 8");
        assert_eq!(finding.labels[0].source, source);
    }
}
