//! The bytes of an entry.
//!
//! A stream is read no further than one byte over the size that the manifest
//! gives, so that a small stream cannot become more bytes than it says.

use std::io::{self, ErrorKind as IoErrorKind, Read, Seek, SeekFrom, Write};

use bzip2::read::BzDecoder;
use flate2::read::DeflateDecoder;

use crate::error::{Compressed, Error, ErrorKind};
use crate::format::Compression;
use crate::manifest::Entry;
use crate::signature::CHUNK_LEN;

impl Entry<'_> {
    /// Writes the bytes of the entry to `out`, and compares their number and
    /// their CRC with what the manifest says. What is wrong comes to light at
    /// the end, when most is written.
    ///
    /// # Errors
    ///
    /// If the entry is damaged, the source cannot be read, or `out` not be
    /// written to.
    pub fn copy_to(
        &self,
        source: &mut (impl Read + Seek),
        out: &mut impl Write,
    ) -> Result<(), Error> {
        source.seek(SeekFrom::Start(self.offset))?;
        let stored = source.take(u64::from(self.stored_len));
        match self.compression {
            Compression::None => self.copy(stored, out, Error::from),
            Compression::Gzip => self.copy(DeflateDecoder::new(stored), out, |error| {
                self.stream_error(error, Compressed::Deflate)
            }),
            // A directory has no bytes, and no bytes are no stream.
            Compression::Bzip2 if self.stored_len == 0 => self.copy(stored, out, Error::from),
            Compression::Bzip2 => self.copy(BzDecoder::new(stored), out, |error| {
                self.stream_error(error, Compressed::Bzip2)
            }),
        }
    }

    /// The bytes of the entry; see [`Entry::copy_to`].
    ///
    /// # Errors
    ///
    /// If the entry is damaged or the source cannot be read.
    pub fn read(&self, source: &mut (impl Read + Seek)) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.copy_to(source, &mut bytes)?;
        Ok(bytes)
    }

    fn copy(
        &self,
        mut bytes: impl Read,
        out: &mut impl Write,
        broken: impl Fn(io::Error) -> Error,
    ) -> Result<(), Error> {
        let mut crc = crc32fast::Hasher::new();
        let mut rest = u64::from(self.size);
        let mut buffer = vec![0; CHUNK_LEN.min(self.size as usize + 1)];
        loop {
            let wanted = buffer.len().min(usize::try_from(rest + 1).unwrap_or(usize::MAX));
            let read = match bytes.read(&mut buffer[..wanted]) {
                Ok(read) => read,
                Err(error) if error.kind() == IoErrorKind::Interrupted => continue,
                Err(error) => return Err(broken(error)),
            };
            if read == 0 {
                break;
            }
            rest = rest.checked_sub(read as u64).ok_or_else(|| self.wrong_size(true))?;
            crc.update(&buffer[..read]);
            out.write_all(&buffer[..read])?;
        }
        if rest > 0 {
            return Err(self.wrong_size(false));
        }
        self.check_crc(crc.finalize())
    }

    fn check_crc(&self, actual: u32) -> Result<(), Error> {
        if actual == self.crc {
            return Ok(());
        }
        Err(Error::at(self.offset, ErrorKind::WrongCrc { expected: self.crc, actual }))
    }

    fn wrong_size(&self, is_longer: bool) -> Error {
        Error::at(self.offset, ErrorKind::WrongSize { expected: self.size, is_longer })
    }

    /// Tells a stream that is broken from a source that cannot be read.
    fn stream_error(&self, error: io::Error, stream: Compressed) -> Error {
        let is_broken = matches!(
            error.kind(),
            IoErrorKind::InvalidData
                | IoErrorKind::InvalidInput
                | IoErrorKind::UnexpectedEof
                | IoErrorKind::Other
        ) && error.raw_os_error().is_none();
        if is_broken {
            Error::at(self.offset, ErrorKind::BrokenStream(stream))
        } else {
            error.into()
        }
    }
}
