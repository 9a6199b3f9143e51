//! A file of 3.2 about which there is nothing to say, in one pass.
//!
//! Nearly every file of the framework is such a file: its code stands for
//! itself, and no bug of the format touches it. [`clean`] compiles it while it
//! is lexed, for a fraction of what the whole way costs (strip, compile, lex
//! again, compare, diagnose), and gives up at whatever could make a difference
//! between the tokens of the source and those of the result. A newcomer would
//! let more through. That needs a proof for every kind of token and every PHP:
//! a token has to be the same behind one blank, instead of line breaks and
//! comments, as it was. In debug builds, and so in all tests, each result is
//! compared with that of the whole way.

mod inside;

use tilde_eval::Declares;
use tilde_lexer::{Lexer, Options, TokenKind as K, Version};

use crate::declares::declares;
use crate::print::Piece;
use crate::proof::Difference;
use tilde_bundle::Diagnostic;
use tilde_bundle::token::Token;

/// A file that is done.
pub(crate) struct Clean {
    pub(crate) piece: Piece,
    /// What it declares, if it does nothing else.
    pub(crate) declares: Option<Declares>,
}

impl Clean {
    fn shown(&self) -> String {
        let nothing: ([Diagnostic; 0], Option<Difference>) = ([], None);
        show(self.piece.bytes(), &(nothing.0, nothing.1, &self.declares))
    }
}

/// Room to work in, for one file after the other.
#[derive(Default)]
pub(crate) struct Room {
    /// The tokens outside of the bodies of functions and classes.
    outer: Vec<Token>,
    code: Vec<u8>,
}

/// Compiles a file, if there is nothing to say about it.
pub(crate) fn clean(text: &[u8], options: Options, room: &mut Room) -> Option<Clean> {
    // The scanner of 5.2 has its own ideas of where a source ends.
    let is_usual = text.starts_with(b"<?php")
        && options.version > Version::V5_2
        && memchr::memmem::find(text, b"RUNTIME]").is_none();
    if !is_usual {
        return None;
    }
    let mut walk = Walk::new(text, room);
    let mut lexer = Lexer::new(text, options);
    walk.open_tag(lexer.next()?)?;
    while let Some(token) = lexer.next() {
        walk.token(token)?;
        if is_misplaced_in_offset(token.kind) && lexer.is_in_offset() {
            return None;
        }
        if walk.is_inside(token.kind) && lexer.is_in_code() {
            lexer.skip_code(walk.go_on_inside());
        }
    }
    walk.finish()?;
    if lexer.is_in_string() {
        return None;
    }
    let clean = Clean {
        piece: Piece::clean(room.code.as_slice().to_vec()),
        declares: declares(text, &room.outer, options.version),
    };
    debug_assert_eq!(clean.shown(), slowly::shown(text, options));
    Some(clean)
}

/// A part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing but trivia so far.
    Start,
    /// Behind `namespace`.
    Word,
    /// In its name, which goes on to the `;`.
    Name,
    /// Behind all of that, if there is any.
    Code,
    /// Behind `?>`.
    End,
}

/// What has been read inside of a parenthesis, if it may be a cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cast {
    No,
    /// Nothing; and whether white space that a cast cannot hold.
    Open(bool),
    /// One word.
    Word(bool),
}

struct Walk<'t> {
    text: &'t [u8],
    outer: &'t mut Vec<Token>,
    code: &'t mut Vec<u8>,
    /// Where the run of source begins that is not in `code` yet.
    run: usize,
    /// The end of the tokens so far.
    at: usize,
    /// Whether no blank is wanted here: there is one, or no code yet.
    is_after_blank: bool,
    /// Whether a comment stood behind the token before.
    is_after_comment: bool,
    /// The kind of the last token that is code.
    before: K,
    place: Place,
    cast: Cast,
    depth: u32,
    /// The depth of the body that all of this is in.
    body: Option<u32>,
    /// Whether the next brace opens a body.
    is_body_next: bool,
    /// The depth of the outermost brace in a string, which may hold strings.
    in_string: Option<u32>,
    /// Up to here a body is left to the lexer.
    goes_on_from: usize,
}

