//! What calls say: which functions tell what is declared, ask for classes, look for
//! files, or read what a bundle changes by nature.
//!
//! A function is known by its global name, also where PHP looks for it in the
//! namespace first.

use tilde_syntax::ast::{self, Expression};
use tilde_syntax::{NameKind, Resolved, Span};

use super::{Collector, Guard, IncludePath, Lookup, Reader, Symbol};

impl<'a> Collector<'_, 'a> {
    pub(super) fn reader(&mut self, reader: Reader, span: Span) {
        if self.facts.readers.iter().all(|(known, _)| *known != reader) {
            self.facts.readers.push((reader, span));
        }
    }

    /// `new DirectoryIterator(__DIR__)`
    pub(super) fn created(&mut self, it: &ast::New<'a>) {
        let (Expression::Name(class), Some(arguments)) = (it.class, it.arguments) else { return };
        let name = self.tree.text(class.span);
        let name = name.rsplit(|byte| *byte == b'\\').next().unwrap_or(name);
        if FOLDERS.iter().any(|it| name.eq_ignore_ascii_case(it)) && self.names_member(arguments) {
            self.reader(Reader::Folder, it.span);
        }
        if name.eq_ignore_ascii_case(b"SplFileObject")
            && let [ast::Argument::Expression(path), _, flag, ..] = arguments.list
            && !self.tree.text(flag.span()).eq_ignore_ascii_case(b"false")
        {
            self.facts.lookups.push(Lookup { span: it.span, path: Some(path.span()) });
        }
    }

    /// Whether the first argument is a path from the member's own.
    fn names_member(&self, arguments: &ast::Arguments<'a>) -> bool {
        let text = arguments.list.first().map_or(&b""[..], |it| self.tree.text(it.span()));
        let words = [&b"__DIR__"[..], b"__FILE__"];
        words.iter().any(|word| memchr::memmem::find(text, word).is_some())
    }

    pub(super) fn method(&mut self, call: &ast::MethodCall<'a>) {
        let ast::MemberName::Identifier(name) = call.name else { return };
        let text = self.tree.text(name.span);
        if text.eq_ignore_ascii_case(b"getStaticVariables") {
            self.facts.lists_statics = self.facts.lists_statics.or(Some(name.span));
        } else if text.eq_ignore_ascii_case(b"getFileName") {
            self.reader(Reader::ReflectedFile, name.span);
        } else if [&b"getStartLine"[..], b"getEndLine"]
            .iter()
            .any(|it| text.eq_ignore_ascii_case(it))
        {
            self.reader(Reader::ReflectedLine, name.span);
        } else if TRACES.iter().any(|method| text.eq_ignore_ascii_case(method)) {
            self.reader(Reader::Trace, name.span);
        }
    }

    pub(super) fn call(&mut self, call: &ast::Call<'a>) {
        let Expression::Name(name) = call.callee else { return self.tells(call.span) };
        let (name, span) = match self.scope.resolve(self.tree, name, NameKind::Function) {
            Resolved::Known(known) => (known.to_ascii_lowercase(), name.span),
            Resolved::Either(here, global) => {
                self.fallback(Symbol::Function, here.to_ascii_lowercase(), name.span);
                (global.to_ascii_lowercase(), name.span)
            }
            Resolved::Special(_) => return,
        };
        match &*name {
            b"get_included_files" | b"get_required_files" => {
                self.reader(Reader::IncludedFiles, span);
            }
            b"glob" | b"scandir" | b"opendir" | b"dir" if self.names_member(call.arguments) => {
                self.reader(Reader::Folder, span);
            }
            b"get_defined_vars" if self.scopes == 0 => self.reader(Reader::Globals, span),
            b"debug_backtrace" | b"debug_print_backtrace" => self.reader(Reader::Trace, span),
            b"assert" if call.arguments.list.len() == 1 && self.names_member(call.arguments) => {
                self.reader(Reader::Assert, span);
            }
            name if LISTS.contains(&name) => self.reader(Reader::Declared, span),
            b"get_class" => self.named = self.named.or(Some(span)),
            _ => {}
        }
        if self.scopes == 0 {
            self.facts.body.note_call(&name, span);
        }
        match &*name {
            b"class_alias" => self.alias(call),
            b"define" if !self.defines_global(call) => {
                self.facts.unseen = self.facts.unseen.or(Some(span));
            }
            _ => {}
        }
        if !self.is_harmless(&name, call) {
            self.tells(call.span);
        }
        let mut text = call.arguments.list.iter().map(|it| self.tree.text(it.span()));
        if &*name == b"ini_set" && text.any(|it| memchr::memmem::find(it, b"precision").is_some()) {
            self.facts.precision = Some(span);
        }
        self.note_folder(&name, call);
        self.note_lookup(&name, call);
        self.note_questions(&name, call);
        let asks = matches!(&*name, b"class_exists" | b"interface_exists" | b"trait_exists");
        if asks
            && self.is_top_level()
            && let [argument] = call.arguments.list
            && let Some(name) = self.class_name(argument)
        {
            self.facts.guards.push(Guard { name, span });
        }
    }

    /// Whether `define()` makes a constant that is in no namespace.
    fn defines_global(&self, call: &ast::Call<'a>) -> bool {
        match call.arguments.list.first() {
            Some(ast::Argument::Expression(Expression::StringLiteral(it))) => {
                !self.tree.text(it.span).contains(&b'\\')
            }
            _ => false,
        }
    }

    /// `define('ROOT', __DIR__)`
    fn note_folder(&mut self, name: &[u8], call: &ast::Call<'a>) {
        // `defined('ROOT') || define('ROOT', …)` may leave it as it was.
        if name != b"define" || !self.is_top_level() || self.branches > 0 {
            return;
        }
        let [ast::Argument::Expression(constant), ast::Argument::Expression(value)] =
            call.arguments.list
        else {
            return;
        };
        if let (Some(IncludePath::Literal(constant)), Some(IncludePath::FromMember(path))) =
            (self.path(*constant), self.path(*value))
        {
            self.facts.folders.push((constant, path));
        }
    }

    /// `file_get_contents('a', true)` looks for a file as `include 'a'` does.
    fn note_lookup(&mut self, name: &[u8], call: &ast::Call<'a>) {
        let position = match name {
            b"file_get_contents" | b"file" | b"readfile" | b"gzfile" | b"readgzfile" => 1,
            b"fopen" | b"gzopen" => 2,
            b"stream_resolve_include_path" => return self.lookup(call),
            b"spl_autoload_register" if call.arguments.list.is_empty() => {
                return self.lookup(call);
            }
            _ => return,
        };
        let Some(ast::Argument::Expression(flag)) = call.arguments.list.get(position) else {
            return;
        };
        let text = self.tree.text(flag.span());
        let has_word = memchr::memmem::find(text, b"FILE_USE_INCLUDE_PATH").is_some();
        if has_word || text.eq_ignore_ascii_case(b"true") || text == b"1" {
            self.lookup(call);
        }
    }

    /// Questions, also those that PHP asks by the name of a function:
    /// `call_user_func('class_exists', 'A', false)`.
    fn note_questions(&mut self, name: &[u8], call: &ast::Call<'a>) {
        let list = call.arguments.list;
        let (Some(first), b"call_user_func" | b"call_user_func_array") = (list.first(), name)
        else {
            return self.note_question(name, list, call.span);
        };
        let called = self.class_name(first).unwrap_or_default();
        if name == b"call_user_func" {
            self.note_question(&called, &list[1..], call.span);
        } else if flag_of(&called).is_some() {
            self.facts.questions.push((None, call.span));
        }
    }

    /// `class_exists('A', false)` tells whether a class is there already, and an autoloader
    /// in front of all others decides where it comes from.
    fn note_question(&mut self, name: &[u8], list: &[ast::Argument<'a>], span: Span) {
        let Some(position) = flag_of(name) else { return };
        let text = |it: &ast::Argument<'a>| match it {
            ast::Argument::Expression(it) => Some(self.tree.text(it.span())),
            _ => None,
        };
        // What PHP does where the flag is not there.
        let default: [&[u8]; 2] = if position == 1 { [b"true", b"1"] } else { [b"false", b"0"] };
        let is_default = |flag| default.iter().any(|it| it.eq_ignore_ascii_case(flag));
        let flag = list.get(position).and_then(text);
        let is_plain = list.iter().all(|it| text(it).is_some());
        if position > 0 && is_plain && flag.is_none_or(is_default) {
            return;
        }
        let class = list.first().filter(|_| position == 1);
        let is_own = |it: &[u8]| {
            it.eq_ignore_ascii_case(b"self::class") || it.eq_ignore_ascii_case(b"static::class")
        };
        // What says its own name is there.
        if !class.and_then(text).is_some_and(is_own) {
            let class = class.and_then(|it| self.class_name(it));
            self.facts.questions.push((class, span));
        }
    }

    fn lookup(&mut self, call: &ast::Call<'a>) {
        let path = match call.arguments.list.first() {
            Some(ast::Argument::Expression(path)) => Some(path.span()),
            _ => None,
        };
        self.facts.lookups.push(Lookup { span: call.span, path });
    }

    /// Whether a function of PHP neither runs other code nor tells what is declared.
    fn is_harmless(&self, name: &[u8], call: &ast::Call<'a>) -> bool {
        match name {
            // `defined('A::B')` looks for a class.
            b"defined" => match call.arguments.list {
                [ast::Argument::Expression(Expression::StringLiteral(it))] => {
                    !self.tree.text(it.span).contains(&b':')
                }
                _ => false,
            },
            name => HARMLESS.contains(&name),
        }
    }

    /// The class that an argument names: `'A'` or `A::class`.
    pub(super) fn class_name(&self, argument: &ast::Argument<'a>) -> Option<Vec<u8>> {
        let ast::Argument::Expression(argument) = argument else { return None };
        let name = match *argument {
            Expression::StringLiteral(it) => plain_literal(self.tree.text(it.span))?,
            Expression::ClassConstant(it) => {
                let Expression::Name(class) = it.class else { return None };
                match self.scope.resolve(self.tree, class, NameKind::Class) {
                    Resolved::Known(name) => name.into_owned(),
                    Resolved::Either(..) | Resolved::Special(_) => return None,
                }
            }
            _ => return None,
        };
        Some(name.strip_prefix(b"\\").unwrap_or(&name).to_ascii_lowercase())
    }
}

