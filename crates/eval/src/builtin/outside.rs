//! PHP's functions that we cannot evaluate: which of them exist, and which may
//! be called all the same, because nothing that we evaluate could tell.
//!
//! Whether an extension is loaded is unknown, so its functions are not listed:
//! only what no PHP of the version lacks is known to exist.

use tilde_syntax::Version;

use crate::convert::to_bool;
use crate::value::Value;

use Version::{V5_2, V5_3, V5_4, V5_5, V5_6, V7_0, V7_1, V7_2, V7_3, V7_4, V8_0, V8_1, V8_5};

/// A function whose call changes nothing that a constant or an array could
/// show, or whose answer only the running PHP knows.
pub(crate) struct Outside {
    name: &'static str,
    since: Version,
    until: Version,
    allows: Allows,
}

/// With which arguments it changes nothing.
#[derive(Clone, Copy)]
enum Allows {
    All,
    /// Only without a true first argument: `set_magic_quotes_runtime(1)` changes
    /// what files are read as.
    False,
    /// Only the encoding that our functions take for the default one.
    Utf8,
    /// Only settings that change no result: `precision` would.
    Setting,
}

const fn group(since: Version, until: Version, allows: Allows, name: &'static str) -> Outside {
    Outside { name, since, until, allows }
}

const fn all(name: &'static str) -> Outside {
    group(V5_2, V8_5, Allows::All, name)
}

/// What is called for its effect, which is outside: on the answer to the
/// browser, on messages, on the session, on what happens later.
static EFFECTS: &[Outside] = &[
    // The head of the answer.
    all("header"),
    group(V5_3, V8_5, Allows::All, "header_remove"),
    group(V5_4, V8_5, Allows::All, "http_response_code"),
    all("setcookie"),
    all("setrawcookie"),
    // Settings: those that change results are refused.
    group(V5_2, V8_5, Allows::Setting, "ini_set"),
    group(V5_2, V8_5, Allows::Setting, "ini_alter"),
    all("error_reporting"),
    all("set_time_limit"),
    all("ignore_user_abort"),
    // It changes what dates are, and those are refused.
    all("date_default_timezone_set"),
    // Magic quotes: only switching them off changes nothing.
    group(V5_2, V5_6, Allows::False, "set_magic_quotes_runtime"),
    group(V5_2, V5_6, Allows::False, "magic_quotes_runtime"),
    // The session, of which everything is unknown.
    all("session_start"),
    all("session_name"),
    all("session_id"),
    all("session_set_cookie_params"),
    all("session_save_path"),
    all("session_module_name"),
    all("session_cache_limiter"),
    all("session_cache_expire"),
    all("session_set_save_handler"),
    all("session_regenerate_id"),
    all("session_write_close"),
    all("session_commit"),
    group(V5_4, V8_5, Allows::All, "session_register_shutdown"),
    // Where output goes; what was in it is unknown.
    all("ob_start"),
    all("ob_flush"),
    all("ob_clean"),
    all("ob_end_flush"),
    all("ob_end_clean"),
    all("ob_implicit_flush"),
    all("output_add_rewrite_var"),
    all("output_reset_rewrite_vars"),
    all("flush"),
    // Encodings.
    group(V5_2, V8_5, Allows::Utf8, "mb_internal_encoding"),
    group(V5_2, V8_5, Allows::Utf8, "mb_regex_encoding"),
    all("mb_http_output"),
    all("mb_http_input"),
    all("mb_language"),
    all("iconv_set_encoding"),
    // What is called later, or for classes that we do not know.
    all("spl_autoload_register"),
    all("spl_autoload_extensions"),
    all("set_error_handler"),
    all("restore_error_handler"),
    all("set_exception_handler"),
    all("restore_exception_handler"),
    all("register_shutdown_function"),
    // Where relative paths lead: the evaluator takes note of it.
    all("set_include_path"),
    // The inside of PHP.
    group(V5_2, V8_5, Allows::All, "libxml_disable_entity_loader"),
    all("libxml_use_internal_errors"),
    group(V5_3, V8_5, Allows::All, "gc_enable"),
    group(V5_3, V8_5, Allows::All, "gc_disable"),
    group(V5_3, V8_5, Allows::All, "gc_collect_cycles"),
    all("clearstatcache"),
    // Chance, of which every answer is unknown.
    all("srand"),
    all("mt_srand"),
    // Waiting.
    all("usleep"),
    all("sleep"),
];

