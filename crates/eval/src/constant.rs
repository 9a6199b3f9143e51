//! The constants that PHP itself defines, as far as configuration uses them.
//!
//! Those of extensions are not here, but for PDO's, without which no configuration
//! that names them works: whether one is loaded is unknown.

use std::f64::consts;

use tilde_syntax::{IntSize, Options, Version};

use crate::array::range;
use crate::convert::Result;
use crate::error::{ErrorKind, Unknown};
use crate::target::{System, Target};
use crate::value::Value;

/// The value of one of PHP's own constants; none if there is no such constant.
///
/// # Errors
///
/// That the constant exists and its value is unknown.
pub(crate) fn find(name: &[u8], target: &Target) -> Result<Option<Value>> {
    if UNKNOWN.iter().any(|known| known.as_bytes() == name) {
        return Err(unknown(name));
    }
    let version = target.options.version;
    Ok(match name {
        b"PHP_SAPI" => match &target.sapi {
            Some(sapi) => Some(sapi.clone().into()),
            None => return Err(unknown(name)),
        },
        name => keyword(name)
            .or_else(|| of_system(name, version, target.system).map(Value::from))
            .or_else(|| of_release(name, target))
            .or_else(|| limit(name, target.options).map(Value::Int))
            .or_else(|| integer(name, version).map(Value::Int))
            .or_else(|| float(name, version).map(Value::Float)),
    })
}

/// What exists and depends on how PHP was built.
const UNKNOWN: &[&str] = &[
    "PHP_BINARY",
    "PHP_PREFIX",
    "PHP_BINDIR",
    "PHP_LIBDIR",
    "PHP_DATADIR",
    "PHP_SYSCONFDIR",
    "PHP_EXTENSION_DIR",
    "DEFAULT_INCLUDE_PATH",
    "PEAR_INSTALL_DIR",
    "PHP_MAXPATHLEN",
    "PHP_DEBUG",
    "PHP_ZTS",
    "PHP_LOCALSTATEDIR",
    "PHP_CONFIG_FILE_PATH",
    "PHP_CONFIG_FILE_SCAN_DIR",
    "PHP_MANDIR",
    "PHP_FD_SETSIZE",
    "STDIN",
    "STDOUT",
    "STDERR",
];

/// Those that are written in any case of letters.
fn keyword(name: &[u8]) -> Option<Value> {
    match &*name.to_ascii_lowercase() {
        b"true" => Some(true.into()),
        b"false" => Some(false.into()),
        b"null" => Some(Value::Null),
        _ => None,
    }
}

fn of_system(name: &[u8], version: Version, system: System) -> Option<&'static str> {
    let [eol, slash, separator, suffix, os, family] = match system {
        System::Linux => ["\n", "/", ":", "so", "Linux", "Linux"],
        System::Darwin => ["\n", "/", ":", "so", "Darwin", "Darwin"],
        System::Windows => ["\r\n", "\\", ";", "dll", "WINNT", "Windows"],
    };
    match name {
        b"PHP_EOL" => Some(eol),
        b"DIRECTORY_SEPARATOR" => Some(slash),
        b"PATH_SEPARATOR" => Some(separator),
        b"PHP_SHLIB_SUFFIX" => Some(suffix),
        b"PHP_OS" => Some(os),
        b"PHP_OS_FAMILY" if version >= Version::V7_2 => Some(family),
        _ => None,
    }
}

fn of_release(name: &[u8], target: &Target) -> Option<Value> {
    let is_newer = target.options.version >= Version::V5_3;
    match name {
        b"PHP_VERSION" => Some(target.release.clone().into()),
        b"PHP_EXTRA_VERSION" if is_newer => Some("".into()),
        b"PHP_VERSION_ID"
        | b"PHP_MAJOR_VERSION"
        | b"PHP_MINOR_VERSION"
        | b"PHP_RELEASE_VERSION"
            if is_newer =>
        {
            Some(release_number(name, &target.release))
        }
        _ => None,
    }
}

/// What depends on the width of integers.
fn limit(name: &[u8], options: Options) -> Option<i64> {
    let (min, max) = range(options.int_size);
    match name {
        b"PHP_INT_MAX" => Some(max),
        b"PHP_INT_MIN" if options.version >= Version::V7_0 => Some(min),
        b"PHP_INT_SIZE" => Some(if options.int_size == IntSize::Four { 4 } else { 8 }),
        _ => None,
    }
}

