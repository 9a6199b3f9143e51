//! `tilde docker`: what it finds in projects, writes and compares.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::util::Dir;
use tilde_testing::composer as support;

/// A project with a bundle, a web root and tests.
fn project() -> Dir {
    let dir = Dir::project();
    dir.write("public/index.php", "<?php\nrequire __DIR__ . '/../out/all.php';\necho a();\n");
    dir.write("tests/AllTest.php", "<?php\nimagecreate(1, 1);\n");
    dir
}

#[test]
fn files_are_written_once() {
    let dir = project();
    let run = dir.run(["docker", "init"]);
    assert_eq!(run.code, 0, "{run}");
    let mode = dir.path("docker/test.sh").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111);
    assert!(dir.text("docker/opcache.ini").contains("opcache.validate_timestamps = 0"));
    // Tests are nothing of the image.
    assert!(!dir.text("Dockerfile").contains("gd"));
    assert!(dir.text(".dockerignore").contains("\ntests\n"));
    let run = dir.run(["docker", "init"]);
    assert!(run.code == 0 && run.stderr.contains("unchanged Dockerfile"), "{run}");
    dir.write("docker/php.ini", "; mine\n");
    let run = dir.fail(["docker", "init"]);
    assert!(run.stderr.contains("--overwrite replaces it"), "{run}");
    assert_eq!(dir.run(["docker", "check"]).code, 1);
    assert_eq!(dir.run(["docker", "init", "--overwrite"]).code, 0);
    assert_eq!(dir.run(["docker", "check"]).code, 0);
}

#[test]
fn check_takes_the_options_of_the_dockerfile() {
    let dir = project();
    let options = [
        "docker",
        "init",
        "--variant",
        "apache",
        "--variant",
        "cli",
        "--script",
        "lib/a.php",
        "--with",
        "redis",
        "--name",
        "it's",
        "--php",
        "8.3",
        "--writable",
        "data files",
    ];
    let run = dir.run(options);
    assert_eq!(run.code, 0, "{run}");
    let text = dir.text("Dockerfile");
    assert!(text.contains("pecl install \"redis-${REDIS_VERSION}\""), "{text}");
    assert!(text.contains("RUN tilde build --php 8.3\n"), "{text}");
    let stages: Vec<&str> = text.lines().filter(|line| line.starts_with("FROM ")).collect();
    assert_eq!(stages.last(), Some(&"FROM scratch AS apache"));
    let run = dir.run(["docker", "check"]);
    assert_eq!(run.code, 0, "{run}");
}

/// A Composer project whose outputs are not there yet.
#[test]
fn a_composer_project_has_its_preload() {
    let dir = Dir::new();
    let composer = "{ \"name\": \"acme/shop\", \"repositories\": { \"packagist.org\": false },
        \"require\": { \"php\": \">=8.1\" }, \"autoload\": { \"psr-4\": { \"Shop\\\\\": \"src/\" } } }";
    dir.write("shop/composer.json", composer);
    dir.write("shop/src/Home.php", "<?php\nnamespace Shop;\nclass Home\n{\n}\n");
    dir.write(
        "shop/public/index.php",
        "<?php\nrequire __DIR__ . '/../vendor/tilde/autoload.php';\nnew Shop\\Home;\nxml_error_string(1);\n",
    );
    support::composer(&dir.path("shop"), &["install"]);
    for folder in ["shop", "."] {
        let here = if folder == "." { dir.path("shop") } else { dir.path("") };
        let run = dir.tilde(["docker", "init", "--overwrite", folder]).current_dir(&here).run();
        assert_eq!(run.code, 0, "{run}");
        let text = dir.text("shop/Dockerfile");
        assert!(text.contains("opcache.preload=vendor/tilde/preload.php"), "{text}");
        assert!(text.contains("COPY composer.json composer.lock ./"), "{text}");
        let ini = dir.text("shop/docker/opcache.ini");
        assert!(ini.contains("opcache.preload = /app/vendor/tilde/preload.php"), "{ini}");
    }
}

