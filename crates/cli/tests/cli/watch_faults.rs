//! What happens around a running `tilde watch`: its files vanish, others write them, the
//! system has no more to give, or somebody kills it.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::util::{Dir, Running};

fn watch(dir: &Dir, args: &[&str]) -> Running {
    let running = dir.tilde(["watch"].iter().chain(args)).start();
    running.wait_for("] built 1 output, ");
    running
}

fn code(name: &str, text: &str) -> String {
    format!("<?php\nfunction {name}() {{ return '{text}'; }}\n")
}

#[test]
fn an_output_that_is_removed_comes_back() {
    let dir = Dir::project();
    let running = watch(&dir, &[]);
    let text = dir.text("out/all.php");
    fs::remove_file(dir.path("out/all.php")).unwrap();
    running.wait_for("] rebuilt 1 output, ");
    assert_eq!(dir.text("out/all.php"), text);

    dir.write("out/all.php", "<?php echo 'of another program';\n");
    running.wait_for("] rebuilt 1 output, ");
    assert_eq!(dir.text("out/all.php"), text);

    fs::remove_dir_all(dir.path("out")).unwrap();
    running.wait_for("the folder out does not exist");
    dir.folder("out");
    running.wait_for("] rebuilt 1 output, ");
    assert_eq!(dir.text("out/all.php"), text);
}

#[test]
fn a_project_that_is_not_there_yet_is_waited_for() {
    let dir = Dir::new();
    let running = dir.tilde(["watch", "shop"]).start();
    running.wait_for("cannot read shop: there is no such file");
    running.wait_for("watching ");
    dir.write("shop/lib/a.php", code("a", "one"));
    dir.save("shop/tilde.toml", "[[bundle]]\nfiles = [\"lib/*.php\"]\noutput = \"all.php\"\n");
    running.wait_for("] rebuilt 1 output, ");
    assert_eq!(running.finish(), 0);
}

#[test]
fn two_watchers_agree() {
    let dir = Dir::project();
    let first = watch(&dir, &[]);
    let second = dir.tilde(["watch"]).start();
    second.wait_for("] unchanged 1 output, ");
    for text in ["one", "two", "three"] {
        dir.save("lib/a.php", code("a", text));
        first.wait_for("lib/a.php");
        second.wait_for("lib/a.php");
        assert!(dir.text("out/all.php").contains(text));
    }
    assert_eq!((first.finish(), second.finish()), (0, 0));
}

/// Two watchers that never agree end when each has written the output a few times.
#[test]
fn two_watchers_of_one_output_do_not_go_on_for_ever() {
    let dir = Dir::project();
    // Lines that one of the styles keeps.
    dir.write("lib/a.php", "<?php\nfunction a()\n{\n    return 1;\n}\n");
    let first = watch(&dir, &[]);
    let second = dir.tilde(["watch", "--style", "tight"]).start();
    second.wait_for("watching ");
    let mut last = (Instant::now(), 0);
    first.wait_until("both leave the output alone", || {
        let inode = fs::metadata(dir.path("out/all.php")).unwrap().ino();
        if last.1 != inode {
            last = (Instant::now(), inode);
        }
        last.0.elapsed() > Duration::from_secs(1)
    });
    // One of them gives way and says so; then the other's output is as it was written.
    let lines = [&first, &second].map(Running::said).concat();
    let is_said = |line: &String| {
        line.contains("out/all.php is written by another program too; it stays as it is until a")
    };
    assert!(lines.iter().any(is_said), "{lines:#?}");
    dir.save("lib/a.php", code("a", "still here"));
    first.wait_until("both go on", || dir.text("out/all.php").contains("still here"));
}

/// A folder that is a link, which is put to another folder where all looks the same.
fn swapped(args: &[&str]) {
    let dir = Dir::new();
    dir.write("tilde.toml", "[[bundle]]\nfiles = [\"lib/*.php\"]\noutput = \"all.php\"\n");
    let time = SystemTime::now();
    for version in ["one", "two"] {
        let path = format!("{version}/a.php");
        dir.write(&path, code("a", version));
        fs::File::open(dir.path(&path)).unwrap().set_modified(time).unwrap();
    }
    symlink("one", dir.path("lib")).unwrap();
    let running = watch(&dir, args);
    for version in ["two", "one", "two"] {
        symlink(version, dir.path("new")).unwrap();
        fs::rename(dir.path("new"), dir.path("lib")).unwrap();
        running.wait_until(version, || dir.text("all.php").contains(version));
    }
    dir.save("two/a.php", code("a", "saved"));
    running.wait_until("saved", || dir.text("all.php").contains("saved"));
    assert_eq!(running.finish(), 0);
}

