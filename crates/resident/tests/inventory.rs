//! Each kind of state, in small sources: what is found, and how it is ranked. The form is the
//! one of snapshots.

#![allow(clippy::unwrap_used)]

use tilde_resident::{Fact, Rank, lines, link, scan};
use tilde_syntax::Options;

/// The inventory of these files, which are called `0.php` and so on.
fn facts(sources: &[&str]) -> Vec<Fact> {
    let scan =
        |source: &&str| scan(format!("<?php\n{source}").as_bytes(), Options::default()).unwrap();
    link(&sources.iter().map(scan).collect::<Vec<_>>())
}

fn inventory(sources: &[&str]) -> Vec<String> {
    let lines = lines(&facts(sources), |file| format!("{file}.php").into_bytes());
    lines.into_iter().map(|line| String::from_utf8(line).unwrap().trim_end().to_owned()).collect()
}

/// The inventory of one file, whose name is left out.
fn of(source: &str) -> Vec<String> {
    inventory(&[source]).iter().map(|line| line.replace(" in 0.php", "")).collect()
}

/// The one fact of a source: its rank, and why.
fn reason(source: &str) -> (Rank, String) {
    let facts = facts(&[source]);
    let names = || facts.iter().map(|it| String::from_utf8_lossy(&it.name)).collect::<Vec<_>>();
    assert_eq!(facts.len(), 1, "{:?}", names());
    (facts[0].rank, facts[0].reason.to_string())
}

#[test]
fn properties_with_what_is_done_to_them() {
    let source = "class A { static $a = 1, $b; public static ?int $c; const D = 2; public $e;
        function f() { self::$a = $x; static::$b[] = 1; A::$c++; $this->e = 1; } }";
    assert_eq!(
        of(source),
        [
            "T-STATE-PROPERTY grows A::$b: appended by A::f()",
            "T-STATE-PROPERTY replaced A::$a: replaced by A::f()",
            "T-STATE-PROPERTY replaced A::$c: counted by A::f()",
        ]
    );
}

#[test]
fn a_property_that_nobody_writes() {
    let (rank, reason) =
        reason("class A { static $a = [1, 2]; function f() { return self::$a; } }");
    assert_eq!((rank, reason.as_str()), (Rank::Boot, "nothing in these files writes it"));
}

#[test]
fn writes_of_all_kinds() {
    let write = |code: &str| {
        let source = format!("class A {{ static $a; function &f($k) {{ {code} }} }}");
        let line = of(&source).remove(0);
        line.split_once(": ").map_or(String::new(), |(_, writes)| writes.replace(" by A::f()", ""))
    };
    for (code, written) in [
        ("self::$a = $k;", "replaced"),
        ("self::$a ??= $k;", "filled"),
        ("self::$a += 1; --self::$a;", "counted"),
        ("self::$a[] = 1;", "appended"),
        ("self::$a['b'][] = 1;", "appended"),
        ("self::$a .= 'b';", "appended"),
        ("array_push(self::$a, 1);", "appended"),
        ("self::$a[$k] = 1;", "keyed"),
        ("self::$a['b'] = 1;", "element set"),
        ("self::$a->b = 1;", "object changed"),
        ("$b = &self::$a; return $b;", "referenced"),
        ("$b = [&self::$a];", "referenced"),
        ("return self::$a;", "referenced"),
        ("foreach (self::$a as &$b) {}", "referenced"),
        ("sort(self::$a); preg_match('/a/', $k, self::$a['b']);", "passed"),
        ("unset(self::$a[$k]); array_pop(self::$a);", "removed"),
        ("[$b, self::$a] = $k;", "replaced"),
        ("list('b' => self::$a['c']) = $k;", "element set"),
        ("foreach ($k as self::$a) {}", "replaced"),
        ("self::$a = &$k;", "replaced"),
        ("strlen(self::$a); isset(self::$a['b']); count(self::$a);", ""),
        ("end(self::$a);", ""),
    ] {
        assert_eq!(write(code), written, "{code}");
    }
}

