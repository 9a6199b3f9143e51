//! Writes an archive, an entry at a time.
//!
//! The manifest is at the start and holds what is known only at the end. Contents
//! are held until then, and written and signed together, up to a limit. Beyond it
//! they are written at once: the length of the manifest follows from the names, so
//! its place is left empty and filled at the end, and everything is read once more
//! to be signed.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use bzip2::write::BzEncoder;
use flate2::write::DeflateEncoder;

use crate::error::{Error, ErrorKind, Part};
use crate::format::{
    Compression, DIRECTORY_VERSION, FILE_VERSION, FLAG_SIGNED, MAX_MANIFEST_LEN, SIGNATURE_MAGIC,
    SignatureKind,
};
use crate::name;
use crate::signature::{CHUNK_LEN, for_each_chunk, hasher};
use crate::stub;

/// What is written at a time, if it is held.
const WRITE_LEN: usize = 256 << 10;

/// So many bytes of contents are held.
const MAX_HELD_LEN: u64 = 36 << 20;

/// What an archive has besides its entries.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// See [`crate::stub`].
    pub stub: Vec<u8>,
    /// A second name for `phar://`; empty is best, since no two archives that
    /// are loaded at once can have the same.
    pub alias: Vec<u8>,
    /// A serialized value of PHP; empty for none.
    pub metadata: Vec<u8>,
    /// One that needs no key.
    pub signature: SignatureKind,
    /// When all entries were last changed, in seconds since 1970. PHP takes 0
    /// for unknown.
    pub time: u32,
}

impl Settings {
    /// With no alias and no metadata, signed with SHA-256, of an unknown time.
    #[must_use]
    pub fn new(stub: impl Into<Vec<u8>>) -> Self {
        let (alias, metadata) = (Vec::new(), Vec::new());
        Self { stub: stub.into(), alias, metadata, signature: SignatureKind::Sha256, time: 0 }
    }

    /// With an alias.
    #[must_use]
    pub fn with_alias(self, alias: impl Into<Vec<u8>>) -> Self {
        Self { alias: alias.into(), ..self }
    }

    /// With metadata, a serialized value of PHP.
    #[must_use]
    pub fn with_metadata(self, metadata: impl Into<Vec<u8>>) -> Self {
        Self { metadata: metadata.into(), ..self }
    }

    /// Signed in this way.
    #[must_use]
    pub fn with_signature(self, signature: SignatureKind) -> Self {
        Self { signature, ..self }
    }

    /// With entries that were last changed then, in seconds since 1970.
    #[must_use]
    pub fn with_time(self, time: u32) -> Self {
        Self { time, ..self }
    }
}

/// An entry that is to come.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Member {
    /// Its path in the archive; a directory ends with `/`.
    pub name: Vec<u8>,
    /// A serialized value of PHP; empty for none.
    pub metadata: Vec<u8>,
}

impl Member {
    /// A file without metadata.
    pub fn file(name: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), metadata: Vec::new() }
    }

    /// With metadata, a serialized value of PHP.
    #[must_use]
    pub fn with_metadata(self, metadata: impl Into<Vec<u8>>) -> Self {
        Self { metadata: metadata.into(), ..self }
    }

    fn is_directory(&self) -> bool {
        self.name.ends_with(b"/")
    }
}

/// The contents of an entry, as they are stored.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Whether it may be executed, once it is extracted.
    pub is_executable: bool,
    bytes: Vec<u8>,
    size: u32,
    crc: u32,
    compression: Compression,
}

/// Compresses the contents of an entry, or leaves them as they are where that
/// would not make them shorter.
///
/// # Errors
///
/// If they have 4 GiB or more.
pub fn pack(contents: Vec<u8>, compression: Compression) -> Result<Packed, Error> {
    let size = u32::try_from(contents.len())
        .map_err(|_| Error::nowhere(ErrorKind::TooLarge(Part::Contents)))?;
    let crc = crc32fast::hash(&contents);
    let compressed = match compression {
        Compression::None => None,
        Compression::Gzip | Compression::Bzip2 => {
            let mut compressed = Vec::new();
            compress(&mut &*contents, &mut compressed, compression)?;
            Some(compressed).filter(|compressed| compressed.len() < contents.len())
        }
    };
    let (bytes, compression) =
        compressed.map_or((contents, Compression::None), |bytes| (bytes, compression));
    Ok(Packed { is_executable: false, bytes, size, crc, compression })
}

fn compress(
    contents: &mut impl Read,
    out: &mut impl Write,
    compression: Compression,
) -> io::Result<()> {
    match compression {
        Compression::None => {
            // `io::copy` alone would take 8 KiB at a time.
            io::copy(&mut BufReader::with_capacity(CHUNK_LEN, contents), out)?;
        }
        Compression::Gzip => {
            let mut encoder = DeflateEncoder::new(out, flate2::Compression::best());
            io::copy(contents, &mut encoder)?;
            encoder.finish()?;
        }
        Compression::Bzip2 => {
            let mut encoder = BzEncoder::new(out, bzip2::Compression::best());
            io::copy(contents, &mut encoder)?;
            encoder.finish()?;
        }
    }
    Ok(())
}

