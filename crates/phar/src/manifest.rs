//! The table of contents.
//!
//! Where the contents begin follows from the length that the manifest gives
//! itself, not from where its last entry ends: PHP does not notice bytes that
//! are left over. The bytes of the manifest are kept, and names are ranges of
//! them, so that a manifest takes at most three times its own length.

use crate::error::{Error, ErrorKind, Part};
use crate::format::{
    COMPRESSION_MASK, Compression, DIRECTORY_VERSION, FLAG_SIGNED, MIN_ENTRY_LEN, MIN_VERSION,
    MODE_MASK, VERSION_MASK,
};

/// A manifest, read.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    bytes: Vec<u8>,
    pub(crate) version: u16,
    flags: u32,
    alias: Text,
    metadata: Text,
    records: Vec<Record>,
    /// How many bytes all contents have.
    pub(crate) contents_len: u64,
}

/// A range of the manifest's bytes.
#[derive(Clone, Copy, Debug)]
struct Text {
    start: u32,
    len: u32,
}

#[derive(Clone, Copy, Debug)]
struct Record {
    /// Where its bytes are, from the start of the contents.
    offset: u64,
    name: Text,
    metadata: Text,
    size: u32,
    time: u32,
    stored_len: u32,
    crc: u32,
    flags: u32,
}

const _: () = assert!(size_of::<Record>() <= 2 * MIN_ENTRY_LEN);

/// A file or a directory in an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry<'a> {
    /// Any bytes: see [`crate::name::check`]. A directory ends with `/`.
    pub name: &'a [u8],
    /// A serialized value of PHP; empty if there is none.
    pub metadata: &'a [u8],
    /// How many bytes it has.
    pub size: u32,
    /// When it was last changed, in seconds since 1970.
    pub time: u32,
    /// How many bytes of the archive it takes.
    pub stored_len: u32,
    /// CRC-32 of its bytes.
    pub crc: u32,
    /// The permissions, such as 0o644.
    pub mode: u32,
    /// How its bytes are stored.
    pub compression: Compression,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// Where in the file its bytes are.
    pub offset: u64,
}

impl Manifest {
    /// Reads a manifest whose bytes begin at `offset` of the file.
    pub(crate) fn parse(bytes: Vec<u8>, offset: u64) -> Result<Self, Error> {
        let mut fields = Fields { bytes: &bytes, at: 0, offset };
        let count_at = fields.offset();
        let count = fields.number()?;
        if count == 0 {
            return Err(Error::at(count_at, ErrorKind::NoEntries));
        }
        let version = u16::from_be_bytes([fields.byte()?, fields.byte()?]);
        if version & VERSION_MASK < MIN_VERSION {
            return Err(Error::at(count_at + 4, ErrorKind::Version(version)));
        }
        let flags = fields.number()?;
        let alias = fields.text()?;
        let metadata = fields.text()?;
        if count as usize > fields.rest().len() / MIN_ENTRY_LEN {
            return Err(Error::at(count_at, ErrorKind::TooManyEntries(count)));
        }
        let mut records = Vec::with_capacity(count as usize);
        let mut contents_len = 0;
        for _ in 0..count {
            let record = fields.record(contents_len)?;
            contents_len += u64::from(record.stored_len);
            records.push(record);
        }
        Ok(Self { bytes, version, flags, alias, metadata, records, contents_len })
    }

    pub(crate) fn is_signed(&self) -> bool {
        self.flags & FLAG_SIGNED != 0
    }

    pub(crate) fn alias(&self) -> &[u8] {
        self.text(self.alias)
    }

    pub(crate) fn metadata(&self) -> &[u8] {
        self.text(self.metadata)
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The entries, for contents that begin at `start` of the file.
    pub(crate) fn entries(&self, start: u64) -> impl ExactSizeIterator<Item = Entry<'_>> {
        self.records.iter().map(move |record| self.entry(record, start))
    }

    fn entry(&self, record: &Record, start: u64) -> Entry<'_> {
        let name = self.text(record.name);
        let has_directories = self.version & VERSION_MASK >= DIRECTORY_VERSION;
        Entry {
            name,
            metadata: self.text(record.metadata),
            size: record.size,
            time: record.time,
            stored_len: record.stored_len,
            crc: record.crc,
            mode: record.flags & MODE_MASK,
            compression: Compression::from_flags(record.flags)
                .expect("entries with other flags are refused"),
            is_directory: has_directories && name.ends_with(b"/"),
            offset: start + record.offset,
        }
    }

    fn text(&self, text: Text) -> &[u8] {
        &self.bytes[text.start as usize..][..text.len as usize]
    }
}

/// The fields of a manifest, one after the other.
struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the manifest is in the file.
    offset: u64,
}

impl Fields<'_> {
    fn offset(&self) -> u64 {
        self.offset + self.at as u64
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let array = self.rest().first_chunk::<N>().copied();
        let array = array.ok_or(Error::at(self.offset(), ErrorKind::Truncated(Part::Manifest)))?;
        self.at += N;
        Ok(array)
    }

    fn byte(&mut self) -> Result<u8, Error> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn number(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_le_bytes)
    }

    /// A length and so many bytes.
    fn text(&mut self) -> Result<Text, Error> {
        let len = self.number()?;
        if len as usize > self.rest().len() {
            return Err(Error::at(self.offset() - 4, ErrorKind::Truncated(Part::Manifest)));
        }
        let text = Text { start: self.at as u32, len };
        self.at += len as usize;
        Ok(text)
    }

    /// An entry whose contents are at `offset` of all contents.
    fn record(&mut self, offset: u64) -> Result<Record, Error> {
        let at = self.offset();
        let name = self.text()?;
        if name.len == 0 {
            return Err(Error::at(at, ErrorKind::EmptyName));
        }
        let [size, time, stored_len, crc, flags] = [(); 5].map(|()| self.number());
        let (size, stored_len, flags) = (size?, stored_len?, flags?);
        let metadata = self.text()?;
        match Compression::from_flags(flags) {
            None => Err(Error::at(at, ErrorKind::UnknownCompression(flags & COMPRESSION_MASK))),
            Some(Compression::None) if size != stored_len => {
                Err(Error::at(at, ErrorKind::SizesDiffer { size, stored_len }))
            }
            Some(_) => {
                let (time, crc) = (time?, crc?);
                Ok(Record { offset, name, metadata, size, time, stored_len, crc, flags })
            }
        }
    }
}