#[test]
fn references_that_functions_of_ones_own_take() {
    let source = "function f(&$x) {} function g($x) {} class B { static function h($x, &...$y) {} }
        class A extends B { static $a, $b, $c; function i() {
            f(self::$a); g(self::$b); parent::h(self::$b, 1, self::$c); } }";
    assert_eq!(
        of(source),
        [
            "T-STATE-PROPERTY boot A::$b",
            "T-STATE-PROPERTY replaced A::$a: passed by A::i()",
            "T-STATE-PROPERTY replaced A::$c: passed by A::i()",
        ]
    );
}

/// What PHP does: a child shares the property, unless it has one of its own.
#[test]
fn properties_of_parents() {
    let sources = [
        "namespace N; class A { protected static $a, $b; private static $c; }",
        "namespace M; use N\\A as P; class B extends P { protected static $b;
            function f() { self::$a = 1; parent::$a = 2; self::$b = 3; parent::$b = 4;
                static::$b = 5; self::$c = 6; } }
        class C extends B { protected static $b; }",
    ];
    assert_eq!(
        inventory(&sources),
        [
            "T-STATE-PROPERTY boot N\\A::$c in 0.php",
            "T-STATE-PROPERTY replaced M\\B::$b in 1.php: replaced by M\\B::f()",
            "T-STATE-PROPERTY replaced M\\B::$c in 1.php: replaced by M\\B::f()",
            "T-STATE-PROPERTY replaced M\\C::$b in 1.php: replaced by M\\B::f()",
            "T-STATE-PROPERTY replaced N\\A::$a in 0.php: replaced by M\\B::f()",
            "T-STATE-PROPERTY replaced N\\A::$b in 0.php: replaced by M\\B::f()",
        ]
    );
}

#[test]
fn properties_of_traits() {
    let sources = [
        "trait T { private static $a; static function f() { self::$a = 1; self::$own = 2; } }",
        "trait U { use T; } class A { use U; static $own; static function g() { self::$a = 3; } }
        class B { use T; }",
    ];
    assert_eq!(
        inventory(&sources),
        [
            "T-STATE-PROPERTY replaced A::$own in 1.php: replaced by T::f()",
            "T-STATE-PROPERTY replaced T::$a in 0.php: replaced by A::g(), replaced by T::f()",
        ]
    );
    let facts = facts(&sources);
    let property = facts.iter().find(|fact| fact.name == b"T::$a").unwrap();
    assert_eq!(property.property.as_ref().unwrap().holders, [b"A", b"B"]);
}

#[test]
fn classes_that_are_not_here() {
    let source = "class A extends B { function f() { parent::$a = 1; C::$b[] = 2; } }";
    assert_eq!(
        of(source),
        [
            "T-STATE-PROPERTY grows C::$b: appended by A::f()",
            "T-STATE-PROPERTY replaced B::$a: replaced by A::f()",
        ]
    );
}

#[test]
fn what_shows_only_when_it_runs() {
    let source = "class A { static $a; function f($c, $n) {
        $c::$a = 1; self::$$n = 2; $GLOBALS[$n] = 3; } }
        function g($n) { global $$n; }";
    assert_eq!(
        of(source),
        [
            "T-STATE-PROPERTY replaced A::$a: perhaps replaced by A::f()",
            "T-STATE-UNKNOWN replaced $GLOBALS[?]: replaced by A::f()",
            "T-STATE-UNKNOWN replaced ?::$a: replaced by A::f()",
            "T-STATE-UNKNOWN replaced A::$?: replaced by A::f()",
            "T-STATE-UNKNOWN replaced global $?",
        ]
    );
}

#[test]
fn static_variables() {
    let source = "namespace N; function f() { static $a = 0, $b; $a++;
            return function () use (&$a) { static $c; $c[] = 1; $a = 2; }; }
        class A { function g() { static $d; $d ??= h(); fn () => $d = 3; } }
        $e = function () { static $f; $f = 1; };";
    assert_eq!(
        of(source),
        [
            "T-STATE-VARIABLE boot N\\f()::$b",
            "T-STATE-VARIABLE grows N\\f(){closure}::$c: appended by N\\f(){closure}",
            "T-STATE-VARIABLE memo N\\A::g()::$d: filled by N\\A::g()",
            "T-STATE-VARIABLE replaced N\\f()::$a: counted by N\\f(), replaced by N\\f(){closure}",
            "T-STATE-VARIABLE replaced {closure}::$f: replaced by {closure}",
        ]
    );
}

