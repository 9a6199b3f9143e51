//! Plans to bytes: compile, edit, strip, prove.
//!
//! A cache is printed in sections. A part is a section of its own where it is
//! self-delimiting: it has the same tokens whatever comes after it, so that it
//! is stripped and proved beside all others. A comment at the end of a file, or
//! a heredoc without its `;`, reaches into the next one: from the first such
//! part on the rest of the cache is one section.

use rayon::prelude::*;
use tilde_lexer::{Options, TokenKind};

use crate::code;
use crate::library::Library;
use crate::plan::{BlocksHere, Edit, Part, Plan};
use crate::proof::{self, Difference};
use tilde_bundle::token::{Token, lex_to_end};
use tilde_bundle::{Docs, StripOptions, strip};

/// A cache, and where it is no longer the program that its sources are.
pub(crate) struct Printed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) difference: Option<Difference>,
}

/// All caches, in the order of their plans.
pub(crate) fn print(plans: &[Plan], library: &Library<'_>, options: Options) -> Vec<Printed> {
    let mut all: Vec<Printed> = Vec::new();
    for plan in plans {
        let printed = cache(Context { plan, earlier: &all, library, options });
        all.push(printed);
    }
    all
}

/// What a cache is printed from.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) plan: &'c Plan,
    /// What the plans before made.
    pub(crate) earlier: &'c [Printed],
    pub(crate) library: &'c Library<'c>,
    pub(crate) options: Options,
}

impl<'c> Context<'c> {
    /// What an earlier plan has made, less its tag.
    pub(crate) fn earlier(self, plan: usize) -> &'c [u8] {
        self.earlier[plan].bytes.get(5..).unwrap_or_default()
    }
}

fn cache(context: Context<'_>) -> Printed {
    let plan = context.plan;
    let texts: Vec<Vec<u8>> = plan.parts.par_iter().map(|part| text(part, context)).collect();
    let mut codes = apart(&texts, context);
    let rest = edited(plan, &texts[codes.len()..], &plan.tail);
    codes.push(Code::new(&rest, codes.is_empty(), context));
    let last = codes.len() - 1;
    let section = |(index, code): (usize, Code)| {
        if index == last {
            section(code, &plan.parts[index..], &plan.tail, context)
        } else {
            section(code, &plan.parts[index..=index], b"", context)
        }
    };
    join(codes.into_par_iter().enumerate().map(section).collect(), plan)
}

/// What a part is before it is edited and stripped.
fn text(part: &Part, context: Context<'_>) -> Vec<u8> {
    let Context { library, options, .. } = context;
    match part {
        Part::Text(text) => text.clone(),
        Part::Cache(plan) => context.earlier(*plan).to_vec(),
        Part::File { source, blocks } => {
            let text = library.text(*source);
            match blocks {
                BlocksHere::Stay => code::compile(text, false),
                BlocksHere::Go => code::compile(text, true),
                BlocksHere::AfterStripping => {
                    code::compile_in_namespace(text, library.tokens(*source), options)
                }
            }
        }
    }
}

/// The parts up to the first one that is not self-delimiting.
fn apart(texts: &[Vec<u8>], context: Context<'_>) -> Vec<Code> {
    // What goes there may reach over any number of parts.
    if context.plan.edit == Edit::CutLookup {
        return Vec::new();
    }
    let code = |(index, text): (usize, &Vec<u8>)| {
        let text = edited(context.plan, std::slice::from_ref(text), b"");
        Code::new(&text, index == 0, context)
    };
    let codes: Vec<Code> = texts.par_iter().enumerate().map(code).collect();
    if codes.iter().any(|code| code.edges.has_empty_heredoc) {
        return Vec::new();
    }
    codes.into_iter().take_while(|code| code.edges.is_self_delimiting).collect()
}

