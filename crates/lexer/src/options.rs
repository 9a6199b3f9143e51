use crate::Version;

/// The PHP whose rules the lexer follows: its version and the settings that
/// change how it reads a file.
///
/// ```
/// use tilde_lexer::{Options, Version};
///
/// let options = Options::new(Version::V7_4).with_short_tags(true);
/// assert!(options.short_tags && !options.asp_tags);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

    /// The same settings in another version.
    #[must_use]
    pub fn with_version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    /// With `short_open_tag` on or off.
    #[must_use]
    pub fn with_short_tags(self, short_tags: bool) -> Self {
        Self { short_tags, ..self }
    }

    /// With `asp_tags` on or off.
    #[must_use]
    pub fn with_asp_tags(self, asp_tags: bool) -> Self {
        Self { asp_tags, ..self }
    }

    /// With integers of this width.
    #[must_use]
    pub fn with_int_size(self, int_size: IntSize) -> Self {
        Self { int_size, ..self }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new(Version::default())
    }
}