/// What is called for its answer, and changes nothing.
static ANSWERS: &[Outside] = &[
    all("microtime"),
    all("time"),
    group(V7_3, V8_5, Allows::All, "hrtime"),
    all("date"),
    all("gmdate"),
    all("idate"),
    all("mktime"),
    all("gmmktime"),
    all("strtotime"),
    all("localtime"),
    all("getdate"),
    all("gettimeofday"),
    all("date_default_timezone_get"),
    all("memory_get_usage"),
    all("memory_get_peak_usage"),
    all("uniqid"),
    all("lcg_value"),
    all("rand"),
    all("mt_rand"),
    group(V7_0, V8_5, Allows::All, "random_int"),
    group(V7_0, V8_5, Allows::All, "random_bytes"),
    all("getmypid"),
    all("getmyuid"),
    all("getmyinode"),
    all("getlastmod"),
    all("get_current_user"),
    all("php_uname"),
    all("php_ini_loaded_file"),
    group(V5_3, V8_5, Allows::All, "gethostname"),
    all("sys_get_temp_dir"),
    all("sys_getloadavg"),
    all("getenv"),
    all("ini_get"),
    all("get_cfg_var"),
    all("get_include_path"),
    all("getcwd"),
    all("headers_sent"),
    all("ob_get_level"),
    all("ob_get_contents"),
    all("ob_get_length"),
    all("connection_status"),
    all("connection_aborted"),
    all("disk_free_space"),
    all("extension_loaded"),
    all("mb_get_info"),
];