impl<'t> Walk<'t> {
    fn new(text: &'t [u8], room: &'t mut Room) -> Self {
        let Room { outer, code } = room;
        outer.clear();
        code.clear();
        Self {
            text,
            outer,
            code,
            run: 0,
            at: 0,
            is_after_blank: true,
            is_after_comment: false,
            before: K::OpenTag,
            place: Place::Start,
            cast: Cast::No,
            depth: 0,
            body: None,
            is_body_next: false,
            in_string: None,
            goes_on_from: 0,
        }
    }

    fn open_tag(&mut self, token: tilde_lexer::Token) -> Option<()> {
        self.at = token.len as usize;
        self.run = self.at;
        // With short tags a name may follow `<?`.
        (token.kind == K::OpenTag && self.at > b"<?php".len()).then_some(())
    }

    /// Whether this is a place inside of a body, behind a token of that kind,
    /// that no lexer is needed to go on from.
    #[inline]
    fn is_inside(&self, kind: K) -> bool {
        let is_comment = matches!(kind, K::Comment | K::DocComment);
        (stands_alone(kind) || is_comment && stands_alone(self.before))
            && self.body.is_some()
            && self.in_string.is_none()
            && self.at >= self.goes_on_from
    }

    #[inline]
    fn token(&mut self, token: tilde_lexer::Token) -> Option<()> {
        let start = self.at;
        self.at += token.len as usize;
        match token.kind {
            K::Whitespace => self.whitespace(start),
            K::Comment | K::DocComment => self.comment(start),
            kind => self.code_token(kind, start),
        }
    }

    #[inline]
    fn whitespace(&mut self, start: usize) -> Option<()> {
        if matches!(self.place, Place::Name | Place::End) {
            return None;
        }
        let bytes = &self.text[start..self.at];
        if let Cast::Open(has_break) | Cast::Word(has_break) = &mut self.cast {
            *has_break |= bytes.iter().any(|byte| !matches!(byte, b' ' | b'\t'));
        }
        if self.is_after_blank {
            self.leave_out(start, self.at);
        } else {
            self.is_after_blank = true;
            if bytes != b" " {
                self.leave_out(start, self.at);
                self.code.push(b' ');
            }
        }
        Some(())
    }

    #[inline]
    fn comment(&mut self, start: usize) -> Option<()> {
        if !is_closed(self.before) || self.place == Place::End {
            return None;
        }
        if let Cast::Open(has_break) = &mut self.cast {
            *has_break = true;
        }
        self.is_after_comment = true;
        self.leave_out(start, self.at);
        Some(())
    }

    /// What stands there is not in the code.
    #[inline]
    fn leave_out(&mut self, start: usize, end: usize) {
        self.code.extend_from_slice(&self.text[self.run..start]);
        self.run = end;
    }

