//! `preload.php`, for `opcache.preload`: the core, which declares its classes at once anyway.
//!
//! Before PHP 8.1 each class in a signature has to be there when a class is preloaded, so
//! that nothing is.

use tilde_lexer::Version;

use crate::compile::{Bundle, Settings};
use crate::runtime::{IS_THERE, core, list};

/// The script.
pub(crate) fn preload(names: &[&[u8]], bundles: &[Bundle], settings: &Settings) -> String {
    if core(bundles).is_none() {
        return "<?php\n// Written by tilde: there is no core to preload.\n".to_owned();
    }
    let older = if settings.oldest < Version::V8_1 {
        "    if (\\PHP_VERSION_ID < 80100) {
        return;
    }
"
    } else {
        ""
    };
    format!(
        "<?php
// Written by tilde, for `opcache.preload`: the core, unless a class of it is there already.
(static function () {{
{older}    foreach (array(
{names}    ) as $name) {{
        if ({IS_THERE}) {{
            return;
        }}
    }}
    require __DIR__.'/core.php';
}})();
",
        names = list(names, 8),
    )
}
