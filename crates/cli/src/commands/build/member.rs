//! What is said of the members of an output: for `--dry-run` what they become, for
//! `--verbose` why.
//!
//! A member that is alone in a companion has the plain shape there; it is called
//! `alone`, since that is what became of it.

use std::fmt::Write as _;

use tilde_bundle::{Reason, Shape};

use super::Size;
use crate::compile::{Input, Output};
use crate::project::{Choice, ChosenBy};

/// A line for each member of an output, and one more with the reasons.
pub(super) fn lines(output: &Output, has_reasons: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for input in output.inputs.iter().chain(&output.left_out) {
        lines.push(line(input));
        lines.extend(reasons(input).filter(|_| has_reasons));
    }
    lines
}

fn line(input: &Input) -> String {
    let path = input.path.display();
    let (before, shape) = (Size(input.len), shape(input));
    match &input.member {
        Some(member) => {
            let after = Size(member.report.len as u64);
            format!("  {}. {path}  {shape}, {before} -> {after}", member.order)
        }
        None if input.choice.is_some() => format!("  -  {path}  {shape}, {before}"),
        None => format!("  {path}  {before}"),
    }
}

fn reasons(input: &Input) -> Option<String> {
    let choice = input.choice.as_ref()?;
    let mut line = format!("     {}; {}: {}", chosen(choice), shape(input), reason(input));
    if let Some(obstacle) = input.member.as_ref().and_then(|member| member.report.obstacle) {
        let _ = write!(line, "; in a companion: {obstacle}");
    }
    let edits = input.member.iter().flat_map(|member| member.report.edits.iter());
    for (index, (rule, count)) in edits.enumerate() {
        let lead = if index == 0 { "; edits: " } else { ", " };
        let _ = write!(line, "{lead}{count} {rule}");
    }
    Some(line)
}

fn chosen(choice: &Choice) -> String {
    let by = match &choice.by {
        ChosenBy::Name => "named".to_owned(),
        ChosenBy::List => "in the list".to_owned(),
        ChosenBy::Folder(folder) => format!("in the folder {folder}"),
        ChosenBy::Pattern(pattern) => format!("by the pattern {pattern}"),
        ChosenBy::Composer => "by Composer".to_owned(),
    };
    if choice.is_on_demand { by + ", on demand" } else { by }
}

/// The folder or the pattern that names a member.
pub(super) fn pattern(by: &ChosenBy) -> Option<&str> {
    match by {
        ChosenBy::Name | ChosenBy::List | ChosenBy::Composer => None,
        ChosenBy::Folder(text) | ChosenBy::Pattern(text) => Some(text),
    }
}

/// What the code of a member became.
pub(super) fn shape(input: &Input) -> &'static str {
    let Some(member) = &input.member else { return "left out" };
    match (&member.report.reason, member.report.shape) {
        (Reason::Empty, _) => "nothing",
        (Reason::Alone(_), _) => "alone",
        (_, Shape::Inline) => "inline",
        (_, Shape::Guarded) => "guarded",
        (_, Shape::Function) => "function",
    }
}

/// Why it became that.
pub(super) fn reason(input: &Input) -> String {
    let left_out = || "nothing can ask for it".to_owned();
    input.member.as_ref().map_or_else(left_out, |member| member.report.reason.to_string())
}
