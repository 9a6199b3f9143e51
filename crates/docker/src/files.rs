//! The files around the Dockerfile.

use std::fmt::Write as _;

use crate::dockerfile;
use crate::image::{Image, Variant, suite};

/// A file of an image. Its path is relative to the folder of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it goes.
    pub path: &'static str,
    /// What is in it.
    pub text: String,
    /// Whether it is a program.
    pub is_program: bool,
}

/// The file of an image that is PHP and no source of the application.
pub const HEALTHCHECK: &str = "docker/healthcheck.php";

/// Writes all files of an image.
#[must_use]
pub fn files(image: &Image) -> Vec<File> {
    let has = |variant| image.variants.contains(&variant);
    let mut files = vec![
        file("Dockerfile", dockerfile::text(image)),
        file(".dockerignore", ignore(image)),
        file("docker/php.ini", PHP_INI.to_owned()),
        file("docker/opcache.ini", opcache(image)),
    ];
    if has(Variant::Fpm) {
        files.push(file("docker/fpm.conf", FPM.to_owned()));
        files.push(file("docker/nginx.conf", nginx(image)));
    }
    if has(Variant::Apache) {
        files.push(file("docker/apache.conf", apache(image)));
    }
    if has(Variant::Frankenphp) {
        files.push(file("docker/Caddyfile", caddyfile(image)));
    }
    if image.variants.iter().any(|it| *it != Variant::Cli) {
        let text = include_str!("../templates/healthcheck.php");
        files.push(file(HEALTHCHECK, text.to_owned()));
    }
    files.push(file("docker-bake.hcl", bake(image)));
    files.push(File { is_program: true, ..file("docker/test.sh", test(image)) });
    files
}

fn file(path: &'static str, text: String) -> File {
    File { path, text, is_program: false }
}

/// What never belongs into an image, besides what the project says.
const IGNORED: &[&str] = &[
    ".git",
    ".gitattributes",
    ".gitignore",
    ".gitlab-ci.yml",
    ".github",
    ".gitlab",
    ".editorconfig",
    ".idea",
    ".vscode",
    "**/.DS_Store",
    ".env",
    ".env.*",
    "**/*.log",
    "**/*.new",
    "node_modules",
    "*.md",
    "compose*.y*ml",
    "docker-compose*.y*ml",
    "phpstan*",
    "phpunit*",
    "psalm*",
];

fn ignore(image: &Image) -> String {
    let mut lines: Vec<String> = IGNORED.iter().map(|it| (*it).to_owned()).collect();
    lines.extend(image.left_out.iter().cloned());
    if image.composer.is_some() {
        lines.push("vendor".to_owned());
    }
    // What the application has written here is nothing of a release.
    lines.extend(image.writable.iter().map(|folder| format!("{folder}/**")));
    let is_elsewhere = |path: &&String| image.composer.is_none() || !path.starts_with("vendor/");
    lines.extend(image.outputs.iter().filter(is_elsewhere).cloned());
    format!(
        "\
# What the build of the image does not see. Outputs of tilde are made in it.
{}
",
        lines.join("\n")
    )
}

const PHP_INI: &str = "\
; On top of php.ini-production.
expose_php = Off
display_errors = Off
display_startup_errors = Off
log_errors = On
error_log = /proc/self/fd/2
html_errors = Off
; A container is configured by its environment.
variables_order = EGPCS
memory_limit = 128M
; Paths of files that are not compiled; nothing changes them.
realpath_cache_size = 4096K
realpath_cache_ttl = 86400
; The one place that can be written to.
sys_temp_dir = /tmp
upload_tmp_dir = /tmp
session.save_path = /tmp
date.timezone = UTC
zend.assertions = -1
";

fn opcache(image: &Image) -> String {
    let mut text = format!(
        "\
; The sizes are computed from what is built; `tilde docker check` says when they are no
; longer right.
opcache.enable = 1

{sizes}
; The code of an image does not change: no file is looked at twice, new ones are taken at
; once, and large ones too.
opcache.validate_timestamps = 0
opcache.file_update_protection = 0
opcache.max_file_size = 0
; Doc comments are read by reflection.
opcache.save_comments = 1
",
        sizes = image.sizes.lines(),
    );
    if image.variants.iter().any(|it| it.has_script()) {
        text += "; A server that runs as a script is no request.\nopcache.enable_cli = 1\n";
    }
    if let Some(preload) = &image.preload {
        let _ = write!(
            text,
            "\
; What nearly all requests use is there before the first one. A change needs a restart.
opcache.preload = /app/{preload}
"
        );
    }
    text
}

const FPM: &str = "\
; After those of the image. FPM_CHILDREN is a variable of the environment: the memory of
; the container, less that of OPcache, divided by what a request takes.
[global]
error_log = /proc/self/fd/2
log_limit = 8192

[www]
listen = 9000
pm = static
pm.max_children = ${FPM_CHILDREN}
ping.path = /ping
access.log = /dev/null
catch_workers_output = yes
decorate_workers_output = no
clear_env = no
";

