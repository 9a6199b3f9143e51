//! PHP's own functions that matter to a worker, and those that take references.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::facts::{CallKind, How};

/// How many arguments make a call count: several functions only read without one, or return
/// what they would print with a second one.
#[derive(Clone, Copy, Debug)]
enum Given {
    Any,
    Some,
    One,
}

/// PHP's functions by what a call of them is.
const CALLS: &[(CallKind, Given, &str)] = &[
    (CallKind::Constant, Given::Any, "define"),
    (
        CallKind::Process,
        Given::Any,
        "ini_set ini_alter set_error_handler set_exception_handler date_default_timezone_set \
        setlocale putenv set_include_path libxml_set_external_entity_loader \
        libxml_disable_entity_loader libxml_set_streams_context stream_wrapper_unregister \
        stream_context_set_default set_time_limit chdir chroot srand mt_srand \
        locale_set_default iconv_set_encoding assert_options gc_enable gc_disable openlog \
        bindtextdomain bind_textdomain_codeset cli_set_process_title setproctitle pcntl_signal \
        pcntl_alarm session_set_save_handler session_set_cookie_params dl \
        spl_autoload_extensions mysqli_report",
    ),
    (
        CallKind::Process,
        Given::Some,
        "error_reporting mb_internal_encoding mb_language mb_regex_encoding \
        mb_substitute_character mb_detect_order mb_http_output mb_regex_set_options \
        libxml_use_internal_errors ignore_user_abort umask bcscale textdomain session_name \
        session_save_path session_cache_limiter session_cache_expire session_module_name \
        pcntl_async_signals",
    ),
    (
        CallKind::Restore,
        Given::Any,
        "restore_error_handler restore_exception_handler ini_restore restore_include_path \
        stream_wrapper_restore spl_autoload_unregister unregister_tick_function",
    ),
    (
        CallKind::Handler,
        Given::Any,
        "register_shutdown_function spl_autoload_register register_tick_function \
        stream_wrapper_register stream_register_wrapper stream_filter_register \
        header_register_callback",
    ),
    (
        CallKind::Header,
        Given::Any,
        "header header_remove setcookie setrawcookie session_start session_destroy \
        session_regenerate_id session_unset session_abort session_reset session_write_close \
        session_commit session_decode fastcgi_finish_request",
    ),
    (CallKind::Header, Given::Some, "http_response_code session_id"),
    (
        CallKind::Output,
        Given::Any,
        "printf vprintf var_dump readfile fpassthru passthru phpinfo debug_zval_refcount \
        debug_print_backtrace",
    ),
    (CallKind::Output, Given::One, "print_r var_export highlight_string highlight_file"),
    (CallKind::Buffer, Given::Any, "ob_start"),
    (
        CallKind::Block,
        Given::Any,
        "sleep usleep time_nanosleep time_sleep_until flock sem_acquire msg_receive pcntl_wait \
        pcntl_waitpid",
    ),
];

type ByName<T> = LazyLock<FxHashMap<&'static [u8], T>>;

static CALLS_BY_NAME: ByName<(CallKind, Given)> = LazyLock::new(|| {
    let of_kind = |(kind, given, names): &(CallKind, Given, &'static str)| {
        let (kind, given) = (*kind, *given);
        names.split_whitespace().map(move |name| (name.as_bytes(), (kind, given)))
    };
    CALLS.iter().flat_map(of_kind).collect()
});

/// No function of PHP's that matters has a longer name.
const MAX_NAME: usize = 40;

/// What a call of one of PHP's functions is; `arguments` is how many are given.
pub(crate) fn call_kind(name: &[u8], arguments: usize) -> Option<CallKind> {
    let mut small = [0; MAX_NAME];
    let small = small.get_mut(..name.len())?;
    small.copy_from_slice(name);
    small.make_ascii_lowercase();
    let (kind, given) = CALLS_BY_NAME.get(&*small)?;
    let counts = match given {
        Given::Any => true,
        Given::Some => arguments > 0,
        Given::One => arguments == 1,
    };
    counts.then_some(*kind)
}

/// What puts back what a function has set; none for those whose own return value does.
pub(crate) fn restorer(name: &[u8]) -> Option<&'static [u8]> {
    match name {
        b"set_error_handler" => Some(b"restore_error_handler"),
        b"set_exception_handler" => Some(b"restore_exception_handler"),
        b"ini_set" | b"ini_alter" => Some(b"ini_restore"),
        b"set_include_path" => Some(b"restore_include_path"),
        b"stream_wrapper_unregister" | b"stream_wrapper_register" => {
            Some(b"stream_wrapper_restore")
        }
        b"spl_autoload_register" => Some(b"spl_autoload_unregister"),
        b"register_tick_function" => Some(b"unregister_tick_function"),
        _ => None,
    }
}

/// What one of PHP's functions does to the variable that is its argument at this place, from
/// 0. Those that only move the pointer of an array (`reset()`, `next()`) do nothing to it.
pub(crate) fn written_argument(name: &[u8], position: usize) -> Option<How> {
    let how = match name {
        b"array_push" | b"array_unshift" => How::Appended,
        b"array_pop" | b"array_shift" => How::Removed,
        _ => How::Passed,
    };
    let places = WRITTEN_BY_NAME.get(name)?;
    places.contains(&position).then_some(how)
}

/// PHP's functions by the places of their arguments that they write.
const WRITTEN: &[(&[usize], &str)] = &[
    (
        &[0],
        "array_push array_unshift array_pop array_shift array_splice array_walk \
        array_walk_recursive sort rsort usort asort arsort uasort ksort krsort uksort natsort \
        natcasesort shuffle settype",
    ),
    (&[0, 1], "headers_sent"),
    (&[0, 1, 2], "stream_select socket_select"),
    (&[0, 1, 2, 3, 4, 5, 6, 7, 8], "array_multisort"),
    (
        &[1],
        "parse_str mb_parse_str system passthru apcu_fetch openssl_sign openssl_pkcs12_read \
        curl_multi_exec getimagesize getimagesizefromstring",
    ),
    (&[1, 2], "exec getmxrr openssl_csr_export stream_socket_client stream_socket_server"),
    (&[2], "preg_match preg_match_all mb_ereg mb_eregi similar_text is_callable proc_open flock"),
    (&[2, 3], "fsockopen pfsockopen dns_get_record"),
    (&[2, 3, 4, 5, 6], "mb_convert_variables"),
    (&[2, 3, 4, 5, 6, 7, 8, 9], "sscanf"),
    (&[3], "str_replace str_ireplace preg_replace_callback_array idn_to_ascii idn_to_utf8"),
    (&[4], "preg_replace preg_replace_callback preg_filter"),
];

static WRITTEN_BY_NAME: ByName<&'static [usize]> = LazyLock::new(|| {
    let of_places = |(places, names): &(&'static [usize], &'static str)| {
        let places = *places;
        names.split_whitespace().map(move |name| (name.as_bytes(), places))
    };
    WRITTEN.iter().flat_map(of_places).collect()
});

/// Whether PHP fills this variable anew for each request.
pub(crate) fn is_superglobal(name: &[u8]) -> bool {
    name != b"GLOBALS" && tilde_syntax::is_superglobal(name)
}
