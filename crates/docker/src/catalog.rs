//! Which extension a function, a class or a constant belongs to.
//!
//! `data/extensions.txt` is what PHP 8.2 says of its extensions, written by
//! `scripts/record-extensions`. Extensions that no package of Debian has are known by the
//! prefixes of their names. Names of functions and classes are in lower case.

use std::collections::HashMap;
use std::sync::OnceLock;

use tilde_syntax::NameKind;

/// What PHP says, a line `[NAME]` and lists of names for each extension.
const RECORDED: &str = include_str!("../data/extensions.txt");

/// Extensions of PECL that Debian does not pack: all that begins so is theirs. A
/// function or a constant of no namespace goes by its first word.
const PREFIXES: &[(&str, &[&str])] = &[
    ("swoole", &["swoole\\", "swoole_", "SWOOLE_"]),
    ("phalcon", &["phalcon\\"]),
    ("protobuf", &["google\\protobuf\\internal\\descriptorpool"]),
    ("rdkafka", &["rdkafka\\", "rd_kafka_", "RD_KAFKA_"]),
    ("grpc", &["grpc\\call", "grpc\\channel", "grpc\\server", "grpc\\timeval"]),
    ("event", &["eventbase", "eventbuffer", "eventhttp", "eventlistener", "eventutil"]),
    ("xlswriter", &["vtiful\\kernel\\"]),
    ("decimal", &["decimal\\"]),
    ("parallel", &["parallel\\"]),
];

/// The constants of the class PDO, and the beginnings of data source names, that a driver
/// brings: `PDO::MYSQL_ATTR_INIT_COMMAND`, `mysql:host=db`.
const DRIVERS: &[(&str, &str, &str)] = &[
    ("pdo_dblib", "DBLIB_", "dblib"),
    ("pdo_firebird", "FB_", "firebird"),
    ("pdo_mysql", "MYSQL_", "mysql"),
    ("pdo_oci", "OCI_", "oci"),
    ("pdo_odbc", "ODBC_", "odbc"),
    ("pdo_pgsql", "PGSQL_", "pgsql"),
    ("pdo_sqlite", "SQLITE_", "sqlite"),
];

type Names = HashMap<&'static str, &'static str>;

#[derive(Default)]
struct Catalog {
    functions: Names,
    classes: Names,
    constants: Names,
}

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let mut catalog = Catalog::default();
        let mut extension = "";
        for line in RECORDED.lines() {
            if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
                extension = name;
                continue;
            }
            let (list, names) = line.split_once(' ').unwrap_or((line, ""));
            let map = match list {
                "functions" => &mut catalog.functions,
                "classes" => &mut catalog.classes,
                _ => &mut catalog.constants,
            };
            for name in names.split(' ') {
                map.entry(name).or_insert(extension);
            }
        }
        catalog
    })
}

/// The extension that a global name belongs to; none for one of no extension that is
/// known. The name has no backslash in front.
#[must_use]
pub fn extension_of(name: &[u8], kind: NameKind) -> Option<&'static str> {
    let catalog = catalog();
    let (map, name) = match kind {
        NameKind::Function => (&catalog.functions, name.to_ascii_lowercase()),
        NameKind::Class => (&catalog.classes, name.to_ascii_lowercase()),
        NameKind::Constant => (&catalog.constants, name.to_vec()),
    };
    let name = String::from_utf8(name).ok()?;
    map.get(&*name).copied().or_else(|| by_prefix(&name))
}

fn by_prefix(name: &str) -> Option<&'static str> {
    let is_of = |(_, prefixes): &&(_, &[&str])| prefixes.iter().any(|it| name.starts_with(it));
    PREFIXES.iter().find(is_of).map(|(extension, _)| *extension)
}

/// The driver that brings a constant of the class PDO.
pub(crate) fn driver_of_constant(name: &[u8]) -> Option<&'static str> {
    let name = str::from_utf8(name).ok()?;
    DRIVERS.iter().find(|(_, prefix, _)| name.starts_with(prefix)).map(|(driver, ..)| *driver)
}

/// The driver of a data source name, of which the beginning is enough.
pub(crate) fn driver_of_source(name: &[u8]) -> Option<(&'static str, &'static str)> {
    let (scheme, _) = str::from_utf8(name).ok()?.split_once(':')?;
    let driver = DRIVERS.iter().find(|(_, _, it)| it.eq_ignore_ascii_case(scheme));
    driver.map(|(driver, _, scheme)| (*driver, *scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_extensions() {
        let of = |name: &str, kind| extension_of(name.as_bytes(), kind);
        assert_eq!(of("ImageCreate", NameKind::Function), Some("gd"));
        assert_eq!(of("NumberFormatter", NameKind::Class), Some("intl"));
        assert_eq!(of("IMG_WEBP", NameKind::Constant), Some("gd"));
        assert_eq!(of("img_webp", NameKind::Constant), None);
        assert_eq!(of("Swoole\\Http\\Server", NameKind::Class), Some("swoole"));
        assert_eq!(of("opcache_get_status", NameKind::Function), Some("opcache"));
        assert_eq!(of("my_function", NameKind::Function), None);
        assert_eq!(driver_of_source(b"mysql:host=db"), Some(("pdo_mysql", "mysql")));
        assert_eq!(driver_of_constant(b"MYSQL_ATTR_INIT_COMMAND"), Some("pdo_mysql"));
    }
}
