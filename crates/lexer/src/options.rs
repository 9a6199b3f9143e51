use crate::Version;

/// The PHP whose rules the lexer follows: its version and the settings that
/// change how it reads a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The version of PHP.
    pub version: Version,
    /// `short_open_tag`: whether `<?` alone opens PHP. `<?=` does so anyway
    /// from PHP 5.4.
    pub short_tags: bool,
    /// `asp_tags`: whether `<%`, `<%=` and `%>` are tags. PHP 7.0 lost them.
    pub asp_tags: bool,
    /// The width of an integer of that PHP: a literal that does not fit is a
    /// [`DNumber`](crate::TokenKind::DNumber).
    pub int_size: IntSize,
}

/// The width of PHP's integers, `PHP_INT_SIZE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IntSize {
    /// 4 bytes: a 32-bit PHP, and 64-bit Windows before PHP 7.
    Four,
    /// 8 bytes.
    #[default]
    Eight,
}

impl Options {
    /// The given version with the settings that PHP's own `php.ini` files
    /// recommend: neither short nor ASP tags; and 64-bit integers.
    #[must_use]
    pub fn new(version: Version) -> Self {
        Self { version, short_tags: false, asp_tags: false, int_size: IntSize::Eight }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new(Version::default())
    }
}
