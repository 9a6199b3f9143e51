//! The Dockerfile: stages that compile and are thrown away, and one that runs.
//!
//! What is left after the compilers are purged is copied into an empty image, since a
//! purge in a layer of its own would leave them in the layer below. A layer of the
//! application alone lies on top, so that a release moves only that.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tilde_syntax::Version;

use crate::image::{Image, Variant, suite};
use crate::needs::Need;
use crate::recipe::{Base, Recipe, Way, recipe};

/// Most reasons that a comment names.
const MAX_REASONS: usize = 3;

/// Writes it.
pub(crate) fn text(image: &Image) -> String {
    let mut stages = vec![head(image), extensions(image), slim(image), build(image)];
    if image.variants.contains(&Variant::Fpm) {
        stages.push(nginx(image));
    }
    // The last stage is what a plain `docker build` makes.
    stages.extend(image.variants.iter().rev().map(|variant| runtime(image, *variant)));
    stages.join("\n")
}

fn head(image: &Image) -> String {
    let php = image.newest();
    let (suite, _) = suite(php).unwrap_or(("bookworm", false));
    let first = image.variants[0];
    let base = first.image("${PHP_VERSION}", image.base, suite);
    let has_nginx = image.variants.contains(&Variant::Fpm);
    let nginx = if has_nginx { "ARG NGINX_IMAGE=nginx:1.28\n" } else { "" };
    let composer = match image.composer {
        Some(_) => ["ARG COMPOSER_IMAGE=composer:2\n", "\nFROM ${COMPOSER_IMAGE} AS composer\n"],
        None => ["", ""],
    };
    format!(
        "\
# syntax=docker/dockerfile:1
# Written by tilde. `tilde docker check` says whether it is still what tilde would write,
# and this writes it again:
#     {command}
# Pin the images by digest where builds have to be repeatable: PHP_IMAGE=php@sha256:…
ARG PHP_VERSION={php}
ARG PHP_IMAGE={base}
{nginx}# With the name of your registry in front.
ARG TILDE_IMAGE=tilde:{tilde}
{}
FROM ${{TILDE_IMAGE}} AS tilde
{}",
        composer[0],
        composer[1],
        command = image.command,
        tilde = image.tilde,
    )
}

/// The extensions that are installed, those first that others need, with why.
pub(crate) fn installed(image: &Image) -> Vec<(String, Recipe, String)> {
    let mut all: Vec<(String, Recipe, String)> = Vec::new();
    for need in image.needed() {
        let Some(found) = recipe(&need.extension, image.newest()) else { continue };
        for other in found.needs {
            let is_there = all.iter().any(|(name, ..)| name == other)
                || image.needed().any(|need| need.extension == *other);
            if let Some(below) = recipe(other, image.newest()).filter(|_| !is_there) {
                all.push(((*other).to_owned(), below, format!("{} needs it", need.extension)));
            }
        }
        all.push((need.extension.clone(), found, reasons(need)));
    }
    all.retain(|(_, recipe, _)| recipe.way != Way::BuiltIn);
    all.sort_by_key(|(_, recipe, _)| !recipe.needs.is_empty());
    all
}

fn reasons(need: &Need) -> String {
    let mut all: Vec<String> = Vec::new();
    for reason in need.reasons.iter().map(crate::Reason::without_line) {
        if !all.contains(&reason) {
            all.push(reason);
        }
    }
    let more = all.len().saturating_sub(MAX_REASONS);
    all.truncate(MAX_REASONS);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    all.join("; ") + &more
}

