//! How an extension gets into an image, and what it is compiled with.
//!
//! The official images compile some extensions into PHP; the others come from PHP's own
//! sources by `docker-php-ext-install`, or from PECL in a version that is named here. The
//! libraries that a compiled extension is linked with are not listed: the image asks the
//! linker. What it opens while it runs is.

use tilde_syntax::Version;

/// The distribution below an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Debian, with glibc.
    Debian,
    /// Alpine, with musl.
    Alpine,
}

/// How an extension is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The official images have it.
    BuiltIn,
    /// It is among PHP's own sources.
    Bundled,
    /// It comes from PECL, in this version.
    Pecl(&'static str),
}

/// How an extension is installed, and what that needs.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The name for `docker-php-ext-install` or PECL.
    pub package: &'static str,
    /// Where it comes from.
    pub way: Way,
    /// Other extensions that have to be there first.
    pub needs: &'static [&'static str],
    /// Options of its configuration, from PHP 7.4 on.
    pub options: &'static str,
    build: [&'static str; 2],
    run: [&'static str; 2],
}

impl Recipe {
    /// The packages with headers and tools that it is compiled with.
    pub fn build(&self, base: Base) -> impl Iterator<Item = &'static str> {
        self.build[base as usize].split_whitespace()
    }

    /// The packages that it opens while it runs, besides the libraries that it is linked
    /// with.
    pub fn run(&self, base: Base) -> impl Iterator<Item = &'static str> {
        self.run[base as usize].split_whitespace()
    }
}

/// The extensions that the official images of PHP have without further work.
const BUILT_IN: &[&str] = &[
    "core",
    "ctype",
    "curl",
    "date",
    "dom",
    "fileinfo",
    "filter",
    "hash",
    "iconv",
    "json",
    "libxml",
    "mbstring",
    "mysqlnd",
    "opcache",
    "openssl",
    "pcre",
    "pdo",
    "pdo_sqlite",
    "phar",
    "posix",
    "random",
    "readline",
    "reflection",
    "session",
    "simplexml",
    "sodium",
    "spl",
    "sqlite3",
    "standard",
    "tokenizer",
    "xml",
    "xmlreader",
    "xmlwriter",
    "zlib",
];