/// An archive that is being written.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    settings: Settings,
    members: Vec<Member>,
    written: Vec<Written>,
    /// Where the contents begin.
    start: u64,
    /// How long the contents are so far.
    contents_len: u64,
    /// Their pieces, as long as none are written.
    held: Option<Vec<Vec<u8>>>,
}

/// What the manifest has of an entry besides its name.
#[derive(Debug)]
struct Written {
    mode: u32,
    size: u32,
    stored_len: u32,
    crc: u32,
    compression: Compression,
}

impl<W: Read + Write + Seek + Send> Writer<W> {
    /// Begins an archive with these entries, whose contents are to be added in
    /// this order. `out` is written from its start.
    ///
    /// # Errors
    ///
    /// If a setting is not possible, if a name is (see [`name::check_new`]), if
    /// the names are not in the order of their bytes, or if `out` cannot be
    /// written to.
    pub fn new(out: W, settings: Settings, members: Vec<Member>) -> Result<Self, Error> {
        check_settings(&settings)?;
        check_members(&members)?;
        let manifest_len = manifest_len(&settings, &members)?;
        let start = settings.stub.len() as u64 + 4 + u64::from(manifest_len);
        let written = Vec::with_capacity(members.len());
        let held = Some(Vec::new());
        let mut writer = Self { out, settings, members, written, start, contents_len: 0, held };
        writer.add_directories();
        Ok(writer)
    }

    /// Adds the contents of the next file.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    ///
    /// # Panics
    ///
    /// If there is no such file.
    pub fn add(&mut self, contents: Packed) -> Result<(), Error> {
        let stored_len = contents.bytes.len() as u32;
        self.put(contents.bytes.into())?;
        self.push(Written {
            mode: mode(contents.is_executable),
            size: contents.size,
            stored_len,
            crc: contents.crc,
            compression: contents.compression,
        });
        self.add_directories();
        Ok(())
    }

    /// Adds the contents of the next file in pieces, so that they need not be
    /// in memory. Unlike [`pack`] it compresses them even if that makes them
    /// longer.
    ///
    /// # Errors
    ///
    /// If they cannot be read or written, or have 4 GiB or more.
    ///
    /// # Panics
    ///
    /// If there is no such file.
    pub fn add_stream(
        &mut self,
        contents: &mut impl Read,
        compression: Compression,
        is_executable: bool,
    ) -> Result<(), Error> {
        let too_large = |_| Error::nowhere(ErrorKind::TooLarge(Part::Contents));
        let mut counted = Counted { source: contents, len: 0, crc: crc32fast::Hasher::new() };
        let before = self.contents_len;
        compress(&mut counted, &mut Pieces(self), compression)?;
        let stored_len = self.contents_len - before;
        self.push(Written {
            mode: mode(is_executable),
            size: u32::try_from(counted.len).map_err(too_large)?,
            stored_len: u32::try_from(stored_len).map_err(too_large)?,
            crc: counted.crc.finalize(),
            compression,
        });
        self.add_directories();
        Ok(())
    }

    /// Ends the archive and returns what it was written to.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or not be read to be signed.
    ///
    /// # Panics
    ///
    /// If a file that was announced has not been added.
    pub fn finish(mut self) -> Result<W, Error> {
        assert_eq!(self.written.len(), self.members.len(), "each member is added once");
        let head = self.head();
        let mut digest = hasher(self.settings.signature);
        digest.update(&head);
        self.out.rewind()?;
        if let Some(held) = self.held.take() {
            let out = &mut self.out;
            let (written, ()) = rayon::join(
                || write_all(out, &head, &held),
                || held.iter().for_each(|contents| digest.update(contents)),
            );
            written?;
        } else {
            self.out.write_all(&head)?;
            for_each_chunk(&mut self.out, self.contents_len, |chunk| {
                digest.update(chunk);
                Ok(())
            })?;
        }
        self.out.write_all(&digest.finalize())?;
        self.out.write_all(&self.settings.signature.code().to_le_bytes())?;
        self.out.write_all(SIGNATURE_MAGIC)?;
        Ok(self.out)
    }

    /// Writes what is held to its place; what comes from now on is written at once.
    fn write_held(&mut self) -> io::Result<()> {
        let Some(held) = self.held.take() else { return Ok(()) };
        self.out.seek(SeekFrom::Start(self.start))?;
        write_all(&mut self.out, &[], &held)
    }

    /// Takes more of the contents.
    fn put(&mut self, bytes: Cow<'_, [u8]>) -> io::Result<()> {
        self.contents_len += bytes.len() as u64;
        match &mut self.held {
            Some(held) if self.contents_len <= MAX_HELD_LEN => {
                held.push(bytes.into_owned());
                Ok(())
            }
            _ => {
                self.write_held()?;
                self.out.write_all(&bytes)
            }
        }
    }