fn unknown(name: &[u8]) -> ErrorKind {
    ErrorKind::Unknown(Unknown::Constant(String::from_utf8_lossy(name).into_owned()))
}

fn release_number(name: &[u8], release: &str) -> Value {
    let mut parts = release.split(|character: char| !character.is_ascii_digit());
    let mut part = || parts.next().and_then(|part| part.parse::<i64>().ok()).unwrap_or(0);
    let (major, minor, patch) = (part(), part(), part());
    Value::Int(match name {
        b"PHP_MAJOR_VERSION" => major,
        b"PHP_MINOR_VERSION" => minor,
        b"PHP_RELEASE_VERSION" => patch,
        _ => major * 10000 + minor * 100 + patch,
    })
}

/// PHP's own floats.
const FLOATS: &[(&str, f64)] = &[
    ("M_PI", consts::PI),
    ("M_E", consts::E),
    ("M_LOG2E", consts::LOG2_E),
    ("M_LOG10E", consts::LOG10_E),
    ("M_LN2", consts::LN_2),
    ("M_LN10", consts::LN_10),
    ("M_PI_2", consts::FRAC_PI_2),
    ("M_PI_4", consts::FRAC_PI_4),
    ("M_1_PI", consts::FRAC_1_PI),
    ("M_2_PI", consts::FRAC_2_PI),
    ("M_SQRT2", consts::SQRT_2),
    ("M_SQRT1_2", consts::FRAC_1_SQRT_2),
    ("M_2_SQRTPI", consts::FRAC_2_SQRT_PI),
    ("NAN", f64::NAN),
    ("INF", f64::INFINITY),
];

fn float(name: &[u8], version: Version) -> Option<f64> {
    let limit = match name {
        b"PHP_FLOAT_EPSILON" => Some(f64::EPSILON),
        b"PHP_FLOAT_MAX" => Some(f64::MAX),
        b"PHP_FLOAT_MIN" => Some(f64::MIN_POSITIVE),
        _ => None,
    };
    if limit.is_some() {
        return limit.filter(|_| version >= Version::V7_2);
    }
    FLOATS.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, value)| *value)
}

fn integer(name: &[u8], version: Version) -> Option<i64> {
    if name == b"E_ALL" {
        return Some(match version {
            Version::V5_2 => 6143,
            Version::V5_3 => 30719,
            version if version >= Version::V8_4 => 30719,
            _ => 32767,
        });
    }
    let is_it =
        |(known, since, _): &&(&str, Version, i64)| known.as_bytes() == name && version >= *since;
    INTEGERS.iter().find(is_it).map(|(.., value)| *value)
}