/// An entry of the tables: name, needs, options, build and run packages of Debian, then
/// those of Alpine.
type Row =
    (&'static str, &'static [&'static str], &'static str, [&'static str; 2], [&'static str; 2]);

const NONE: [&str; 2] = ["", ""];

/// Extensions in PHP's own sources.
#[rustfmt::skip]
const BUNDLED: &[Row] = &[
    ("bcmath", &[], "", NONE, NONE),
    ("bz2", &[], "", ["libbz2-dev", "bzip2-dev"], NONE),
    ("calendar", &[], "", NONE, NONE),
    ("dba", &[], "", NONE, NONE),
    ("enchant", &[], "", ["libenchant-2-dev", "enchant2-dev"], NONE),
    ("exif", &[], "", NONE, NONE),
    ("ffi", &[], "", ["libffi-dev", "libffi-dev"], NONE),
    ("ftp", &[], "", ["libssl-dev", "openssl-dev"], NONE),
    ("gd", &[], "--with-freetype --with-jpeg --with-webp", [
        "libfreetype6-dev libjpeg62-turbo-dev libpng-dev libwebp-dev zlib1g-dev",
        "freetype-dev libjpeg-turbo-dev libpng-dev libwebp-dev zlib-dev",
    ], NONE),
    ("gettext", &[], "", ["", "gettext-dev"], NONE),
    ("gmp", &[], "", ["libgmp-dev", "gmp-dev"], NONE),
    ("imap", &[], "--with-kerberos --with-imap-ssl", [
        "libc-client2007e-dev libkrb5-dev", "imap-dev krb5-dev openssl-dev",
    ], NONE),
    ("intl", &[], "", ["libicu-dev", "icu-dev"], ["", "icu-data-full"]),
    ("ldap", &[], "", ["libldap2-dev", "openldap-dev"], NONE),
    ("mysqli", &[], "", NONE, NONE),
    ("odbc", &[], "--with-unixODBC=shared,/usr", ["unixodbc-dev", "unixodbc-dev"], NONE),
    ("pcntl", &[], "", NONE, NONE),
    ("pdo_dblib", &[], "", ["freetds-dev", "freetds-dev"], NONE),
    ("pdo_firebird", &[], "", ["firebird-dev", "firebird-dev"], NONE),
    ("pdo_mysql", &[], "", NONE, NONE),
    ("pdo_odbc", &[], "--with-pdo-odbc=unixODBC,/usr", ["unixodbc-dev", "unixodbc-dev"], NONE),
    ("pdo_pgsql", &[], "", ["libpq-dev", "libpq-dev"], NONE),
    ("pgsql", &[], "", ["libpq-dev", "libpq-dev"], NONE),
    ("pspell", &[], "", ["libpspell-dev", "aspell-dev"], ["aspell-en", "aspell-en"]),
    ("shmop", &[], "", NONE, NONE),
    ("snmp", &[], "", ["libsnmp-dev", "net-snmp-dev"], NONE),
    ("soap", &[], "", ["libxml2-dev", "libxml2-dev"], NONE),
    ("sockets", &[], "", ["", "linux-headers"], NONE),
    ("sysvmsg", &[], "", NONE, NONE),
    ("sysvsem", &[], "", NONE, NONE),
    ("sysvshm", &[], "", NONE, NONE),
    ("tidy", &[], "", ["libtidy-dev", "tidyhtml-dev"], NONE),
    ("xsl", &[], "", ["libxslt1-dev", "libxslt-dev"], NONE),
    ("zip", &[], "", ["libzip-dev", "libzip-dev"], NONE),
];

/// Extensions of PECL, with their versions.
#[rustfmt::skip]
const PECL: &[(&str, Row)] = &[
    ("2.1.2", ("amqp", &[], "", ["librabbitmq-dev libssl-dev", "rabbitmq-c-dev"], NONE)),
    ("5.1.24", ("apcu", &[], "", NONE, NONE)),
    ("1.1.2", ("ast", &[], "", NONE, NONE)),
    ("1.5.0", ("ds", &[], "", NONE, NONE)),
    ("2.1.2", ("gearman", &[], "", ["libgearman-dev", "gearman-dev"], NONE)),
    ("1.5.1", ("gnupg", &[], "", ["libgpgme-dev", "gpgme-dev"], ["gnupg", "gnupg"])),
    ("4.2.6", ("http", &["raphf"], "", [
        "libbrotli-dev libcurl4-openssl-dev libicu-dev libssl-dev zlib1g-dev",
        "brotli-dev curl-dev icu-dev openssl-dev zlib-dev",
    ], NONE)),
    ("3.2.16", ("igbinary", &[], "", NONE, NONE)),
    ("3.8.0", ("imagick", &[], "", ["libmagickwand-dev", "imagemagick-dev"],
        ["", "imagemagick imagemagick-jpeg imagemagick-webp"])),
    ("3.1.8", ("mailparse", &[], "", NONE, NONE)),
    ("1.11.1", ("maxminddb", &[], "", ["libmaxminddb-dev", "libmaxminddb-dev"], NONE)),
    ("1.0.7", ("mcrypt", &[], "", ["libmcrypt-dev", "libmcrypt-dev"], NONE)),
    ("3.3.0", ("memcached", &[], "", [
        "libmemcached-dev libssl-dev zlib1g-dev", "cyrus-sasl-dev libmemcached-dev zlib-dev",
    ], NONE)),
    ("1.20.1", ("mongodb", &[], "", ["libssl-dev", "openssl-dev"], NONE)),
    ("3.0.0", ("msgpack", &[], "", NONE, NONE)),
    ("2.0.9", ("oauth", &[], "", ["libcurl4-openssl-dev libpcre3-dev", "curl-dev pcre-dev"], NONE)),
    ("5.9.3", ("phalcon", &[], "", NONE, NONE)),
    ("2.0.1", ("raphf", &[], "", NONE, NONE)),
    ("6.0.5", ("rdkafka", &[], "", ["librdkafka-dev", "librdkafka-dev"], NONE)),
    ("6.1.0", ("redis", &[], "", NONE, NONE)),
    ("2.0.3", ("rrd", &[], "", ["librrd-dev", "rrdtool-dev"], NONE)),
    ("2.7.0", ("solr", &[], "", [
        "libcurl4-openssl-dev libxml2-dev", "curl-dev libxml2-dev",
    ], NONE)),
    ("1.4.1", ("ssh2", &[], "", ["libssh2-1-dev", "libssh2-dev"], NONE)),
    ("2.0.3", ("stomp", &[], "", ["libssl-dev", "openssl-dev"], NONE)),
    ("6.0.2", ("swoole", &[], "", ["libcurl4-openssl-dev libssl-dev", "curl-dev linux-headers openssl-dev"],
        NONE)),
    ("2.0.2", ("uploadprogress", &[], "", NONE, NONE)),
    ("1.2.1", ("uuid", &[], "", ["uuid-dev", "util-linux-dev"], NONE)),
    ("1.5.8", ("xlswriter", &[], "", ["zlib1g-dev", "zlib-dev"], NONE)),
    ("1.0.0RC3", ("xmlrpc", &[], "", ["libxml2-dev", "libxml2-dev"], NONE)),
    ("2.2.4", ("yaml", &[], "", ["libyaml-dev", "yaml-dev"], NONE)),
    ("1.1.4", ("zmq", &[], "", ["libzmq3-dev", "zeromq-dev"], NONE)),
];

/// Extensions that left PHP's sources, with the version and that of PECL.
const LEFT: &[(&str, Version, &str)] =
    &[("imap", Version::V8_4, "1.0.3"), ("pspell", Version::V8_4, "1.0.1")];

/// How an extension is installed in an image of this PHP; none for one that is not known.
/// The name is as composer.json has it, without `ext-`.
#[must_use]
pub fn recipe(extension: &str, php: Version) -> Option<Recipe> {
    if BUILT_IN.contains(&extension) {
        let name = BUILT_IN.iter().find(|it| **it == extension)?;
        return Some(of(&(name, &[], "", NONE, NONE), Way::BuiltIn));
    }
    if let Some(row) = BUNDLED.iter().find(|row| row.0 == extension) {
        let left = LEFT.iter().find(|(name, since, _)| *name == extension && php >= *since);
        return Some(of(row, left.map_or(Way::Bundled, |(.., version)| Way::Pecl(version))));
    }
    let (version, row) = PECL.iter().find(|(_, row)| row.0 == extension)?;
    Some(of(row, Way::Pecl(version)))
}

fn of(row: &Row, way: Way) -> Recipe {
    let (name, needs, options, build, run) = *row;
    let package = if name == "http" { "pecl_http" } else { name };
    Recipe { package, way, needs, options, build, run }
}

/// All extensions for which there is a recipe, in their order.
pub fn known() -> impl Iterator<Item = &'static str> {
    let bundled = BUNDLED.iter().map(|row| row.0);
    let pecl = PECL.iter().map(|(_, row)| row.0);
    BUILT_IN.iter().copied().chain(bundled).chain(pecl)
}