    /// Directories have no contents.
    fn add_directories(&mut self) {
        while self.members.get(self.written.len()).is_some_and(Member::is_directory) {
            self.push(Written {
                mode: mode(true),
                size: 0,
                stored_len: 0,
                crc: 0,
                compression: Compression::None,
            });
        }
    }

    fn push(&mut self, written: Written) {
        assert!(self.written.len() < self.members.len(), "each member is added once");
        self.written.push(written);
    }

    /// The stub and the manifest.
    fn head(&self) -> Vec<u8> {
        let Settings { stub, alias, metadata, .. } = &self.settings;
        let mut head = stub.clone();
        let start = head.len();
        number(&mut head, 0);
        number(&mut head, self.members.len() as u32);
        let has_directories = self.members.iter().any(Member::is_directory);
        let version = if has_directories { DIRECTORY_VERSION } else { FILE_VERSION };
        head.extend_from_slice(&version.to_be_bytes());
        let compressions = self.written.iter().map(|written| written.compression.flag());
        number(&mut head, compressions.fold(FLAG_SIGNED, |flags, flag| flags | flag));
        text(&mut head, alias);
        text(&mut head, metadata);
        for (member, written) in self.members.iter().zip(&self.written) {
            text(&mut head, &member.name);
            number(&mut head, written.size);
            number(&mut head, self.settings.time);
            number(&mut head, written.stored_len);
            number(&mut head, written.crc);
            number(&mut head, written.mode | written.compression.flag());
            text(&mut head, &member.metadata);
        }
        let len = (head.len() - start - 4) as u32;
        head[start..start + 4].copy_from_slice(&len.to_le_bytes());
        head
    }
}

/// The contents of one entry, a piece at a time.
struct Pieces<'w, W>(&'w mut Writer<W>);

impl<W: Read + Write + Seek + Send> Write for Pieces<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.put(bytes.into())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_all(out: &mut impl Write, head: &[u8], contents: &[Vec<u8>]) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(WRITE_LEN, out);
    out.write_all(head)?;
    contents.iter().try_for_each(|contents| out.write_all(contents))?;
    out.flush()
}

fn mode(is_executable: bool) -> u32 {
    if is_executable { 0o755 } else { 0o644 }
}

fn number(bytes: &mut Vec<u8>, number: u32) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

fn text(bytes: &mut Vec<u8>, text: &[u8]) {
    number(bytes, text.len() as u32);
    bytes.extend_from_slice(text);
}

/// Counts what is read.
struct Counted<'a, R> {
    source: &'a mut R,
    len: u64,
    crc: crc32fast::Hasher,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.len += read as u64;
        self.crc.update(&buffer[..read]);
        Ok(read)
    }
}

fn check_settings(settings: &Settings) -> Result<(), Error> {
    stub::check(&settings.stub)?;
    if settings.alias.iter().any(|byte| b"/\\:;\r\n".contains(byte)) {
        return Err(Error::nowhere(ErrorKind::Alias));
    }
    if settings.signature.is_openssl() {
        return Err(Error::nowhere(ErrorKind::NeedsKey(settings.signature)));
    }
    Ok(())
}

fn check_members(members: &[Member]) -> Result<(), Error> {
    if members.is_empty() {
        return Err(Error::nowhere(ErrorKind::NoEntries));
    }
    let plain = |member: &'_ Member| member.name.strip_suffix(b"/").map(<[u8]>::to_vec);
    let mut names: BTreeSet<&[u8]> = BTreeSet::new();
    for member in members {
        let name = &member.name;
        let fail = |kind| Err(Error::nowhere(kind));
        if let Err(error) = name::check_new(name) {
            return fail(ErrorKind::Name(name.clone(), error));
        }
        if names.last().is_some_and(|last| *last > name.as_slice()) {
            return fail(ErrorKind::NotSorted(name.clone()));
        }
        if !names.insert(name) {
            return fail(ErrorKind::NameTwice(name.clone()));
        }
    }
    // A file of the name of a folder.
    for member in members {
        if plain(member).is_some_and(|name| names.contains(name.as_slice())) {
            return Err(Error::nowhere(ErrorKind::NameTwice(member.name.clone())));
        }
        let slashes = member.name.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        for (at, _) in slashes {
            if names.contains(&member.name[..at]) {
                return Err(Error::nowhere(ErrorKind::NameTwice(member.name[..at].to_vec())));
            }
        }
    }
    Ok(())
}

fn manifest_len(settings: &Settings, members: &[Member]) -> Result<u32, Error> {
    let fixed = 18 + settings.alias.len() + settings.metadata.len();
    let entry_len = |member: &Member| 28 + member.name.len() + member.metadata.len();
    let len = fixed + members.iter().map(entry_len).sum::<usize>();
    u32::try_from(len)
        .ok()
        .filter(|len| *len <= MAX_MANIFEST_LEN)
        .ok_or(Error::nowhere(ErrorKind::TooLarge(Part::Manifest)))
}