/// Functions that every PHP of these versions has, besides those that we
/// evaluate: of Core, standard, date (5.1), Reflection and SPL, which cannot be
/// left out.
static EXISTING: &[(Version, Version, &str)] = &[
    (
        V5_2,
        V8_5,
        "header headers_sent headers_list setcookie setrawcookie ini_set ini_get ini_restore \
         ini_get_all ini_alter error_reporting set_time_limit ignore_user_abort error_log \
         error_get_last trigger_error user_error set_error_handler restore_error_handler \
         set_exception_handler restore_exception_handler register_shutdown_function \
         set_include_path get_include_path get_included_files get_required_files \
         get_defined_constants get_defined_functions get_declared_classes \
         get_declared_interfaces debug_backtrace debug_print_backtrace ob_start ob_flush \
         ob_clean ob_end_flush ob_end_clean ob_get_flush ob_get_clean ob_get_length \
         ob_get_level ob_get_status ob_get_contents ob_implicit_flush ob_list_handlers \
         output_add_rewrite_var output_reset_rewrite_vars flush clearstatcache \
         microtime time date gmdate idate mktime gmmktime strtotime localtime getdate \
         checkdate gettimeofday date_default_timezone_set date_default_timezone_get \
         date_create timezone_open uniqid lcg_value rand srand getrandmax mt_rand \
         mt_srand mt_getrandmax getmypid getmyuid getmygid getmyinode getlastmod \
         get_current_user php_uname php_sapi_name php_ini_scanned_files phpversion \
         phpinfo phpcredits sys_get_temp_dir getenv putenv get_cfg_var getcwd \
         connection_status connection_aborted disk_free_space disk_total_space \
         extension_loaded get_loaded_extensions get_extension_funcs usleep sleep \
         fopen fclose fread fwrite fputs fgets fgetc feof fflush fseek ftell rewind \
         ftruncate fstat flock fpassthru fscanf fgetcsv fputcsv readfile file \
         file_get_contents file_put_contents unlink rename copy tempnam tmpfile touch \
         mkdir rmdir opendir readdir rewinddir closedir dir scandir glob chdir chmod \
         chown chgrp stat lstat filesize filemtime fileatime filectime fileinode \
         fileowner fileperms filetype is_readable is_writable is_writeable is_executable \
         is_link is_uploaded_file move_uploaded_file  \
         parse_ini_file highlight_file highlight_string show_source php_strip_whitespace \
         fsockopen pfsockopen gethostbyname gethostbyaddr ip2long long2ip \
         stream_context_create stream_get_contents stream_copy_to_stream \
         stream_get_wrappers stream_select stream_set_timeout stream_set_blocking \
         pack unpack crypt md5 md5_file sha1 sha1_file crc32 base64_encode base64_decode \
         urlencode urldecode rawurlencode rawurldecode http_build_query parse_url \
         serialize unserialize var_dump var_export print_r  \
         call_user_func call_user_func_array func_get_args func_get_arg func_num_args \
         function_exists method_exists property_exists class_exists interface_exists \
         get_class get_parent_class get_object_vars get_class_vars get_class_methods \
         is_a is_subclass_of is_callable usort uasort uksort sort rsort asort arsort \
         ksort krsort natsort natcasesort shuffle array_rand array_multisort array_walk \
         array_walk_recursive array_map array_filter array_reduce setlocale localeconv \
          mail assert assert_options version_compare \
         htmlspecialchars html_entity_decode htmlentities htmlspecialchars_decode \
         strip_tags similar_text levenshtein soundex metaphone sscanf printf vprintf \
         fprintf vfprintf number_format memory_get_usage memory_get_peak_usage \
          get_resource_type constant define defined \
         is_resource print_r image_type_to_mime_type iptcparse \
          array_combine array_fill_keys array_product",
    ),
    (
        V5_3,
        V8_5,
        "header_remove gc_enable gc_disable gc_enabled gc_collect_cycles class_alias \
         forward_static_call forward_static_call_array get_called_class lcfirst \
         array_replace array_replace_recursive str_getcsv quoted_printable_encode \
         parse_ini_string gethostname date_diff date_parse_from_format \
         stream_context_set_default",
    ),
    (
        V5_4,
        V8_5,
        "http_response_code hex2bin trait_exists get_declared_traits class_uses \
         header_register_callback getimagesizefromstring",
    ),
    (
        V5_5,
        V8_5,
        "boolval array_column password_hash password_verify password_needs_rehash \
         password_get_info ",
    ),
    (V7_0, V8_5, "intdiv random_int random_bytes error_clear_last preg_replace_callback_array"),
    (V7_1, V8_5, "is_iterable"),
    (V7_2, V8_5, "spl_object_id stream_isatty"),
    (V7_3, V8_5, "array_key_first array_key_last is_countable hrtime"),
    (V7_4, V8_5, "password_algos get_mangled_object_vars"),
    (
        V8_0,
        V8_5,
        "str_contains str_starts_with str_ends_with get_debug_type get_resource_id fdiv \
         preg_last_error_msg",
    ),
    (V8_1, V8_5, "array_is_list enum_exists fsync fdatasync"),
    // Gone, or going.
    (V5_2, V5_6, "set_magic_quotes_runtime magic_quotes_runtime call_user_method "),
    (V5_2, V7_4, "restore_include_path get_magic_quotes_gpc get_magic_quotes_runtime"),
];

/// Functions of pcre and SPL, which can be left out up to PHP 5.2, and one that
/// came with PHP 5.2.4.
static SINCE_5_3: &str = "php_ini_loaded_file preg_match preg_match_all preg_replace \
    preg_replace_callback preg_filter preg_split preg_quote preg_grep preg_last_error \
    spl_autoload_register spl_autoload_unregister spl_autoload_functions \
    spl_autoload_call spl_autoload_extensions spl_autoload spl_classes spl_object_hash \
    class_parents class_implements iterator_to_array iterator_count iterator_apply";

/// A function that may be called without a change, or asked without one.
pub(crate) fn find(name: &[u8]) -> Option<&'static Outside> {
    effect(name).or_else(|| ANSWERS.iter().find(|known| known.name.as_bytes() == name))
}

