//! Which extensions are loaded, and what follows from that.
//!
//! A [`crate::Target`] that names its extensions names all of them. Of a loaded
//! one only the functions are known that every build has; whether others exist
//! stays unknown.

use tilde_syntax::Version;

use crate::target::Target;

/// An extension, with the beginnings of its functions and classes in lower case.
struct Extension {
    name: &'static str,
    functions: &'static [&'static str],
    classes: &'static [&'static str],
}

const fn extension(
    name: &'static str,
    functions: &'static [&'static str],
    classes: &'static [&'static str],
) -> Extension {
    Extension { name, functions, classes }
}

/// Those that applications ask for. Of several beginnings the longest counts.
static EXTENSIONS: &[Extension] = &[
    extension("apc", &["apc_"], &["apciterator"]),
    extension("apcu", &["apcu_"], &["apcuiterator"]),
    extension("ast", &["ast\\"], &["ast\\"]),
    extension("bcmath", &["bcadd", "bccomp", "bcdiv", "bcmul", "bcpow", "bcscale", "bcsub"], &[]),
    extension("brotli", &["brotli\\"], &[]),
    extension("bz2", &["bzcompress", "bzdecompress", "bzopen"], &[]),
    extension("cassandra", &[], &["cassandra\\"]),
    extension("couchbase", &["couchbase\\"], &["couchbase\\"]),
    extension("ctype", &["ctype_"], &[]),
    extension("curl", &["curl_"], &["curl"]),
    extension("ddtrace", &["ddtrace\\"], &["ddtrace\\"]),
    extension("decimal", &[], &["decimal\\"]),
    extension("dom", &["dom_"], &["dom"]),
    extension("ds", &[], &["ds\\"]),
    extension("eaccelerator", &["eaccelerator_"], &[]),
    extension("exif", &["exif_"], &[]),
    extension("fileinfo", &["finfo_", "mime_content_type"], &["finfo"]),
    extension("ftp", &["ftp_"], &[]),
    extension("gd", &["gd_info", "imagec", "imagef", "imagepng", "imagejpeg", "imagettf"], &["gd"]),
    extension("gmp", &["gmp_"], &["gmp"]),
    extension("grpc", &[], &["grpc\\"]),
    extension("http", &["http\\"], &["http\\"]),
    extension("iconv", &["iconv"], &[]),
    extension("imagick", &[], &["imagick"]),
    extension("json", &["json_"], &["json"]),
    extension("ldap", &["ldap_"], &[]),
    extension("mbstring", &["mb_"], &[]),
    extension("mcrypt", &["mcrypt_"], &[]),
    extension("memcache", &["memcache_"], &["memcache"]),
    extension("memcached", &[], &["memcached"]),
    extension("mongo", &[], &["mongo"]),
    extension("mongodb", &["mongodb\\"], &["mongodb\\"]),
    extension("mysql", &["mysql_"], &[]),
    extension("mysqli", &["mysqli_"], &["mysqli"]),
    extension("openssl", &["openssl_"], &[]),
    extension("openswoole", &["openswoole\\"], &["openswoole\\"]),
    extension("opentelemetry", &["opentelemetry\\"], &[]),
    extension("parallel", &["parallel\\"], &["parallel\\"]),
    extension("pcov", &["pcov\\"], &[]),
    extension("pdo", &["pdo_"], &["pdo"]),
    extension("pgsql", &["pg_"], &[]),
    extension("phalcon", &[], &["phalcon\\"]),
    extension("pq", &[], &["pq\\"]),
    extension("protobuf", &[], &["google\\protobuf\\"]),
    extension("psr", &[], &["psr\\"]),
    extension("rdkafka", &[], &["rdkafka\\"]),
    extension("redis", &[], &["redis"]),
    extension("session", &["session_"], &["session"]),
    extension("simplexml", &["simplexml_"], &["simplexml"]),
    extension("soap", &["is_soap_fault"], &["soap"]),
    extension("sockets", &["socket_"], &[]),
    extension("swoole", &["swoole_", "swoole\\"], &["swoole"]),
    extension("xcache", &["xcache_"], &[]),
    extension("xmlreader", &[], &["xmlreader"]),
    extension("xmlwriter", &["xmlwriter_"], &["xmlwriter"]),
    extension("yac", &[], &["yac"]),
    extension("yaf", &[], &["yaf_", "yaf\\"]),
    extension("yar", &[], &["yar_"]),
    extension("zend guard loader", &["zend_loader_"], &[]),
    extension("zip", &["zip_"], &["ziparchive"]),
    extension("zlib", &["gz", "ob_gzhandler", "readgzfile", "zlib_"], &[]),
];

/// Extensions that no PHP since a version is without.
const ALWAYS: &[(&str, Version)] = &[
    ("core", Version::V5_3),
    ("date", Version::V5_2),
    ("hash", Version::V7_4),
    ("json", Version::V8_0),
    ("pcre", Version::V5_3),
    ("random", Version::V8_2),
    ("reflection", Version::V5_3),
    ("spl", Version::V5_3),
    ("standard", Version::V5_2),
];