fn extensions(image: &Image) -> String {
    let all = installed(image);
    let mut text = String::from(
        "\
# Compiles extensions. Compilers stay in this stage.
FROM ${PHP_IMAGE} AS ext
",
    );
    comments(&mut text, image);
    let is_archived = suite(image.newest()).is_some_and(|(_, is_archived)| is_archived);
    if image.base == Base::Debian && is_archived {
        text += ARCHIVE;
    }
    if image.base == Base::Alpine || all.iter().any(|(_, it, _)| it.build(image.base).count() > 0) {
        text += &packages(image, &all);
    }
    let bundled: Vec<&(String, Recipe, String)> =
        all.iter().filter(|(_, it, _)| it.way == Way::Bundled).collect();
    for (name, recipe, _) in &bundled {
        if let Some(options) = options(name, recipe, image.newest()) {
            let _ = writeln!(text, "RUN docker-php-ext-configure {name} {options}");
        }
    }
    if !bundled.is_empty() {
        let names: Vec<&str> = bundled.iter().map(|(_, it, _)| it.package).collect();
        let _ = writeln!(text, "RUN docker-php-ext-install -j\"$(nproc)\" {}", names.join(" "));
    }
    for (name, recipe, _) in &all {
        if let Way::Pecl(version) = recipe.way {
            text += &pecl(name, recipe, version);
        }
    }
    text += "\
# Images of PHP have OPcache on; older ones only bring its source.
RUN php -m >/tmp/modules; \\
    grep -q 'Zend OPcache' /tmp/modules || docker-php-ext-install opcache
";
    text
}

/// Which extension is there for what.
fn comments(text: &mut String, image: &Image) {
    for (name, _, reason) in installed(image) {
        let _ = writeln!(text, "# {name}: {reason}");
    }
    let is_built_in = |need: &&Need| {
        recipe(&need.extension, image.newest()).is_some_and(|it| it.way == Way::BuiltIn)
    };
    let is_small = |need: &&Need| !ALWAYS.contains(&&*need.extension);
    let names: Vec<&str> = image
        .needed()
        .filter(|need| is_built_in(need) && is_small(need))
        .map(|need| &*need.extension)
        .collect();
    if !names.is_empty() {
        let _ = writeln!(text, "# The image has: {}", names.join(", "));
    }
    let optional = image.needs.iter().filter(|need| need.is_optional && !is_built_in(need));
    let optional: Vec<&str> = optional.map(|need| &*need.extension).collect();
    if !optional.is_empty() {
        let _ =
            writeln!(text, "# Used where they are there (--with NAME): {}", optional.join(", "));
    }
}

/// What no PHP is without.
pub(crate) const ALWAYS: &[&str] =
    &["core", "standard", "spl", "date", "pcre", "reflection", "hash", "json", "random"];

fn options(name: &str, recipe: &Recipe, php: Version) -> Option<String> {
    let options = match name {
        "gd" if php < Version::V7_4 => {
            "--with-freetype-dir=/usr --with-jpeg-dir=/usr --with-png-dir=/usr --with-webp-dir=/usr"
        }
        "zip" if php < Version::V7_4 => "--with-libzip",
        _ => recipe.options,
    };
    (!options.is_empty()).then(|| options.to_owned())
}

const ARCHIVE: &str = "\
# This release of Debian is in the archive.
RUN sed -i -e 's/deb.debian.org/archive.debian.org/' -e '/-updates/d' \\
        -e 's/security.debian.org/archive.debian.org/' /etc/apt/sources.list
";