/// PHP lets go of the static variable here, and writes another one.
#[test]
fn a_reference_in_place_of_a_bound_variable() {
    let source = "function f($b) { static $a; global $c; $a = &$b; $c = &$b; unset($a); }";
    assert_eq!(of(source), ["T-STATE-GLOBAL boot $GLOBALS['c']", "T-STATE-VARIABLE boot f()::$a"]);
}

#[test]
fn globals() {
    let sources = [
        "$a = 1; $b = 2; $c = 3; $other = 4;",
        "function f() { global $a; $a[] = 1; $b = 2; $GLOBALS['b'] = 3; }
        function g() { global $c; return $c; } function h() { $GLOBALS['d']['e'][] = 4; }",
    ];
    assert_eq!(
        inventory(&sources),
        [
            "T-STATE-GLOBAL boot $GLOBALS['c']: replaced by 0.php",
            "T-STATE-GLOBAL grows $GLOBALS['a']: appended by f(), replaced by 0.php",
            "T-STATE-GLOBAL grows $GLOBALS['d']: appended by h()",
            "T-STATE-GLOBAL replaced $GLOBALS['b']: replaced by 0.php, replaced by f()",
        ]
    );
}

#[test]
fn superglobals_while_loading() {
    assert_eq!(
        of("class A {} $a = $_GET['b']; function f() { return $_GET; }"),
        ["T-STATE-INPUT request $_GET"]
    );
    assert_eq!(
        of("echo $_GET['b'];"),
        ["T-STATE-INPUT request $_GET", "T-STATE-OUTPUT forbidden echo",]
    );
    assert_eq!(
        of("function f() { $_SESSION['a'] = $_GET; unset($_POST['b']); }"),
        ["T-STATE-INPUT request $_POST in f()", "T-STATE-INPUT request $_SESSION in f()",]
    );
    assert_eq!(
        of("function f() { $was = $_POST; $_POST['a'] = 1; g(); $_POST = $was; }
        function h() { $was = $_GET; if (g()) { $_GET = $was; } $_GET['a'] = 1; }"),
        ["T-STATE-INPUT request $_GET in h()", "T-STATE-INPUT restored $_POST in f()"]
    );
}

#[test]
fn constants_at_run_time() {
    assert_eq!(
        of("namespace N; define('A', 1);
        function f($user) { define('B', 2); \\define('C', $user->id);
            if (!defined('D')) { define('D', g()); } A\\define('E', 3); }"),
        [
            "T-STATE-CONSTANT boot A",
            "T-STATE-CONSTANT memo D",
            "T-STATE-CONSTANT replaced B",
            "T-STATE-CONSTANT request C",
        ]
    );
    // Where a request decides, it is no start; a function of constants is one.
    assert_eq!(
        of("if (isset($_GET['a']) && !defined('A')) { define('A', 1); }
        function cookie_constants() { define('B', f()); }"),
        ["T-STATE-CONSTANT boot B", "T-STATE-CONSTANT replaced A", "T-STATE-INPUT request $_GET"]
    );
}

#[test]
fn singletons() {
    assert_eq!(
        of("class A { private static $one; static function get() {
            return self::$one ?? (self::$one = new self); } }
        class B { private static $instance; static function get() {
            if (self::$instance === null) { self::$instance = make(); }
            return self::$instance; } }
        function c() { static $instance; return $instance ??= new B; }"),
        [
            "T-STATE-SINGLETON memo A::$one: replaced by A::get()",
            "T-STATE-SINGLETON memo B::$instance: replaced by B::get()",
            "T-STATE-SINGLETON memo c()::$instance: filled by c()",
        ]
    );
}

#[test]
fn containers() {
    let name = |code: &str| of(&format!("function f($app, $request) {{ {code} }}"));
    for held in [
        "$app->singleton(A::class, function ($app) { return new A($app); });",
        "$app->singleton(A::class, fn ($app) => new A($app['request']));",
        "$app->singleton(A::class, function ($c) { return new A($c->make('request')); });",
        "$app->singleton(A::class, fn () => new A(request()));",
        "App::singleton(A::class, fn ($app) => new A($app));",
        "$app->singleton(A::class, function () use ($request) { return 1; });",
    ] {
        assert_eq!(name(held), ["T-STATE-CONTAINER request singleton in f()"], "{held}");
    }
    for free in [
        "$app->singleton(A::class, fn ($app) => new A($app['config']));",
        "$app->singleton(A::class, B::class);",
        "$app->scoped(A::class, fn ($app) => new A($app));",
    ] {
        assert_eq!(name(free), [""; 0], "{free}");
    }
}

#[test]
fn settings_of_the_process() {
    assert_eq!(
        of("namespace N; ini_set('a', 1); error_reporting();
        class A { function f() { date_default_timezone_set('UTC'); spl_autoload_register(); }
            function boot() { setlocale(LC_ALL, 'C'); }
            function g() { set_error_handler(null); h(); restore_error_handler(); }
            function i() { $old = libxml_use_internal_errors(true); h();
                libxml_use_internal_errors($old); } }"),
        [
            "T-STATE-PROCESS boot ini_set",
            "T-STATE-PROCESS boot setlocale in N\\A::boot()",
            "T-STATE-PROCESS grows spl_autoload_register in N\\A::f()",
            "T-STATE-PROCESS replaced date_default_timezone_set in N\\A::f()",
            "T-STATE-PROCESS restored libxml_use_internal_errors in N\\A::i()",
            "T-STATE-PROCESS restored set_error_handler in N\\A::g()",
        ]
    );
}

#[test]
fn what_a_worker_must_not_do() {
    assert_eq!(
        of("class A { function f() { header('a: b'); setcookie('a'); session_start();
            sleep(1); flock($h, LOCK_EX | LOCK_NB); flock($h, LOCK_EX); echo 1; print 2; exit; }
        function g() { ob_start(); echo 1; return ob_get_clean(); }
        function h() { print_r(1, true); ?><p><?php } }"),
        [
            "T-STATE-BLOCK forbidden flock in A::f()",
            "T-STATE-BLOCK forbidden sleep in A::f()",
            "T-STATE-EXIT forbidden exit in A::f()",
            "T-STATE-HEADER forbidden header in A::f()",
            "T-STATE-HEADER forbidden session_start in A::f()",
            "T-STATE-HEADER forbidden setcookie in A::f()",
            "T-STATE-OUTPUT forbidden echo in A::f()",
            "T-STATE-OUTPUT forbidden echo in A::h()",
            "T-STATE-OUTPUT restored echo in A::g()",
        ]
    );
}

/// A function of the namespace goes before PHP's.
#[test]
fn functions_of_ones_own_with_names_of_phps() {
    let sources = ["namespace N; function sleep() {}", "namespace N; sleep(1); \\usleep(1);"];
    assert_eq!(inventory(&sources), ["T-STATE-BLOCK forbidden usleep in 1.php"]);
}

#[test]
fn reasons() {
    let method = |code: &str| {
        reason(&format!("class A {{ static $a; static function f($k) {{ {code} }} }}"))
    };
    for (code, rank, why) in [
        ("self::$a = $_GET;", Rank::Request, "A::f() writes `$_GET` to it"),
        ("self::$a = $this->getUser();", Rank::Request, "A::f() writes `getUser` to it"),
        ("self::$a[get_class($k)] = 1;", Rank::Memo, "A::f() keys it by `get_class($k)`"),
        ("self::$a[static::class] = 1;", Rank::Memo, "A::f() keys it by `static::class`"),
        ("self::$a[$k] = 1;", Rank::Grows, "A::f() sets an element for each `$k`"),
        (
            "self::$a[] = 1; array_pop(self::$a);",
            Rank::Replaced,
            "A::f() adds to it, and others take away",
        ),
        ("if (count(self::$a) < 9) { self::$a[] = $k; }", Rank::Replaced, "A::f() adds to it"),
        (
            "if (self::$a !== null) { return self::$a; } self::$a = g();",
            Rank::Memo,
            "A::f() fills it once",
        ),
        ("isset(self::$a) || self::$a = g();", Rank::Memo, "A::f() fills it once"),
        ("return self::$a ?: self::$a = g();", Rank::Memo, "A::f() fills it once"),
        ("if ($k !== self::$a) { self::$a = $k; }", Rank::Replaced, "A::f() replaces it"),
        ("if (self::$a === null) { self::$a[$k] = 1; }", Rank::Memo, "A::f() fills it once"),
        ("self::$a = []; self::$a[] = $k;", Rank::Replaced, "A::f() replaces it"),
        ("in_array($k, self::$a) || self::$a[] = $k;", Rank::Grows, "A::f() adds to it"),
        ("if (is_array(self::$a)) { self::$a[] = $k; }", Rank::Grows, "A::f() adds to it"),
        ("self::$a = $k;", Rank::Replaced, "A::f() replaces it"),
        ("self::$a->b = $k;", Rank::Replaced, "A::f() changes the object in it"),
        // What a function asks of something else is no question about it.
        (
            "if (null === self::$a && function_exists('g')) { self::$a = true; }",
            Rank::Memo,
            "A::f() fills it once",
        ),
        ("if (self::$a) { return; } self::$a = true; g();", Rank::Memo, "A::f() fills it once"),
        ("if (self::$a) { self::$a = 1; } self::$a = 2;", Rank::Replaced, "A::f() replaces it"),
        // What is put back.
        (
            "$was = self::$a; self::$a = $k; self::$a['b'] = 1; g(); self::$a = $was;",
            Rank::Restored,
            "A::f() puts back what it was",
        ),
        (
            "if ($k) { $was = self::$a; self::$a = $k; g(); self::$a = $was; }",
            Rank::Restored,
            "A::f() puts back what it was",
        ),
        (
            "$was = self::$a; self::$a = $k; if (g()) self::$a = $was;",
            Rank::Replaced,
            "A::f() replaces it",
        ),
        (
            "$was = self::$b; self::$a = $k; g(); self::$a = $was;",
            Rank::Replaced,
            "A::f() replaces it",
        ),
        (
            "self::$a[$k] = true; g(); unset(self::$a[$k]);",
            Rank::Restored,
            "A::f() puts back what it was",
        ),
        (
            "self::$a[$k] = true; g(); if ($k) unset(self::$a[$k]);",
            Rank::Replaced,
            "A::f() sets elements, and others take them away",
        ),
        (
            "self::$a[$k] = true; unset(self::$a[$b]);",
            Rank::Replaced,
            "A::f() sets elements, and others take them away",
        ),
        // What a variable has of a request.
        (
            "$b = $request->get('c'); self::$a = $b;",
            Rank::Request,
            "A::f() writes `$request` to it",
        ),
        (
            "foreach ($_POST as $b => $c) { self::$a = $c; }",
            Rank::Request,
            "A::f() writes `$_POST` to it",
        ),
        ("$b = $_GET['c']; $b = 1; self::$a = $b;", Rank::Replaced, "A::f() replaces it"),
        (
            "if ($k) { $b = (int) $_GET['c']; } else { $b = 1; } self::$a = $b;",
            Rank::Request,
            "A::f() writes `$_GET` to it",
        ),
        ("$b = g($request); self::$a = $b;", Rank::Replaced, "A::f() replaces it"),
    ] {
        assert_eq!(method(code), (rank, why.to_owned()), "{code}");
    }
}

#[test]
fn names_that_say_whose_it_is() {
    let rank = |name: &str, value: &str| {
        reason(&format!(
            "class A {{ static $_{name}; function f($k) {{ self::$_{name} = {value}; }} }}"
        ))
        .0
    };
    assert_eq!(rank("currentUser", "$k"), Rank::Request);
    assert_eq!(rank("currentUser", "true"), Rank::Replaced);
    assert_eq!(rank("userland", "$k"), Rank::Replaced);
    assert_eq!(rank("setUser", "$k"), Rank::Replaced);
}

#[test]
fn a_function_that_puts_it_back() {
    let (rank, reason) = reason(
        "class A { static $a; function add($b) { self::$a[] = $b; }
        function reset() { self::$a = []; } }",
    );
    assert_eq!(
        (rank, reason.as_str()),
        (Rank::Grows, "A::add() adds to it; A::reset() puts it back")
    );
}

/// A global variable whose name shows only when the code runs.
#[test]
fn globals_that_perhaps_are_written() {
    let source = "function f($post) { global $a, $b; $b = 1;
        foreach ($post as $c => $d) { $GLOBALS[$c] = $_POST[$c]; } }";
    assert_eq!(
        of(source),
        [
            "T-STATE-GLOBAL replaced $GLOBALS['b']: replaced by f()",
            "T-STATE-GLOBAL request $GLOBALS['a']: perhaps replaced by f()",
            "T-STATE-UNKNOWN replaced $GLOBALS[?]: replaced by f()",
        ]
    );
    let alarms = facts(&[source]).into_iter().filter(|fact| fact.is_alarm).count();
    assert_eq!(alarms, 0);
}