/// PHP's own integers, since when they are there, and what they are.
const INTEGERS: &[(&str, Version, i64)] = &[
    ("E_ERROR", Version::V5_2, 1),
    ("E_WARNING", Version::V5_2, 2),
    ("E_PARSE", Version::V5_2, 4),
    ("E_NOTICE", Version::V5_2, 8),
    ("E_CORE_ERROR", Version::V5_2, 16),
    ("E_CORE_WARNING", Version::V5_2, 32),
    ("E_COMPILE_ERROR", Version::V5_2, 64),
    ("E_COMPILE_WARNING", Version::V5_2, 128),
    ("E_USER_ERROR", Version::V5_2, 256),
    ("E_USER_WARNING", Version::V5_2, 512),
    ("E_USER_NOTICE", Version::V5_2, 1024),
    ("E_STRICT", Version::V5_2, 2048),
    ("E_RECOVERABLE_ERROR", Version::V5_2, 4096),
    ("E_DEPRECATED", Version::V5_3, 8192),
    ("E_USER_DEPRECATED", Version::V5_3, 16384),
    ("COUNT_NORMAL", Version::V5_2, 0),
    ("SORT_REGULAR", Version::V5_2, 0),
    ("CASE_LOWER", Version::V5_2, 0),
    ("EXTR_OVERWRITE", Version::V5_2, 0),
    ("LC_CTYPE", Version::V5_2, 0),
    ("ENT_NOQUOTES", Version::V5_2, 0),
    ("SEEK_SET", Version::V5_2, 0),
    ("LOG_EMERG", Version::V5_2, 0),
    ("COUNT_RECURSIVE", Version::V5_2, 1),
    ("SORT_NUMERIC", Version::V5_2, 1),
    ("CASE_UPPER", Version::V5_2, 1),
    ("EXTR_SKIP", Version::V5_2, 1),
    ("LOCK_SH", Version::V5_2, 1),
    ("PATHINFO_DIRNAME", Version::V5_2, 1),
    ("STR_PAD_RIGHT", Version::V5_2, 1),
    ("SEEK_CUR", Version::V5_2, 1),
    ("LOG_ALERT", Version::V5_2, 1),
    ("FILE_USE_INCLUDE_PATH", Version::V5_2, 1),
    ("PHP_ROUND_HALF_UP", Version::V5_2, 1),
    ("SORT_STRING", Version::V5_2, 2),
    ("EXTR_PREFIX_SAME", Version::V5_2, 2),
    ("LOCK_EX", Version::V5_2, 2),
    ("PATHINFO_BASENAME", Version::V5_2, 2),
    ("ENT_COMPAT", Version::V5_2, 2),
    ("STR_PAD_BOTH", Version::V5_2, 2),
    ("SEEK_END", Version::V5_2, 2),
    ("LOG_CRIT", Version::V5_2, 2),
    ("FILE_IGNORE_NEW_LINES", Version::V5_2, 2),
    ("PHP_ROUND_HALF_DOWN", Version::V5_2, 2),
    ("SORT_DESC", Version::V5_2, 3),
    ("LOCK_UN", Version::V5_2, 3),
    ("ENT_QUOTES", Version::V5_2, 3),
    ("EXTR_PREFIX_ALL", Version::V5_2, 3),
    ("LOG_ERR", Version::V5_2, 3),
    ("PHP_ROUND_HALF_EVEN", Version::V5_2, 3),
    ("SORT_ASC", Version::V5_2, 4),
    ("PATHINFO_EXTENSION", Version::V5_2, 4),
    ("EXTR_PREFIX_INVALID", Version::V5_2, 4),
    ("ENT_IGNORE", Version::V5_2, 4),
    ("LOG_WARNING", Version::V5_2, 4),
    ("LOCK_NB", Version::V5_2, 4),
    ("FILE_SKIP_EMPTY_LINES", Version::V5_2, 4),
    ("PHP_ROUND_HALF_ODD", Version::V5_2, 4),
    ("STR_PAD_LEFT", Version::V5_2, 0),
    ("SORT_LOCALE_STRING", Version::V5_2, 5),
    ("EXTR_PREFIX_IF_EXISTS", Version::V5_2, 5),
    ("LOG_NOTICE", Version::V5_2, 5),
    ("EXTR_IF_EXISTS", Version::V5_2, 6),
    ("LOG_INFO", Version::V5_2, 6),
    ("LOG_DEBUG", Version::V5_2, 7),
    ("SORT_NATURAL", Version::V5_4, 6),
    ("SORT_FLAG_CASE", Version::V5_4, 8),
    ("PATHINFO_FILENAME", Version::V5_2, 8),
    ("FILE_APPEND", Version::V5_2, 8),
    ("EXTR_REFS", Version::V5_2, 256),
    ("ENT_SUBSTITUTE", Version::V5_4, 8),
    ("ENT_HTML401", Version::V5_4, 0),
    ("ENT_XML1", Version::V5_4, 16),
    ("ENT_XHTML", Version::V5_4, 32),
    ("ENT_HTML5", Version::V5_4, 48),
    ("PHP_URL_SCHEME", Version::V5_2, 0),
    ("PHP_URL_HOST", Version::V5_2, 1),
    ("PHP_URL_PORT", Version::V5_2, 2),
    ("PHP_URL_USER", Version::V5_2, 3),
    ("PHP_URL_PASS", Version::V5_2, 4),
    ("PHP_URL_PATH", Version::V5_2, 5),
    ("PHP_URL_QUERY", Version::V5_2, 6),
    ("PHP_URL_FRAGMENT", Version::V5_2, 7),
    ("PREG_PATTERN_ORDER", Version::V5_2, 1),
    ("PREG_SPLIT_NO_EMPTY", Version::V5_2, 1),
    ("PREG_GREP_INVERT", Version::V5_2, 1),
    ("PREG_SET_ORDER", Version::V5_2, 2),
    ("PREG_SPLIT_DELIM_CAPTURE", Version::V5_2, 2),
    ("PREG_SPLIT_OFFSET_CAPTURE", Version::V5_2, 4),
    ("PREG_OFFSET_CAPTURE", Version::V5_2, 256),
    ("ARRAY_FILTER_USE_KEY", Version::V5_6, 2),
    ("ARRAY_FILTER_USE_BOTH", Version::V5_6, 1),
    ("JSON_HEX_TAG", Version::V5_3, 1),
    ("JSON_HEX_AMP", Version::V5_3, 2),
    ("JSON_HEX_APOS", Version::V5_3, 4),
    ("JSON_HEX_QUOT", Version::V5_3, 8),
    ("JSON_FORCE_OBJECT", Version::V5_3, 16),
    ("JSON_NUMERIC_CHECK", Version::V5_3, 32),
    ("JSON_UNESCAPED_SLASHES", Version::V5_4, 64),
    ("JSON_PRETTY_PRINT", Version::V5_4, 128),
    ("JSON_UNESCAPED_UNICODE", Version::V5_4, 256),
    ("JSON_PARTIAL_OUTPUT_ON_ERROR", Version::V5_5, 512),
    ("JSON_PRESERVE_ZERO_FRACTION", Version::V5_6, 1024),
    ("JSON_UNESCAPED_LINE_TERMINATORS", Version::V7_1, 2048),
    ("JSON_OBJECT_AS_ARRAY", Version::V5_4, 1),
    ("JSON_BIGINT_AS_STRING", Version::V5_4, 2),
    ("JSON_INVALID_UTF8_IGNORE", Version::V7_2, 1 << 20),
    ("JSON_INVALID_UTF8_SUBSTITUTE", Version::V7_2, 1 << 21),
    ("JSON_THROW_ON_ERROR", Version::V7_3, 1 << 22),
    ("JSON_ERROR_NONE", Version::V5_3, 0),
    ("PHP_FLOAT_DIG", Version::V7_2, 15),
    ("DEBUG_BACKTRACE_PROVIDE_OBJECT", Version::V5_2, 1),
    ("LC_COLLATE", Version::V5_2, 3),
    ("LC_MONETARY", Version::V5_2, 4),
    ("LC_NUMERIC", Version::V5_2, 1),
    ("LC_TIME", Version::V5_2, 2),
    ("LC_ALL", Version::V5_2, 6),
];