/// Which argument of a question says whether autoloaders are asked, or whether a new one
/// comes first. None of what is no question.
fn flag_of(name: &[u8]) -> Option<usize> {
    match name {
        b"class_exists" | b"interface_exists" | b"trait_exists" | b"enum_exists"
        | b"class_implements" | b"class_parents" | b"class_uses" => Some(1),
        b"spl_autoload_register" => Some(2),
        name if name.starts_with(b"get_declared_") => Some(0),
        _ => None,
    }
}

/// Classes that go through the files of a folder.
const FOLDERS: [&[u8]; 4] =
    [b"DirectoryIterator", b"FilesystemIterator", b"RecursiveDirectoryIterator", b"GlobIterator"];

/// Functions that list what is declared, be it by tilde.
const LISTS: &[&[u8]] = &[
    b"get_declared_classes",
    b"get_declared_interfaces",
    b"get_declared_traits",
    b"get_defined_constants",
    b"get_defined_functions",
    b"spl_autoload_functions",
];

/// Methods of exceptions that return places.
const TRACES: [&[u8]; 4] = [b"getFile", b"getLine", b"getTrace", b"getTraceAsString"];

/// Functions of PHP that entry files call, that run no other code and tell nothing
/// of what is declared.
const HARMLESS: &[&[u8]] = &[
    b"array",
    b"count",
    b"date_default_timezone_set",
    b"define",
    b"dirname",
    b"error_reporting",
    b"extension_loaded",
    b"file_exists",
    b"get_include_path",
    b"getenv",
    b"header",
    b"implode",
    b"in_array",
    b"ini_get",
    b"ini_set",
    b"is_array",
    b"is_dir",
    b"is_file",
    b"is_null",
    b"mb_internal_encoding",
    b"memory_get_usage",
    b"microtime",
    b"php_sapi_name",
    b"phpversion",
    b"printf",
    b"realpath",
    b"rtrim",
    b"set_include_path",
    b"set_time_limit",
    b"setlocale",
    b"sprintf",
    b"str_repeat",
    b"str_replace",
    b"strlen",
    b"strrev",
    b"strtolower",
    b"strtoupper",
    b"substr",
    b"time",
    b"trim",
    b"var_dump",
    b"version_compare",
];

/// The text of a name in quotes, in which a backslash may be doubled.
fn plain_literal(literal: &[u8]) -> Option<Vec<u8>> {
    let [b'\'' | b'"', text @ .., _] = literal else { return None };
    let is_plain =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\\' | 0x80..);
    text.iter().all(is_plain).then(|| {
        let mut name = text.to_vec();
        name.dedup_by(|next, last| *next == b'\\' && *last == b'\\');
        name
    })
}