#[test]
fn a_link_to_a_folder_leads_elsewhere() {
    swapped(&[]);
}

#[test]
fn a_link_to_a_folder_leads_elsewhere_by_looking() {
    swapped(&["--poll=20"]);
}

#[test]
fn a_folder_becomes_a_link() {
    let dir = Dir::project();
    let running = watch(&dir, &[]);
    dir.write("other/a.php", code("a", "behind a link"));
    fs::remove_dir_all(dir.path("lib")).unwrap();
    symlink("other", dir.path("lib")).unwrap();
    running.wait_until("link", || dir.text("out/all.php").contains("behind a link"));
    dir.save("other/a.php", code("a", "saved there"));
    running.wait_until("saved", || dir.text("out/all.php").contains("saved there"));
}

#[test]
fn a_file_cannot_be_read_for_a_while() {
    let dir = Dir::project();
    let running = watch(&dir, &[]);
    fs::rename(dir.path("lib/a.php"), dir.path("a.php")).unwrap();
    symlink("nowhere", dir.path("lib/a.php")).unwrap();
    running.wait_for("it is a symbolic link whose target is gone");
    fs::rename(dir.path("a.php"), dir.path("lib/a.php")).unwrap();
    running.wait_for("] unchanged 1 output, 2 files");
}

/// The clock goes back, and a file has the length that it had.
fn clock_set_back(args: &[&str]) {
    let dir = Dir::project();
    let running = watch(&dir, args);
    let time = fs::metadata(dir.path("lib/a.php")).unwrap().modified().unwrap();
    for text in ["5", "6", "7"] {
        let path = dir.path("lib/a.php");
        fs::write(&path, format!("<?php\n// one\nfunction a() {{ return {text}; }}\n")).unwrap();
        fs::File::open(&path).unwrap().set_modified(time).unwrap();
        running.wait_until(text, || dir.text("out/all.php").contains(&format!("return {text};")));
    }
}

#[test]
fn the_clock_is_set_back() {
    clock_set_back(&[]);
}

#[test]
fn the_clock_is_set_back_where_nobody_tells() {
    clock_set_back(&["--poll=20"]);
}

#[test]
fn watches_run_out() {
    let dir = Dir::project();
    for folder in 0..8 {
        dir.write(format!("lib/{folder}/c.php"), code(&format!("c{folder}"), "x"));
    }
    dir.write("tilde.toml", "[[bundle]]\nfiles = [\"lib/**/*.php\"]\noutput = \"out/all.php\"\n");
    let script = "echo 4 > /proc/sys/user/max_inotify_watches";
    let running = dir.tilde_as_root(script, &["watch"]).start();
    running.wait_for("max_user_watches is reached; looking for changes every 500 ms instead");
    running.wait_for("] built 1 output, 10 files");
    dir.save("lib/5/c.php", code("c5", "seen anyway"));
    running.wait_for("(lib/5/c.php)");
    assert!(dir.text("out/all.php").contains("seen anyway"));
}

#[test]
fn there_is_no_watcher_left() {
    let dir = Dir::project();
    let script = "echo 0 > /proc/sys/user/max_inotify_instances";
    let running = dir.tilde_as_root(script, &["watch"]).start();
    running.wait_for("max_user_instances is reached; looking for changes every 500 ms instead");
    running.wait_for("] built 1 output, ");
    dir.save("lib/a.php", code("a", "seen anyway"));
    running.wait_for("(lib/a.php)");
    assert!(dir.text("out/all.php").contains("seen anyway"));
}

