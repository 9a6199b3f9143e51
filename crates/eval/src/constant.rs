//! The constants that PHP itself defines, as far as configuration uses them.
//!
//! A newcomer would add those of extensions: whether one is loaded is unknown.

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
    let lower = name.to_ascii_lowercase();
    match &*lower {
        b"true" => return Ok(Some(true.into())),
        b"false" => return Ok(Some(false.into())),
        b"null" => return Ok(Some(Value::Null)),
        _ => {}
    }
    let options = target.options;
    let (min, max) = range(options.int_size);
    let is_windows = target.system == System::Windows;
    let value: Value = match name {
        b"PHP_EOL" => if is_windows { "\r\n" } else { "\n" }.into(),
        b"DIRECTORY_SEPARATOR" => if is_windows { "\\" } else { "/" }.into(),
        b"PATH_SEPARATOR" => if is_windows { ";" } else { ":" }.into(),
        b"PHP_SHLIB_SUFFIX" => if is_windows { "dll" } else { "so" }.into(),
        b"PHP_OS" => match target.system {
            System::Linux => "Linux",
            System::Darwin => "Darwin",
            System::Windows => "WINNT",
        }
        .into(),
        b"PHP_OS_FAMILY" if options.version >= Version::V7_2 => match target.system {
            System::Linux => "Linux",
            System::Darwin => "Darwin",
            System::Windows => "Windows",
        }
        .into(),
        b"PHP_VERSION" => target.release.clone().into(),
        b"PHP_VERSION_ID"
        | b"PHP_MAJOR_VERSION"
        | b"PHP_MINOR_VERSION"
        | b"PHP_RELEASE_VERSION"
            if options.version >= Version::V5_3 =>
        {
            release_number(name, &target.release)
        }
        b"PHP_EXTRA_VERSION" if options.version >= Version::V5_3 => "".into(),
        b"PHP_INT_MAX" => Value::Int(max),
        b"PHP_INT_MIN" if options.version >= Version::V7_0 => Value::Int(min),
        b"PHP_INT_SIZE" => Value::Int(if options.int_size == IntSize::Four { 4 } else { 8 }),
        b"PHP_FLOAT_EPSILON" if options.version >= Version::V7_2 => Value::Float(f64::EPSILON),
        b"PHP_FLOAT_MAX" if options.version >= Version::V7_2 => Value::Float(f64::MAX),
        b"PHP_FLOAT_MIN" if options.version >= Version::V7_2 => Value::Float(f64::MIN_POSITIVE),
        b"PHP_FLOAT_DIG" if options.version >= Version::V7_2 => Value::Int(15),
        b"NAN" => Value::Float(f64::NAN),
        b"INF" => Value::Float(f64::INFINITY),
        b"PHP_SAPI" => match &target.sapi {
            Some(sapi) => sapi.clone().into(),
            None => return Err(unknown(name)),
        },
        b"PHP_BINARY"
        | b"PHP_PREFIX"
        | b"PHP_BINDIR"
        | b"PHP_LIBDIR"
        | b"PHP_DATADIR"
        | b"PHP_SYSCONFDIR"
        | b"PHP_EXTENSION_DIR"
        | b"DEFAULT_INCLUDE_PATH"
        | b"PEAR_INSTALL_DIR"
        | b"PHP_MAXPATHLEN"
        | b"PHP_DEBUG"
        | b"PHP_ZTS"
        | b"PHP_LOCALSTATEDIR"
        | b"PHP_CONFIG_FILE_PATH"
        | b"PHP_CONFIG_FILE_SCAN_DIR"
        | b"PHP_MANDIR"
        | b"PHP_FD_SETSIZE"
        | b"STDIN"
        | b"STDOUT"
        | b"STDERR" => return Err(unknown(name)),
        _ => match integer(name, options).map(Value::Int).or_else(|| float(name, options)) {
            Some(value) => value,
            None => return Ok(None),
        },
    };
    Ok(Some(value))
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