fn nginx(image: &Image) -> String {
    let locations = if image.web_root.is_empty() { NGINX_PROJECT } else { NGINX_FOLDER };
    include_str!("../templates/nginx.conf")
        .replace("@ROOT@", &image.web_root_in_image())
        .replace("@LOCATIONS@", locations)
}

/// What is in a folder for everybody.
const NGINX_FOLDER: &str = "
        location / {
            try_files $uri @front;
        }

        location ~ ^(?<script>/.+?\\.php)(?<path_info>/.*)?$ {
            try_files $script @front;
            fastcgi_pass php:9000;
        }
";

/// Where sources and configuration are in the same folder, these are not for everybody.
const NGINX_PROJECT: &str = "
        # The folder of the project has more than what is for everybody: of its files only
        # these are shown, and only scripts of the folder itself are run.
        location ~* \\.(?:avif|bmp|css|eot|gif|ico|jpe?g|js|mjs|mp[34]|otf|png|svg|swf|ttf|wasm|webm|webp|woff2?)$ {
            try_files $uri @front;
        }

        location = /robots.txt {
            try_files $uri @front;
        }

        location / {
            try_files /. @front;
        }

        location ~ ^(?<script>/[^/]+?\\.php)(?<path_info>/.*)?$ {
            try_files $script @front;
            fastcgi_pass php:9000;
        }
";

fn apache(image: &Image) -> String {
    let root = image.web_root_in_image();
    format!(
        "\
ServerName localhost
ServerTokens Prod
ServerSignature Off
TraceEnable Off
<VirtualHost *:8080>
    DocumentRoot {root}
    ErrorLog /proc/self/fd/2
    CustomLog /proc/self/fd/1 combined
    <Directory {root}>
        Options -Indexes +FollowSymLinks
        AllowOverride None
        Require all granted
        DirectoryIndex index.php
        # What is no file is for the front controller.
        FallbackResource /index.php
    </Directory>
</VirtualHost>
"
    )
}

fn caddyfile(image: &Image) -> String {
    let root = image.web_root_in_image();
    format!(
        "\
{{
	frankenphp
	admin off
	auto_https off
}}

:8080 {{
	root * {root}
	encode zstd gzip
	php_server
}}
"
    )
}

fn bake(image: &Image) -> String {
    let mut items = String::new();
    for php in &image.php {
        let (suite, _) = suite(*php).unwrap_or(("bookworm", false));
        for variant in &image.variants {
            let (php, name) = (php.as_str(), variant.as_str());
            let base = variant.image(php, image.base, suite);
            let _ = writeln!(
                items,
                "      {{ php = \"{php}\", variant = \"{name}\", image = \"{base}\" }},"
            );
        }
    }
    let has_nginx = image.variants.contains(&Variant::Fpm);
    let (targets, nginx) =
        if has_nginx { ("\"app\", \"nginx\"", BAKE_NGINX) } else { ("\"app\"", "") };
    include_str!("../templates/docker-bake.hcl")
        .replace("@TARGETS@", targets)
        .replace("@NGINX@", nginx)
        .replace("@IMAGE@", &image.name)
        .replace("@ITEMS@", items.trim_end())
}

/// The web server, which is the same in front of each PHP.
const BAKE_NGINX: &str = r#"
target "nginx" {
  context   = "."
  target    = "nginx"
  platforms = ["linux/amd64", "linux/arm64"]
  args = {
    VERSION           = VERSION
    REVISION          = REVISION
    SOURCE            = SOURCE
    CREATED           = timeadd("1970-01-01T00:00:00Z", "${SOURCE_DATE_EPOCH}s")
    SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH
  }
  tags   = ["${IMAGE}:${VERSION}-nginx"]
  attest = ["type=provenance,mode=max", "type=sbom"]
}
"#;

/// What a runtime has no use for.
const TOOLS: &str = "cc gcc g++ c++ make ld as autoconf re2c phpize php-config pecl pear \
    docker-php-ext-install composer git sudo curl wget unzip gdb strace vi nano";

fn test(image: &Image) -> String {
    let mut extensions: Vec<String> = image.needed().map(|need| need.extension.clone()).collect();
    extensions.retain(|name| name != "opcache" && !dockerfile::ALWAYS.contains(&&**name));
    let installed = dockerfile::installed(image).into_iter().map(|(name, ..)| name);
    extensions.extend(installed);
    extensions.sort();
    extensions.dedup();
    let tmpfs = image.tmpfs(" \\\n        ");
    let mut absent = vec![".git", ".env", "Dockerfile", "docker", "node_modules"];
    absent.extend(image.left_out.iter().map(|it| &**it));
    include_str!("../templates/test.sh")
        .replace("@EXTENSIONS@", &extensions.join(" "))
        .replace("@VARIANT@", image.variants[0].as_str())
        .replace("@TMPFS@", &tmpfs)
        .replace("@TOOLS@", TOOLS)
        .replace("@ABSENT@", &absent.join(" "))
}