    #[inline]
    fn code_token(&mut self, kind: K, start: usize) -> Option<()> {
        if self.is_after_comment {
            self.is_after_comment = false;
            if !self.is_after_blank && !stands_alone(self.before) {
                return None;
            }
        }
        if self.place != Place::Code {
            self.head(kind, start)?;
        }
        let is_inner = self.body.is_some();
        match kind {
            K::OpenBrace | K::CurlyOpen | K::DollarOpenCurlyBraces => {
                self.depth += 1;
                if kind != K::OpenBrace {
                    self.in_string = self.in_string.or(Some(self.depth));
                }
                if std::mem::take(&mut self.is_body_next) && !is_inner {
                    self.body = Some(self.depth);
                }
            }
            K::CloseBrace => {
                if self.in_string == Some(self.depth) {
                    self.in_string = None;
                }
                if self.body == Some(self.depth) {
                    self.body = None;
                    self.is_body_next = false;
                }
                self.depth = self.depth.checked_sub(1)?;
            }
            K::Semicolon => self.is_body_next = false,
            K::Function | K::Class | K::Interface | K::Trait => {
                self.is_body_next |= self.before != K::DoubleColon;
            }
            K::Namespace if self.place == Place::Code => return None,
            K::Return if !is_inner => return None,
            K::CloseTag => return self.close_tag(start),
            // Behind `<<<` its first line would be a label.
            K::YieldFrom if memchr::memchr2(b'\n', b'\r', &self.text[start..self.at]).is_some() => {
                return None;
            }
            // These mean something else in a cache, or take more to compile.
            K::InlineHtml
            | K::OpenTag
            | K::OpenTagWithEcho
            | K::HaltCompiler
            | K::File
            | K::Dir
            | K::StartHeredoc
            | K::SingleQuote
            | K::BadCharacter
            | K::Dropped => return None,
            _ => {}
        }
        if self.cast != Cast::No || kind == K::OpenParenthesis {
            self.cast = match (self.cast, kind) {
                (_, K::OpenParenthesis) => Cast::Open(false),
                (Cast::Word(true), K::CloseParenthesis) => return None,
                (Cast::Open(has_break), _) if self.text[start].is_ascii_alphabetic() => {
                    Cast::Word(has_break)
                }
                _ => Cast::No,
            };
        }
        if !is_inner || self.body.is_none() {
            self.outer.push(Token::new(kind, start, self.at));
        }
        self.is_after_blank = false;
        self.before = kind;
        Some(())
    }

    /// A token of a declaration `namespace A\B;` or before it.
    #[cold]
    fn head(&mut self, kind: K, start: usize) -> Option<()> {
        let is_name = matches!(kind, K::String | K::NameQualified | K::NsSeparator);
        self.place = match self.place {
            // ThinkPHP takes any such text for the word, and no other for it.
            Place::Start if self.text[start..].starts_with(b"namespace") => {
                (kind == K::Namespace).then_some(Place::Word)?
            }
            Place::Start if matches!(kind, K::Namespace | K::Declare) => return None,
            Place::Start => {
                self.code.extend_from_slice(b"namespace {");
                Place::Code
            }
            Place::Word if is_name && self.is_after_blank => Place::Name,
            Place::Name if is_name => Place::Name,
            Place::Name if kind == K::Semicolon => {
                self.leave_out(start, self.at);
                self.code.push(b'{');
                Place::Code
            }
            _ => return None,
        };
        Some(())
    }

    /// The end of the file, most often with the line break behind it.
    fn close_tag(&mut self, start: usize) -> Option<()> {
        if !self.text[start..].starts_with(b"?>") {
            return None;
        }
        self.place = Place::End;
        self.leave_out(start, self.at);
        self.outer.push(Token::new(K::CloseTag, start, self.at));
        Some(())
    }

    /// The end of the code, if nothing is open there.
    fn finish(mut self) -> Option<()> {
        let is_whole = matches!(self.before, K::Semicolon | K::CloseBrace) && self.depth == 0;
        if !is_whole {
            return None;
        }
        self.leave_out(self.at, self.at);
        if self.is_after_blank && self.place != Place::End {
            self.code.pop();
        }
        self.code.push(b'}');
        Some(())
    }
}

/// Whether tokens of this kind open or close something anywhere but in
/// `"$a[…]"`, where PHP takes none of them.
#[inline]
fn is_misplaced_in_offset(kind: K) -> bool {
    matches!(kind, K::DoubleQuote | K::Backtick | K::OpenBrace | K::CloseBrace)
}

