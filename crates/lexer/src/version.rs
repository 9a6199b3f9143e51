//! The PHP versions whose lexical rules we follow.
//!
//! The order of the variants is the order of the releases, so a rule reads
//! `version >= Version::V7_3`.

use std::fmt;
use std::str::FromStr;

/// A PHP release line, 5.2 to 8.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[allow(missing_docs)] // the names say it all
pub enum Version {
    V5_2,
    V5_3,
    V5_4,
    V5_5,
    V5_6,
    V7_0,
    V7_1,
    V7_2,
    V7_3,
    V7_4,
    V8_0,
    V8_1,
    V8_2,
    V8_3,
    V8_4,
    V8_5,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 16] = [
        Self::V5_2,
        Self::V5_3,
        Self::V5_4,
        Self::V5_5,
        Self::V5_6,
        Self::V7_0,
        Self::V7_1,
        Self::V7_2,
        Self::V7_3,
        Self::V7_4,
        Self::V8_0,
        Self::V8_1,
        Self::V8_2,
        Self::V8_3,
        Self::V8_4,
        Self::V8_5,
    ];

    /// The newest version that we know.
    pub const LATEST: Self = Self::V8_5;

    /// The version as people write it, such as `8.2`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V5_2 => "5.2",
            Self::V5_3 => "5.3",
            Self::V5_4 => "5.4",
            Self::V5_5 => "5.5",
            Self::V5_6 => "5.6",
            Self::V7_0 => "7.0",
            Self::V7_1 => "7.1",
            Self::V7_2 => "7.2",
            Self::V7_3 => "7.3",
            Self::V7_4 => "7.4",
            Self::V8_0 => "8.0",
            Self::V8_1 => "8.1",
            Self::V8_2 => "8.2",
            Self::V8_3 => "8.3",
            Self::V8_4 => "8.4",
            Self::V8_5 => "8.5",
        }
    }

    /// The last release of the line that we know of, such as `8.2.33`.
    #[must_use]
    pub fn last_release(self) -> &'static str {
        match self {
            Self::V5_2 => "5.2.17",
            Self::V5_3 => "5.3.29",
            Self::V5_4 => "5.4.45",
            Self::V5_5 => "5.5.38",
            Self::V5_6 => "5.6.40",
            Self::V7_0 => "7.0.33",
            Self::V7_1 => "7.1.33",
            Self::V7_2 => "7.2.34",
            Self::V7_3 => "7.3.33",
            Self::V7_4 => "7.4.33",
            Self::V8_0 => "8.0.30",
            Self::V8_1 => "8.1.34",
            Self::V8_2 => "8.2.33",
            Self::V8_3 => "8.3.33",
            Self::V8_4 => "8.4.25",
            Self::V8_5 => "8.5.10",
        }
    }
}

impl Default for Version {
    fn default() -> Self {
        Self::LATEST
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Version {
    type Err = UnknownVersion;

    /// Takes `8.2`, and also a full release number such as `8.2.35`.
    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let patch = |rest: &str| rest.is_empty() || rest.strip_prefix('.').is_some_and(is_number);
        Self::ALL
            .into_iter()
            .find(|version| text.strip_prefix(version.as_str()).is_some_and(patch))
            .ok_or_else(|| UnknownVersion(text.to_owned()))
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text is no PHP version that we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVersion(pub String);

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown PHP version `{}`; use one of 5.2 to 5.6, 7.0 to 7.4, 8.0 to 8.5", self.0)
    }
}

impl std::error::Error for UnknownVersion {}
