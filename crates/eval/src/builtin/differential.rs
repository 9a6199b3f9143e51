//! Every function that we evaluate, called with extreme arguments, and regular
//! expressions with texts, against PHP 8.2 on this machine: our value is PHP's,
//! or we refuse.
//!
//! PHP is asked only about calls for which we have a value. One that PHP dies
//! of shows in the answer that is missing.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use md5::{Digest, Md5};
use tilde_syntax::{Arena, Version};

use super::{Builtin, TABLES, strings};
use crate::evaluator::Evaluator;
use crate::export::var_export;
use crate::target::{Limits, Sources, Target};

const ARGUMENTS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "2",
    "10",
    "16",
    "64",
    "PHP_INT_MAX",
    "PHP_INT_MIN",
    "PHP_INT_MIN+1",
    "0.0",
    "-0.0",
    "1.5",
    "-2.5",
    "1e15",
    "-1e300",
    "1e-300",
    "NAN",
    "INF",
    "-INF",
    "''",
    "'0'",
    "'a'",
    "'abc'",
    "'b'",
    "'0x1A'",
    "'6x'",
    "' 12'",
    "'12 '",
    "'12'",
    "'1e3'",
    "'-0'",
    "'9223372036854775808'",
    "\"\\xff\\0z\"",
    "\"A b\\n\\tc  \\r\\n\"",
    "str_repeat('ab,', 999)",
    "'%s %05.1f|%-6d|%x'",
    "'http://u:p@h.org:80/p?q=1#f'",
    "'a:1:{i:0;b:1;}'",
    "'[1,{\"a\":2.0}]'",
    "'5.2.17-beta'",
    "'<'",
    "'strlen'",
    "'utf-8'",
    "'/x/y.z/'",
    "[]",
    "[1]",
    "[0,'',null]",
    "[3,1,2]",
    "['b'=>1,'a'=>2]",
    "['a'=>'x','b'=>'y']",
    "['3','abc',1.5]",
    "['12',NAN,false,'a']",
    "[[1,2],[3]]",
    "[['a'=>1,'b'=>[2]],['a'=>3]]",
    "[5=>'e',PHP_INT_MAX=>'z']",
    "[-5=>'n']",
    "[1=>true,2=>false,'k'=>-0.0]",
];

const PATTERNS: &[&str] = &[
    r"'/a/'",
    r"'/^a|b$/'",
    r"'/(a)(b)?(c)?/'",
    r"'/(a)|(b)|(c)/'",
    r"'/a*/'",
    r"'/a*?/'",
    r"'/(a+)(b*)/'",
    r"'/(?:ab)+/i'",
    r"'/(ab|a)(bc|c)?/'",
    r"'/\s+/'",
    r"'/[^\s,]+/'",
    r"'/\bB\w*\b/i'",
    r"'/\B./s'",
    r"'/^.*$/m'",
    r"'/^.*$/'",
    r"'/.+/s'",
    r"'/$/m'",
    r"'/$/D'",
    r"'/\Z/'",
    r"'/\z/'",
    r"'/\Aa/'",
    r"'/a/A'",
    r"'/a.*c/U'",
    r"'/a.*?c/U'",
    r"'/(\d{2,3})-?(\d*)/'",
    r"'/\d{2,}?/'",
    r"'/[[:alpha:]]+[[:digit:]]?/'",
    r"'/[a-c\]\-x]+/'",
    r"'/[]a]+/'",
    r"'/[^]a]+/'",
    r"'/[a-]+/'",
    r"'/(a)(?=b)/'",
    r"'/a(?!b)/'",
    r"'/(?=(a))a/'",
    r"'/(.)\1/'",
    r"'/(a|(b))*\2/'",
    r"'/(?P<x>a)(?P<y>b)?/'",
    r"'#^(/)?(\w+)(?:/(\w+))?#'",
    r"'{a{1,2}}'",
    r"'/a{2}/'",
    r"'/a{0}b/'",
    r"'/(?:a|b|)c/'",
    r"'/()/'",
    r"'//'",
    r"'/|a/'",
    r"'/a||b/'",
    r"'/\x41\t?/'",
    r"'/[\x00-\x20]/'",
    r"'/./u'",
    r"'/(a(b(c)?)?)?/'",
    r"'/(?:(a)|b)+/'",
    r"'/(?:(a)|b)+?c/'",
    r"'/((a)|(b))+/'",
    r"'/[^a]/i'",
    r"'/\w+@\w+\.com/'",
    r"'/(x?)(y?)a/'",
    r"'/(?!a)/'",
    r"'/\n/'",
    r"'/\r?\n/'",
    r"'~^(\d+)\.(\d+)(?:\.(\d+))?~'",
    r"'/{x}|\{/'",
    r"'/a{b/'",
    r"'/(?:a{1,2}){2}/'",
    r"'/[.*+?]/'",
];

