//! Writes the PHP of a random program.
//!
//! Statements print what they find, each with a number of its own, so that a
//! program that runs otherwise also prints otherwise.

use crate::plan::{Class, Form, Function, Kind, Plan, Spot, full};
use crate::program::{Block, File, Program};
use tilde_testing::rng::Rng;

/// The program of a seed.
pub(crate) fn program(seed: u64) -> Program {
    let mut rng = Rng::new(seed);
    let plan = Plan::new(&mut rng);
    let mut generator = Generator { rng, plan, marks: 0, imports: Vec::new() };
    let files = (0..generator.plan.files.len()).map(|index| generator.file(index)).collect();
    let outside = [
        ("lib/data.txt".to_owned(), "data\n".to_owned()),
        ("outside.php".to_owned(), "<?php return ($v0 ?? 'unset') . '/outside';\n".to_owned()),
        ("lib/outside.php".to_owned(), "<?php echo \"lib outside\\n\"; $v1 = 'o';\n".to_owned()),
    ];
    let epilogue = generator.epilogue();
    let Plan { classes, files: planned, is_autoloaded, .. } = generator.plan;
    let place = |class: &Class| {
        (full(class.namespace, &class.name), planned[class.spot.file].path.to_owned())
    };
    let autoload = classes.iter().filter(|_| is_autoloaded).map(place).collect();
    Program { files, outside: outside.to_vec(), autoload, epilogue }
}

struct Generator {
    rng: Rng,
    plan: Plan,
    marks: usize,
    /// What the block imports: full names and their short ones there.
    imports: Vec<(String, String)>,
}

type Statement = fn(&mut Generator, Spot) -> String;

/// Statements and how often they come.
const STATEMENTS: &[(usize, Statement)] = &[
    (8, Generator::echo),
    (8, Generator::variable),
    (10, Generator::use_class),
    (9, Generator::use_function),
    (7, Generator::use_constant),
    (3, Generator::probe),
    (3, Generator::include_once),
    (1, Generator::include),
    (2, Generator::include_outside),
    (4, Generator::html),
    (1, Generator::static_variable),
    (3, Generator::early_return),
    (3, Generator::jump),
    (2, Generator::setting),
    (1, Generator::leave),
    (4, Generator::closure),
    (4, Generator::control),
    (3, Generator::coercion),
    (2, Generator::missing),
    (3, Generator::magic),
    (1, Generator::alias),
    (2, Generator::late),
    (2, Generator::reflection),
    (1, Generator::variables),
    (2, Generator::comment),
    (2, Generator::heredoc),
];

impl Generator {
    fn file(&mut self, index: usize) -> File {
        let plan = self.plan.files[index].clone();
        let is_loaded = self.is_loaded_late(index);
        let mut start = if is_loaded { "<?php\n".to_owned() } else { self.start(&plan.blocks) };
        let mut declares = Vec::new();
        if plan.is_strict {
            "<?php\n".clone_into(&mut start);
            declares.push("declare(strict_types=1);\n".to_owned());
        }
        let mut blocks = Vec::new();
        for (block, namespace) in plan.blocks.iter().enumerate() {
            let spot = Spot { file: index, block };
            let has_name = !namespace.is_empty();
            let (mut head, tail) = match (plan.has_braces, has_name) {
                (true, _) => (format!("namespace {namespace} {{\n").replace("  ", " "), "}\n"),
                (false, true) => (format!("namespace {namespace};\n"), ""),
                (false, false) => (String::new(), ""),
            };
            head += &self.import(spot);
            let items = if plan.is_value { self.value() } else { self.items(spot) };
            blocks.push(Block { head, items, tail: tail.to_owned() });
        }
        let end =
            if plan.is_value || is_loaded { String::new() } else { self.end(plan.has_braces) };
        File { path: plan.path.to_owned(), start, declares, blocks, end }
    }

    fn start(&mut self, blocks: &[&str]) -> String {
        let is_global = blocks == [""];
        let start = match self.rng.below(100) {
            0..3 if is_global => "<b>first</b>\n<?php\n",
            3..5 if is_global => "\n\n<?= 'first' ?>\n<?php ",
            5..8 => "<?php\n/** Of the file. */\n",
            8..10 => "<?php // a comment\n\n",
            10..12 => "<?PHP\r\n",
            _ => "<?php\n",
        };
        start.to_owned()
    }

