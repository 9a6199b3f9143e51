//! What stripping must never do, over every fixture and over random tokens;
//! and the styles that copy PHP, against PHP.

// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]
// The helpers are test code as well.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)] // needless gaps are looked for in whole files
mod rules;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tilde_bundle::{Docs, StripOptions, Style, strip};
use tilde_lexer::{Options, Version};

const TESTDATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata");

/// `strip_whitespace()` of ThinkPHP as its documentation of the algorithm has
/// it, told in PHP: what the two styles must equal.
const THINKPHP: &str = r#"
function thinkphp($code, $renames) {
    $tokens = token_get_all($code);
    $out = '';
    $blank = false;
    for ($i = 0; $i < count($tokens); $i++) {
        list($kind, $text) = is_array($tokens[$i]) ? $tokens[$i] : [0, $tokens[$i]];
        if ($kind === T_COMMENT || $kind === T_DOC_COMMENT) continue;
        if ($kind === T_WHITESPACE) {
            if (!$blank) $out .= ' ';
            $blank = true;
        } elseif ($renames && $kind === T_START_HEREDOC) {
            $out .= "<<<THINK\n";
        } elseif ($renames && $kind === T_END_HEREDOC) {
            $out .= "THINK;\n";
            for ($k = $i + 1; $k < count($tokens); $k++) {
                if (is_array($tokens[$k]) && $tokens[$k][0] === T_CLOSE_TAG) break;
                if ($tokens[$k] === ';') { $i = $k; break; }
            }
        } else {
            $out .= $text;
            $blank = false;
        }
    }
    return $out;
}
"#;

/// Every PHP file among the fixtures.
fn fixtures() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(TESTDATA)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "php") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The styles that keep tokens, with no tags but `<?php` and with all.
fn spaced(version: Version) -> impl Iterator<Item = StripOptions> {
    let plain = Options::new(version);
    let all_tags = plain.with_short_tags(true).with_asp_tags(true);
    [plain, all_tags].into_iter().flat_map(|lexer| {
        [Style::Lines, Style::Tight].into_iter().flat_map(move |style| {
            [Docs::Keep, Docs::Drop].map(|docs| StripOptions::new(lexer, style, docs))
        })
    })
}

#[test]
fn fixtures_keep_their_tokens() {
    for path in fixtures() {
        let source = fs::read(&path).unwrap();
        for options in Version::ALL.into_iter().flat_map(spaced) {
            let rule = rules::broken(&source, options);
            assert_eq!(rule, None, "{} {options:?}", path.display());
        }
    }
}

/// Words that change their meaning by what they touch.
const WORDS: &[&str] = &[
    "1",
    "0",
    "1.",
    ".5",
    "1e3",
    "0x1",
    "e5",
    "x1",
    "b",
    "B",
    "and",
    "or",
    "return",
    "yield",
    "from",
    "enum",
    "readonly",
    "Foo",
    "extends",
    "public",
    "private",
    "set",
    "int",
    "string",
    "array",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ";",
    ",",
    "+",
    "++",
    "-",
    "--",
    "->",
    "?->",
    "?",
    ":",
    "::",
    "\\",
    "A\\B",
    "\\A",
    "namespace",
    "class",
    "fn",
    "function",
    "$",
    "$x",
    "&",
    "&&",
    "|",
    "|>",
    "<",
    "<<",
    "<=",
    "=",
    "==",
    "=>",
    ">",
    ">>",
    "*",
    "**",
    "/",
    "/=",
    "%",
    ".",
    "..",
    "...",
    "!",
    "@",
    "~",
    "^",
    "??",
    "'s'",
    "\"d\"",
    "\"a$x[0]b\"",
    "\"{$x}\"",
    "\"${x}\"",
    "\"${",
    "`c`",
    "b'x'",
    "#[",
    "?>html<?php ",
    "?>\n",
    "?><?= ",
    "<<<X\na\nX;\n",
    "<<<'X'\na $b\nX\n",
    "<<<X\n {$x} b\n X;\n",
    "(int)",
    "( int )",
    "yield from",
    "public(set)",
    "<?php",
    "<?",
    "php",
    "<%",
    "%>",
    "</",
    "script",
    "'",
    "\u{7f}",
    "\u{1}",
    "\u{e9}",
    "__halt_compiler",
];
const GAPS: &[&str] = &[
    "",
    " ",
    "  ",
    "\n",
    "\r",
    "\r\n",
    "/**/",
    "/* */",
    " /*\n*/ ",
    "//x\n",
    "#x\r\n",
    " # y\n ",
    "/** d */",
    " /** d */\n",
    "\u{1}",
    " \u{1}",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_tokens_stay_what_they_are(
        parts in prop::collection::vec((prop::sample::select(WORDS), prop::sample::select(GAPS)), 0..12),
        version in prop::sample::select(&Version::ALL[..]),
    ) {
        let mut source = b"<?php ".to_vec();
        for (word, gap) in parts {
            source.extend_from_slice(word.as_bytes());
            source.extend_from_slice(gap.as_bytes());
        }
        for style in [Style::Php, Style::ThinkPhp20, Style::ThinkPhp22] {
            let options = StripOptions::new(Options::new(version), style, Docs::Drop);
            prop_assert_eq!(rules::broken(&source, options), None);
        }
        for options in spaced(version) {
            prop_assert_eq!(rules::broken(&source, options), None, "{:?}", options);
        }
    }
}

/// Runs PHP code over the fixtures in one process; the results come back in
/// hexadecimal, a line each.
fn php(code: &str, files: &[PathBuf]) -> Vec<String> {
    let script = format!(
        "{code} foreach (array_slice($argv, 1) as $file) echo bin2hex(strip($file)), \"\\n\";"
    );
    let output = Command::new("php")
        .args(["-d", "error_reporting=0", "-d", "short_open_tag=0", "-r", &script, "--"])
        .args(files)
        .output()
        .expect("this test runs PHP; install php-cli");
    assert!(output.status.success(), "PHP failed; its extension tokenizer is needed");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn equals_php(style: Style, code: &str) {
    let lexer = Options::new(installed_version());
    let options = StripOptions::new(lexer, style, Docs::Drop);
    let files = fixtures();
    let expected = php(code, &files);
    assert_eq!(expected.len(), files.len());
    let differs = |(file, expected): &(&PathBuf, &String)| {
        hex(&strip(&fs::read(file).unwrap(), &options)) != **expected
    };
    let different: Vec<&Path> =
        files.iter().zip(&expected).filter(differs).map(|(file, _)| file.as_path()).collect();
    assert!(different.is_empty(), "style {style}: {different:?}");
}

fn installed_version() -> Version {
    let output = Command::new("php")
        .args(["-n", "-r", "echo PHP_VERSION;"])
        .output()
        .expect("this test runs PHP; install php-cli");
    String::from_utf8(output.stdout).unwrap().parse().unwrap()
}

#[test]
fn style_php_is_php_strip_whitespace() {
    equals_php(Style::Php, "function strip($file) { return php_strip_whitespace($file); }");
}

#[test]
fn styles_thinkphp_are_its_loops() {
    for (style, renames) in [(Style::ThinkPhp20, "false"), (Style::ThinkPhp22, "true")] {
        let strip = format!(
            "{THINKPHP} function strip($file) {{ return thinkphp(file_get_contents($file), {renames}); }}"
        );
        equals_php(style, &strip);
    }
}