/// Whether a comment behind a token of this kind is nothing to PHP's scanner,
/// in any version: it does not look beyond the token for what it is.
#[inline]
fn is_closed(kind: K) -> bool {
    matches!(
        kind,
        K::OpenTag
            | K::Semicolon
            | K::Comma
            | K::OpenBrace
            | K::CloseBrace
            | K::OpenParenthesis
            | K::CloseParenthesis
            | K::OpenBracket
            | K::CloseBracket
            | K::Equal
            | K::DoubleArrow
            | K::Dot
            | K::Colon
            | K::Question
            | K::BooleanAnd
            | K::BooleanOr
            | K::ConstantEncapsedString
            | K::Variable
            | K::LNumber
            | K::Else
            | K::Try
    )
}

/// Whether a token of this kind ends where it does, whatever comes next, and
/// changes nothing about that.
#[inline]
fn stands_alone(kind: K) -> bool {
    matches!(kind, K::OpenTag | K::Semicolon | K::Comma | K::OpenBrace | K::CloseBrace)
}

/// The same the whole way, for debug builds to compare with.
mod slowly {
    use std::path::PathBuf;

    use tilde_lexer::Options;

    use crate::code::compile_in_namespace;
    use crate::declares::declares;
    use crate::diagnose::{Member, diagnose};
    use crate::plan::{BlocksHere, Edit, Plan};
    use crate::proof;
    use tilde_bundle::SourceId;
    use tilde_bundle::token::lex;
    use tilde_bundle::{Docs, StripOptions, Style, strip};

    const STYLE: Style = Style::ThinkPhp22;

    /// The code, what is to be said about it, and what it declares.
    pub(super) fn shown(text: &[u8], options: Options) -> String {
        let tokens = lex(text, options);
        let code = [b"<?php ", &*compile_in_namespace(text, &tokens, options)].concat();
        let code = strip(&code, &StripOptions { lexer: options, style: STYLE, docs: Docs::Drop });
        let plan = Plan {
            path: PathBuf::new(),
            head: "<?php ",
            parts: Vec::new(),
            tail: Vec::new(),
            edit: Edit::None,
            style: Some(STYLE),
            newer_than: None,
        };
        let findings = diagnose(&Member {
            id: SourceId(0),
            text,
            tokens: &tokens,
            is_same: false,
            blocks: BlocksHere::AfterStripping,
            style: Some(STYLE),
            is_before_newline: &|| false,
            options,
        });
        let difference = proof::of_file(text, &tokens, &plan, &code, options);
        let declares = declares(text, &tokens, options.version);
        super::show(&code[6..], &(findings, difference, declares))
    }
}

/// A result for people, and for nobody in a release build.
fn show(code: &[u8], rest: &impl std::fmt::Debug) -> String {
    format!("{}\n{rest:?}", String::from_utf8_lossy(code))
}

