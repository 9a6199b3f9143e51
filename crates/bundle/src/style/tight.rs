//! The style `tight`: as few bytes as can be without changing a token.

/// What may stand in a gap, the best first. A line break is as short as a blank,
/// and the only one that does not make `( int )` a cast.
pub(super) const SEPARATORS: &[&[u8]] = &[b"", b" ", b"\n", b"/**/"];
