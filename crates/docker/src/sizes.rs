//! How much memory `OPcache` needs for an application, with the arithmetic.
//!
//! The amounts are rounded up before anything is computed from them, so that the file
//! stays the same while the application grows a little. The factors are measured: PHP 8.2
//! keeps 2.2 to 4.8 bytes in memory for a byte of source in 60 packages and programs, and
//! of strings 0.3 to 1.6 times what [`crate::usage`] counts.

use std::fmt::Write as _;

const MB: u64 = 1_000_000;

/// How much code there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// The PHP files that can be loaded.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The bytes that their names and literals take in memory, each once.
    pub strings: u64,
}

/// Bytes of memory for a byte of source.
const FACTOR: u64 = 6;
/// What PHP itself needs of the buffer for strings, in MB.
const OWN_STRINGS: u64 = 4;
/// The table of files.
const TABLE: u64 = 2;
/// The numbers of files that `OPcache` knows; it takes the next one above what it is told.
const PRIMES: [u64; 9] = [1979, 3907, 7963, 16_229, 32_531, 65_407, 130_987, 262_237, 524_521];

/// What `OPcache` is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// In MB.
    pub(crate) memory: u64,
    /// In MB.
    pub(crate) strings: u64,
    pub(crate) files: u64,
}

/// A number with one digit and a half: the next of 1, 1.5, 2, 3, 4, 5, 6 and 8 times a
/// power of ten.
fn rounded(number: u64) -> u64 {
    let mut power = 10;
    loop {
        let steps = [10, 15, 20, 30, 40, 50, 60, 80];
        let step = steps.iter().map(|it| it * power / 10).find(|it| *it >= number);
        match step {
            Some(step) => return step,
            None => power *= 10,
        }
    }
}

fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(MB)
}

impl Sizes {
    fn rounded(self) -> Self {
        Self {
            files: rounded(self.files),
            bytes: rounded(self.bytes.max(100_000)),
            strings: rounded(self.strings.max(100_000)),
        }
    }

    pub(crate) fn settings(self) -> Settings {
        let Self { files, bytes, strings } = self.rounded();
        let strings = (megabytes(strings * 2) + OWN_STRINGS).next_multiple_of(8);
        let memory = megabytes(bytes * FACTOR) + strings + TABLE;
        let files = PRIMES.into_iter().find(|prime| *prime >= files * 2);
        Settings {
            memory: memory.next_multiple_of(16).max(32),
            strings,
            files: files.unwrap_or(1_048_793),
        }
    }

    /// The settings as lines of an ini file, each with its arithmetic.
    pub(crate) fn lines(self) -> String {
        let Settings { memory, strings, files } = self.settings();
        let rounded = self.rounded();
        let (source, literal) = (kilobytes(rounded.bytes), kilobytes(rounded.strings));
        let mut text = String::new();
        // A `String` takes all that is written to it.
        let _ = write!(
            text,
            "\
; Names and literals of {literal} (rounded up), twice, {own} MB for PHP's own, up to the
; next 8 MB.
opcache.interned_strings_buffer = {strings}

; {source} of code (rounded up) x {FACTOR} = {code} MB, with {strings} MB for strings and {TABLE} MB for
; the table of files, up to the next 16 MB and at least 32 MB.
opcache.memory_consumption = {memory}

; {count} files (rounded up), twice, since a file can be known by several names; the next
; number that OPcache has.
opcache.max_accelerated_files = {files}
",
            own = OWN_STRINGS,
            code = megabytes(rounded.bytes * FACTOR),
            count = rounded.files,
        );
        text
    }
}

fn kilobytes(bytes: u64) -> String {
    if bytes >= MB {
        return format!("{}.{} MB", bytes / MB, bytes % MB / 100_000).replace(".0 ", " ");
    }
    format!("{} kB", bytes / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_application_gets_the_least() {
        let settings = Sizes { files: 30, bytes: 32_000, strings: 20_000 }.settings();
        assert_eq!(settings, Settings { memory: 32, strings: 8, files: 1979 });
    }

    #[test]
    fn a_large_one_gets_what_it_needs() {
        let sizes = Sizes { files: 9_700, bytes: 41_000_000, strings: 7_400_000 };
        assert_eq!(sizes.settings(), Settings { memory: 336, strings: 24, files: 32_531 });
    }

    #[test]
    fn a_little_more_code_changes_nothing() {
        let (one, other) = (
            Sizes { files: 31, bytes: 310_000, strings: 110_000 },
            Sizes { files: 38, bytes: 390_000, strings: 140_000 },
        );
        assert_eq!(one.lines(), other.lines());
    }
}
