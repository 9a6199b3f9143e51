//! Archives that lie: any bytes are an archive or an error, and what is read of
//! them is never more than the manifest says.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{Cursor, sink};

use support::{Random, hex};
use tilde_phar::{
    Archive, Compression, Error, ErrorKind, Member, OtherFormat, Part, Settings, SignatureKind,
    Writer, name, pack, stub,
};

/// A small archive with everything in it.
fn archive(signature: SignatureKind) -> Vec<u8> {
    let settings = Settings::new(stub::library(b""))
        .with_alias(*b"alias")
        .with_metadata(*b"i:5;")
        .with_signature(signature)
        .with_time(1);
    let members = ["a.php", "b.php", "c/", "d.php"].map(Member::file).to_vec();
    let mut writer = Writer::new(Cursor::new(Vec::new()), settings, members).unwrap();
    for compression in [Compression::None, Compression::Gzip, Compression::Bzip2] {
        let contents = "<?php echo 'a long line of text'; ".repeat(20);
        writer.add(pack(contents.into(), compression).unwrap()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Reads all of an archive; an error, or how many entries are damaged.
fn read(bytes: &[u8]) -> Result<usize, Error> {
    let mut source = Cursor::new(bytes);
    let archive = Archive::read(&mut source)?;
    archive.copy_stub(&mut source, &mut sink())?;
    let mut damaged = 0;
    for entry in archive.entries() {
        let _ = name::check(entry.name);
        assert!(entry.offset + u64::from(entry.stored_len) <= bytes.len() as u64);
        match entry.read(&mut source) {
            Ok(contents) => assert_eq!(contents.len(), entry.size as usize),
            Err(_) => damaged += 1,
        }
    }
    let report = archive.verify(&mut source, None)?;
    assert_eq!(report.damaged.len(), damaged);
    Ok(damaged)
}

fn kind(bytes: &[u8]) -> ErrorKind {
    read(bytes).expect_err("it is broken").kind
}

/// Where the manifest of an archive of ours begins, and the bytes from there.
fn with_manifest(edit: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut bytes = archive(SignatureKind::Sha256);
    let start = Archive::read(&mut Cursor::new(&bytes)).unwrap().stub_len() as usize;
    edit(&mut bytes[start..]);
    bytes
}

fn with_number(offset: usize, number: u32) -> Vec<u8> {
    with_manifest(|manifest| manifest[offset..offset + 4].copy_from_slice(&number.to_le_bytes()))
}

#[test]
fn a_cut_off_archive_is_an_error_at_each_byte() {
    for signature in &SignatureKind::ALL[..4] {
        let bytes = archive(*signature);
        assert_eq!(read(&bytes).unwrap(), 0);
        for len in 0..bytes.len() {
            assert!(read(&bytes[..len]).is_err(), "{len} of {} bytes", bytes.len());
        }
    }
}

#[test]
fn each_changed_byte_is_found() {
    let bytes = archive(SignatureKind::Md5);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        let mut source = Cursor::new(&changed);
        if let Ok(archive) = Archive::read(&mut source) {
            assert!(!archive.verify(&mut source, None).unwrap().is_good(), "byte {at}");
        }
    }
}

#[test]
fn numbers_that_lie_are_named() {
    // Length, count, version, flags, alias, metadata, and the first entry.
    let metadata = 18 + 5;
    let entry = metadata + 8;
    assert!(matches!(kind(&with_number(0, 0)), ErrorKind::ManifestLen(0)));
    assert!(matches!(kind(&with_number(0, u32::MAX)), ErrorKind::ManifestLen(u32::MAX)));
    assert!(matches!(kind(&with_number(0, 50 << 20)), ErrorKind::Truncated(Part::Manifest)));
    assert!(matches!(kind(&with_number(4, 0)), ErrorKind::NoEntries));
    assert!(matches!(kind(&with_number(4, u32::MAX)), ErrorKind::TooManyEntries(u32::MAX)));
    assert!(matches!(
        kind(&with_number(4, 5)),
        ErrorKind::TooManyEntries(5) | ErrorKind::Truncated(_)
    ));
    let old = with_manifest(|manifest| manifest[8] = 0x01);
    assert!(matches!(kind(&old), ErrorKind::Version(0x0110)));
    assert!(matches!(kind(&with_number(14, u32::MAX)), ErrorKind::Truncated(Part::Manifest)));
    assert!(matches!(kind(&with_number(metadata, 1 << 30)), ErrorKind::Truncated(Part::Manifest)));
    assert!(matches!(kind(&with_number(entry, 0)), ErrorKind::EmptyName));
    assert!(matches!(kind(&with_number(entry, 1 << 20)), ErrorKind::Truncated(Part::Manifest)));
    let (size, stored_len, flags) = (entry + 9, entry + 17, entry + 25);
    assert!(matches!(kind(&with_number(size, 1)), ErrorKind::SizesDiffer { size: 1, .. }));
    assert!(matches!(kind(&with_number(stored_len, 1)), ErrorKind::SizesDiffer { .. }));
    assert!(matches!(kind(&with_number(flags, 0x3000)), ErrorKind::UnknownCompression(0x3000)));
    let mut long = with_number(size, u32::MAX);
    long = {
        let start = Archive::read(&mut Cursor::new(archive(SignatureKind::Sha256))).unwrap();
        let at = start.stub_len() as usize + stored_len;
        long[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        long
    };
    assert!(matches!(kind(&long), ErrorKind::ContentsTooLong));
}

#[test]
fn the_end_must_be_a_signature() {
    let bytes = archive(SignatureKind::Sha256);
    let edited = |at: usize, number: u32| {
        let mut bytes = bytes.clone();
        let at = bytes.len() - at;
        bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        bytes
    };
    assert!(matches!(kind(&edited(4, 0)), ErrorKind::BrokenSignature));
    assert!(matches!(kind(&edited(8, 5)), ErrorKind::UnknownSignature(5)));
    assert!(matches!(kind(&edited(8, 8)), ErrorKind::UnknownSignature(8)));
    // The length before it is a part of the digest.
    assert!(matches!(kind(&edited(8, 0x10)), ErrorKind::BrokenSignature));
    assert!(matches!(kind(&[&bytes[..], b"\n"].concat()), ErrorKind::BrokenSignature));
}

#[test]
fn other_archives_are_named() {
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    for (bytes, format) in [
        (&b"PK\x03\x04..."[..], OtherFormat::Zip),
        (b"\x1f\x8b\x08...", OtherFormat::Gzip),
        (b"BZh91AY", OtherFormat::Bzip2),
        (&tar, OtherFormat::Tar),
    ] {
        assert!(matches!(kind(bytes), ErrorKind::OtherFormat(found) if found == format));
    }
    for bytes in ["", "<?php", "<?php __halt_compiler();", "<?php __HALT_COMPILER() ;"] {
        assert!(matches!(kind(bytes.as_bytes()), ErrorKind::NotPhar), "{bytes}");
    }
    assert!(matches!(kind(b"<?php __HALT_COMPILER(); ?>\r1234567890"), ErrorKind::StubEnd));
    // It is found where two pieces meet, too.
    for len in (64 << 10) - 20..(64 << 10) + 2 {
        let bytes = [&vec![b' '; len][..], b"__HALT_COMPILER();"].concat();
        assert!(matches!(kind(&bytes), ErrorKind::Truncated(Part::Manifest)), "{len}");
    }
}

#[test]
fn a_bomb_goes_no_further_than_it_says() {
    let settings =
        Settings::new(stub::library(b"")).with_signature(SignatureKind::Sha1).with_time(1);
    for compression in [Compression::Gzip, Compression::Bzip2] {
        let members = vec![Member::file("a")];
        let mut writer = Writer::new(Cursor::new(Vec::new()), settings.clone(), members).unwrap();
        writer.add(pack(vec![0; 3 << 20], compression).unwrap()).unwrap();
        let mut bytes = writer.finish().unwrap().into_inner();
        assert!(bytes.len() < 8 << 10);
        let at = settings.stub.len() + 4 + 18 + 4 + 1;
        bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
        let mut source = Cursor::new(&bytes);
        let archive = Archive::read(&mut source).unwrap();
        let mut out = Vec::new();
        let entry = archive.entries().next().unwrap();
        let error = entry.copy_to(&mut source, &mut out).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::WrongSize { expected: 1000, is_longer: true }));
        assert!(out.len() <= 1000);
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let seeds = [SignatureKind::Sha1, SignatureKind::Sha512].map(archive);
    let mut random = Random::new(17);
    for round in 0..support::count(5_000, 10_000_000) {
        let mut bytes = random.pick(&seeds).clone();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            match random.below(5) {
                0 => bytes[at] = random.below(256) as u8,
                1 => bytes.truncate(at.max(1)),
                2 => bytes.insert(at, random.below(256) as u8),
                3 => {
                    let number = *random.pick(&[0, 1, 0x10, 0x1000, 1 << 20, u32::MAX]);
                    let end = bytes.len().min(at + 4);
                    bytes[at..end].copy_from_slice(&number.to_le_bytes()[..end - at]);
                }
                _ => {
                    let from = random.below(bytes.len());
                    let piece = bytes[from..bytes.len().min(from + 40)].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        let copy = bytes.clone();
        let result = std::panic::catch_unwind(|| drop(read(&copy)));
        assert!(result.is_ok(), "round {round}: {}", hex(&bytes));
    }
}