    fn end(&mut self, has_braces: bool) -> String {
        let end = match self.rng.below(100) {
            0..4 if !has_braces => "?>\n",
            4..7 if !has_braces => "?>\n\nlast html\n",
            7..9 if !has_braces => "?>",
            9..12 => "// last comment",
            12..15 => "/** last doc */\n",
            15..17 if !has_braces => "return 7;\n",
            17..19 if !has_braces => "echo 'end' ?>",
            _ => "",
        };
        end.to_owned()
    }

    fn value(&mut self) -> Vec<String> {
        let mark = self.mark();
        vec![format!("return ['mark' => {mark}, 'file' => basename(__FILE__)];\n")]
    }

    fn mark(&mut self) -> usize {
        self.marks += 1;
        self.marks
    }

    /// The `use` of a block.
    fn import(&mut self, spot: Spot) -> String {
        self.imports.clear();
        let is_global = self.namespace(spot).is_empty();
        let mut text = String::new();
        for (name, kind) in self.importable(spot) {
            let is_useless = is_global && !name.contains('\\');
            if self.rng.percent(30) && !is_useless {
                text += &self.import_of(name, kind);
            }
        }
        text
    }

    /// The full names of other namespaces, and the word for them in a `use`.
    fn importable(&self, spot: Spot) -> Vec<(String, &'static str)> {
        let own = self.namespace(spot);
        let name = |namespace: &str, name: &str, kind| {
            (namespace != own).then(|| (full(namespace, name), kind))
        };
        let Plan { classes, functions, constants, .. } = &self.plan;
        let classes = classes.iter().map(|it| name(it.namespace, &it.name, ""));
        let functions = functions.iter().map(|it| name(it.namespace, &it.name, "function "));
        let constants = constants.iter().map(|it| name(it.namespace, &it.name, "const "));
        classes.chain(functions).chain(constants).flatten().collect()
    }

    fn import_of(&mut self, name: String, kind: &str) -> String {
        let (folder, short) = name.rsplit_once('\\').unwrap_or(("", &name));
        let alias = if self.rng.percent(40) { format!("{short}x") } else { short.to_owned() };
        let named = if alias == short { String::new() } else { format!(" as {alias}") };
        let text = match self.rng.below(3) {
            0 if !folder.is_empty() => format!("use {folder}\\{{{kind}{short}{named}}};\n"),
            _ => format!("use {kind}{name}{named};\n"),
        };
        self.imports.push((name, alias));
        text
    }