/// A constant of the class PDO, of those that are the same in every version. An
/// application that names one does not run without it.
pub(crate) fn of_pdo(name: &[u8]) -> Option<i64> {
    PDO.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, value)| *value)
}

const PDO: &[(&str, i64)] = &[
    ("ATTR_AUTOCOMMIT", 0),
    ("ATTR_CASE", 8),
    ("ATTR_CLIENT_VERSION", 5),
    ("ATTR_CONNECTION_STATUS", 7),
    ("ATTR_CURSOR", 10),
    ("ATTR_CURSOR_NAME", 9),
    ("ATTR_DEFAULT_FETCH_MODE", 19),
    ("ATTR_DRIVER_NAME", 16),
    ("ATTR_EMULATE_PREPARES", 20),
    ("ATTR_ERRMODE", 3),
    ("ATTR_FETCH_CATALOG_NAMES", 15),
    ("ATTR_FETCH_TABLE_NAMES", 14),
    ("ATTR_MAX_COLUMN_LEN", 18),
    ("ATTR_ORACLE_NULLS", 11),
    ("ATTR_PERSISTENT", 12),
    ("ATTR_PREFETCH", 1),
    ("ATTR_SERVER_INFO", 6),
    ("ATTR_SERVER_VERSION", 4),
    ("ATTR_STATEMENT_CLASS", 13),
    ("ATTR_STRINGIFY_FETCHES", 17),
    ("ATTR_TIMEOUT", 2),
    ("CASE_LOWER", 2),
    ("CASE_NATURAL", 0),
    ("CASE_UPPER", 1),
    ("CURSOR_FWDONLY", 0),
    ("CURSOR_SCROLL", 1),
    ("ERRMODE_EXCEPTION", 2),
    ("ERRMODE_SILENT", 0),
    ("ERRMODE_WARNING", 1),
    ("FETCH_ASSOC", 2),
    ("FETCH_BOTH", 4),
    ("FETCH_BOUND", 6),
    ("FETCH_CLASS", 8),
    ("FETCH_COLUMN", 7),
    ("FETCH_FUNC", 10),
    ("FETCH_INTO", 9),
    ("FETCH_KEY_PAIR", 12),
    ("FETCH_LAZY", 1),
    ("FETCH_NAMED", 11),
    ("FETCH_NUM", 3),
    ("FETCH_OBJ", 5),
    ("FETCH_ORI_ABS", 4),
    ("FETCH_ORI_FIRST", 2),
    ("FETCH_ORI_LAST", 3),
    ("FETCH_ORI_NEXT", 0),
    ("FETCH_ORI_PRIOR", 1),
    ("FETCH_ORI_REL", 5),
    ("NULL_EMPTY_STRING", 1),
    ("NULL_NATURAL", 0),
    ("NULL_TO_STRING", 2),
    ("PARAM_BOOL", 5),
    ("PARAM_INT", 1),
    ("PARAM_LOB", 3),
    ("PARAM_NULL", 0),
    ("PARAM_STMT", 4),
    ("PARAM_STR", 2),
    ("MYSQL_ATTR_USE_BUFFERED_QUERY", 1000),
    ("MYSQL_ATTR_LOCAL_INFILE", 1001),
    ("MYSQL_ATTR_INIT_COMMAND", 1002),
];

