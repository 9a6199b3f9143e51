//! An archive, opened: everything but the contents.

use std::io::{self, ErrorKind as IoErrorKind, Read, Seek, SeekFrom, Write};

use memchr::memmem::Finder;

use crate::error::{Error, ErrorKind, OtherFormat, Part};
use crate::format::{HALT, MAX_MANIFEST_LEN, MIN_MANIFEST_LEN};
use crate::manifest::{Entry, Manifest};
use crate::signature::{CHUNK_LEN, Signature, for_each_chunk};

/// What an archive says of itself. The contents stay in the source, which each
/// method that needs them takes again.
#[derive(Clone, Debug)]
pub struct Archive {
    manifest: Manifest,
    /// How many bytes the stub has, with what ends it.
    stub_len: u64,
    /// Where the contents begin.
    contents_start: u64,
    /// Where they must have ended: at the signature, or with the file.
    contents_limit: u64,
    signature: Option<Signature>,
}

impl Archive {
    /// Reads an archive. Any bytes are an archive or an error; a length that
    /// lies is an error before memory is taken for it.
    ///
    /// # Errors
    ///
    /// What is wrong with the archive and where, or what the source says when
    /// it cannot be read.
    pub fn read(source: &mut (impl Read + Seek)) -> Result<Self, Error> {
        let len = source.seek(SeekFrom::End(0))?;
        source.rewind()?;
        let halt_end = find_halt(source)?;
        let stub_len = stub_end(source, halt_end)?;
        let bytes = manifest_bytes(source, stub_len, len)?;
        let contents_start = stub_len + 4 + bytes.len() as u64;
        let manifest = Manifest::parse(bytes, stub_len + 4)?;
        let signature =
            if manifest.is_signed() { Some(Signature::read(source, len)?) } else { None };
        let contents_limit = signature.as_ref().map_or(len, |signature| signature.signed_len);
        if contents_start + manifest.contents_len > contents_limit {
            return Err(Error::at(contents_limit, ErrorKind::ContentsTooLong));
        }
        Ok(Self { manifest, stub_len, contents_start, contents_limit, signature })
    }

    /// The entries, in their order.
    #[must_use]
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Entry<'_>> {
        self.manifest.entries(self.contents_start)
    }

    /// How many entries there are.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "there is always one at least")]
    pub fn len(&self) -> usize {
        self.manifest.len()
    }

    /// The version of the format, such as 1.1.1.
    #[must_use]
    pub fn version(&self) -> [u8; 3] {
        [12, 8, 4].map(|shift| (self.manifest.version >> shift & 15) as u8)
    }

    /// The name by which `phar://` knows the archive too; mostly empty.
    #[must_use]
    pub fn alias(&self) -> &[u8] {
        self.manifest.alias()
    }

    /// A serialized value of PHP; empty if there is none.
    #[must_use]
    pub fn metadata(&self) -> &[u8] {
        self.manifest.metadata()
    }

    /// The signature, of an archive that has one.
    #[must_use]
    pub fn signature(&self) -> Option<&Signature> {
        self.signature.as_ref()
    }

    /// How many bytes the stub has, up to where the manifest begins.
    #[must_use]
    pub fn stub_len(&self) -> u64 {
        self.stub_len
    }

    /// How many bytes after the contents belong to no entry.
    #[must_use]
    pub fn unclaimed_len(&self) -> u64 {
        self.contents_limit - self.contents_start - self.manifest.contents_len
    }

    /// Writes the stub to `out`.
    ///
    /// # Errors
    ///
    /// If the source cannot be read or `out` not written to.
    pub fn copy_stub(
        &self,
        source: &mut (impl Read + Seek),
        out: &mut impl Write,
    ) -> Result<(), Error> {
        source.rewind()?;
        for_each_chunk(source, self.stub_len, |chunk| Ok(out.write_all(chunk)?))
    }
}

/// Where the first `__HALT_COMPILER();` ends.
fn find_halt(source: &mut impl Read) -> Result<u64, Error> {
    let finder = Finder::new(HALT);
    let mut buffer = vec![0; CHUNK_LEN];
    let mut kept = 0;
    let mut before = 0;
    loop {
        let read = fill(source, &mut buffer[kept..])?;
        let text = &buffer[..kept + read];
        if before == 0
            && let Some(format) = other_format(text)
        {
            return Err(Error::nowhere(ErrorKind::OtherFormat(format)));
        }
        if let Some(at) = finder.find(text) {
            return Ok(before + (at + HALT.len()) as u64);
        }
        if read == 0 {
            return Err(Error::nowhere(ErrorKind::NotPhar));
        }
        // The end of this piece may be the start of what is looked for.
        let end = text.len();
        kept = end.min(HALT.len() - 1);
        before += (end - kept) as u64;
        buffer.copy_within(end - kept..end, 0);
    }
}

/// Reads until the buffer is full or the source at its end.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while len < buffer.len() {
        match source.read(&mut buffer[len..]) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == IoErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

fn other_format(start: &[u8]) -> Option<OtherFormat> {
    match start {
        [b'P', b'K', 3, 4, ..] => Some(OtherFormat::Zip),
        [0x1f, 0x8b, 8, ..] => Some(OtherFormat::Gzip),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(OtherFormat::Bzip2),
        _ if start.get(257..262) == Some(b"ustar") => Some(OtherFormat::Tar),
        _ => None,
    }
}

/// Where the stub ends whose `__HALT_COMPILER();` ends at `halt_end`: after
/// ` ?>` and a line break, if they are there.
fn stub_end(source: &mut (impl Read + Seek), halt_end: u64) -> Result<u64, Error> {
    source.seek(SeekFrom::Start(halt_end))?;
    let mut bytes = [0; 5];
    let len = fill(source, &mut bytes)?;
    let tag_len = match bytes[..len] {
        [b' ' | b'\n', b'?', b'>', b'\r', b'\n'] => 5,
        [b' ' | b'\n', b'?', b'>', b'\r', _] => {
            return Err(Error::at(halt_end + 4, ErrorKind::StubEnd));
        }
        [b' ' | b'\n', b'?', b'>', b'\n', _] => 4,
        [b' ' | b'\n', b'?', b'>', _, _] => 3,
        [_, _, _, _, ..] => 0,
        _ => return Err(Error::at(halt_end, ErrorKind::Truncated(Part::Manifest))),
    };
    Ok(halt_end + tag_len)
}

fn manifest_bytes(
    source: &mut (impl Read + Seek),
    start: u64,
    file_len: u64,
) -> Result<Vec<u8>, Error> {
    let truncated = || Error::at(start, ErrorKind::Truncated(Part::Manifest));
    let rest = file_len.checked_sub(start + 4).ok_or_else(truncated)?;
    source.seek(SeekFrom::Start(start))?;
    let mut len = [0; 4];
    source.read_exact(&mut len)?;
    let len = u32::from_le_bytes(len);
    if !(MIN_MANIFEST_LEN..=MAX_MANIFEST_LEN).contains(&len) {
        return Err(Error::at(start, ErrorKind::ManifestLen(len)));
    }
    if u64::from(len) > rest {
        return Err(truncated());
    }
    let mut bytes = vec![0; len as usize];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}
