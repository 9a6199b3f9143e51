//! We read what PHP writes, in four versions, signed with each of its ways.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use support::{Php, count, describe};
use tilde_phar::{Archive, PublicKey, SignatureCheck};

#[test]
fn we_read_what_php_writes() {
    std::thread::scope(|scope| {
        for (seed, php) in Php::ALL.into_iter().enumerate() {
            scope.spawn(move || compare(php, seed + 1));
        }
    });
}

fn compare(php: Php, seed: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let count = count(8, 300);
    php.run("write.php", &[path, &seed.to_string(), &count.to_string()]);
    let names: Vec<String> = (0..count).map(|index| format!("php{seed}-{index}.phar")).collect();
    let answers = php.run("describe.php", &[path, &names.join(",")]);
    let is_expected = |line: &&str| !line.starts_with("main\t");
    let mut answers = answers.lines().filter(is_expected);
    for name in names {
        let bytes = fs::read(folder.path().join(&name)).unwrap();
        for line in describe(&name, &bytes).lines() {
            assert_eq!(answers.next(), Some(line), "{php:?} {name}");
        }
        let mut source = Cursor::new(bytes);
        let archive = Archive::read(&mut source).unwrap();
        assert!(archive.verify(&mut source, None).unwrap().is_good(), "{php:?} {name}");
    }
    assert_eq!(answers.next(), None);
}

/// The PHPs here have no ext/bz2, so this one is recorded.
#[test]
fn we_read_what_php_compresses_with_bzip2() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/phar");
    let bytes = fs::read(folder.join("bzip2.phar")).unwrap();
    let expected = fs::read_to_string(folder.join("bzip2.txt")).unwrap();
    assert_eq!(describe("bzip2.phar", &bytes), expected);
}

#[test]
fn signatures_with_a_key_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let key = key_pair(&path("key"));
    let other = key_pair(&path("other"));
    Php::Native.run("write.php", &[&path(""), "7", "6", &path("key")]);
    for index in 0..6 {
        let mut bytes = fs::read(path(&format!("php7-{index}.phar"))).unwrap();
        let check = |bytes: &[u8], key: Option<&PublicKey>| {
            let mut source = Cursor::new(bytes);
            let archive = Archive::read(&mut source).unwrap();
            archive.check_signature(&mut source, key).unwrap()
        };
        let kind = Archive::read(&mut Cursor::new(&bytes)).unwrap().signature().unwrap().kind;
        assert_eq!(check(&bytes, None), SignatureCheck::NeedsKey(kind));
        assert_eq!(check(&bytes, Some(&key)), SignatureCheck::Good(kind));
        assert_eq!(check(&bytes, Some(&other)), SignatureCheck::Wrong(kind));
        bytes[2] ^= 1;
        assert_eq!(check(&bytes, Some(&key)), SignatureCheck::Wrong(kind));
    }
}

/// Writes a private key and returns the public one.
fn key_pair(path: &str) -> PublicKey {
    let code = "$key = openssl_pkey_new(['private_key_bits' => 2048]); \
        openssl_pkey_export_to_file($key, $argv[1]); echo openssl_pkey_get_details($key)['key'];";
    let output = Command::new("php").args(["-r", code, path]).output();
    let output = output.expect("php is needed for the tests: apt-get install php-cli");
    assert!(Path::new(path).exists(), "{}", String::from_utf8_lossy(&output.stderr));
    PublicKey::from_pem(str::from_utf8(&output.stdout).unwrap()).unwrap()
}