fn edited(plan: &Plan, texts: &[Vec<u8>], tail: &[u8]) -> Vec<u8> {
    let joined = texts.concat();
    match plan.edit {
        Edit::None => [&joined, tail].concat(),
        Edit::CutLookup => [&code::without_cache_lookup(&joined), tail].concat(),
        Edit::Unguard => code::without_guards(&[&joined, tail].concat()),
    }
}

/// What all sections but the first are stripped after.
const TAG: &[u8] = b"<?php ";

/// A section before it is stripped.
struct Code {
    bytes: Vec<u8>,
    /// Where its own bytes begin, after a tag that is no part of it.
    start: usize,
    tokens: Vec<Token>,
    edges: Edges,
}

impl Code {
    fn new(text: &[u8], is_first: bool, context: Context<'_>) -> Self {
        let tag = if is_first { context.plan.head.as_bytes() } else { TAG };
        let bytes = [tag, text].concat();
        let (tokens, is_in_string) = lex_to_end(&bytes, context.options);
        let edges = Edges::of(&bytes, &tokens, is_in_string);
        Self { bytes, start: if is_first { 0 } else { TAG.len() }, tokens, edges }
    }
}

/// A section of a cache.
struct Section {
    bytes: Vec<u8>,
    /// Where its own bytes begin.
    start: usize,
    edges: Edges,
    difference: Option<Difference>,
}

/// Prints and proves the code of these parts.
fn section(code: Code, parts: &[Part], tail: &[u8], context: Context<'_>) -> Section {
    let Code { bytes, start, tokens, edges } = code;
    let Some(style) = context.plan.style.filter(|_| !edges.is_stripped) else {
        let output = tokens.iter().map(|token| (token.kind, token.bytes(&bytes)));
        let difference = proof::difference(parts, tail, output, context);
        return Section { bytes, start, edges, difference };
    };
    let options = StripOptions::new(context.options, style, Docs::Drop);
    let bytes = strip(&bytes, &options);
    let output = tilde_lexer::tokens(&bytes, context.options);
    let output = output.map(|(token, bytes)| (token.kind, bytes));
    let difference = proof::difference(parts, tail, output, context);
    Section { bytes, start, edges, difference }
}

/// A style leaves one blank where two sections meet that both have one there.
fn join(sections: Vec<Section>, plan: &Plan) -> Printed {
    let mut bytes = Vec::with_capacity(sections.iter().map(|section| section.bytes.len()).sum());
    let mut is_after_blank = false;
    let mut difference = None;
    for section in sections {
        let is_twice = is_after_blank && section.edges.begins_with_blank && plan.style.is_some();
        bytes.extend_from_slice(&section.bytes[section.start + usize::from(is_twice)..]);
        is_after_blank = section.edges.ends_with_blank.unwrap_or(is_after_blank);
        difference = difference.or(section.difference);
    }
    Printed { bytes, difference }
}

/// How code begins and ends.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of an end")]
struct Edges {
    /// Whether it has the same tokens whatever is put after it: it ends with one
    /// that nothing lengthens, in PHP, and with no heredoc whose `;` is to come.
    is_self_delimiting: bool,
    /// Whether stripping leaves it as it is.
    is_stripped: bool,
    /// Whether there is a heredoc without text, after which the style of 2.2
    /// knows still whether there was a blank before it.
    has_empty_heredoc: bool,
    /// Whether it begins with a blank that stands for white space.
    begins_with_blank: bool,
    /// Whether it ends with one; nothing where it has no code at all.
    ends_with_blank: Option<bool>,
}

