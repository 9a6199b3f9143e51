//! What brings tilde to others: the script that installs a release, and the package of
//! Composer.

use std::fs;
use std::path::PathBuf;

use crate::util::{Dir, Run, repository};

/// The name of the archive for this machine.
fn archive() -> String {
    let system = if cfg!(target_os = "macos") { "macos" } else { "linux" };
    let end = if cfg!(target_os = "macos") { "" } else { "-musl" };
    format!("tilde-{system}-{}{end}", std::env::consts::ARCH)
}

fn packaging(path: &str) -> PathBuf {
    repository().join("scripts/packaging").join(path).canonicalize().unwrap()
}

/// A folder with a release in it, as the workflow makes one.
fn release() -> Dir {
    let dir = Dir::new();
    let name = archive();
    let line = format!(
        "mkdir -p download/v9.9.9 && cp \"$(command -v tilde)\" tilde && \
         tar -czf download/v9.9.9/{name}.tar.gz tilde && rm tilde && \
         mkdir latest && ln -s ../download/v9.9.9 latest/download && \
         cd download/v9.9.9 && sha256sum *.tar.gz > SHA256SUMS"
    );
    let run = dir.shell(&line).run();
    assert_eq!(run.code, 0, "{run}");
    dir
}

fn install(dir: &Dir, options: &str) -> Run {
    let script = packaging("install.sh");
    let releases = format!("file://{}", dir.path("").display());
    dir.shell(&format!("sh '{}' --to bin {options}", script.display()))
        .env("TILDE_RELEASES", &releases)
        .run()
}

#[test]
fn a_release_is_installed() {
    let dir = release();
    for options in ["", "--version 9.9.9", "--version v9.9.9"] {
        let run = install(&dir, options);
        assert!(run.code == 0 && run.text().contains("installed tilde "), "{run}");
        let run = dir.shell("bin/tilde --version && ls -A bin").run();
        assert!(run.text().ends_with("\ntilde\n"), "{run}");
        fs::remove_file(dir.path("bin/tilde")).unwrap();
    }
}

/// Nothing is installed that is not what the release says.
#[test]
fn another_archive_is_refused() {
    let dir = release();
    let path = format!("download/v9.9.9/{}.tar.gz", archive());
    let mut bytes = fs::read(dir.path(&path)).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    dir.write(&path, bytes);
    let run = install(&dir, "");
    assert!(run.code == 1 && run.stderr.contains("is not what the release says"), "{run}");
    assert!(!dir.path("bin/tilde").exists());

    dir.write("download/v9.9.9/SHA256SUMS", "");
    let run = install(&dir, "");
    assert!(run.code == 1 && run.stderr.contains("says nothing of"), "{run}");
    let run = install(&dir, "--version 1.0.0");
    assert!(run.code == 1 && run.stderr.contains("cannot fetch"), "{run}");
    assert!(!dir.path("bin/tilde").exists());
}

#[test]
fn the_package_of_composer_runs_the_binary_of_the_platform() {
    let dir = Dir::project();
    let package = packaging("composer");
    let run = dir.shell(&format!("cp -r '{}' package && chmod -R u+w package", package.display()));
    assert_eq!(run.run().code, 0);
    let run = dir.shell("php package/bin/tilde build").run();
    assert!(run.code == 2 && run.stderr.contains("set TILDE_BINARY"), "{run}");
    dir.folder("package/binaries");
    let name = archive();
    // As an archive that forgets who may run a file has left it.
    let line = format!("install -m 644 \"$(command -v tilde)\" package/binaries/{name}");
    assert_eq!(dir.shell(&line).run().code, 0);
    for (arguments, status) in [("check", 1), ("build", 0), ("check", 0), ("build nothing", 2)] {
        let run = dir.shell(&format!("php package/bin/tilde {arguments}")).run();
        assert_eq!(run.code, status, "{run}");
    }
    let run = dir.shell("echo '<?php /* a */ echo 1;' | php package/bin/tilde strip -").run();
    assert_eq!(run.text(), "<?php echo 1;\n", "{run}");
    // Where PHP has no pcntl.
    let line = "php -d disable_functions=pcntl_exec package/bin/tilde build nothing";
    assert_eq!(dir.shell(line).run().code, 2);
    let hook = "php -r 'require \"package/src/Binary.php\"; require \"package/src/Scripts.php\"; \
                Tilde\\Composer\\Scripts::check();'";
    assert_eq!(dir.shell(hook).run().code, 0);
    fs::remove_file(dir.path("out/all.php")).unwrap();
    assert!(dir.shell(hook).run().code != 0);
}