fn packages(image: &Image, all: &[(String, Recipe, String)]) -> String {
    let build: BTreeSet<&str> = all.iter().flat_map(|(_, it, _)| it.build(image.base)).collect();
    let run: BTreeSet<&str> = all.iter().flat_map(|(_, it, _)| it.run(image.base)).collect();
    let lines = |names: &BTreeSet<&str>| -> String {
        names.iter().map(|name| [" \\\n        ", name].concat()).collect()
    };
    match image.base {
        Base::Debian => format!(
            "\
# hadolint ignore=DL3008 # the release of Debian says which versions
RUN apt-get update && apt-get install -y --no-install-recommends{} \\
    && rm -rf /var/lib/apt/lists/*
",
            lines(&build.union(&run).copied().collect()),
        ),
        Base::Alpine => {
            let run = if run.is_empty() {
                String::new()
            } else {
                format!(" \\\n    && apk add --no-cache{}", lines(&run))
            };
            format!(
                "\
# hadolint ignore=DL3018,SC2086 # the release of Alpine says which versions
RUN apk add --no-cache --virtual .build $PHPIZE_DEPS{}{run}
",
                lines(&build)
            )
        }
    }
}

fn pecl(name: &str, recipe: &Recipe, version: &str) -> String {
    let variable = format!("{}_VERSION", name.to_ascii_uppercase());
    // What needs another one has to be loaded after it, and files are read by their names.
    let ini = if recipe.needs.is_empty() {
        String::new()
    } else {
        format!("--ini-name docker-php-ext-zz-{name}.ini ")
    };
    format!(
        "\
ARG {variable}={version}
RUN pecl install \"{package}-${{{variable}}}\" && docker-php-ext-enable {ini}{name}
",
        package = recipe.package,
    )
}

fn slim(image: &Image) -> String {
    let run: BTreeSet<&str> = installed(image)
        .iter()
        .flat_map(|(_, it, _)| it.run(image.base).collect::<Vec<_>>())
        .collect();
    let purge = match image.base {
        Base::Debian => debian_purge(&run),
        Base::Alpine => ALPINE_PURGE.to_owned(),
    };
    format!(
        "\
# PHP and what it is linked with; no compiler, no header, no package of PECL, no curl.
FROM ext AS slim
{purge}RUN set -eu; \\
    rm -rf /usr/src/* /usr/local/include /usr/local/lib/php/build /usr/local/lib/php/.registry \\
        /usr/local/php /usr/share/man/* /var/cache/* /var/log/*.log /tmp/* \\
        /root/.pearrc /var/www/html; \\
    for tool in docker-php-ext-configure docker-php-ext-enable docker-php-ext-install \\
            docker-php-source install-php-extensions pear peardev pecl phpize php-config phpdbg \\
            phar phar.phar; do \\
        rm -f \"/usr/local/bin/$tool\"; \\
    done; \\
    mv \"$PHP_INI_DIR/php.ini-production\" \"$PHP_INI_DIR/php.ini\"; \\
    rm -f \"$PHP_INI_DIR/php.ini-development\"; \\
    php --version
COPY docker/php.ini $PHP_INI_DIR/conf.d/zz-tilde-php.ini
COPY docker/opcache.ini $PHP_INI_DIR/conf.d/zz-tilde-opcache.ini
"
    )
}

fn debian_purge(run: &BTreeSet<&str>) -> String {
    let run: String = run.iter().map(|name| [" ", name].concat()).collect();
    format!(
        "\
RUN set -eu; \\
    find /usr/local -type f '(' -name '*.so*' -o -perm /0111 ')' -exec ldd '{{}}' ';' \\
        >/tmp/linked 2>/dev/null || true; \\
    awk '/=>/ {{ so = $(NF - 1); if (so ~ \"^/usr/local/\") next; sub(\"^/(usr/)?\", \"*\", so); \\
        if (!seen[so]++) print so }}' /tmp/linked >/tmp/libraries; \\
    xargs -r -a /tmp/libraries dpkg-query --search >/tmp/owners; \\
    awk '{{ sub(\":$\", \"\", $1); if (!seen[$1]++) print $1 }}' /tmp/owners >/tmp/keep; \\
    apt-mark auto '.*' >/dev/null; \\
    xargs -a /tmp/keep apt-mark manual >/dev/null; \\
    for package in ca-certificates apache2{run}; do \\
        if dpkg --status \"$package\" >/dev/null 2>&1; then apt-mark manual \"$package\"; fi; \\
    done; \\
    if command -v setcap && [ -e /usr/local/bin/frankenphp ]; then \\
        setcap -r /usr/local/bin/frankenphp; \\
    fi; \\
    apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false; \\
    rm -rf /var/lib/apt/lists/*
"
    )
}

const ALPINE_PURGE: &str = "\
# hadolint ignore=DL3018 # the linker says which
RUN set -eu; \\
    scanelf --needed --nobanner --format '%n#p' --recursive /usr/local >/tmp/needed; \\
    awk -F, '{ for (i = 1; i <= NF; i++) if (!seen[$i]++) print $i }' /tmp/needed >/tmp/libraries; \\
    while read -r so; do \\
        if [ ! -e \"/usr/local/lib/$so\" ]; then echo \"so:$so\"; fi; \\
    done </tmp/libraries >/tmp/keep; \\
    xargs apk add --no-cache --virtual .run </tmp/keep; \\
    apk del --no-network .build; \\
    apk del --no-network curl tar xz || true
";

fn build(image: &Image) -> String {
    let mut text = String::from(
        "\
# The application, compiled under the very PHP that will run it.
FROM ext AS build
WORKDIR /app
",
    );
    if let Some(has_lock) = image.composer {
        text += &composer(image.base, has_lock);
    }
    text += "COPY . .\n";
    if image.composer.is_some() {
        text += "\
RUN composer dump-autoload --no-dev --optimize --no-interaction \\
    && composer check-platform-reqs --no-dev
";
    }
    text += "\
COPY --from=tilde /tilde /usr/local/bin/tilde
ARG SOURCE_DATE_EPOCH=0
";
    let _ = writeln!(text, "RUN {}", image.build);
    let checks: Vec<String> = smoke(&image.outputs).into_iter().collect();
    if !checks.is_empty() {
        let _ = writeln!(text, "RUN set -e; \\\n    {}", checks.join("; \\\n    "));
    }
    if let Some(preload) = &image.preload {
        let _ = writeln!(
            text,
            "RUN php -d opcache.enable_cli=1 -d opcache.preload={preload} \\\n        \
             -d opcache.preload_user=www-data -r 'exit(0);'"
        );
    }
    let user = image.user();
    let writable: String = image
        .writable
        .iter()
        .map(|it| format!(" {}", shell_word(&format!("/app/{it}"))))
        .collect::<Vec<_>>()
        .concat();
    text += "\
# Nobody who serves it can change it.
RUN set -eu; \\
    rm -rf Dockerfile .dockerignore docker docker-bake.hcl; \\
    chown -R 0:0 /app; \\
    chmod -R u=rwX,go=rX /app";
    if !writable.is_empty() {
        let _ = write!(text, "; \\\n    install -d -o {user} -g {user}{writable}");
    }
    text.push('\n');
    text
}

/// Commands with which PHP itself looks at what is compiled: each file, or all of a folder
/// with many of them.
fn smoke(outputs: &[String]) -> BTreeSet<String> {
    let is_php = |path: &&String| path.to_ascii_lowercase().ends_with(".php");
    let files: Vec<&String> = outputs.iter().filter(is_php).collect();
    let command = |file: &&String| {
        let folder = folder(file);
        if files.iter().filter(|it| self::folder(it) == folder).count() > 3 {
            let folder = shell_word(folder);
            return format!("for file in {folder}/*.php; do php -l \"$file\"; done");
        }
        format!("php -l {}", shell_word(file))
    };
    files.iter().map(command).collect()
}

/// A path as a shell takes it.
fn shell_word(path: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "/._~-".contains(it);
    if path.chars().all(is_plain) && !path.starts_with('~') {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', "'\\''"))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

fn composer(base: Base, has_lock: bool) -> String {
    let lock = if has_lock { "composer.json composer.lock" } else { "composer.json" };
    let unzip = match base {
        Base::Debian => {
            "\
# hadolint ignore=DL3008 # the release of Debian says which versions
RUN apt-get update && apt-get install -y --no-install-recommends unzip \\
    && rm -rf /var/lib/apt/lists/*
"
        }
        Base::Alpine => {
            "\
# hadolint ignore=DL3018 # the release of Alpine says which versions
RUN apk add --no-cache unzip
"
        }
    };
    format!(
        "\
{unzip}COPY --from=composer /usr/bin/composer /usr/local/bin/composer
ENV COMPOSER_ALLOW_SUPERUSER=1
COPY {lock} ./
RUN --mount=type=cache,target=/root/.composer/cache \\
    composer install --no-dev --no-autoloader --no-scripts --no-interaction --prefer-dist
"
    )
}

/// The web server that FPM needs, with the files that it answers itself.
fn nginx(image: &Image) -> String {
    let root = image.web_root_in_image();
    format!(
        "\
# The web server in front of PHP-FPM, with what it shows: docker build --target nginx
FROM ${{NGINX_IMAGE}} AS nginx
COPY docker/nginx.conf /etc/nginx/nginx.conf
COPY --from=build [\"{root}\", \"{root}\"]
{labels}USER 101:101
EXPOSE 8080
STOPSIGNAL SIGQUIT
ENTRYPOINT [\"nginx\"]
CMD [\"-e\", \"stderr\"]
",
        labels = labels(image),
    )
}

fn runtime(image: &Image, variant: Variant) -> String {
    let user = image.user();
    let tmpfs = image.tmpfs(" ");
    let mut text = format!(
        "\
# What runs. Start it with --read-only --tmpfs /tmp{tmpfs}
# A new opcache.preload or other code needs a new container: PHP looks at no file twice.
FROM scratch AS {name}
# hadolint ignore=DL3067 # without the layers below, in which the compilers are
COPY --from=slim / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
    PHP_INI_DIR=/usr/local/etc/php
",
        name = variant.as_str(),
    );
    text += &server(image, variant);
    text += "\
WORKDIR /app
COPY --from=build /app /app
";
    text += &labels(image);
    let _ = writeln!(text, "USER {user}:{user}");
    text += &commands(image, variant);
    text
}

/// What an image says of itself.
fn labels(image: &Image) -> String {
    format!(
        "\
ARG VERSION=0.0.0
ARG REVISION=
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=
LABEL org.opencontainers.image.title=\"{name}\" \\
      org.opencontainers.image.version=\"${{VERSION}}\" \\
      org.opencontainers.image.revision=\"${{REVISION}}\" \\
      org.opencontainers.image.created=\"${{CREATED}}\" \\
      org.opencontainers.image.source=\"${{SOURCE}}\"
",
        name = image.name,
    )
}

/// What a server is told, and the file for the question whether it answers.
fn server(image: &Image, variant: Variant) -> String {
    let script = &image.script;
    let health = "COPY docker/healthcheck.php /usr/local/share/tilde/healthcheck.php\n";
    match variant {
        Variant::Fpm => format!(
            "\
{health}COPY docker/fpm.conf /usr/local/etc/php-fpm.d/zz-tilde.conf
ENV HEALTH_URL=fastcgi://127.0.0.1:9000/ping \\
    HEALTH_SCRIPT=/app/{script} \\
    FPM_CHILDREN=8
"
        ),
        Variant::Apache => format!(
            "\
{health}COPY docker/apache.conf /etc/apache2/sites-available/000-default.conf
RUN echo 'Listen 8080' >/etc/apache2/ports.conf && a2enmod rewrite
ENV HEALTH_URL=http://127.0.0.1:8080/ \\
    APACHE_CONFDIR=/etc/apache2 \\
    APACHE_ENVVARS=/etc/apache2/envvars \\
    APACHE_RUN_DIR=/tmp/apache2 \\
    APACHE_LOCK_DIR=/tmp/apache2 \\
    APACHE_PID_FILE=/tmp/apache2/apache2.pid
"
        ),
        Variant::Frankenphp => format!(
            "\
{health}COPY docker/Caddyfile /etc/frankenphp/Caddyfile
ENV HEALTH_URL=http://127.0.0.1:8080/ \\
    GODEBUG=cgocheck=0 \\
    XDG_CONFIG_HOME=/tmp/config \\
    XDG_DATA_HOME=/tmp/data
"
        ),
        Variant::Swoole => format!("{health}ENV HEALTH_URL=http://127.0.0.1:9501/\n"),
        Variant::Cli => String::new(),
    }
}

/// How it is started, asked and stopped.
fn commands(image: &Image, variant: Variant) -> String {
    let health = "\
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \\
    CMD [\"php\", \"/usr/local/share/tilde/healthcheck.php\"]
";
    let script = &image.script;
    match variant {
        Variant::Fpm => format!(
            "{health}# Requests in work are answered first.
STOPSIGNAL SIGQUIT
EXPOSE 9000
ENTRYPOINT [\"docker-php-entrypoint\"]
CMD [\"php-fpm\"]
"
        ),
        Variant::Apache => format!(
            "{health}# Requests in work are answered first.
STOPSIGNAL SIGWINCH
EXPOSE 8080
ENTRYPOINT [\"docker-php-entrypoint\"]
CMD [\"apache2-foreground\"]
"
        ),
        Variant::Frankenphp => format!(
            "{health}STOPSIGNAL SIGTERM
EXPOSE 8080
CMD [\"frankenphp\", \"run\", \"--config\", \"/etc/frankenphp/Caddyfile\"]
"
        ),
        Variant::Swoole => format!(
            "{health}STOPSIGNAL SIGTERM
EXPOSE 9501
ENTRYPOINT [\"docker-php-entrypoint\"]
CMD [\"php\", \"{script}\"]
"
        ),
        Variant::Cli => format!(
            "HEALTHCHECK NONE
STOPSIGNAL SIGTERM
ENTRYPOINT [\"docker-php-entrypoint\", \"php\", \"/app/{script}\"]
"
        ),
    }
}