impl Edges {
    /// Of all tokens of a code, the first of which is its tag.
    fn of(code: &[u8], tokens: &[Token], is_in_string: bool) -> Self {
        let mut edges = Self {
            is_self_delimiting: true,
            is_stripped: true,
            has_empty_heredoc: false,
            begins_with_blank: false,
            ends_with_blank: None,
        };
        let mut waits_for_semicolon = false;
        let mut before = TokenKind::OpenTag;
        for token in &tokens[1..] {
            let mut is_blank = false;
            match token.kind {
                TokenKind::Whitespace => {
                    is_blank = true;
                    edges.is_stripped &= token.bytes(code) == b" ";
                }
                TokenKind::Comment | TokenKind::DocComment => {
                    edges.is_stripped = false;
                    continue;
                }
                // In PHP 5.2 a quote that is not closed is dropped.
                TokenKind::Dropped => {
                    edges.is_stripped = false;
                    edges.is_self_delimiting = false;
                    continue;
                }
                TokenKind::StartHeredoc => edges.is_stripped = false,
                TokenKind::EndHeredoc => {
                    waits_for_semicolon = true;
                    edges.has_empty_heredoc |= before == TokenKind::StartHeredoc;
                }
                TokenKind::Semicolon | TokenKind::CloseTag => waits_for_semicolon = false,
                TokenKind::HaltCompiler | TokenKind::BadCharacter | TokenKind::SingleQuote => {
                    edges.is_self_delimiting = false;
                }
                _ => {}
            }
            if edges.ends_with_blank.is_none() {
                edges.begins_with_blank = is_blank;
            }
            edges.ends_with_blank = Some(is_blank);
            before = token.kind;
        }
        edges.is_self_delimiting &=
            ends_apart(code, tokens) && !waits_for_semicolon && !is_in_string;
        edges
    }
}

/// Whether the last token is a whole one, and no piece of one: in `yield from`
/// and `(int )` there may be white space.
fn ends_apart(code: &[u8], tokens: &[Token]) -> bool {
    let [.., before, last] = tokens else { return is_end(code, tokens[0]) };
    let last = if last.kind == TokenKind::Whitespace { before } else { last };
    is_end(code, *last)
}

fn is_end(code: &[u8], token: Token) -> bool {
    match token.kind {
        TokenKind::Semicolon | TokenKind::OpenBrace | TokenKind::CloseBrace => true,
        // A line break after it belongs to it.
        TokenKind::OpenTag => matches!(token.bytes(code), [.., b' ' | b'\t' | b'\n']),
        _ => false,
    }
}