/// Long chains of classes, and circles, which PHP refuses only when it runs.
#[test]
fn many_classes() {
    let class = |at: usize| format!("class C{} extends C{at} {{}}", at + 1);
    let chain = (0..20_000).map(class).collect::<Vec<_>>().join(" ");
    let source = format!(
        "class C0 {{ static $a; }} {chain} C20000::$a = 1; C0::$a = 2;
        class D extends E {{ function f() {{ self::$d = 1; }} }} class E extends D {{}}
        trait T {{ use U; function f() {{ static::$t = 1; }} }} trait U {{ use T; }}"
    );
    assert_eq!(of(&source).len(), 3);
}

#[test]
fn functions_of_the_start() {
    let rank = |name: &str, value: &str| {
        reason(&format!("class A {{ static $a; function {name}($k) {{ self::$a = {value}; }} }}")).0
    };
    assert_eq!(rank("boot", "$k"), Rank::Boot);
    assert_eq!(rank("init_widgets", "$k"), Rank::Boot);
    assert_eq!(rank("loadUser", "$k"), Rank::Replaced);
    assert_eq!(rank("load", "$_COOKIE"), Rank::Request);
    assert_eq!(rank("initial", "$k"), Rank::Replaced);
    assert_eq!(rank("setUp", "$k"), Rank::Boot);
    assert_eq!(rank("setup_post", "$k"), Rank::Replaced);
}