#[test]
fn the_disk_is_full() {
    let dir = Dir::project();
    let script = "mount -t tmpfs -o size=64k none out";
    let running = dir.tilde_as_root(script, &["watch"]).start();
    running.wait_for("] built 1 output, ");
    let output = format!("/proc/{}/root{}", running.id(), dir.path("out/all.php").display());
    let before = fs::read(&output).unwrap();
    dir.save("lib/a.php", code("a", &"x".repeat(100_000)));
    running.wait_for("the disk is full");
    assert_eq!(fs::read(&output).unwrap(), before);
    dir.save("lib/a.php", code("a", "short again"));
    running.wait_for("] rebuilt 1 output, ");
    assert!(String::from_utf8(fs::read(&output).unwrap()).unwrap().contains("short again"));
}

#[test]
fn what_is_included_appears_and_goes() {
    let dir = Dir::project();
    dir.write("lib/a.php", "<?php\nfunction a() { return include __DIR__ . '/../opt/x.php'; }\n");
    let running = watch(&dir, &["--allow", "T-INCLUDE"]);
    let without = dir.text("out/all.php");
    dir.save("opt/x.php", "<?php\nreturn 1;\n");
    running.wait_until("the path is folded", || dir.text("out/all.php") != without);
    fs::remove_dir_all(dir.path("opt")).unwrap();
    running.wait_until("the path is as it was", || dir.text("out/all.php") == without);
}

fn git(dir: &Dir, args: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=T", "-c", "user.email=t@example.org"]).args(args);
    let run = command.current_dir(dir.path("")).output().expect("install git");
    assert!(run.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_branch_is_switched_at_once() {
    let dir = Dir::project();
    dir.write(".gitignore", "out\n");
    git(&dir, &["init", "-q", "-b", "one"]);
    for branch in ["one", "two"] {
        for file in 0..300 {
            dir.write(format!("lib/{file}.php"), code(&format!("f{file}"), branch));
        }
        git(&dir, &["add", "-A"]);
        git(&dir, &["commit", "-q", "-m", branch]);
        git(&dir, &["checkout", "-q", "-B", "two"]);
    }
    let running = watch(&dir, &[]);
    git(&dir, &["checkout", "-q", "one"]);
    let lines = running.lines_to("] rebuilt 1 output, ");
    assert!(dir.text("out/all.php").matches("'one'").count() == 300, "{lines:#?}");
    assert_eq!(dir.text("out/all.php").matches("'two'").count(), 0);
}

#[test]
fn a_git_that_pauses_is_waited_for() {
    let dir = Dir::project();
    git(&dir, &["init", "-q"]);
    let running = watch(&dir, &[]);
    dir.write(".git/index.lock", "");
    for text in ["half", "done"] {
        dir.save("lib/a.php", code("a", text));
        dir.save("lib/b.php", "<?php\nfunction b() { this is no code }\n");
        // Longer than any batch of changes without git.
        thread::sleep(Duration::from_millis(700));
    }
    dir.save("lib/b.php", code("b", "done"));
    fs::remove_file(dir.path(".git/index.lock")).unwrap();
    let lines = running.lines_to("] rebuilt 1 output, ");
    assert!(!lines.join("\n").contains("failed"), "{lines:#?}");
    assert!(!dir.text("out/all.php").contains("half"));
}

/// The number of kills; `TILDE_KILLS` asks for more.
fn kills() -> u64 {
    std::env::var("TILDE_KILLS").map_or(20, |text| text.parse().unwrap())
}

#[test]
fn a_kill_leaves_a_whole_output() {
    let dir = Dir::project();
    let filler = "// filler\n".repeat(20_000);
    let mut random = 7_u64;
    for round in 0..kills() {
        let running = dir.tilde(["watch", "--style", "tight"]).start();
        running.wait_for("watching ");
        let body = format!(
            "<?php\nfunction a() {{ return [{filler}'{round}'{}]; }}\n",
            ",1".repeat(50_000)
        );
        dir.save("lib/a.php", body);
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round | 1);
        thread::sleep(Duration::from_micros((random >> 33) % 60_000));
        running.kill();
        let text = dir.text("out/all.php");
        let is_whole = text.starts_with("<?php") && text.trim_end().ends_with("{return 2;}");
        assert!(is_whole, "round {round}: {} bytes", text.len());
    }
    assert_eq!(dir.run(["build", "--style", "tight"]).code, 0);
    let left = fs::read_dir(dir.path("out")).unwrap().count();
    assert_eq!(left, 1, "temporary files stay in {}", Path::new("out").display());
}
