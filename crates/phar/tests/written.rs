//! PHP reads what we write: archives over all options, under four versions.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;

use support::{Php, Random, count, describe};
use tilde_phar::{Archive, Compression, Member, Settings, SignatureKind, Writer, pack, stub};

const NAMES: [&str; 11] = [
    "main.php",
    "a.txt",
    "lib/b.php",
    "lib/deep/er/c.php",
    "with space",
    ".hidden",
    "\u{e4}\u{4e2d}.php",
    "0",
    "lib/deep.php",
    "lib/it's\"$x",
    "z%41&#:;",
];

const METADATA: [&str; 4] = ["", "i:5;", "a:2:{s:1:\"v\";s:3:\"1.0\";i:0;b:1;}", "s:0:\"\";"];

/// An archive that the seed decides, and the lines that PHP has for its `main.php`.
fn generate(seed: u64) -> (Vec<u8>, String) {
    let mut random = Random::new(seed + 1);
    let contents = contents(&mut random, seed);
    let alias = if random.is_one_in(3) { format!("alias{seed}") } else { String::new() };
    let stub = match random.below(3) {
        0 => stub::custom(b"<?php return 3; __HALT_COMPILER();").unwrap(),
        1 => stub::library(alias.as_bytes()),
        _ => stub::running(b"main.php", alias.as_bytes()),
    };
    let settings = Settings::new(stub)
        .with_alias(alias)
        .with_metadata(*random.pick(&METADATA))
        .with_signature(*random.pick(&SignatureKind::ALL[..4]))
        .with_time(*random.pick(&[1, 315_532_800, 1_700_000_000]));
    let main = match settings.stub {
        ref stub if stub.starts_with(b"<?php return 3") => "3".to_owned(),
        ref stub if memchr::memmem::find(stub, b"main.php").is_none() => "1".to_owned(),
        _ => format!("of {seed}"),
    };
    let members = contents
        .keys()
        .map(|name| Member::file(name.clone()).with_metadata(*random.pick(&METADATA)));
    let members = members.collect();
    let mut writer = Writer::new(Cursor::new(Vec::new()), settings, members).unwrap();
    for (name, bytes) in contents {
        let compression = *random.pick(&[Compression::None, Compression::Gzip]);
        if name.ends_with('/') {
            continue;
        }
        if random.is_one_in(3) {
            writer.add_stream(&mut &*bytes, compression, random.is_one_in(4)).unwrap();
        } else {
            let mut packed = pack(bytes, compression).unwrap();
            packed.is_executable = random.is_one_in(4);
            writer.add(packed).unwrap();
        }
    }
    (writer.finish().unwrap().into_inner(), format!("main\tof {seed}\t{main}\n"))
}

fn contents(random: &mut Random, seed: u64) -> BTreeMap<String, Vec<u8>> {
    let mut contents = BTreeMap::new();
    for name in NAMES {
        let len = *random.pick(&[0, 1, 30, 5_000, 40_000]);
        if random.is_one_in(2) {
            contents
                .insert(name.to_owned(), (0..len).map(|_| random.below(256) as u8 & 63).collect());
        }
    }
    contents.insert("main.php".to_owned(), format!("<?php return 'of {seed}';\n").into());
    if random.is_one_in(3) {
        contents.insert("empty/dir/".to_owned(), Vec::new());
    }
    contents
}

#[test]
fn php_reads_what_we_write() {
    let folders = Php::ALL.map(|_| tempfile::tempdir().unwrap());
    let mut expected = Vec::new();
    let mut names = Vec::new();
    for seed in 0..count(40, 300) as u64 {
        let (bytes, main) = generate(seed);
        let name = format!("{seed}.phar");
        expected.push(describe(&name, &bytes) + &main);
        for folder in &folders {
            fs::write(folder.path().join(&name), &bytes).unwrap();
        }
        names.push(name);
    }
    let names = names.join(",");
    std::thread::scope(|scope| {
        for (php, folder) in Php::ALL.into_iter().zip(&folders) {
            let (names, expected) = (&names, &expected);
            scope.spawn(move || {
                let folder = folder.path().to_str().unwrap();
                let text = php.run("describe.php", &[folder, names]);
                let mut answers = text.split_inclusive('\n');
                for expected in expected.iter().flat_map(|expected| expected.split_inclusive('\n'))
                {
                    assert_eq!(answers.next(), Some(expected), "{php:?}");
                }
                assert_eq!(answers.next(), None);
            });
        }
    });
}

#[test]
fn the_same_archive_has_the_same_bytes() {
    for seed in 0..20 {
        assert!(generate(seed).0 == generate(seed).0);
    }
}

/// What is held until the end, and what does not fit.
#[test]
fn contents_may_be_held_or_written_at_once() {
    let contents = [("a", 5_u32), ("b", 37 << 20), ("c", 7)];
    let write = |is_streamed: bool| {
        let settings =
            Settings::new(stub::library(b"")).with_signature(SignatureKind::Sha1).with_time(1);
        let members = contents.iter().map(|(name, _)| Member::file(*name)).collect();
        let mut writer = Writer::new(Cursor::new(Vec::new()), settings, members).unwrap();
        for (_, len) in contents {
            let bytes: Vec<u8> = (0..len).map(|at| at.to_le_bytes()[0]).collect();
            if is_streamed {
                writer.add_stream(&mut &*bytes, Compression::None, false).unwrap();
            } else {
                writer.add(pack(bytes, Compression::None).unwrap()).unwrap();
            }
        }
        writer.finish().unwrap().into_inner()
    };
    let held = write(false);
    assert!(held == write(true));
    let archive = Archive::read(&mut Cursor::new(&held)).unwrap();
    assert!(archive.verify(&mut Cursor::new(&held), None).unwrap().is_good());
}