/// The same, where it is called for its effect.
pub(crate) fn effect(name: &[u8]) -> Option<&'static Outside> {
    EFFECTS.iter().find(|known| known.name.as_bytes() == name)
}

/// The last version that has such a function.
pub(crate) fn last_version(name: &[u8]) -> Option<Version> {
    find(name).map(|outside| outside.until)
}

/// Whether every PHP of this version has a function, or none; nothing where
/// that is unknown.
pub(crate) fn exists(name: &[u8], version: Version) -> Option<bool> {
    let mut lists = EXISTING.iter().filter(|(.., names)| {
        let mut names = names.split_ascii_whitespace();
        names.any(|known| known.as_bytes() == name)
    });
    let Some((since, until, _)) = lists.next() else {
        let mut names = SINCE_5_3.split_ascii_whitespace();
        let is_listed = names.any(|known| known.as_bytes() == name);
        return (is_listed && version >= V5_3).then_some(true);
    };
    Some((since..=until).contains(&&version))
}

impl Outside {
    pub(crate) fn exists_in(&self, version: Version) -> bool {
        (self.since..=self.until).contains(&version)
    }

    /// Whether a call with these arguments changes nothing; an argument that is
    /// none is unknown.
    pub(crate) fn is_harmless(&self, arguments: &[Option<Value>]) -> bool {
        let text = |index: usize| match arguments.get(index) {
            Some(Some(Value::String(bytes))) => Some(bytes.to_ascii_lowercase()),
            _ => None,
        };
        let is_false = |index: usize| match arguments.get(index) {
            Some(Some(Value::String(bytes))) if bytes.eq_ignore_ascii_case(b"off") => true,
            Some(Some(value)) => !to_bool(value),
            _ => false,
        };
        match self.allows {
            Allows::All => true,
            Allows::False => is_false(0),
            Allows::Utf8 => matches!(text(0).as_deref(), Some(b"utf-8" | b"utf8")),
            Allows::Setting => match text(0).as_deref() {
                Some(b"magic_quotes_runtime" | b"magic_quotes_sybase") => is_false(1),
                Some(b"default_charset") => text(1).as_deref() == Some(b"utf-8"),
                Some(name) => is_harmless_setting(name),
                None => false,
            },
        }
    }
}

/// Settings, and groups of them, that change no result that we compute. Others
/// do: `precision` changes texts of floats, `include_path` and `open_basedir`
/// change files.
const HARMLESS_GROUPS: &[&str] =
    &["session.", "xdebug.", "opcache.", "apc.", "soap.", "mysql.", "mysqli.", "zlib."];
const HARMLESS: &[&str] = &[
    "display_errors",
    "display_startup_errors",
    // These cannot be set while a program runs, and nothing happens.
    "allow_url_fopen",
    "allow_url_include",
    "disable_functions",
    "magic_quotes_gpc",
    "register_globals",
    "register_long_arrays",
    "safe_mode",
    "error_reporting",
    "log_errors",
    "log_errors_max_len",
    "error_log",
    "error_prepend_string",
    "error_append_string",
    "html_errors",
    "ignore_repeated_errors",
    "ignore_user_abort",
    "implicit_flush",
    "track_errors",
    "report_memleaks",
    "memory_limit",
    "max_execution_time",
    "max_input_time",
    "output_buffering",
    "date.timezone",
    "default_mimetype",
    "default_socket_timeout",
    "user_agent",
    "from",
    "sendmail_from",
    "smtp",
    "smtp_port",
    "url_rewriter.tags",
    "pcre.backtrack_limit",
    "pcre.recursion_limit",
    "pcre.jit",
    "zend.enable_gc",
    "expose_php",
    "upload_max_filesize",
    "post_max_size",
    "file_uploads",
];

fn is_harmless_setting(name: &[u8]) -> bool {
    HARMLESS_GROUPS.iter().any(|group| name.starts_with(group.as_bytes()))
        || HARMLESS.iter().any(|known| known.as_bytes() == name)
}