#[cfg(test)]
#[path = "../../lexer/tests/sources/mod.rs"]
mod sources;

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn code(text: &str) -> Option<String> {
        let options = Options::new(Version::V7_4);
        let clean = clean(text.as_bytes(), options, &mut Room::default())?;
        Some(String::from_utf8(clean.piece.bytes().to_vec()).unwrap())
    }

    /// Whether a file is clean, which it may only be if the whole way says so.
    fn is_clean(text: &[u8], options: Options) -> Result<bool, String> {
        let Some(clean) = clean(text, options, &mut Room::default()) else { return Ok(false) };
        let (quick, slow) = (clean.shown(), slowly::shown(text, options));
        if quick == slow { Ok(true) } else { Err(format!("{options:?}: {quick}\n--- but\n{slow}")) }
    }

    /// Every PHP there is, as far as its scanner goes.
    fn settings() -> Vec<Options> {
        let tags = [(false, false), (true, false), (false, true), (true, true)];
        let with_tags = |version| {
            tags.map(|(short_tags, asp_tags)| Options {
                short_tags,
                asp_tags,
                ..Options::new(version)
            })
        };
        Version::ALL.into_iter().flat_map(with_tags).collect()
    }

    #[test]
    fn usual_files_are_clean() {
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
            assert_eq!(code(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn others_are_left_to_the_whole_way() {
        for text in [
            "<?php",
            "<? f();",
            " <?php f();",
            "<?php f() ?>",
            "<?php f(); ?>\n ",
            "<?php return 1;",
            "<?php declare(ticks=1); f();",
            "<?php namespaced();",
            "<?php NAMESPACE A; f();",
            "<?php namespace A { f(); }",
            "<?php namespace A; namespace B; f();",
            "<?php namespace A ; f();",
            "<?php f(__DIR__);",
            "<?php f('//[RUNTIME]');",
            "<?php f(<<<A\nA\n);",
            "<?php echo/**/1;",
            "<?php f((\nint\n)$a);",
            "<?php function f() { yield /**/ from g(); }",
            "<?php if (1) { f();",
            "<?php f(\"{$a;",
            "<?php f(\"$a[;",
            "<?php class A { function f() { return __DIR__ . 'a'; } }",
            "<?php class A { function f() { return [ 1,\n (\nint\n)$a]; } }",
            "<?php class A { function f() { return '1 . ; } }",
            "<?php class A { function f() { return \"$a  ; } }",
            "<?php class A { function f() { return `$a  ; } }",
            "<?php class A { function f() { return \"{$a[\"{$b; {\n}; c};d  e; } }",
            "<?php class A { function f() { a(); ?>  <?php b(); } }",
            "<?php class A { function f() { return Namespace\\f(); } }",
            "<?php f(); /* never ends",
        ] {
            let is_unterminated = text.ends_with("ends");
            assert_eq!(code(text).is_none(), !is_unterminated, "{text}");
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
            for options in settings() {
                is_clean(text.as_bytes(), options).unwrap();
            }
        }
    }

    #[test]
    fn real_files_are_as_the_whole_way_has_them() {
        let step = if sources::is_set("TILDE_CORPUS_ALL") { 1 } else { 18 };
        let mut files = sources::every(step, sources::suite());
        files.extend(sources::packages("wordpress"));
        files.extend(sources::fixtures("thinkphp/3.2"));
        let (mut clean, settings) = (0, settings());
        for (index, path) in files.iter().enumerate() {
            let text = fs::read(path).unwrap();
            match is_clean(&text, settings[index % settings.len()]) {
                Ok(is_clean) => clean += usize::from(is_clean),
                Err(difference) => panic!("{}: {difference}", path.display()),
            }
        }
        assert!(clean > files.len() / 10, "{clean} of {} files are clean", files.len());
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
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn soup_in_bodies_is_as_the_whole_way_has_it(
            head in select(&["<?php class A{", "<?php namespace A; class A { function f() {\n", "<?php function f() {"][..]),
            soup in proptest::collection::vec((any::<bool>(), select(SOUP), select(INSIDE)), 1..12),
            tail in select(&["}", "}}", ";}}", ";\n}}", "\n}\n}\n", ");}} f();", "\";}}", "';}}"][..]),
            options in select(settings()),
        ) {
            let words = soup.iter().map(|(is_usual, one, other)| if *is_usual { *one } else { other });
            let text = head.to_owned() + &words.collect::<String>() + tail;
            if let Err(difference) = is_clean(text.as_bytes(), options) {
                panic!("{text:?}: {difference}");
            }
        }

        #[test]
        fn soup_is_as_the_whole_way_has_it(
            head in select(&["<?php ", "<?php", "<?php\n", "<?php namespace A;", "<?php function f() {"][..]),
            soup in proptest::collection::vec(select(SOUP), 1..9),
            tail in select(&["", ";", "}", ";}", ");", "));", "\";", "?>"][..]),
            options in select(settings()),
        ) {
            let text = head.to_owned() + &soup.concat() + tail;
            if let Err(difference) = is_clean(text.as_bytes(), options) {
                panic!("{text:?}: {difference}");
            }
        }
    }
}
