//! Settings of the process that PHP both tells and takes.

use std::collections::BTreeSet;

/// A setting: its name, the functions that change it, and the PHP that reads and writes it;
/// `$was` is what was read.
struct Setting {
    name: &'static str,
    calls: &'static str,
    read: &'static str,
    write: &'static str,
    /// A function of an extension that may not be there.
    needs: Option<&'static str>,
}

impl Setting {
    fn reading(&self) -> String {
        match self.needs {
            Some(function) => format!("function_exists('{function}') ? {} : null", self.read),
            None => self.read.to_owned(),
        }
    }

    fn writing(&self) -> String {
        match self.needs {
            Some(_) => {
                let lines = self.write.replace('\n', "\n    ");
                format!("if ($was !== null) {{\n            {lines}\n        }}")
            }
            None => self.write.to_owned(),
        }
    }
}

const SETTINGS: &[Setting] = &[
    Setting {
        name: "autoloaders",
        calls: "spl_autoload_register",
        read: "spl_autoload_functions() ?: []",
        write: "foreach (spl_autoload_functions() ?: [] as $loader) {
            if (!in_array($loader, $was, true)) {
                spl_autoload_unregister($loader);
            }
        }",
        needs: None,
    },
    Setting {
        name: "cwd",
        calls: "chdir",
        read: "getcwd()",
        write: "if ($was !== false) {
            chdir($was);
        }",
        needs: None,
    },
    Setting {
        name: "environment",
        calls: "putenv",
        read: "getenv()",
        write: "$now = getenv();
        foreach (array_diff_key($now, $was) as $name => $value) {
            putenv($name);
        }
        foreach ($was as $name => $value) {
            if (($now[$name] ?? null) !== $value) {
                putenv(\"$name=$value\");
            }
        }",
        needs: None,
    },
    Setting {
        name: "errorHandler",
        calls: "set_error_handler",
        read: "self::handler('set_error_handler', 'restore_error_handler')",
        write: "self::putHandler($was, 'set_error_handler', 'restore_error_handler');",
        needs: None,
    },
    Setting {
        name: "exceptionHandler",
        calls: "set_exception_handler",
        read: "self::handler('set_exception_handler', 'restore_exception_handler')",
        write: "self::putHandler($was, 'set_exception_handler', 'restore_exception_handler');",
        needs: None,
    },
    Setting {
        name: "ini",
        calls: "ini_set ini_alter error_reporting set_time_limit set_include_path \
            session_set_cookie_params session_name session_save_path session_cache_limiter \
            session_cache_expire ignore_user_abort mb_language",
        read: "ini_get_all(null, false)",
        write: "foreach (array_diff_assoc($was, ini_get_all(null, false)) as $name => $value) {
            @ini_set($name, (string) $value);
        }",
        needs: None,
    },
    Setting {
        name: "internalEncoding",
        calls: "mb_internal_encoding",
        read: "mb_internal_encoding()",
        write: "mb_internal_encoding($was);",
        needs: Some("mb_internal_encoding"),
    },
    Setting {
        name: "libxmlErrors",
        calls: "libxml_use_internal_errors",
        read: "libxml_use_internal_errors()",
        write: "libxml_use_internal_errors($was);
        libxml_clear_errors();",
        needs: Some("libxml_use_internal_errors"),
    },
    Setting {
        name: "locale",
        calls: "setlocale",
        read: "setlocale(LC_ALL, '0')",
        write: "setlocale(LC_ALL, $was);",
        needs: None,
    },
    Setting {
        name: "localeDefault",
        calls: "locale_set_default",
        read: "locale_get_default()",
        write: "locale_set_default($was);",
        needs: Some("locale_get_default"),
    },
    Setting {
        name: "regexEncoding",
        calls: "mb_regex_encoding",
        read: "mb_regex_encoding()",
        write: "mb_regex_encoding($was);",
        needs: Some("mb_regex_encoding"),
    },
    Setting {
        name: "timezone",
        calls: "date_default_timezone_set",
        read: "date_default_timezone_get()",
        write: "date_default_timezone_set($was);",
        needs: None,
    },
    Setting { name: "umask", calls: "umask", read: "umask()", write: "umask($was);", needs: None },
    Setting {
        name: "wrappers",
        calls: "stream_wrapper_register stream_register_wrapper",
        read: "stream_get_wrappers()",
        write: "foreach (array_diff(stream_get_wrappers(), $was) as $wrapper) {
            stream_wrapper_unregister($wrapper);
        }",
        needs: None,
    },
];

/// The setting that a function changes, if it can be put back.
pub(super) fn of_call(function: &str) -> Option<&'static str> {
    let changes = |setting: &&Setting| setting.calls.split_whitespace().any(|it| it == function);
    SETTINGS.iter().find(changes).map(|setting| setting.name)
}

/// Which code of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Read,
    Write,
}

/// The code that reads or writes these settings.
pub(super) fn lines(names: &BTreeSet<&'static str>, line: Line) -> String {
    let chosen = SETTINGS.iter().filter(|setting| names.contains(setting.name));
    let code = chosen.map(|setting| match line {
        Line::Read => format!("\n            '{}' => {},", setting.name, setting.reading()),
        Line::Write => format!(
            "\n        $was = $this->settings['{}'];\n        {}",
            setting.name,
            setting.writing()
        ),
    });
    code.collect::<Vec<_>>().concat()
}
