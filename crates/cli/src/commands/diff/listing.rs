//! The symbols that differ, by class and function, with their sizes.

use crate::commands::build::Size;
use crate::compare::text::paint;
use crate::compare::{Change, Comparison, What};
use crate::escape::escaped;

/// Adds a line for each class, and one for each symbol in it or outside of classes.
pub(super) fn print(text: &mut Vec<u8>, comparison: &Comparison, is_coloured: bool) {
    for (class, changes) in groups(&comparison.changes) {
        let is_of_class = |change: &&Change| Some(&change.symbol) == class;
        let whole = changes.iter().copied().find(is_of_class);
        if let Some(class) = class {
            let line = match whole {
                Some(change) => line(change, &change.symbol),
                None => escaped(class).into_owned(),
            };
            paint(text, is_coloured, whole.map_or("", colour), line.as_bytes());
        }
        for change in changes.into_iter().filter(|it| !is_of_class(it)) {
            let indent = if class.is_some() { "  " } else { "" };
            let prefix = class.map(|class| format!("{class}::")).unwrap_or_default();
            let name = change.symbol.strip_prefix(&prefix).unwrap_or(&change.symbol);
            let line = format!("{indent}{}", line(change, name));
            paint(text, is_coloured, colour(change), line.as_bytes());
        }
    }
}

/// The changes by their classes, in the order in which these first appear; what is in no
/// class comes by itself.
pub(super) fn groups(changes: &[Change]) -> Vec<(Option<&String>, Vec<&Change>)> {
    let mut groups: Vec<(Option<&String>, Vec<&Change>)> = Vec::new();
    for change in changes {
        let class = change.class.as_ref();
        match groups.iter_mut().find(|(other, _)| *other == class) {
            Some((_, group)) => group.push(change),
            None => groups.push((class, vec![change])),
        }
    }
    groups
}

fn line(change: &Change, name: &str) -> String {
    let name = escaped(name);
    let what = match &change.what {
        What::Renamed { from } => format!("renamed from {}", escaped(from)),
        what => what.name().to_owned(),
    };
    format!("{name}  {what}{}", sizes(change))
}

/// `  120 B -> 140 B`
pub(super) fn sizes(change: &Change) -> String {
    let size = |len: usize| Size(len as u64);
    match (change.old_len, change.new_len) {
        (None, None) => String::new(),
        (Some(len), None) | (None, Some(len)) => format!("  {}", size(len)),
        (Some(old), Some(new)) if old == new => format!("  {}", size(new)),
        (Some(old), Some(new)) => format!("  {} -> {}", size(old), size(new)),
    }
}

fn colour(change: &Change) -> &'static str {
    match change.what {
        What::Added => "32",
        What::Removed => "31",
        What::Changed => "33",
        What::Moved | What::Renamed { .. } => "36",
    }
}
