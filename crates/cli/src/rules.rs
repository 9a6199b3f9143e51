//! Which findings are expected, and which are not.
//!
//! `--allow CODE[:PATH]` and `--deny CODE`, `allow` and `deny` in tilde.toml, and comments.
//! An allowed finding is still shown, as a note. An error is never allowed: it
//! has stopped the build, and there is nothing that could go on.

use std::path::{Path, PathBuf};

use crate::config;
use crate::disk;
use crate::problem::{Problem, Severity};

/// The code of an output that a tilde.toml puts outside of its folder.
pub(crate) const OUTSIDE: &str = "T-OUTSIDE";

/// `CODE` or `CODE:PATH`.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    code: String,
    /// A file, or a folder with all below it.
    path: Option<PathBuf>,
}

impl Rule {
    /// The error says what is wrong with the text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (code, path) = match text.split_once(':') {
            Some((_, "")) => return Err("the path after `:` is empty".to_owned()),
            Some((code, path)) => (code, Some(disk::normal(Path::new(path)))),
            None => (text, None),
        };
        let codes: Vec<&str> = tilde_bundle::codes().chain([OUTSIDE]).collect();
        if codes.contains(&code) {
            return Ok(Self { code: code.to_owned(), path });
        }
        let message = format!("there is no finding with the code `{code}`");
        match config::nearest(&code.to_uppercase(), &codes) {
            Some(nearest) => Err(format!("{message}; did you mean `{nearest}`?")),
            None => Err(message),
        }
    }

    /// The same in a tilde.toml, which cannot allow itself everything.
    pub(crate) fn parse_configured(text: &str) -> Result<Self, String> {
        let rule = Self::parse(text)?;
        if rule.code == OUTSIDE {
            return Err(format!("only the command line can allow {OUTSIDE}"));
        }
        Ok(rule)
    }

    /// The same for a code alone.
    pub(crate) fn parse_code(text: &str) -> Result<Self, String> {
        let rule = Self::parse(text)?;
        if rule.path.is_some() { Err("only a code can be denied".to_owned()) } else { Ok(rule) }
    }

    /// The same with a path that was relative to `folder`.
    fn below(&self, folder: &Path) -> Self {
        let path = self.path.as_ref().map(|path| disk::normal(&folder.join(path)));
        Self { code: self.code.clone(), path }
    }

    fn is_about(&self, problem: &Problem) -> bool {
        let is_there = |path: &PathBuf| {
            problem.places.first().is_some_and(|place| disk::normal(&place.path).starts_with(path))
        };
        self.code == problem.code && self.path.as_ref().is_none_or(is_there)
    }
}

/// Rules of one origin. One with a path counts before one without.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) allow: Vec<Rule>,
    pub(crate) deny: Vec<Rule>,
}

impl Rules {
    /// The same with paths that were relative to `folder`.
    pub(crate) fn below(&self, folder: &Path) -> Self {
        let allow = self.allow.iter().map(|rule| rule.below(folder)).collect();
        Self { allow, deny: self.deny.clone() }
    }

    /// Whether outputs may lie outside of the project's folder.
    pub(crate) fn allow_outside(&self) -> bool {
        self.allow.iter().any(|rule| rule.code == OUTSIDE)
    }

    /// What becomes of the problem, if these rules say anything about it.
    fn severity(&self, problem: &Problem) -> Option<Severity> {
        let is_about = |rule: &&Rule| rule.is_about(problem);
        let is_denied = self.deny.iter().any(|rule| rule.is_about(problem));
        let mut allowing = self.allow.iter().filter(is_about);
        let is_allowed = allowing.any(|rule| rule.path.is_some() || !is_denied);
        match (is_allowed, is_denied) {
            (true, _) => Some(Severity::Note),
            (false, true) => Some(Severity::Warning),
            (false, false) => None,
        }
    }
}

/// Applies the rules to findings; the first that decides counts. The first of all are those
/// of the command line, and after them come the comments in the sources.
pub(crate) fn apply(rules: &[Rules], problems: &mut [Problem]) {
    for problem in problems {
        let of_rules = |rules: &[Rules]| rules.iter().find_map(|rules| rules.severity(problem));
        let (first, others) = rules.split_at(rules.len().min(1));
        let of_comment = problem.allowed.as_ref().map(|comment| {
            // Without a reason a comment decides nothing.
            (!comment.reason.is_empty()).then_some(Severity::Note)
        });
        let by_rules = of_rules(first);
        let severity = by_rules.or(of_comment.flatten()).or_else(|| of_rules(others));
        problem.help.extend(comment_help(problem, by_rules));
        let Some(severity) = severity else { continue };
        if !problem.is_error() {
            problem.severity = severity;
        } else if severity == Severity::Note {
            let note = format!("{} has stopped the build, so it cannot be allowed", problem.code);
            problem.help.push(note);
        }
    }
}

/// What is to say about the comment that allows a problem, if no option decides.
fn comment_help(problem: &Problem, by_rules: Option<Severity>) -> Option<String> {
    let comment = problem.allowed.as_ref().filter(|_| by_rules.is_none())?;
    if comment.reason.is_empty() {
        return Some(format!("write why: `// tilde-allow {} REASON`", problem.code));
    }
    Some(format!("a comment allows it: {}", comment.reason))
}