    fn namespace(&self, spot: Spot) -> &'static str {
        self.plan.files[spot.file].blocks[spot.block]
    }

    /// Whether an autoloader loads a file: it holds nothing that runs.
    fn is_loaded_late(&self, file: usize) -> bool {
        let Plan { classes, is_autoloaded, .. } = &self.plan;
        *is_autoloaded && classes.iter().any(|class| class.spot.file == file)
    }

    /// The declarations of a block and statements between them.
    fn items(&mut self, spot: Spot) -> Vec<String> {
        let plan = self.plan.clone();
        let mut items = Vec::new();
        let classes = plan.classes.iter().filter(|it| it.spot == spot);
        items.extend(classes.map(|class| self.class(class)));
        let functions = plan.functions.iter().enumerate().filter(|(_, it)| it.spot == spot);
        items.extend(functions.map(|(index, function)| self.function(index, function)));
        let is_declaring = self.is_loaded_late(spot.file);
        let constants = plan.constants.iter().filter(|it| it.spot == spot && !is_declaring);
        items
            .extend(constants.map(|it| self.declare_constant(&it.name, it.namespace, it.is_const)));
        let count = if is_declaring { 0 } else { self.rng.between(1, 6) };
        items.extend((0..count).map(|_| self.statement(spot)));
        let kept = usize::from(self.rng.percent(50)) * items.len();
        self.rng.shuffle(&mut items[kept..]);
        if !is_declaring && self.rng.percent(4) {
            let guard = self.guard(spot);
            items.insert(0, guard);
        }
        items
    }

    fn statement(&mut self, spot: Spot) -> String {
        let total: usize = STATEMENTS.iter().map(|(weight, _)| weight).sum();
        let mut at = self.rng.below(total);
        for (weight, statement) in STATEMENTS {
            if at < *weight {
                return statement(self, spot);
            }
            at -= weight;
        }
        unreachable!("a number below the sum of all weights is within one")
    }

    fn guard(&mut self, spot: Spot) -> String {
        match self.rng.below(3) {
            0 => format!("if (class_exists('{}', false)) return;\n", self.any_class(spot)),
            1 => "if (defined('LOADED')) { return; }\ndefine('LOADED', true);\n".to_owned(),
            _ => "if (!isset($v0)) { $v0 = 'new'; return 3; }\n".to_owned(),
        }
    }

    // Declarations.

    fn class(&mut self, class: &Class) -> String {
        let (name, spot) = (&class.name, class.spot);
        let (word, exists) = match class.kind {
            Kind::Class => ("class", "class_exists"),
            Kind::Abstract => ("abstract class", "class_exists"),
            Kind::Interface => ("interface", "interface_exists"),
            Kind::Trait => ("trait", "trait_exists"),
            Kind::Enum => ("enum", "class_exists"),
        };
        let doc = if self.rng.percent(20) { format!("/** Of {name}. */\n") } else { String::new() };
        let mut text = format!("{doc}{word} {name}");
        if let Some(parent) = class.parent {
            text += &format!(" extends {}", self.class_name(spot, parent));
        }
        for interface in &class.interfaces {
            let word = if class.kind == Kind::Interface { "extends" } else { "implements" };
            text += &format!(" {word} {}", self.class_name(spot, *interface));
        }
        text += " {\n";
        for used in &class.traits {
            text += &format!("    use {};\n", self.class_name(spot, *used));
        }
        text += &self.members(class);
        let guard = format!("!{exists}('{}', false)", full(class.namespace, name));
        wrapped(class.form, &guard, &(text + "}\n"))
    }

    fn members(&mut self, class: &Class) -> String {
        let mark = self.mark();
        let name = &class.name;
        let mut text = String::new();
        if class.kind != Kind::Trait {
            text += &format!("    const M{name} = 'm{mark}' . __LINE__;\n");
        }
        match class.kind {
            Kind::Enum => text += "    case One;\n    case Two;\n",
            Kind::Interface => return text,
            Kind::Class | Kind::Abstract | Kind::Trait => {
                text += &format!("    public static $s{name} = {mark};\n");
            }
        }
        let base = if self.rng.percent(50) { "__CLASS__" } else { "static::class" };
        let call = self.builtin();
        text += &format!(
            "    public static function who{name}() {{ return {base} . '{mark}' . {call}; }}\n"
        );
        if let Some(made) = class.makes {
            let made = self.class_name(class.spot, made);
            let own = if self.rng.percent(50) { made } else { format!("?{name}") };
            text += &format!("    public function make{name}(): {own} {{ return new static; }}\n");
        }
        if class.is_stringable {
            text += &format!("    public function __toString(): string {{ return '{name}'; }}\n");
        }
        text
    }

    fn function(&mut self, index: usize, function: &Function) -> String {
        let Function { namespace, name, form, .. } = function;
        let mark = self.mark();
        let doc = if self.rng.percent(15) { "/** Of a function. */\n" } else { "" };
        let mut text = format!("{doc}function {name}($x = 1) {{\n");
        if self.rng.percent(25) {
            text += "    static $n = 0;\n    $n++;\n    $x .= $n;\n";
        }
        if self.rng.percent(20) {
            text += "    global $v0;\n    $v0 = ($v0 ?? '') . 'g';\n";
        }
        let spot = function.spot;
        let inner = match self.rng.below(4) {
            0 if index > 0 => {
                let other = self.rng.below(index);
                self.call(spot, other)
            }
            1 => self.builtin(),
            2 => self.constant_value(spot),
            _ => "__FUNCTION__".to_owned(),
        };
        text += &format!("    return '{mark}:' . $x . {inner};\n}}\n");
        wrapped(*form, &format!("!function_exists('{}')", full(namespace, name)), &text)
    }

    fn declare_constant(&mut self, name: &str, namespace: &str, is_const: bool) -> String {
        let mark = self.mark();
        let full = full(namespace, name);
        match (is_const, self.rng.below(3)) {
            (true, 0) => format!("const {name} = 'k' . __LINE__ . '{mark}';\n"),
            (true, _) => format!("const {name} = 'k{mark}';\n"),
            (false, 0) => format!("defined('{full}') || define('{full}', 'd{mark}');\n"),
            (false, _) => format!("define('{full}', 'd{mark}');\n"),
        }
    }

    // Names.

    fn class_name(&mut self, spot: Spot, index: usize) -> String {
        let class = &self.plan.classes[index];
        let name = full(class.namespace, &class.name);
        self.written(spot, &name)
    }

    /// A full name as a block may write it.
    fn written(&mut self, spot: Spot, name: &str) -> String {
        if let Some((_, alias)) = self.imports.iter().find(|(it, _)| it == name) {
            return alias.clone();
        }
        let namespace = self.namespace(spot);
        let prefix = if namespace.is_empty() { String::new() } else { format!("{namespace}\\") };
        match name.strip_prefix(&prefix) {
            Some(short) if self.rng.percent(80) => short.to_owned(),
            Some(short) if !namespace.is_empty() && self.rng.percent(50) => {
                format!("namespace\\{short}")
            }
            _ => format!("\\{name}"),
        }
    }

    /// The full name of a class that is there, or will be, or is nowhere.
    fn any_class(&mut self, spot: Spot) -> String {
        let index = self.loaded_class(spot).unwrap_or(usize::MAX);
        let class = self.plan.classes.get(index);
        class.map_or("Nowhere".to_owned(), |it| full(it.namespace, &it.name))
    }

    /// A class of this file or an earlier one, nearly always.
    fn loaded_class(&mut self, spot: Spot) -> Option<usize> {
        let any = self.rng.percent(4);
        let is_loaded = |it: &usize| any || self.plan.classes[*it].spot.file <= spot.file;
        let all: Vec<usize> = (0..self.plan.classes.len()).filter(is_loaded).collect();
        if all.is_empty() { None } else { Some(*self.rng.pick(&all)) }
    }

    fn loaded_function(&mut self, spot: Spot) -> Option<usize> {
        let any = self.rng.percent(4);
        let is_loaded = |it: &usize| any || self.plan.functions[*it].spot.file <= spot.file;
        let all: Vec<usize> = (0..self.plan.functions.len()).filter(is_loaded).collect();
        if all.is_empty() { None } else { Some(*self.rng.pick(&all)) }
    }

    /// A call of a function of PHP that a namespace may have as well.
    fn builtin(&mut self) -> String {
        let calls = [
            "strlen('abc')",
            "ucfirst('xy')",
            "max(2, 7)",
            "M_PI",
            "E_USER_NOTICE",
            "\\strlen('ab')",
        ];
        (*self.rng.pick(&calls)).to_owned()
    }

    fn call(&mut self, spot: Spot, index: usize) -> String {
        let function = &self.plan.functions[index];
        let name = full(function.namespace, &function.name);
        let mark = self.mark();
        match self.rng.below(10) {
            0 => format!("call_user_func('{name}', {mark})"),
            1 => format!("implode(array_map('\\{name}', [{mark}, 2]))"),
            2 => format!("('{name}')({mark})"),
            _ => format!("{}({mark})", self.written(spot, &name)),
        }
    }

    fn constant_value(&mut self, spot: Spot) -> String {
        let any = self.rng.percent(4);
        let is_loaded = |it: &usize| any || self.plan.constants[*it].spot.file <= spot.file;
        let all: Vec<usize> = (0..self.plan.constants.len()).filter(is_loaded).collect();
        if all.is_empty() {
            return self.builtin();
        }
        let constant = &self.plan.constants[*self.rng.pick(&all)];
        let name = full(constant.namespace, &constant.name);
        match self.rng.below(4) {
            0 => format!("(defined('{name}') ? constant('{name}') : 'none')"),
            _ => self.written(spot, &name),
        }
    }

    // Statements.

    fn echo(&mut self, _: Spot) -> String {
        let mark = self.mark();
        format!("echo \"e{mark}\\n\";\n")
    }

    fn variable(&mut self, _: Spot) -> String {
        let mark = self.mark();
        let name = self.rng.below(3);
        match self.rng.below(5) {
            0 => format!("$v{name} = {mark};\n"),
            1 => format!("$v{name} = ($v{name} ?? '') . '{mark}';\necho $v{name}, \"\\n\";\n"),
            2 => format!("$GLOBALS['v{name}'] = '{mark}';\n"),
            3 => format!("unset($v{name});\n"),
            _ => format!("echo $v{name} ?? 'none', \"\\n\";\n"),
        }
    }

    fn use_class(&mut self, spot: Spot) -> String {
        let Some(index) = self.loaded_class(spot) else { return self.echo(spot) };
        let class = self.plan.classes[index].clone();
        let (short, name) = (&class.name, self.class_name(spot, index));
        let value = match (class.kind, self.rng.below(4)) {
            (Kind::Trait, _) => format!("trait_exists({name}::class, false)"),
            (Kind::Enum, 0) => format!("{name}::One->name . count({name}::cases())"),
            (Kind::Interface, _) | (_, 1) => format!("{name}::M{short}"),
            (Kind::Class, 2) => format!("get_class(new {name})"),
            (Kind::Class, 3) if class.makes.is_some() => {
                format!("get_class((new {name})->make{short}())")
            }
            _ => format!("{name}::who{short}()"),
        };
        let statement = format!("echo {value}, \"\\n\";\n");
        self.risky(&statement)
    }

    /// A statement that may throw.
    fn risky(&mut self, statement: &str) -> String {
        if self.rng.percent(70) {
            let body = statement.trim_end();
            return format!(
                "try {{ {body} }} catch (\\Error $e) {{ echo $e->getMessage(), \"\\n\"; }}\n"
            );
        }
        statement.to_owned()
    }

    fn use_function(&mut self, spot: Spot) -> String {
        let value = match self.loaded_function(spot) {
            Some(index) if self.rng.percent(80) => self.call(spot, index),
            _ => self.builtin(),
        };
        self.risky(&format!("echo {value}, \"\\n\";\n"))
    }

    fn use_constant(&mut self, spot: Spot) -> String {
        let value = self.constant_value(spot);
        self.risky(&format!("echo {value}, \"\\n\";\n"))
    }

    fn probe(&mut self, spot: Spot) -> String {
        let name = self.any_class(spot);
        let function = self.loaded_function(spot).map_or("nowhere".to_owned(), |index| {
            let it = &self.plan.functions[index];
            full(it.namespace, &it.name)
        });
        let value = match self.rng.below(8) {
            0 => format!("class_exists('{name}', false)"),
            1 => format!("function_exists('{function}')"),
            2 => format!("is_callable('{function}')"),
            3 => format!("is_subclass_of('{name}', 'C0', false)"),
            4 => format!("method_exists('{name}', 'who')"),
            5 => format!("is_a('{name}', 'A\\\\C1', true)"),
            6 => format!("get_parent_class('{name}')"),
            _ => format!("defined('{name}::MC0')"),
        };
        format!("var_dump({value});\n")
    }

    /// Another member's path from a file, as code.
    fn path(&mut self, from: usize, to: usize) -> String {
        let (from, to) = (self.plan.files[from].path, self.plan.files[to].path);
        let up = "/..".repeat(from.matches('/').count());
        let upward = format!("__DIR__ . '{up}/{to}'");
        match self.rng.below(8) {
            0 => format!("dirname(__FILE__) . '{up}/{to}'"),
            1 if up == "/.." => format!("dirname(__DIR__) . '/{to}'"),
            2 if up.is_empty() => format!("(__DIR__ . '/' . '{to}')"),
            3 if up.is_empty() => format!("__DIR__ . \"/{to}\""),
            4 if up.is_empty() => format!("__DIR__ . DIRECTORY_SEPARATOR . '{to}'"),
            _ => upward,
        }
    }

    fn include_once(&mut self, spot: Spot) -> String {
        let index = if spot.file > 0 && self.rng.percent(85) {
            self.rng.below(spot.file)
        } else {
            self.rng.below(self.plan.files.len())
        };
        let path = self.path(spot.file, index);
        let word = *self.rng.pick(&["require_once", "require_once", "include_once"]);
        match self.rng.below(5) {
            0 => format!("$r = {word} {path};\nvar_dump($r);\n"),
            1 => format!("if ({word} {path}) echo \"loaded\\n\";\n"),
            2 => format!("if (isset($v1)) {{\n    {word} {path};\n}}\n"),
            3 => format!("(function () {{ {word} {path}; }})();\n"),
            _ => format!("{word} {path};\n"),
        }
    }

    fn include(&mut self, spot: Spot) -> String {
        let values: Vec<usize> =
            (0..self.plan.files.len()).filter(|it| self.plan.files[*it].is_value).collect();
        if values.is_empty() {
            return self.include_outside(spot);
        }
        let index = *self.rng.pick(&values);
        let path = self.path(spot.file, index);
        format!("$c = include {path};\necho json_encode($c), \"\\n\";\n")
    }

    fn include_outside(&mut self, spot: Spot) -> String {
        let up = "/..".repeat(self.plan.files[spot.file].path.matches('/').count());
        match self.rng.below(5) {
            0 => format!("echo include __DIR__ . '{up}/outside.php', \"\\n\";\n"),
            1 => format!("require_once __DIR__ . '{up}/lib/outside.php';\n"),
            2 => format!("echo file_get_contents(__DIR__ . '{up}/lib/data.txt');\n"),
            3 => format!("var_dump(is_file(dirname(__FILE__) . '{up}/lib/data.txt'));\n"),
            _ => format!("var_dump(@include __DIR__ . '{up}/missing.php');\n"),
        }
    }

    fn html(&mut self, _: Spot) -> String {
        let mark = self.mark();
        match self.rng.below(4) {
            0 => format!("?>h{mark}\n<?php\n"),
            1 => format!("?>\n\nh{mark} <?= $v0 ?? 'none' ?>\n\n<?php\n"),
            2 => format!("if (isset($v0)): ?>\n h{mark}\n<?php else: ?>\n e{mark}<?php endif;\n"),
            _ => format!("echo {mark} ?>\n<?php\n"),
        }
    }

    fn static_variable(&mut self, _: Spot) -> String {
        let name = self.rng.below(3);
        format!("static $w{name} = 5;\n$w{name}++;\necho $w{name}, \"\\n\";\n")
    }

    fn early_return(&mut self, _: Spot) -> String {
        let name = self.rng.below(3);
        match self.rng.below(5) {
            0 => format!("if (isset($v{name})) return;\n"),
            1 => format!("if (!isset($v{name})) {{ return $v{name} = 'set'; }}\n"),
            2 => "foreach ([1, 2] as $i) {\n    if ($i > 1) return $i;\n    echo \"i$i\\n\";\n}\n"
                .to_owned(),
            3 => "try { return 1; } finally { echo \"finally\\n\"; }\n".to_owned(),
            _ => {
                format!("switch ($v{name} ?? 0) {{\n    case 0: break;\n    default: return;\n}}\n")
            }
        }
    }

    fn jump(&mut self, _: Spot) -> String {
        let (label, mark) = (self.rng.below(2), self.mark());
        match self.rng.below(3) {
            0 => format!("goto l{mark};\necho \"skipped\\n\";\nl{mark}: echo \"at {mark}\\n\";\n"),
            1 => format!("$i = 0; m{mark}: $i++; if ($i < 3) goto m{mark};\necho $i, \"\\n\";\n"),
            _ => format!("goto same{label}_{};\nsame{label}_{}:\n", mark % 5, mark % 5),
        }
    }

    fn setting(&mut self, _: Spot) -> String {
        let settings = [
            "error_reporting(E_ALL & ~E_WARNING);\n",
            "error_reporting(E_ALL);\n",
            "ini_set('precision', '5');\n",
            "ini_set('display_errors', '0');\n",
            "set_error_handler(function ($no, $text) { echo \"handled $text\\n\"; return true; });\n",
            "restore_error_handler();\n",
            "date_default_timezone_set('Asia/Tokyo');\n",
            "ini_set('include_path', '/nowhere');\n",
            "assert_options(ASSERT_ACTIVE, 1);\n",
        ];
        (*self.rng.pick(&settings)).to_owned()
    }

    fn leave(&mut self, _: Spot) -> String {
        let mark = self.mark();
        match self.rng.below(5) {
            0 => format!("exit({});\n", mark % 7),
            1 => format!("if (isset($v2)) die(\"died {mark}\\n\");\n"),
            2 => format!("if (isset($v0, $v1)) throw new \\Exception('thrown {mark}');\n"),
            _ => format!("defined('NOT_THERE') or print(\"p{mark}\\n\");\n"),
        }
    }

    fn closure(&mut self, spot: Spot) -> String {
        let mark = self.mark();
        let call = self.builtin();
        match self.rng.below(5) {
            0 => format!(
                "$f = function ($x) use (&$v0) {{\n    static $n = 0;\n    $v0 = $x;\n    return ++$n . {call};\n}};\necho $f(1), $f(2), \"\\n\";\n"
            ),
            1 => format!(
                "echo implode(',', array_map(fn($x) => $x . {call} . {mark}, [1, 2])), \"\\n\";\n"
            ),
            2 => format!(
                "echo (static function () {{ return __FUNCTION__ . __NAMESPACE__ . {mark}; }})(), \"\\n\";\n"
            ),
            3 => format!(
                "foreach ((function () {{ yield {mark}; yield {call}; }})() as $x) {{\n    echo $x, \"\\n\";\n}}\n"
            ),
            _ => {
                let value = self.constant_value(spot);
                format!(
                    "register_shutdown_function(function () {{ echo \"down {mark} \", {value}, \"\\n\"; }});\n"
                )
            }
        }
    }

    fn control(&mut self, spot: Spot) -> String {
        let inner = self.echo(spot);
        let other = self.variable(spot).replace('\n', " ");
        let inner = inner.trim_end();
        match self.rng.below(5) {
            0 => format!(
                "for ($i = 0; $i < 2; $i++) {{\n    {inner}\n    if ($i) continue;\n    {other}\n}}\n"
            ),
            1 => format!(
                "do {{\n    {inner}\n    if (isset($v0)) break;\n    {other}\n}} while (false);\n"
            ),
            2 => format!("{{\n    {inner}\n    {other}\n}}\n"),
            3 => format!(
                "try {{\n    {inner}\n    throw new \\LogicException('x');\n}} catch (\\LogicException $e) {{\n    {other}\n}}\n"
            ),
            _ => format!(
                "switch (true) {{\n    case isset($v1):\n        {inner}\n        break;\n    default:\n        {other}\n}}\n"
            ),
        }
    }

    fn coercion(&mut self, _: Spot) -> String {
        let mark = self.mark();
        match self.rng.below(3) {
            0 => format!(
                "try {{ echo (function (int $x) {{ return $x; }})('{mark}'), \"\\n\"; }} catch (\\TypeError) {{ echo \"strict\\n\"; }}\n"
            ),
            1 => format!(
                "try {{ echo str_repeat('x', '{}'), \"\\n\"; }} catch (\\TypeError) {{ echo \"strict\\n\"; }}\n",
                mark % 4
            ),
            _ => "echo 0.1 + 0.2, ' ', 1 / 3, \"\\n\";\n".to_owned(),
        }
    }

    fn missing(&mut self, _: Spot) -> String {
        let mark = self.mark();
        match self.rng.below(4) {
            0 => format!("echo $undefined{mark};\n"),
            1 => format!(
                "try {{ new Missing{mark}; }} catch (\\Error $e) {{ echo $e->getMessage(), \"\\n\"; }}\n"
            ),
            2 => format!(
                "try {{ missing{mark}(); }} catch (\\Error $e) {{ echo $e->getMessage(), \"\\n\"; }}\n"
            ),
            _ => "echo [1][3] ?? 'no', @$nothing['x'], \"\\n\";\n".to_owned(),
        }
    }

    fn magic(&mut self, _: Spot) -> String {
        let values = [
            "__LINE__",
            "basename(__FILE__)",
            "basename(__DIR__)",
            "__NAMESPACE__",
            "__FUNCTION__",
            "__CLASS__",
            "basename(dirname(__FILE__))",
        ];
        format!("echo {}, \"\\n\";\n", self.rng.pick(&values))
    }

    fn alias(&mut self, spot: Spot) -> String {
        let (name, mark) = (self.any_class(spot), self.mark());
        format!(
            "if (class_exists('{name}', false)) {{\n    class_alias('{name}', 'Alias{mark}');\n    var_dump(new \\ReflectionClass('Alias{mark}') == true);\n}}\n"
        )
    }

    fn late(&mut self, _: Spot) -> String {
        let mark = self.mark();
        // One variable: no bundle keeps the order in which those of several end.
        format!("$late = new class {{ function __destruct() {{ echo \"late {mark}\\n\"; }} }};\n")
    }

    fn reflection(&mut self, spot: Spot) -> String {
        let name = self.any_class(spot);
        let value = match self.rng.below(3) {
            0 => "getDocComment()",
            1 => "getShortName()",
            _ => "getNamespaceName()",
        };
        format!(
            "if (class_exists('{name}', false)) {{\n    var_dump((new \\ReflectionClass('{name}'))->{value});\n}}\n"
        )
    }

    fn variables(&mut self, _: Spot) -> String {
        let value = match self.rng.below(3) {
            0 => "count(func_get_args())",
            1 => "json_encode(array_filter(compact('v0', 'v1'), 'is_scalar'))",
            _ => "count(preg_grep('~^[vw]~', array_keys(get_defined_vars())))",
        };
        format!(
            "try {{ echo @{value}, \"\\n\"; }} catch (\\Error $e) {{ echo $e->getMessage(), \"\\n\"; }}\n"
        )
    }

    fn comment(&mut self, _: Spot) -> String {
        let comments = [
            "// one line\n",
            "# another\n",
            "/* a\n block */\n",
            "/** A doc. */\n",
            "// ends ?>\n<?php\n",
            "#[\\AllowDynamicProperties]\nfunction () {};\n",
        ];
        (*self.rng.pick(&comments[..5])).to_owned()
    }

    fn heredoc(&mut self, _: Spot) -> String {
        let mark = self.mark();
        format!(
            "$v1 = $v1 ?? 'x';\necho <<<\"TEXT\"\n  h{mark} {{$v1}}\n    more\n  TEXT, \"\\n\";\n"
        )
    }

    /// What is there when all members have run.
    fn epilogue(&mut self) -> Vec<String> {
        let mut items = vec!["echo \"-- end\\n\";\n".to_owned()];
        for name in ["v0", "v1", "v2", "w0", "r", "i"] {
            items.push(format!(
                "echo is_scalar(${name} ?? null) ? ${name} : gettype(${name} ?? null), \"\\n\";\n"
            ));
        }
        for class in &self.plan.classes {
            let name = full(class.namespace, &class.name);
            items.push(format!("var_dump(class_exists('{name}', false) || interface_exists('{name}', false) || trait_exists('{name}', false));\n"));
        }
        for function in &self.plan.functions {
            let name = full(function.namespace, &function.name);
            items
                .push(format!("echo function_exists('{name}') ? \\{name}(9) : 'none', \"\\n\";\n"));
        }
        for constant in &self.plan.constants {
            let name = full(constant.namespace, &constant.name);
            items.push(format!("echo defined('{name}') ? \\{name} : 'none', \"\\n\";\n"));
        }
        items
    }
}

fn wrapped(form: Form, guard: &str, text: &str) -> String {
    match form {
        Form::Plain => text.to_owned(),
        Form::Guarded => format!("if ({guard}) {{\n{text}}}\n"),
        Form::Conditional => format!("if (true) {{\n{text}}}\n"),
    }
}