fn float(name: &[u8], _options: Options) -> Option<Value> {
    use std::f64::consts as c;
    Some(Value::Float(match name {
        b"M_PI" => c::PI,
        b"M_E" => c::E,
        b"M_LOG2E" => c::LOG2_E,
        b"M_LOG10E" => c::LOG10_E,
        b"M_LN2" => c::LN_2,
        b"M_LN10" => c::LN_10,
        b"M_PI_2" => c::FRAC_PI_2,
        b"M_PI_4" => c::FRAC_PI_4,
        b"M_1_PI" => c::FRAC_1_PI,
        b"M_2_PI" => c::FRAC_2_PI,
        b"M_SQRT2" => c::SQRT_2,
        b"M_SQRT1_2" => c::FRAC_1_SQRT_2,
        b"M_2_SQRTPI" => c::FRAC_2_SQRT_PI,
        _ => return None,
    }))
}

fn integer(name: &[u8], options: Options) -> Option<i64> {
    let version = options.version;
    let since = |first, value| (version >= first).then_some(value);
    Some(match name {
        b"E_ERROR" => 1,
        b"E_WARNING" => 2,
        b"E_PARSE" => 4,
        b"E_NOTICE" => 8,
        b"E_CORE_ERROR" => 16,
        b"E_CORE_WARNING" => 32,
        b"E_COMPILE_ERROR" => 64,
        b"E_COMPILE_WARNING" => 128,
        b"E_USER_ERROR" => 256,
        b"E_USER_WARNING" => 512,
        b"E_USER_NOTICE" => 1024,
        b"E_STRICT" => 2048,
        b"E_RECOVERABLE_ERROR" => 4096,
        b"E_DEPRECATED" => return since(Version::V5_3, 8192),
        b"E_USER_DEPRECATED" => return since(Version::V5_3, 16384),
        b"E_ALL" => match version {
            Version::V5_2 => 6143,
            Version::V5_3 => 30719,
            version if version >= Version::V8_4 => 30719,
            _ => 32767,
        },
        b"COUNT_NORMAL" | b"SORT_REGULAR" | b"CASE_LOWER" | b"EXTR_OVERWRITE" | b"LC_CTYPE"
        | b"ENT_NOQUOTES" | b"SEEK_SET" | b"LOG_EMERG" => 0,
        b"COUNT_RECURSIVE"
        | b"SORT_NUMERIC"
        | b"CASE_UPPER"
        | b"EXTR_SKIP"
        | b"LOCK_SH"
        | b"PATHINFO_DIRNAME"
        | b"STR_PAD_RIGHT"
        | b"SEEK_CUR"
        | b"LOG_ALERT"
        | b"FILE_USE_INCLUDE_PATH"
        | b"PHP_ROUND_HALF_UP" => 1,
        b"SORT_STRING"
        | b"EXTR_PREFIX_SAME"
        | b"LOCK_EX"
        | b"PATHINFO_BASENAME"
        | b"ENT_COMPAT"
        | b"STR_PAD_BOTH"
        | b"SEEK_END"
        | b"LOG_CRIT"
        | b"FILE_IGNORE_NEW_LINES"
        | b"PHP_ROUND_HALF_DOWN" => 2,
        b"SORT_DESC"
        | b"LOCK_UN"
        | b"ENT_QUOTES"
        | b"EXTR_PREFIX_ALL"
        | b"LOG_ERR"
        | b"PHP_ROUND_HALF_EVEN" => 3,
        b"SORT_ASC"
        | b"PATHINFO_EXTENSION"
        | b"EXTR_PREFIX_INVALID"
        | b"ENT_IGNORE"
        | b"LOG_WARNING"
        | b"LOCK_NB"
        | b"FILE_SKIP_EMPTY_LINES"
        | b"PHP_ROUND_HALF_ODD" => 4,
        b"STR_PAD_LEFT" => 0,
        b"SORT_LOCALE_STRING" | b"EXTR_PREFIX_IF_EXISTS" | b"LOG_NOTICE" => 5,
        b"EXTR_IF_EXISTS" | b"LOG_INFO" => 6,
        b"LOG_DEBUG" => 7,
        b"SORT_NATURAL" => return since(Version::V5_4, 6),
        b"SORT_FLAG_CASE" => return since(Version::V5_4, 8),
        b"PATHINFO_FILENAME" | b"FILE_APPEND" => 8,
        b"EXTR_REFS" => 256,
        b"ENT_SUBSTITUTE" => return since(Version::V5_4, 8),
        b"ENT_HTML401" => return since(Version::V5_4, 0),
        b"ENT_XML1" => return since(Version::V5_4, 16),
        b"ENT_XHTML" => return since(Version::V5_4, 32),
        b"ENT_HTML5" => return since(Version::V5_4, 48),
        b"PHP_URL_SCHEME" => 0,
        b"PHP_URL_HOST" => 1,
        b"PHP_URL_PORT" => 2,
        b"PHP_URL_USER" => 3,
        b"PHP_URL_PASS" => 4,
        b"PHP_URL_PATH" => 5,
        b"PHP_URL_QUERY" => 6,
        b"PHP_URL_FRAGMENT" => 7,
        b"PREG_PATTERN_ORDER" | b"PREG_SPLIT_NO_EMPTY" | b"PREG_GREP_INVERT" => 1,
        b"PREG_SET_ORDER" | b"PREG_SPLIT_DELIM_CAPTURE" => 2,
        b"PREG_SPLIT_OFFSET_CAPTURE" => 4,
        b"PREG_OFFSET_CAPTURE" => 256,
        b"ARRAY_FILTER_USE_KEY" => return since(Version::V5_6, 2),
        b"ARRAY_FILTER_USE_BOTH" => return since(Version::V5_6, 1),
        b"JSON_HEX_TAG" => return since(Version::V5_3, 1),
        b"JSON_HEX_AMP" => return since(Version::V5_3, 2),
        b"JSON_HEX_APOS" => return since(Version::V5_3, 4),
        b"JSON_HEX_QUOT" => return since(Version::V5_3, 8),
        b"JSON_FORCE_OBJECT" => return since(Version::V5_3, 16),
        b"JSON_NUMERIC_CHECK" => return since(Version::V5_3, 32),
        b"JSON_UNESCAPED_SLASHES" => return since(Version::V5_4, 64),
        b"JSON_PRETTY_PRINT" => return since(Version::V5_4, 128),
        b"JSON_UNESCAPED_UNICODE" => return since(Version::V5_4, 256),
        b"JSON_PARTIAL_OUTPUT_ON_ERROR" => return since(Version::V5_5, 512),
        b"JSON_PRESERVE_ZERO_FRACTION" => return since(Version::V5_6, 1024),
        b"JSON_UNESCAPED_LINE_TERMINATORS" => return since(Version::V7_1, 2048),
        b"JSON_OBJECT_AS_ARRAY" => return since(Version::V5_4, 1),
        b"JSON_BIGINT_AS_STRING" => return since(Version::V5_4, 2),
        b"JSON_INVALID_UTF8_IGNORE" => return since(Version::V7_2, 1 << 20),
        b"JSON_INVALID_UTF8_SUBSTITUTE" => return since(Version::V7_2, 1 << 21),
        b"JSON_THROW_ON_ERROR" => return since(Version::V7_3, 1 << 22),
        b"JSON_ERROR_NONE" => return since(Version::V5_3, 0),
        b"DEBUG_BACKTRACE_PROVIDE_OBJECT" => 1,
        b"LC_COLLATE" => 3,
        b"LC_MONETARY" => 4,
        b"LC_NUMERIC" => 1,
        b"LC_TIME" => 2,
        b"LC_ALL" => 6,
        _ => return None,
    })
}

/// Whether a constant could be an extension's, or one of PHP's that we do not
/// know: these have such beginnings.
pub(crate) fn may_be_of_extension(name: &[u8]) -> bool {
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
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning.as_bytes()))
}
