//! The numbers of the format, and their meaning.
//!
//! All of them are little-endian except the version, which is big-endian and a
//! nibble a part: `11 10` is 1.1.1.

/// What ends a stub. PHP looks for exactly these bytes, in upper case.
pub(crate) const HALT: &[u8] = b"__HALT_COMPILER();";

/// What ends a signed archive.
pub(crate) const SIGNATURE_MAGIC: &[u8] = b"GBMB";

/// Whether bytes end as a signed archive does.
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.ends_with(SIGNATURE_MAGIC)
}

/// PHP reads no longer manifest.
pub(crate) const MAX_MANIFEST_LEN: u32 = 100 << 20;

/// Number of entries, version, flags, and the lengths of alias and metadata.
pub(crate) const MIN_MANIFEST_LEN: u32 = 4 + 2 + 4 + 4 + 4;

/// An entry with a name of one byte.
pub(crate) const MIN_ENTRY_LEN: usize = 7 * 4 + 1;

/// The lowest version that PHP reads, and the first that has directories.
pub(crate) const MIN_VERSION: u16 = 0x1000;
pub(crate) const DIRECTORY_VERSION: u16 = 0x1110;
pub(crate) const FILE_VERSION: u16 = 0x1100;
/// The last nibble of a version is not used.
pub(crate) const VERSION_MASK: u16 = 0xfff0;

pub(crate) const FLAG_SIGNED: u32 = 0x0001_0000;
pub(crate) const COMPRESSION_MASK: u32 = 0xf000;
pub(crate) const MODE_MASK: u32 = 0x1ff;

/// How the bytes of an entry are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Compression {
    /// As they are.
    None,
    /// As a raw deflate stream: there is no header of gzip or zlib.
    Gzip,
    /// As a bzip2 stream. A PHP without ext/bz2 refuses the whole archive.
    Bzip2,
}

impl Compression {
    /// Its bits in the flags of an entry, and of an archive with such an entry.
    pub(crate) fn flag(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Gzip => 0x1000,
            Self::Bzip2 => 0x2000,
        }
    }

    pub(crate) fn from_flags(flags: u32) -> Option<Self> {
        let bits = flags & COMPRESSION_MASK;
        [Self::None, Self::Gzip, Self::Bzip2].into_iter().find(|kind| kind.flag() == bits)
    }

    /// The name that is shown: `none`, `gz` or `bz2`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gz",
            Self::Bzip2 => "bz2",
        }
    }
}

/// What an archive is signed with. The first four are mere digests: they find
/// damage, and no forgery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SignatureKind {
    /// 16 bytes.
    Md5,
    /// 20 bytes; PHP's default before 8.1.
    Sha1,
    /// 32 bytes; PHP's default since 8.1.
    Sha256,
    /// 64 bytes.
    Sha512,
    /// RSA over SHA-1.
    OpenSsl,
    /// RSA over SHA-256; since PHP 8.1.
    OpenSslSha256,
    /// RSA over SHA-512; since PHP 8.1.
    OpenSslSha512,
}

impl SignatureKind {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::OpenSsl,
        Self::OpenSslSha256,
        Self::OpenSslSha512,
    ];

    pub(crate) fn code(self) -> u32 {
        match self {
            Self::Md5 => 0x01,
            Self::Sha1 => 0x02,
            Self::Sha256 => 0x03,
            Self::Sha512 => 0x04,
            Self::OpenSsl => 0x10,
            Self::OpenSslSha256 => 0x11,
            Self::OpenSslSha512 => 0x12,
        }
    }

    pub(crate) fn from_code(code: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// How many bytes a digest has; none for a signature that says so itself.
    pub(crate) fn digest_len(self) -> Option<usize> {
        match self {
            Self::Md5 => Some(16),
            Self::Sha1 => Some(20),
            Self::Sha256 => Some(32),
            Self::Sha512 => Some(64),
            Self::OpenSsl | Self::OpenSslSha256 | Self::OpenSslSha512 => None,
        }
    }

    /// Whether it is made with a private key.
    #[must_use]
    pub fn is_openssl(self) -> bool {
        self.digest_len().is_none()
    }

    /// The name that `Phar::getSignature()` has for it, such as `SHA-256`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha512 => "SHA-512",
            Self::OpenSsl => "OpenSSL",
            Self::OpenSslSha256 => "OpenSSL_SHA256",
            Self::OpenSslSha512 => "OpenSSL_SHA512",
        }
    }
}