#[cfg(test)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use proptest::prelude::*;
    use proptest::sample::select;
    use tilde_lexer::Version;
    use tilde_testing::files;
    use tilde_testing::sources::Memory;

    use super::*;
    use tilde_bundle::Style;

    /// How files are compiled.
    const ALL_BLOCKS: [BlocksHere; 3] =
        [BlocksHere::Stay, BlocksHere::Go, BlocksHere::AfterStripping];

    const ALL_STYLES: [Option<Style>; 3] = [None, Some(Style::ThinkPhp20), Some(Style::ThinkPhp22)];

    /// A plan of these files, and those around it.
    #[derive(Clone, Copy, Debug)]
    struct Case {
        head: &'static str,
        blocks: BlocksHere,
        edit: Edit,
        style: Option<Style>,
        options: Options,
    }

    /// The cache of 3.2 in PHP 7.4.
    fn usual() -> Case {
        Case {
            head: "<?php ",
            blocks: BlocksHere::AfterStripping,
            edit: Edit::None,
            style: Some(Style::ThinkPhp22),
            options: Options::new(Version::V7_4),
        }
    }

    /// The cache, and what ThinkPHP makes of all parts at once.
    fn print_both(files: &[&[u8]], case: Case) -> [Printed; 2] {
        let Case { head, blocks, edit, style, options } = case;
        let nothing = Memory::default();
        let mut library = Library::new(&nothing, options);
        let mut part = |(index, text): (usize, &&[u8])| {
            let source = library.add_text(PathBuf::from(index.to_string()), text.to_vec());
            Part::File { source, blocks }
        };
        let parts = files.iter().enumerate().map(&mut part).collect();
        let (path, tail) = (PathBuf::new(), b" f();".to_vec());
        let plan = Plan { path, head, parts, tail, edit, style, newer_than: None };
        let context = Context { plan: &plan, earlier: &[], library: &library, options };
        let texts: Vec<Vec<u8>> = plan.parts.iter().map(|part| text(part, context)).collect();
        let all = Code::new(&edited(&plan, &texts, &plan.tail), true, context);
        let all = section(all, &plan.parts, &plan.tail, context);
        [cache(context), Printed { bytes: all.bytes, difference: all.difference }]
    }

    /// Panics unless both are the same.
    fn expect_same(files: &[&[u8]], case: Case) {
        let [apart, at_once] = print_both(files, case);
        let shown = |printed: &Printed| String::from_utf8_lossy(&printed.bytes).into_owned();
        let texts: Vec<_> = files.iter().map(|text| String::from_utf8_lossy(text)).collect();
        assert_eq!(shown(&apart), shown(&at_once), "{texts:?} {case:?}");
        let is_same = [&apart, &at_once].map(|printed| printed.difference.is_none());
        assert_eq!(is_same[0], is_same[1], "{texts:?} {case:?}: {}", shown(&apart));
    }

    /// Every PHP there is, as far as its scanner goes.
    fn settings() -> Vec<Options> {
        let tags = [(false, false), (true, false), (false, true), (true, true)];
        let with_tags = |version| {
            tags.map(|(short_tags, asp_tags)| {
                Options::new(version).with_short_tags(short_tags).with_asp_tags(asp_tags)
            })
        };
        Version::ALL.into_iter().flat_map(with_tags).collect()
    }

    #[test]
    fn what_is_open_goes_on_in_the_next_part() {
        let is_self_delimiting = |code: &str| {
            let code = [TAG, code.as_bytes()].concat();
            let (tokens, is_in_string) = lex_to_end(&code, Options::default());
            Edges::of(&code, &tokens, is_in_string).is_self_delimiting
        };
        for code in ["", "f();", "if (1) {", "f(\"$a[0] {$b['c']}\");", "<<<A\nA\n; ", "} "] {
            assert!(is_self_delimiting(code), "{code}");
        }
        for code in [
            "f()",
            "\"$a[;",
            "f(\"$a[\";",
            "\"$a[}\";",
            "\"{$a;",
            "\"{$a . \"{$b;",
            "`${a}",
            "<<<A\nA\n ",
            "?>",
            "?><?php",
            "yield ",
            "(int ",
            "; // a\n/* b */",
        ] {
            assert!(!is_self_delimiting(code), "{code}");
        }
    }

    #[test]
    fn files_of_32_are_compiled_in_a_namespace() {
        for (text, expected) in [
            ("<?php\nnamespace A\\B;\n/** C */\nclass C { }\n", "namespace A\\B{ class C { }}"),
            ("<?php // a\n\nf ( 1,// b\n2);\n", "namespace {f ( 1,2);}"),
            ("<?php\nnamespace A;f();\n?>\n", "namespace A{f(); }"),
            (
                "<?php\nnamespace A;function f() { return 1; }",
                "namespace A{function f() { return 1; }}",
            ),
            ("<?php f(\"{$a['b']} $c\");", "namespace {f(\"{$a['b']} $c\");}"),
            (
                "<?php class A {\n\tconst B = 'a  b', C = \"a  b\"; // c\n\n\t/* d */\tvar $e;\n}",
                "namespace {class A { const B = 'a  b', C = \"a  b\"; var $e; }}",
            ),
            (
                "<?php class A {\n  function b() {\n    return  $this->c[ 1 ]\n      ->d(  ( int )$e,\n\"{$f[ 1 ]}\" );\n  }\n}",
                "namespace {class A { function b() { return $this->c[ 1 ] ->d( ( int )$e, \"{$f[ 1 ]}\" ); } }}",
            ),
        ] {
            let [printed, _] = print_both(&[text.as_bytes()], usual());
            let code = String::from_utf8(printed.bytes).unwrap();
            assert_eq!(code, format!("<?php {expected} f();"), "{text}");
            assert_eq!(printed.difference, None, "{text}");
        }
    }

    #[test]
    fn a_guard_may_reach_into_the_next_file() {
        let files: [&[u8]; 2] = [b"<?php defined('THINK_PATH') or?>", b"<?php exit();"];
        for options in settings() {
            let case = Case { edit: Edit::Unguard, blocks: BlocksHere::Stay, options, ..usual() };
            expect_same(&files, case);
        }
        let files: [&[u8]; 2] = [b"<?php defined('THINK_PATH')", b"<?php or exit(); f();"];
        let case = Case { edit: Edit::Unguard, blocks: BlocksHere::Stay, ..usual() };
        let [printed, _] = print_both(&files, case);
        assert_eq!(printed.bytes, b"<?php  f(); f();");
    }

    #[test]
    fn an_empty_heredoc_remembers_the_blank_before_it() {
        let files: [&[u8]; 3] = [b"<?php $a = <<<A\nA;\n", b"<?php f();\n", b"<?php\n f();"];
        for blocks in ALL_BLOCKS {
            expect_same(&files, Case { blocks, ..usual() });
            expect_same(&files[1..], Case { blocks, ..usual() });
        }
    }

    #[test]
    fn a_quote_may_be_closed_in_the_next_file() {
        let files: [&[u8]; 2] = [b"<?php ';", b"<?php 'a  b'"];
        for (options, blocks) in settings().into_iter().zip(ALL_BLOCKS.into_iter().cycle()) {
            expect_same(&files, Case { blocks, options, ..usual() });
        }
    }

    #[test]
    fn every_php_agrees() {
        for text in [
            // Strings in strings, and what looks like one in an offset.
            r#"<?php class A{ f("{$a["$b[}"]";{(  int)1}  x;  "  "$c["]";}"#,
            r#"<?php class A{"{$a["$b[}"]"}"#,
            r#"<?php class A{"$b["]""{$a[}"#,
            r#"<?php `{$d"`$c[`]`"$e[`  `}"#,
            "<?php class A{<<<\ryield\n//c\n from{$}}",
            "<?php f(<<<\nyield\r from g());",
            // Is it `<?php`, or `<?` and a name?
            "<?phpf();",
            "<?php;f();",
            "<?php(1);f();",
            "<?phpnamespace A;f();",
            "<?php class A{\"$ {$\"{$public  function g() {\n};0x1F};const  A = 1;}}",
            r#"<?php class A { function b() { return "{$a["{$c( function() { d();  } )}"]}  e"; } }"#,
        ] {
            let files: [&[u8]; 3] =
                [b"<?php\nnamespace B;\n\nf();\n", text.as_bytes(), b"<?php\n\nf();"];
            for (index, options) in settings().into_iter().enumerate() {
                let (blocks, style) = (ALL_BLOCKS[index % 3], ALL_STYLES[index / 3 % 3]);
                expect_same(&files, Case { options, ..usual() });
                expect_same(&files, Case { blocks, style, options, ..usual() });
                expect_same(&files[1..], Case { head: "<?php", options, blocks, style, ..usual() });
            }
        }
    }

    #[test]
    fn strings_in_strings_take_linear_time() {
        // Each brace in a string may open the next string.
        let text = "<?php class A { function b() { f(".to_owned()
            + &"\"{$a[".repeat(20_000)
            + "1"
            + &"]}\"".repeat(20_000)
            + "); } }";
        let [printed, _] = print_both(&[text.as_bytes()], usual());
        let code = String::from_utf8(printed.bytes).unwrap();
        assert_eq!(code, format!("<?php namespace {{{}}} f();", &text["<?php ".len()..]));
        assert_eq!(printed.difference, None);
    }

    #[test]
    fn real_files_apart_are_as_real_files_at_once() {
        let step = if files::is_set("TILDE_CORPUS_ALL") { 1 } else { 18 };
        let mut files = files::every(step, files::suite());
        files.extend(files::packages("wordpress"));
        files.extend(files::fixtures("thinkphp/3.2"));
        let settings = settings();
        let texts: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).unwrap()).collect();
        for (index, texts) in texts.chunks(3).enumerate() {
            let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
            let (blocks, style) = (ALL_BLOCKS[index % 3], ALL_STYLES[index / 3 % 3]);
            let options = settings[index % settings.len()];
            expect_same(&texts, Case { blocks, style, options, ..usual() });
        }
    }

    /// Where tokens meet, and what may stand between them.
    const SOUP: &[&str] = &[
        " ",
        " ",
        "\n",
        "\t",
        "\r\n",
        "/*c*/",
        "// c\n",
        "# c\n",
        "//",
        "/**d*/",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ";",
        ";",
        ",",
        ":",
        "?",
        "->",
        "?->",
        "&",
        "&&",
        "$a",
        "$",
        "int",
        "string",
        "array",
        "unset",
        "yield",
        "from",
        "enum",
        "readonly",
        "public",
        "set",
        "static",
        "fn",
        "list",
        "class",
        "function",
        "return",
        "use",
        "extends",
        "A",
        "\\",
        "::",
        "1",
        ".5",
        ".",
        "=",
        "=>",
        "-",
        "+",
        "<",
        "<<",
        "'b'",
        "\"",
        "`",
        "{$",
        "${",
        "#[",
        "@",
        "!",
        "exit",
        "defined",
        "namespace",
        "if",
        "else",
        "?>",
    ];

    /// What can be more than it seems inside of a body.
    const INSIDE: &[&str] = &[
        "  ",
        "\r",
        "\x01",
        "\x0c",
        "\x7f",
        "\u{e9}",
        "( int",
        "(  string",
        "int )",
        "int\n)",
        "yield  from",
        "yield from",
        "->class",
        "->namespace",
        "$namespace",
        "namespace\\a",
        "sprintf",
        "__FILE__",
        "__dir__",
        "__CLASS__",
        "__halt_compiler",
        "_",
        "'a  b'",
        "'",
        "'\\''",
        "b'a'",
        "\"a  b\"",
        "\"\\\"\"",
        "\"$a[b]\"",
        "\"$a[ 0]\"",
        "\"$a[",
        "\"$a[}\"]\"",
        "\"$a[\"]\"",
        "\"$a[{]\"",
        "\"{$a[",
        "]}\"",
        "}\"",
        "`{$a",
        "`$a[`]`",
        "(  int)",
        "yield\n//c\n from",
        "\"{$a[ 0 ]}\"",
        "\"${a}\"",
        "\"$ {$\"",
        "\"$\"",
        "<<<A\nb\nA\n",
        "%>",
        "%",
        "</",
        "</script>",
        "|",
        "~",
        "0x1F",
        "1_0",
        "do {",
        "};",
        "},\n",
        "function() {",
        "new class {",
        "#",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]
        #[test]
        fn soup_apart_is_as_soup_at_once(
            (head, blocks, style, options) in (
                select(&["<?php ", "<?php"][..]),
                select(&ALL_BLOCKS[..]),
                select(&ALL_STYLES[..]),
                select(settings()),
            ),
            edit in select(&[Edit::None, Edit::Unguard, Edit::CutLookup][..]),
            soups in proptest::collection::vec(
                (
                    select(&["<?php ", "<?php", "<?php\n", "<?php class A{", "<?php namespace A; "][..]),
                    proptest::collection::vec((any::<bool>(), select(SOUP), select(INSIDE)), 0..6),
                    select(&["", ";", "}", ";}", ");", ";\n}}\n", "\";}}", "?>"][..]),
                ),
                1..4,
            ),
        ) {
            let file = |(head, soup, tail): &(&str, Vec<(bool, &str, &str)>, &str)| {
                let words = soup.iter().map(|(is_usual, one, other)| if *is_usual { *one } else { *other });
                (*head).to_owned() + &words.collect::<String>() + tail
            };
            let files: Vec<String> = soups.iter().map(file).collect();
            let files: Vec<&[u8]> = files.iter().map(String::as_bytes).collect();
            expect_same(&files, Case { head, blocks, edit, style, options });
        }
    }
}