/// Functions that each build of their extensions has, in every version.
const FUNCTIONS: &str = "ctype_alnum ctype_alpha ctype_cntrl ctype_digit ctype_graph ctype_lower \
    ctype_print ctype_punct ctype_space ctype_upper ctype_xdigit curl_close curl_copy_handle \
    curl_errno curl_error curl_exec curl_getinfo curl_init curl_multi_add_handle curl_multi_close \
    curl_multi_exec curl_multi_getcontent curl_multi_info_read curl_multi_init \
    curl_multi_remove_handle curl_multi_select curl_setopt curl_setopt_array curl_version gd_info \
    gzclose gzcompress gzdeflate gzencode gzeof gzfile gzgetc gzgets gzinflate gzopen gzpassthru \
    gzputs gzread gzrewind gzseek gztell gzuncompress gzwrite iconv iconv_get_encoding \
    iconv_mime_decode iconv_mime_decode_headers iconv_mime_encode iconv_set_encoding iconv_strlen \
    iconv_strpos iconv_strrpos iconv_substr imagecopyresampled imagecreate imagecreatetruecolor \
    json_decode json_encode mb_check_encoding mb_convert_case mb_convert_encoding \
    mb_decode_mimeheader mb_detect_encoding mb_detect_order mb_encode_mimeheader mb_get_info \
    mb_http_input mb_http_output mb_internal_encoding mb_language mb_list_encodings \
    mb_output_handler mb_parse_str mb_send_mail mb_strcut mb_strimwidth mb_stripos mb_stristr \
    mb_strlen mb_strpos mb_strrchr mb_strrichr mb_strripos mb_strrpos mb_strstr mb_strtolower \
    mb_strtoupper mb_strwidth mb_substitute_character mb_substr mb_substr_count ob_gzhandler \
    openssl_get_privatekey openssl_open openssl_private_decrypt openssl_private_encrypt \
    openssl_public_decrypt openssl_public_encrypt openssl_seal openssl_sign openssl_verify \
    readgzfile session_id session_name session_start simplexml_import_dom simplexml_load_file \
    simplexml_load_string";

/// Whether an extension is loaded, if that is known.
pub(super) fn is_loaded(name: &str, target: &Target) -> Option<bool> {
    let version = target.options.version;
    if ALWAYS.iter().any(|(always, since)| *always == name && version >= *since) {
        return Some(true);
    }
    let named = target.extensions.as_ref()?;
    Some(named.iter().any(|other| other.eq_ignore_ascii_case(name)))
}

/// Whether a function of an extension exists; none where that is unknown, or
/// where it is no extension's.
pub(super) fn has_function(name: &[u8], target: &Target) -> Option<bool> {
    let extension = longest(name, |extension| extension.functions)?;
    // PHP 5.2 may have the functions of Zend Guard from another extension.
    let is_loaded = match extension {
        "zend guard loader" if target.options.version < Version::V5_3 => {
            is_loaded("zend optimizer", target)? || is_loaded(extension, target)?
        }
        _ => is_loaded(extension, target)?,
    };
    let is_known = FUNCTIONS.split(' ').any(|known| known.as_bytes() == name);
    (is_known || !is_loaded).then_some(is_loaded)
}

/// Whether a class could be an extension's that is loaded.
pub(crate) fn may_have_class(name: &[u8], target: &Target) -> bool {
    let extension = longest(name, |extension| extension.classes);
    extension.is_some_and(|extension| is_loaded(extension, target) != Some(false))
}

/// The extension whose beginning is the longest that a name has.
fn longest(
    name: &[u8],
    beginnings: impl Fn(&'static Extension) -> &'static [&'static str],
) -> Option<&'static str> {
    let all = EXTENSIONS.iter().flat_map(|extension| {
        beginnings(extension).iter().map(|beginning| (beginning.len(), *beginning, extension.name))
    });
    let fitting = all.filter(|(_, beginning, _)| name.starts_with(beginning.as_bytes()));
    fitting.max().map(|(.., extension)| extension)
}

/// What the names of PHP's own classes and interfaces end with, or begin with.
const ENDS: &[&str] = &["iterator", "exception", "error", "able", "enum"];
const BEGINNINGS: &[&str] = &[
    "__",
    "array",
    "attribute",
    "closure",
    "date",
    "delayed",
    "deprecated",
    "directory",
    "fiber",
    "generator",
    "hash",
    "intl",
    "iterator",
    "libxml",
    "nodiscard",
    "override",
    "php_",
    "property",
    "recursive",
    "reflect",
    "return",
    "rounding",
    "sensitive",
    "spl",
    "stdclass",
    "stream",
    "weak",
    "xml",
    "zend",
];

/// The first parts of the names that classes of PHP in namespaces have.
const NAMESPACES: &[&str] = &[
    "bcmath", "dom", "ffi", "ftp", "imap", "io", "ldap", "odbc", "pdo", "pgsql", "pspell",
    "random", "soap", "sodium", "uri",
];

/// Whether PHP itself may have a class or interface of this name, in lower case,
/// in some version.
pub(crate) fn may_be_phps(name: &[u8]) -> bool {
    if let Some(namespace) = namespace(name) {
        return NAMESPACES.iter().any(|own| own.as_bytes() == namespace);
    }
    ENDS.iter().any(|end| name.ends_with(end.as_bytes()))
        || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning.as_bytes()))
}

/// The first part of a name in a namespace.
fn namespace(name: &[u8]) -> Option<&[u8]> {
    name.iter().position(|byte| *byte == b'\\').map(|at| &name[..at])
}

/// Whether a function stands in a namespace in which neither PHP nor an
/// extension has any.
pub(super) fn is_in_own_namespace(name: &[u8]) -> bool {
    namespace(name).is_some()
        && !may_be_phps(name)
        && longest(name, |extension| extension.functions).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_names_the_extension() {
        let class = |name: &[u8]| longest(name, |extension| extension.classes);
        assert_eq!(class(b"memcache"), Some("memcache"));
        assert_eq!(class(b"memcached"), Some("memcached"));
        assert_eq!(class(b"swoole_server"), Some("swoole"));
        assert_eq!(class(b"page"), None);
    }
}
