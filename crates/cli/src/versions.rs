//! One version of PHP or several, in Composer's language: `8.2`, `>=7.2`,
//! `^7.4 || ^8.0`, `7.2 - 8.1`.
//!
//! A range stands for the versions from the oldest to the newest of those that tilde
//! knows and the constraint allows. A constraint without a lower bound (`*`, `<8`)
//! says nothing of the oldest, so it names none.

use std::fmt;
use std::str::FromStr;

use tilde_lexer::Version;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Versions {
    pub(crate) oldest: Version,
    pub(crate) newest: Version,
}

impl Versions {
    pub(crate) fn one(version: Version) -> Self {
        Self { oldest: version, newest: version }
    }

    /// What a constraint of Composer allows; none where it asks for nothing.
    pub(crate) fn allowed(constraint: &str) -> Option<Self> {
        let text = constraint.replace("||", "|");
        let alternatives: Vec<Bounds> = text.split('|').map(bounds).collect();
        let oldest = alternatives.iter().map(|it| it.lower).collect::<Option<Vec<_>>>()?;
        let oldest = oldest.into_iter().min()?;
        let is_allowed = |version: &Version| {
            let number = numbers(version.as_str());
            number.is_some_and(|number| alternatives.iter().any(|it| it.allow(number)))
        };
        let newest = Version::ALL.into_iter().rev().find(is_allowed);
        let oldest = Version::ALL.into_iter().find(|it| numbers(it.as_str()) >= Some(oldest));
        let oldest = oldest.unwrap_or(Version::LATEST);
        // What is older or newer than all that we know is read as the nearest.
        Some(Self { oldest, newest: newest.unwrap_or(oldest).max(oldest) })
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.oldest == self.newest {
            return self.oldest.fmt(f);
        }
        write!(f, "{} to {}", self.oldest, self.newest)
    }
}

impl FromStr for Versions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(version) => Ok(Self::one(version)),
            Err(error) => {
                let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                let is_constraint = text
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || b".<>=!^~*|, -v".contains(&byte));
                let range = Self::allowed(text).filter(|_| is_constraint && !is_plain);
                range.ok_or_else(|| error.to_string())
            }
        }
    }
}

/// Major and minor numbers that an alternative of a constraint allows.
#[derive(Default)]
struct Bounds {
    lower: Option<(u32, u32)>,
    /// The last that is allowed.
    upper: Option<(u32, u32)>,
}

impl Bounds {
    fn allow(&self, number: (u32, u32)) -> bool {
        self.lower.is_none_or(|lower| lower <= number)
            && self.upper.is_none_or(|upper| number <= upper)
    }

    fn from(&mut self, lower: Option<(u32, u32)>) {
        self.lower = self.lower.max(lower);
    }

    fn to(&mut self, upper: (u32, u32)) {
        self.upper = Some(self.upper.map_or(upper, |it| it.min(upper)));
    }
}

fn bounds(alternative: &str) -> Bounds {
    let mut found = Bounds::default();
    // `7.1 - 7.4`
    if let Some((lower, upper)) = alternative.split_once(" - ") {
        found.from(numbers(lower.trim()));
        if let Some(upper) = numbers(upper.trim()) {
            found.to(upper);
        }
        return found;
    }
    // `>= 7.2` may have a blank.
    let mut joined = alternative.replace(',', " ");
    for operator in [">=", "<=", "!=", ">", "<", "=", "^", "~"] {
        joined = joined.replace(&format!("{operator} "), operator);
    }
    for term in joined.split_whitespace() {
        bound(term, &mut found);
    }
    found
}

fn bound(term: &str, found: &mut Bounds) {
    let Some(number) = numbers(term) else { return };
    let has_patch = term.matches('.').count() > 1;
    let last_of_major = (number.0, u32::MAX);
    match term.as_bytes() {
        [b'!', ..] => {}
        [b'<', b'=', ..] => found.to(number),
        // `<8.0` is up to 7.4, `<8.0.5` goes into 8.0.
        [b'<', ..] if has_patch && !term.ends_with(".0") => found.to(number),
        [b'<', ..] if number.1 == 0 => found.to((number.0.saturating_sub(1), u32::MAX)),
        [b'<', ..] => found.to((number.0, number.1 - 1)),
        [b'>', ..] => found.from(Some(number)),
        [b'^', ..] => {
            found.from(Some(number));
            found.to(last_of_major);
        }
        [b'~', ..] => {
            found.from(Some(number));
            found.to(if has_patch { number } else { last_of_major });
        }
        _ => {
            found.from(Some(number));
            let is_major = !term.contains('.') || term.ends_with(".*") && !has_patch;
            found.to(if is_major && term.contains('*') { last_of_major } else { number });
        }
    }
}

/// Major and minor of `^7.2`, `>=7.2.5`, `7.*`, `v8`, `7.4-dev`.
fn numbers(term: &str) -> Option<(u32, u32)> {
    let digits = term.trim_start_matches(['>', '<', '!', '=', '^', '~', 'v']);
    let digits = digits.split(['-', '@', '+']).next()?;
    let mut parts = digits.split('.').map(str::parse);
    let major = parts.next()?.ok()?;
    Some((major, parts.next().and_then(Result::ok).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints() {
        let cases = [
            (">=7.2", "7.2 to 8.5"),
            (">7.2", "7.2 to 8.5"),
            ("^8.1", "8.1 to 8.5"),
            ("^7.1.3", "7.1 to 7.4"),
            ("7.4.*", "7.4"),
            ("~7.4", "7.4"),
            ("~7.1", "7.1 to 7.4"),
            ("~8.2.0", "8.2"),
            ("^7.2 || ^8.0", "7.2 to 8.5"),
            ("^8.0|^7.4", "7.4 to 8.5"),
            (">= 7.1.3 <9", "7.1 to 8.5"),
            (">=5.3,<8.0", "5.3 to 7.4"),
            (">=5.3 <7", "5.3 to 5.6"),
            (">=7.2 <8.1", "7.2 to 8.0"),
            (">=7.2 <8.1.5", "7.2 to 8.1"),
            (">=7.2 <8.1.0", "7.2 to 8.0"),
            (">=7.2 <=8.1", "7.2 to 8.1"),
            ("7.1 - 8.0", "7.1 to 8.0"),
            ("8.0", "8.0"),
            ("8", "8.0"),
            ("7.*", "7.0 to 7.4"),
            (">=5.0", "5.2 to 8.5"),
            ("^5.0", "5.2 to 5.6"),
            (">=9.1", "8.5"),
            (">=7.4 !=8.0.1", "7.4 to 8.5"),
        ];
        for (constraint, expected) in cases {
            let found = Versions::allowed(constraint).map(|it| it.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{constraint}");
        }
        for nothing in ["*", "<8.0", "^7.0 || *", "", "nonsense"] {
            assert_eq!(Versions::allowed(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn options() {
        let versions = |text: &str| text.parse::<Versions>().map(|it| it.to_string());
        assert_eq!(versions("8.2").as_deref(), Ok("8.2"));
        assert_eq!(versions(">=7.2 <8").as_deref(), Ok("7.2 to 7.4"));
        for wrong in ["9.9", "8", "5.1", "php8", "", ">=7.2\n", "8.2 nonsense", "*", "<8"] {
            assert!(versions(wrong).is_err(), "{wrong}");
        }
    }
}