/// Whether a constant could be an extension's, or one of PHP's that we do not
/// know: these have such beginnings.
pub(crate) fn may_be_of_extension(name: &[u8]) -> bool {
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning.as_bytes()))
}

const BEGINNINGS: &[&str] = &[
    "ABDAY_",
    "AF_",
    "ALT_DIGITS",
    "AM_STR",
    "ASSERT_",
    "CAL_",
    "CL_",
    "CONNECTION_",
    "CP_",
    "CREDITS_",
    "CRYPT_",
    "CURL",
    "DATE_",
    "DAY_",
    "DEFAULT_INCLUDE",
    "DEBUG_BACKTRACE",
    "DNS_",
    "DOM",
    "E_",
    "ENCHANT",
    "ENT_",
    "ERA",
    "EXIF",
    "EXP_",
    "EXTR_",
    "FILEINFO_",
    "FILE_",
    "FILTER_",
    "FNM_",
    "FTP_",
    "GD_",
    "GLOB_",
    "GMP_",
    "HASH_",
    "HTML_",
    "ICONV_",
    "IDNA_",
    "IMAGETYPE_",
    "IMAP_",
    "IMG_",
    "INFO_",
    "INI_",
    "INPUT_",
    "INTL_",
    "JSON_",
    "LC_",
    "LDAP_",
    "LIBXML_",
    "LOCK_",
    "LOG_",
    "MB_",
    "MCRYPT_",
    "MHASH_",
    "MON_",
    "MSSQL_",
    "MYSQL",
    "M_",
    "NCURSES_",
    "NOEXPR",
    "OCI_",
    "ODBC_",
    "OPENSSL_",
    "PASSWORD_",
    "PATHINFO_",
    "PCRE_",
    "PDO",
    "PEAR_",
    "PGSQL_",
    "PHP_",
    "PKCS7_",
    "PM_STR",
    "POSIX_",
    "PREG_",
    "PSFS_",
    "RADIXCHAR",
    "READLINE_",
    "SCANDIR_",
    "SEEK_",
    "SID",
    "SIG",
    "SNMP_",
    "SOAP_",
    "SOCKET_",
    "SODIUM_",
    "SOL_",
    "SO_",
    "SORT_",
    "SQLITE",
    "SQLSRV_",
    "STREAM_",
    "STR_",
    "SUNFUNCS_",
    "T_",
    "TCP_",
    "THOUSEP",
    "TIDY_",
    "UPLOAD_ERR_",
    "U_",
    "WNOHANG",
    "WUNTRACED",
    "X509_",
    "XML_",
    "XSL_",
    "YAML_",
    "YESEXPR",
    "ZEND_",
    "ZLIB_",
    "__COMPILER",
];
