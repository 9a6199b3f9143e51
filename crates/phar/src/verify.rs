//! Whether an archive is as it was written.
//!
//! PHP compares less: not the CRC of entries that are stored in a signed
//! archive, and nothing that is between the last entry and the signature.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use crate::archive::Archive;
use crate::error::{Error, ErrorKind};
use crate::format::SignatureKind;
use crate::signature::{CHUNK_LEN, PublicKey, for_each_chunk, hasher};

/// What was found of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// There is none. PHP refuses such an archive unless `phar.require_hash`
    /// is off.
    Missing,
    /// It is right.
    Good(SignatureKind),
    /// It is wrong: the archive is damaged, or signed with another key.
    Wrong(SignatureKind),
    /// It needs a public key to be checked.
    NeedsKey(SignatureKind),
}

/// What was found of an archive.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// Of its signature.
    pub signature: SignatureCheck,
    /// The entries, by their number from 0, that cannot be read back.
    pub damaged: Vec<(usize, Error)>,
    /// The entries, by their number from 0, that have the name of an earlier one:
    /// PHP reads only the last.
    pub repeated: Vec<usize>,
    /// How many bytes after the contents belong to no entry.
    pub unclaimed_len: u64,
}

impl Report {
    /// Whether everything is right. An archive whose signature could not be
    /// checked is not.
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self.signature, SignatureCheck::Good(_))
            && self.damaged.is_empty()
            && self.repeated.is_empty()
            && self.unclaimed_len == 0
    }
}

impl Archive {
    /// Compares the signature, and the size and CRC of every entry.
    ///
    /// # Errors
    ///
    /// If the source cannot be read. Damage is no error but in the report.
    pub fn verify(
        &self,
        source: &mut (impl Read + Seek),
        key: Option<&PublicKey>,
    ) -> Result<Report, Error> {
        Ok(Report {
            signature: self.check_signature(source, key)?,
            damaged: self.damaged(source)?,
            repeated: self.repeated(),
            unclaimed_len: self.unclaimed_len(),
        })
    }

    /// Compares the signature alone.
    ///
    /// # Errors
    ///
    /// If the source cannot be read.
    pub fn check_signature(
        &self,
        source: &mut (impl Read + Seek),
        key: Option<&PublicKey>,
    ) -> Result<SignatureCheck, Error> {
        let Some(signature) = self.signature() else { return Ok(SignatureCheck::Missing) };
        let kind = signature.kind;
        if kind.is_openssl() && key.is_none() {
            return Ok(SignatureCheck::NeedsKey(kind));
        }
        let mut digest = hasher(kind);
        source.rewind()?;
        for_each_chunk(source, signature.signed_len, |chunk| {
            digest.update(chunk);
            Ok(())
        })?;
        let digest = digest.finalize();
        let is_good = match key {
            Some(key) if kind.is_openssl() => key.has_signed(signature, &digest),
            _ => signature.bytes == *digest,
        };
        Ok(if is_good { SignatureCheck::Good(kind) } else { SignatureCheck::Wrong(kind) })
    }

    /// Compares the size and CRC of every entry, but not the signature. Returns
    /// what is wrong with which, by its number from 0.
    ///
    /// # Errors
    ///
    /// If the source cannot be read.
    pub fn damaged(&self, source: &mut (impl Read + Seek)) -> Result<Vec<(usize, Error)>, Error> {
        self.damaged_among(0..self.len(), source)
    }

    /// The same for some of the entries: several threads can share the work, each
    /// with a source of its own.
    ///
    /// # Errors
    ///
    /// If the source cannot be read.
    pub fn damaged_among(
        &self,
        numbers: Range<usize>,
        source: &mut (impl Read + Seek),
    ) -> Result<Vec<(usize, Error)>, Error> {
        let source = &mut Forward::new(source)?;
        let mut damaged = Vec::new();
        let entries = self.entries().enumerate().skip(numbers.start).take(numbers.len());
        for (index, entry) in entries {
            match entry.copy_to(source, &mut io::sink()) {
                Ok(()) => {}
                Err(error @ Error { kind: ErrorKind::Io(_), .. }) => return Err(error),
                Err(error) => damaged.push((index, error)),
            }
        }
        Ok(damaged)
    }

    fn repeated(&self) -> Vec<usize> {
        let mut names = BTreeSet::new();
        let is_repeated = |(index, name)| (!names.insert(name)).then_some(index);
        self.entries().map(|entry| entry.name).enumerate().filter_map(is_repeated).collect()
    }
}

/// A source that is read from its start to its end. To seek where it stands
/// already, as one does from an entry to the next, keeps what was read ahead.
struct Forward<R> {
    reader: BufReader<R>,
    at: u64,
}

impl<R: Read + Seek> Forward<R> {
    fn new(mut source: R) -> io::Result<Self> {
        source.rewind()?;
        Ok(Self { reader: BufReader::with_capacity(CHUNK_LEN, source), at: 0 })
    }
}

impl<R: Read> Read for Forward<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Read + Seek> Seek for Forward<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if to != SeekFrom::Start(self.at) {
            self.at = self.reader.seek(to)?;
        }
        Ok(self.at)
    }
}