const TEXTS: &[&str] = &[
    "''",
    "'a'",
    "'abc'",
    "'aabbcc'",
    "'abcabc abc'",
    "'ABC abc'",
    "\"a\\n\"",
    "\"a\\nb\\n\"",
    "\"\\n\"",
    "\" a, b\\r\\n\\tc \"",
    "'12-345-6789'",
    "'/home/user/x'",
    "'joe@example.com'",
    "'5.6.40'",
    "'aaaa'",
    "'bab'",
    "'a{b {x} {'",
    "'[]a-x]'",
    "'xya'",
    "\"A\\t\\xff\\x80z\"",
    "'cba'",
    "'a.b*c+'",
    "\"b\\nB a\"",
];

/// Functions that change what later calls do.
const LASTING: &[&str] = &["define", "class_alias"];

/// The calls of a function with each number of arguments that are tried.
const PER_COUNT: usize = 700;

struct Nothing;

impl Sources for Nothing {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_file(&self, _: &Path) -> bool {
        false
    }

    fn is_dir(&self, _: &Path) -> bool {
        false
    }

    fn realpath(&self, _: &Path) -> Option<PathBuf> {
        None
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// The body of a function that makes the call and returns all that it changed.
fn call(builtin: &Builtin, arguments: &[&str]) -> String {
    let mut body = String::new();
    let (mut list, mut changed) = (Vec::new(), Vec::new());
    for (index, argument) in arguments.iter().enumerate() {
        if builtin.by_reference.contains(&index) {
            write!(body, "$v{index} = {argument}; ").expect("a string takes all");
            changed.push(format!("$v{index}"));
            list.push(format!("$v{index}"));
        } else {
            list.push((*argument).to_owned());
        }
    }
    let (name, list) = (builtin.name, list.join(", "));
    if changed.is_empty() {
        return format!("return {name}({list});");
    }
    format!("{body}$r = {name}({list}); return [$r, {}];", changed.join(", "))
}

fn calls(builtin: &Builtin, random: &mut Random) -> Vec<String> {
    let mut calls = Vec::new();
    let counts = builtin.least.saturating_sub(1)..=builtin.most.min(4).saturating_add(1);
    for count in counts {
        let all = ARGUMENTS.len().saturating_pow(count as u32);
        for number in 0..all.min(PER_COUNT) {
            let mut rest = if all <= PER_COUNT { number } else { random.below(all) };
            let mut arguments = Vec::new();
            for _ in 0..count {
                arguments.push(ARGUMENTS[rest % ARGUMENTS.len()]);
                rest /= ARGUMENTS.len();
            }
            calls.push(call(builtin, &arguments));
        }
    }
    calls
}

fn evaluate(body: &str, target: &Target) -> Option<Vec<u8>> {
    let arena = Arena::new();
    let limits = Limits { steps: 200_000, memory: 4 << 20, ..Limits::default() };
    let mut evaluator = Evaluator::new(&arena, &Nothing, target).with_limits(limits);
    let source = format!("<?php return (function () {{ {body} }})();");
    let value = evaluator.run(Path::new("/a.php"), source.as_bytes()).ok()?;
    var_export(&value, target).ok()
}

/// What PHP says to each call: nothing where it dies.
fn ask(bodies: &[String]) -> Vec<Option<String>> {
    let folder = tempfile::TempDir::new().expect("there is a folder for temporary files");
    let path = folder.path().join("calls.php");
    let mut script = String::from(
        "<?php error_reporting(0); ini_set('memory_limit', '1G'); $from = (int) $argv[1];\n\
         function say($number, $call) { if ($number < $GLOBALS['from']) return; ob_start();\n\
         try { $text = var_export($call(), true); } catch (Throwable $error) {\n\
         ob_end_clean(); echo $number, \"\\t!\\t\", strtok($error->getMessage(), \"\\n\"), \"\\n\"; return; }\n\
         ob_end_clean(); echo $number, \"\\t\", md5($text), \"\\t\", addcslashes(substr($text, 0, 200), \"\\0..\\37\\\\\\177..\\377\"), \"\\n\"; }\n",
    );
    for (number, body) in bodies.iter().enumerate() {
        writeln!(script, "say({number}, function () {{ {body} }});").expect("a string takes all");
    }
    std::fs::write(&path, script).expect("the folder is there");
    let mut answers = vec![None; bodies.len()];
    let mut from = 0;
    while from < bodies.len() {
        let output = Command::new("php")
            .args(["-d", "display_errors=0"])
            .arg(&path)
            .arg(from.to_string())
            .stdin(Stdio::null())
            .output()
            .expect("php is missing: install PHP 8.2");
        let text = String::from_utf8_lossy(&output.stdout);
        for line in text.lines() {
            let Some((number, answer)) = line.split_once('\t') else { continue };
            let Ok(number) = number.parse::<usize>() else { continue };
            answers[number] = Some(answer.to_owned());
            from = number + 1;
        }
        if from < bodies.len() {
            // It died of this one.
            from += 1;
        }
    }
    answers
}

fn release() -> String {
    let output = Command::new("php").args(["-r", "echo PHP_VERSION;"]).output();
    let output = output.expect("php is missing: install PHP 8.2");
    String::from_utf8(output.stdout).expect("a version is text")
}

#[test]
fn extreme_arguments_are_what_php_says_or_refused() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut bodies = Vec::new();
    let builtins = TABLES.into_iter().flatten();
    let filter = std::env::var("TILDE_EVAL_FUNCTION").unwrap_or_default();
    let is_tried = |builtin: &&Builtin| {
        builtin.exists_in(Version::V8_2)
            && !LASTING.contains(&builtin.name)
            && builtin.name.starts_with(&filter)
    };
    for builtin in builtins.filter(is_tried) {
        bodies.extend(calls(builtin, &mut random));
    }
    compare(bodies);
}

#[test]
fn regular_expressions_are_what_php_says_or_refused() {
    let mut bodies = Vec::new();
    for pattern in PATTERNS {
        for text in TEXTS {
            for call in [
                format!("$r = preg_match({pattern}, {text}, $m); return [$r, $m];"),
                format!("$r = preg_match_all({pattern}, {text}, $m); return [$r, $m];"),
                format!("preg_match_all({pattern}, {text}, $m, PREG_SET_ORDER); return $m;"),
                format!("return preg_replace({pattern}, '<$1|\\\\0>', {text}, 3);"),
                format!("return preg_split({pattern}, {text}, 3, 2);"),
                format!("return preg_split({pattern}, {text}, -1, 3);"),
            ] {
                bodies.push(call);
            }
        }
    }
    let (equal, refused) = compare(bodies);
    // Those that may be refused are in `pattern`.
    assert!(refused * 50 < equal, "{refused} are refused, and {equal} are not");
}

/// Fails where we say another thing than PHP; how many are equal and refused.
fn compare(all: Vec<String>) -> (usize, usize) {
    let mut target = Target::new(Version::V8_2);
    target.release = release();
    assert!(target.release.starts_with("8.2."), "php is not 8.2 but {}", target.release);
    let (mut bodies, mut ours, mut refused) = (Vec::new(), Vec::new(), 0);
    for body in all {
        let evaluated = std::panic::catch_unwind(|| evaluate(&body, &target));
        match evaluated.unwrap_or_else(|_| Some(b"a panic".to_vec())) {
            Some(text) => {
                bodies.push(body);
                ours.push(text);
            }
            None => refused += 1,
        }
    }
    let answers = ask(&bodies);
    let mut wrong = Vec::new();
    for ((body, text), answer) in bodies.iter().zip(&ours).zip(&answers) {
        let digest = String::from_utf8(strings::hex(&Md5::digest(text))).expect("digits are text");
        let answer = answer.as_deref().unwrap_or("PHP dies");
        if !answer.starts_with(&digest) {
            let shown = text[..text.len().min(200)].escape_ascii();
            wrong.push(format!("{body}\n  PHP: {answer}\n  we:  {shown}"));
        }
    }
    println!("{} equal, {} wrong, {refused} refused", bodies.len() - wrong.len(), wrong.len());
    let first = wrong.iter().take(4000).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} differences:\n{first}", wrong.len());
    (bodies.len(), refused)
}