/// Each variant on each base, in the same project.
#[test]
fn all_variants_are_written() {
    let dir = project();
    for variant in ["fpm", "apache", "cli", "swoole", "frankenphp"] {
        for base in ["debian", "alpine"] {
            let args = ["docker", "init", "--overwrite", "--variant", variant, "--base", base];
            let args = args.into_iter().chain(["--script", "lib/a.php", "--with", "gd"]);
            if variant == "apache" && base == "alpine" {
                let run = dir.fail(args);
                assert!(run.stderr.contains("no image of Apache on Alpine"), "{run}");
                continue;
            }
            let run = dir.run(args);
            assert_eq!(run.code, 0, "{run}");
            let text = dir.text("Dockerfile");
            assert!(text.contains(&format!("FROM scratch AS {variant}\n")), "{text}");
            assert!(text.contains("\nSTOPSIGNAL ") && text.contains("\nHEALTHCHECK "), "{text}");
            let user = if base == "alpine" { "\nUSER 82:82\n" } else { "\nUSER 33:33\n" };
            assert!(text.contains(user), "{text}");
            assert_eq!(dir.run(["docker", "check"]).code, 0);
            let run = Command::new("shellcheck").arg(dir.path("docker/test.sh")).output();
            let output = run.expect("shellcheck is installed by scripts/install-tools");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
    }
}

#[test]
fn an_extension_without_a_recipe_is_an_error() {
    let dir = project();
    dir.write("composer.json", "{ \"require\": { \"ext-redsi\": \"*\" } }");
    let run = dir.fail(["docker", "init"]);
    assert!(
        run.stderr.contains("is it `redis`?") && run.stderr.contains("composer.json:1:"),
        "{run}"
    );
    let run = dir.run(["docker", "init", "--without", "redsi"]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn the_context_is_what_docker_would_be_sent() {
    let dir = project();
    dir.write(".dockerignore", "tests\n*.toml\n!tilde.toml\n**/*.log\n");
    dir.write("notes.toml", "");
    dir.write("lib/a.log", "");
    std::os::unix::fs::symlink("a.php", dir.path("lib/link.php")).unwrap();
    let run = dir.run(["docker", "build-context"]);
    let expected =
        ".dockerignore\nlib/a.php\nlib/b.php\nlib/link.php\npublic/index.php\ntilde.toml\n";
    assert_eq!(run.text(), expected, "{run}");
    for name in ["tests/one.tar", "tests/two.tar"] {
        let run = dir.tilde(["docker", "build-context", "-o", name]);
        assert_eq!(run.env("SOURCE_DATE_EPOCH", "1700000000").run().code, 0);
    }
    let read = |name: &str| std::fs::read(dir.path(name)).unwrap();
    assert_eq!(read("tests/one.tar"), read("tests/two.tar"));
    let mut tar = Command::new("tar");
    let list = tar.args(["-tf", "tests/one.tar"]).current_dir(dir.path("")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&list.stdout), expected);
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !is_so() {
        assert!(std::time::Instant::now() < end, "not before the time is up: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// PHP-FPM, or nginx, with the written configuration.
struct Server(std::process::Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Killed, it would leave its workers.
        let id = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        let _ = self.0.wait();
    }
}

impl Server {
    fn fpm(dir: &Dir, port: u16) -> Self {
        let conf = dir.text("docker/fpm.conf").replace("9000", &format!("127.0.0.1:{port}"));
        dir.write("fpm/fpm.conf", conf);
        let mut command = Command::new("/usr/sbin/php-fpm8.2");
        command.args(["-n", "-F", "-R", "-y"]).arg(dir.path("fpm/fpm.conf"));
        command.args(["-d", "zend_extension=opcache"]);
        command.stderr(std::process::Stdio::null());
        // No ini file of this machine counts, so each line of ours is an option.
        for name in ["php.ini", "opcache.ini"] {
            let text = dir.text(&format!("docker/{name}"));
            for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with(';')) {
                command.args(["-d", &line.replace(" = ", "=")]);
            }
        }
        command.env("FPM_CHILDREN", "1");
        Self(command.spawn().expect("php-fpm8.2 is installed by scripts/install-tools"))
    }

    /// With the folders and ports of a test in place of those of the image.
    fn nginx(dir: &Dir, port: u16, fpm: u16) -> Self {
        dir.folder("nginx");
        let own = dir.path("nginx");
        let conf = dir
            .text("docker/nginx.conf")
            .replace("/tmp/", &format!("{}/", own.display()))
            .replace("\"/app", &format!("\"{}", own.parent().unwrap().display()))
            .replace("mime.types", "/etc/nginx/mime.types")
            .replace("listen 8080", &format!("listen 127.0.0.1:{port}"))
            .replace("php:9000", &format!("127.0.0.1:{fpm}"));
        dir.write("nginx/nginx.conf", conf);
        let mut command = Command::new("/usr/sbin/nginx");
        command.arg("-c").arg(dir.path("nginx/nginx.conf")).args(["-e", "stderr"]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        Self(command.spawn().expect("nginx is installed by scripts/install-tools"))
    }
}

/// Asks the server, as the check of the image does.
fn ask(dir: &Dir, port: u16, path: Option<&str>) -> (bool, String) {
    let mut command = Command::new("php");
    command.arg(dir.path("docker/healthcheck.php")).args(path);
    command.env("HEALTH_URL", format!("fastcgi://127.0.0.1:{port}/ping"));
    command.env("HEALTH_SCRIPT", dir.path("public/index.php"));
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The written configuration under load: the server answers the health check, and OPcache
/// keeps all files in the memory that it is given.
#[test]
fn fpm_answers_and_opcache_has_room() {
    let dir = project();
    dir.write(
        "public/status.php",
        "<?php\n$status = opcache_get_status(false);\nfunction counted() {}\n",
    );
    dir.write(
        "public/index.php",
        "<?php\nrequire __DIR__ . '/../out/all.php';\nrequire __DIR__ . '/status.php';\n\
         $it = $status['opcache_statistics'];\n\
         $used = $status['memory_usage'];\n\
         echo 'ANSWER ', a(), ' ', json_encode([$status['opcache_enabled'], \
         $it['oom_restarts'] + $it['hash_restarts'], $used['current_wasted_percentage'] < 5, \
         $it['opcache_hit_rate'] > 99, ini_get('opcache.validate_timestamps'), \
         ini_get('display_errors')]), \"\\n\";\n",
    );
    assert_eq!(dir.run(["build"]).code, 0);
    assert_eq!(dir.run(["docker", "init"]).code, 0);
    let port = free_port();
    assert!(!ask(&dir, port, None).0, "nobody is there yet");
    let _fpm = Server::fpm(&dir, port);
    until("FPM answers", || ask(&dir, port, None).0);
    let mut last = String::new();
    for _ in 0..400 {
        let (is_right, answer) = ask(&dir, port, Some("/about?a=1"));
        assert!(is_right, "{answer}");
        last = answer;
    }
    assert!(last.contains("ANSWER 1 [true,0,true,true,\"0\",\"\"]"), "{last}");
    dir.write("public/index.php", "<?php\nhttp_response_code(500);\n");
    // The old code stays until there is a new container.
    assert!(ask(&dir, port, Some("/")).1.contains("ANSWER"), "{last}");
}

/// What a browser gets from the two servers: status and body.
fn browse(port: u16, path: &str) -> String {
    let mut command = Command::new("curl");
    command.args(["--silent", "--path-as-is", "--write-out", " %{http_code}"]);
    let output = command.arg(format!("http://127.0.0.1:{port}{path}")).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const FRONT: &str = "<?php\necho json_encode([$_SERVER['SCRIPT_NAME'], $_SERVER['PATH_INFO'] ?? '', \
    $_SERVER['REQUEST_URI'], $_SERVER['QUERY_STRING'], getenv('HTTP_PROXY')], 64);\n";

/// Asks both servers for each path, after the files of an image were written.
fn browse_all(dir: &Dir, requests: &[(&str, &str)]) {
    assert_eq!(dir.run(["docker", "init"]).code, 0);
    let (port, fpm) = (free_port(), free_port());
    let _fpm = Server::fpm(dir, fpm);
    let _nginx = Server::nginx(dir, port, fpm);
    until("FPM answers", || ask(dir, fpm, None).0);
    until("nginx answers", || browse(port, "/").ends_with(" 200"));
    for (path, expected) in requests {
        assert_eq!(browse(port, path), *expected, "{path}");
    }
}

#[test]
fn nginx_shows_files_and_hands_on_the_rest() {
    let dir = project();
    dir.write("public/index.php", FRONT);
    dir.write("public/style.css", "a {}");
    dir.write("public/.secret", "secret");
    dir.write("public/.well-known/x", "known");
    dir.write("public/files/report.json", "{}");
    dir.write("public/admin/tool.php", "<?php\necho 'tool', $_SERVER['PATH_INFO'] ?? '';\n");
    dir.write("public/image.jpg", "<?php echo 'run';");
    let requests = [
        ("/", r#"["/index.php","/","/","",false] 200"#),
        ("/about/us?a=1", r#"["/index.php","/about/us","/about/us?a=1","a=1",false] 200"#),
        ("/a%3Fb%20c", r#"["/index.php","/a?b c","/a%3Fb%20c","",false] 200"#),
        ("/index.php/x", r#"["/index.php","/x","/index.php/x","",false] 200"#),
        ("/admin/tool.php", "tool 200"),
        ("/admin/tool.php/x", "tool/x 200"),
        ("/none.php", r#"["/index.php","/none.php","/none.php","",false] 200"#),
        ("/style.css", "a {} 200"),
        ("/files/report.json", "{} 200"),
        ("/image.jpg", "<?php echo 'run'; 200"),
        (
            "/image.jpg/x.php",
            r#"["/index.php","/image.jpg/x.php","/image.jpg/x.php","",false] 200"#,
        ),
        ("/.well-known/x", "known 200"),
    ];
    browse_all(&dir, &requests);
}

/// Where the folder of the project is what is shown, its sources are not.
#[test]
fn nginx_shows_no_sources_of_a_project() {
    let dir = Dir::project();
    dir.write("index.php", FRONT);
    dir.write("Public/style.css", "a {}");
    dir.write("Conf/config.php", "<?php\necho 'conf';\n");
    dir.write("robots.txt", "all");
    let front = |path: &str| format!(r#"["/index.php","{path}","{path}","",false] 200"#);
    let hidden = ["/tilde.toml", "/Conf/config.php", "/lib/a.php", "/docker/fpm.conf", "/lib/"];
    let hidden: Vec<(&str, String)> = hidden.into_iter().map(|it| (it, front(it))).collect();
    let mut requests: Vec<(&str, &str)> = hidden.iter().map(|(path, it)| (*path, &**it)).collect();
    requests.extend([("/Public/style.css", "a {} 200"), ("/robots.txt", "all 200")]);
    browse_all(&dir, &requests);
}