/// The one object of a class is of a request where its class is, or what it is made of.
#[test]
fn singletons_of_a_request() {
    let rank = |class: &str, made: &str| {
        reason(&format!(
            "class {class} {{ private static $instance;
            static function get($k, $user) {{ return self::$instance ??= {made}; }} }}"
        ))
        .0
    };
    assert_eq!(rank("Locale", "new self"), Rank::Memo);
    assert_eq!(rank("Locale", "new self($user)"), Rank::Request);
    assert_eq!(rank("CurrentUser", "new self"), Rank::Request);
    assert_eq!(rank("UserFactory", "new static"), Rank::Memo);
}

/// What the parser takes however deep it is, on the stack that a thread has.
#[test]
fn no_source_is_too_deep() {
    let chain = |before: &str, link: &str, after: &str| {
        format!("function f() {{ {before}{}{after} }}", link.repeat(100_000))
    };
    let sources = [
        chain("$x = $a", "->b", ";"),
        chain("$x = $a", "[0]", ";"),
        chain("A::$b = 1", " + 1", ";"),
        chain("A::$b = $a", "->b()", ";"),
        chain("A::$b", "[0]", " = 1;"),
        format!("{}A::$b{} = f();", "[".repeat(9000), "]".repeat(9000)),
        format!("A::$b = {}1{};", "[".repeat(9000), "]".repeat(9000)),
        format!("A::$b = {}$a{};", "(".repeat(9000), ")".repeat(9000)),
    ];
    let scan = move || facts(&sources.each_ref().map(String::as_str)).len();
    let scan = std::thread::Builder::new().stack_size(1024 * 1024).spawn(scan).unwrap();
    assert_eq!(scan.join().unwrap(), 1);
}
