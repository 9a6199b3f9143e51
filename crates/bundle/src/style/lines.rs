//! The style `lines`: one line break where there were some, else nothing, or a
//! blank where two tokens need one.

/// What may stand in a gap, the best first. A comment of its own is the last
/// resort: `yield /**/ from`.
pub(super) fn separators(has_break: bool) -> &'static [&'static [u8]] {
    if has_break { &[b"\n", b"/*\n*/"] } else { &[b"", b" ", b"/**/"] }
}
