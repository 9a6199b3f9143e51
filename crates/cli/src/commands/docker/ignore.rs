//! `.dockerignore`, as Docker reads it.
//!
//! The last pattern that matches a path or a folder above it decides. A pattern is relative
//! to the folder of the file wherever it stands, so `logs` is not `src/logs`.

use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};

use crate::problem::Problem;

/// The patterns of a file.
pub(super) struct Ignore {
    patterns: Vec<(GlobMatcher, bool)>,
}

impl Ignore {
    /// Reads the text of a file, which is named in messages.
    pub(super) fn parse(text: &str, path: &Path) -> Result<Self, Problem> {
        let lines = text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
        let patterns = lines.map(|line| pattern(line, path)).collect::<Result<_, _>>()?;
        Ok(Self { patterns })
    }

    /// Whether a path, relative to the folder of the file, is left out.
    pub(super) fn is_ignored(&self, path: &Path) -> bool {
        let mut is_ignored = false;
        for (pattern, is_exception) in &self.patterns {
            let is_match =
                path.ancestors().any(|it| !it.as_os_str().is_empty() && pattern.is_match(it));
            if is_match {
                is_ignored = !is_exception;
            }
        }
        is_ignored
    }

    /// Whether all below a folder is left out, so that nobody has to look.
    pub(super) fn is_closed(&self, folder: &Path) -> bool {
        self.patterns.iter().all(|(_, is_exception)| !is_exception) && self.is_ignored(folder)
    }
}

fn pattern(line: &str, path: &Path) -> Result<(GlobMatcher, bool), Problem> {
    let (text, is_exception) = match line.strip_prefix('!') {
        Some(rest) => (rest.trim(), true),
        None => (line, false),
    };
    let parts = text.split('/').filter(|part| !part.is_empty() && *part != ".");
    let clean = parts.collect::<Vec<_>>().join("/");
    let glob = GlobBuilder::new(&clean).literal_separator(true).backslash_escape(true).build();
    let glob = glob.map_err(|error| {
        let message = format!("cannot use `{line}` in {}: {}", path.display(), error.kind());
        Problem::error("T-PATTERN", message).help("correct the pattern")
    })?;
    Ok((glob.compile_matcher(), is_exception))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pattern_decides() {
        let text = "# a comment\n*.md\n!README.md\nlogs/**\n/var\n**/*.log\n.env*\n";
        let ignore = Ignore::parse(text, Path::new(".dockerignore")).unwrap();
        let is_ignored = |path: &str| ignore.is_ignored(Path::new(path));
        for path in ["NEWS.md", "logs/a/b", "var", "var/cache/x", "a/b.log", ".env.local"] {
            assert!(is_ignored(path), "{path}");
        }
        for path in ["README.md", "docs/NEWS.md", "logs", "src/var/x", "env"] {
            assert!(!is_ignored(path), "{path}");
        }
    }
}
