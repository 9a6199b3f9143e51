//! The builds of PHP that npm has.

use tilde_lexer::{IntSize, Version};

/// Their versions.
pub const VERSIONS: [&str; 13] =
    ["5.2", "5.6", "7.0", "7.1", "7.2", "7.3", "7.4", "8.0", "8.1", "8.2", "8.3", "8.4", "8.5"];

/// Some have integers of 32 bits.
pub fn int_size(version: Version) -> IntSize {
    match version {
        Version::V5_2 | Version::V5_6 | Version::V7_0 | Version::V7_1 | Version::V7_3 => {
            IntSize::Four
        }
        _ => IntSize::Eight,
    }
}
