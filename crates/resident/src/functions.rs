//! PHP's own functions that matter to a worker, and those that take references.

use crate::facts::{CallKind, How};

/// What a call of one of PHP's functions is. The name is in small letters; `arguments` is how
/// many are given, since several of them only read without one.
pub(crate) fn call_kind(name: &[u8], arguments: usize) -> Option<CallKind> {
    match name {
        b"define" => Some(CallKind::Constant),
        b"ini_set"
        | b"ini_alter"
        | b"set_error_handler"
        | b"set_exception_handler"
        | b"date_default_timezone_set"
        | b"setlocale"
        | b"putenv"
        | b"set_include_path"
        | b"libxml_set_external_entity_loader"
        | b"libxml_disable_entity_loader"
        | b"libxml_set_streams_context"
        | b"stream_wrapper_unregister"
        | b"stream_context_set_default"
        | b"set_time_limit"
        | b"chdir"
        | b"chroot"
        | b"srand"
        | b"mt_srand"
        | b"locale_set_default"
        | b"iconv_set_encoding"
        | b"assert_options"
        | b"gc_enable"
        | b"gc_disable"
        | b"openlog"
        | b"bindtextdomain"
        | b"bind_textdomain_codeset"
        | b"cli_set_process_title"
        | b"setproctitle"
        | b"pcntl_signal"
        | b"pcntl_alarm"
        | b"session_set_save_handler"
        | b"dl"
        | b"session_set_cookie_params"
        | b"spl_autoload_extensions" => Some(CallKind::Process),
        b"error_reporting"
        | b"mb_internal_encoding"
        | b"mb_language"
        | b"mb_regex_encoding"
        | b"mb_substitute_character"
        | b"mb_detect_order"
        | b"mb_http_output"
        | b"mb_regex_set_options"
        | b"libxml_use_internal_errors"
        | b"ignore_user_abort"
        | b"umask"
        | b"bcscale"
        | b"textdomain"
        | b"session_name"
        | b"session_save_path"
        | b"session_cache_limiter"
        | b"session_cache_expire"
        | b"session_module_name"
        | b"pcntl_async_signals"
        | b"mysqli_report"
            if arguments > 0 =>
        {
            Some(CallKind::Process)
        }
        b"restore_error_handler"
        | b"restore_exception_handler"
        | b"ini_restore"
        | b"restore_include_path"
        | b"stream_wrapper_restore"
        | b"spl_autoload_unregister"
        | b"unregister_tick_function" => Some(CallKind::Restore),
        b"register_shutdown_function"
        | b"spl_autoload_register"
        | b"register_tick_function"
        | b"stream_wrapper_register"
        | b"stream_register_wrapper"
        | b"stream_filter_register"
        | b"header_register_callback" => Some(CallKind::Handler),
        b"header"
        | b"header_remove"
        | b"setcookie"
        | b"setrawcookie"
        | b"session_start"
        | b"session_destroy"
        | b"session_regenerate_id"
        | b"session_unset"
        | b"session_abort"
        | b"session_reset"
        | b"session_write_close"
        | b"session_commit"
        | b"session_decode"
        | b"fastcgi_finish_request" => Some(CallKind::Header),
        b"http_response_code" | b"session_id" if arguments > 0 => Some(CallKind::Header),
        b"printf"
        | b"vprintf"
        | b"var_dump"
        | b"readfile"
        | b"fpassthru"
        | b"passthru"
        | b"phpinfo"
        | b"debug_zval_refcount"
        | b"debug_print_backtrace" => Some(CallKind::Output),
        // With a second argument they return what they would print.
        b"print_r" | b"var_export" | b"highlight_string" | b"highlight_file" if arguments == 1 => {
            Some(CallKind::Output)
        }
        b"ob_start" => Some(CallKind::Buffer),
        b"sleep" | b"usleep" | b"time_nanosleep" | b"time_sleep_until" | b"flock"
        | b"sem_acquire" | b"msg_receive" | b"pcntl_wait" | b"pcntl_waitpid" => {
            Some(CallKind::Block)
        }
        _ => None,
    }
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
    first_written(name).filter(|places| places.contains(&position)).map(|_| how)
}

/// The places of its arguments by reference.
fn first_written(name: &[u8]) -> Option<&'static [usize]> {
    Some(match name {
        b"array_push"
        | b"array_unshift"
        | b"array_pop"
        | b"array_shift"
        | b"array_splice"
        | b"array_walk"
        | b"array_walk_recursive"
        | b"sort"
        | b"rsort"
        | b"usort"
        | b"asort"
        | b"arsort"
        | b"uasort"
        | b"ksort"
        | b"krsort"
        | b"uksort"
        | b"natsort"
        | b"natcasesort"
        | b"shuffle"
        | b"settype" => &[0],
        b"array_multisort" => &[0, 1, 2, 3, 4, 5, 6, 7, 8],
        b"parse_str"
        | b"mb_parse_str"
        | b"system"
        | b"passthru"
        | b"apcu_fetch"
        | b"openssl_sign"
        | b"openssl_pkcs12_read"
        | b"curl_multi_exec" => &[1],
        b"exec" | b"getmxrr" | b"openssl_csr_export" => &[1, 2],
        b"preg_match" | b"preg_match_all" | b"mb_ereg" | b"mb_eregi" | b"similar_text"
        | b"is_callable" | b"proc_open" | b"flock" => &[2],
        b"str_replace"
        | b"str_ireplace"
        | b"preg_replace_callback_array"
        | b"idn_to_ascii"
        | b"idn_to_utf8" => &[3],
        b"preg_replace" | b"preg_replace_callback" | b"preg_filter" => &[4],
        b"fsockopen" | b"pfsockopen" => &[2, 3],
        b"stream_socket_client" | b"stream_socket_server" => &[1, 2],
        b"stream_select" | b"socket_select" => &[0, 1, 2],
        b"getimagesize" | b"getimagesizefromstring" => &[1],
        b"headers_sent" => &[0, 1],
        b"dns_get_record" => &[2, 3],
        b"mb_convert_variables" => &[2, 3, 4, 5, 6],
        b"sscanf" => &[2, 3, 4, 5, 6, 7, 8, 9],
        _ => return None,
    })
}

/// Whether PHP fills this variable anew for each request.
pub(crate) fn is_superglobal(name: &[u8]) -> bool {
    matches!(
        name,
        b"_GET"
            | b"_POST"
            | b"_COOKIE"
            | b"_FILES"
            | b"_REQUEST"
            | b"_SESSION"
            | b"_SERVER"
            | b"_ENV"
    )
}
