//! Digests, and signatures with a key.
//!
//! What is signed is every byte before the signature. A digest that is right
//! says that nothing was damaged, not who made the archive: anyone can compute
//! it again.

use std::io::{self, Read, Seek, SeekFrom, Write};

use rsa::Pkcs1v15Sign;
use rsa::pkcs8::DecodePublicKey as _;
use sha2::digest::DynDigest;

use crate::error::{Error, ErrorKind, Part};
use crate::format::{SIGNATURE_MAGIC, SignatureKind};

/// More bytes than a signature with any key that is in use.
const MAX_SIGNATURE_LEN: u64 = 64 << 10;

/// What is read at a time.
pub(crate) const CHUNK_LEN: usize = 64 << 10;

/// The end of a signed archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What it is made with.
    pub kind: SignatureKind,
    /// The digest, or the signature with a key.
    pub bytes: Vec<u8>,
    /// How many bytes it stands for: all that come before it.
    pub signed_len: u64,
}

impl Signature {
    /// Reads it from the end of an archive of `len` bytes.
    pub(crate) fn read(source: &mut (impl Read + Seek), len: u64) -> Result<Self, Error> {
        let start = len.checked_sub(8).ok_or(Error::nowhere(ErrorKind::BrokenSignature))?;
        let trailer = read_array(source, start, [0; 8])?;
        if &trailer[4..] != SIGNATURE_MAGIC {
            return Err(Error::at(start, ErrorKind::BrokenSignature));
        }
        let code = u32::from_le_bytes([trailer[0], trailer[1], trailer[2], trailer[3]]);
        let kind = SignatureKind::from_code(code)
            .ok_or(Error::at(start, ErrorKind::UnknownSignature(code)))?;
        let broken = || Error::at(start, ErrorKind::BrokenSignature);
        let (end, bytes_len) = if let Some(bytes_len) = kind.digest_len() {
            (start, bytes_len as u64)
        } else {
            let end = start.checked_sub(4).ok_or_else(broken)?;
            (end, u64::from(u32::from_le_bytes(read_array(source, end, [0; 4])?)))
        };
        if bytes_len > MAX_SIGNATURE_LEN {
            return Err(broken());
        }
        let signed_len = end.checked_sub(bytes_len).ok_or_else(broken)?;
        let mut bytes = vec![0; bytes_len as usize];
        source.seek(SeekFrom::Start(signed_len))?;
        source.read_exact(&mut bytes)?;
        Ok(Self { kind, bytes, signed_len })
    }
}

fn read_array<const N: usize>(
    source: &mut (impl Read + Seek),
    offset: u64,
    mut bytes: [u8; N],
) -> Result<[u8; N], Error> {
    source.seek(SeekFrom::Start(offset))?;
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Computes the digest of a kind of signature.
pub(crate) fn hasher(kind: SignatureKind) -> Box<dyn DynDigest + Send> {
    match kind {
        SignatureKind::Md5 => Box::new(md5::Md5::default()),
        SignatureKind::Sha1 | SignatureKind::OpenSsl => Box::new(sha1::Sha1::default()),
        SignatureKind::Sha256 | SignatureKind::OpenSslSha256 => Box::new(sha2::Sha256::default()),
        SignatureKind::Sha512 | SignatureKind::OpenSslSha512 => Box::new(sha2::Sha512::default()),
    }
}

/// Something that takes bytes and stands for them: those of SHA-512.
#[derive(Clone, Debug, Default)]
pub struct Digest(sha2::Sha512);

impl Digest {
    /// The digest of all bytes that were written to it.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        sha2::Digest::finalize(self.0).to_vec()
    }
}

impl Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        sha2::Digest::update(&mut self.0, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hands `len` bytes from where the source stands to `each`, in pieces.
pub(crate) fn for_each_chunk(
    source: &mut impl Read,
    mut len: u64,
    mut each: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut buffer = vec![0; CHUNK_LEN.min(usize::try_from(len).unwrap_or(CHUNK_LEN))];
    while len > 0 {
        let wanted = usize::try_from(len).map_or(buffer.len(), |len| len.min(buffer.len()));
        match source.read(&mut buffer[..wanted]) {
            // The file became shorter while it was read.
            Ok(0) => return Err(Error::nowhere(ErrorKind::Truncated(Part::Contents))),
            Ok(read) => {
                each(&buffer[..read])?;
                len -= read as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// A key of RSA that checks what its private key signed.
#[derive(Clone, Debug)]
pub struct PublicKey(rsa::PublicKey);

impl PublicKey {
    /// Reads a key in the format PEM, as PHP has it beside the archive, in
    /// `<file>.pubkey`.
    ///
    /// # Errors
    ///
    /// If the text is none, or a key of another kind than RSA.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let key = rsa::PublicKey::from_public_key_pem(text);
        key.map(Self).map_err(|error| Error::nowhere(ErrorKind::PublicKey(error.to_string())))
    }

    /// Whether the signature is that of a digest.
    pub(crate) fn has_signed(&self, signature: &Signature, digest: &[u8]) -> bool {
        let scheme = match signature.kind {
            SignatureKind::OpenSsl => Pkcs1v15Sign::new::<sha1::Sha1>(),
            SignatureKind::OpenSslSha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
            SignatureKind::OpenSslSha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
            SignatureKind::Md5
            | SignatureKind::Sha1
            | SignatureKind::Sha256
            | SignatureKind::Sha512 => return signature.bytes == digest,
        };
        self.0.verify(scheme, digest, &signature.bytes).is_ok()
    }
}
