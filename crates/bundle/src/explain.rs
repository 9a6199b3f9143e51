//! What the codes of diagnostics stand for, for `--explain`.

/// What a diagnostic's code stands for, in a few sentences; none for a code
/// that no build gives.
#[must_use]
pub fn explain(code: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(name, _)| *name == code).map(|(_, text)| *text)
}

/// All codes that [`explain`] knows, in order.
pub fn codes() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(code, _)| *code)
}

const TEXTS: &[(&str, &str)] = &[
    (
        "T-ALONE",
        "\
PHP could tell that this file is not one of its own: it is included for its variables,
or declares what code before it must not find, and the like. So it stays alone in a
file beside the bundle, `all.2.php` beside `all.php`, which is loaded where it was.

Nothing has to be done. The message says what would let it into the bundle.",
    ),
    (
        "T-ANON",
        "\
The name of a class without one, as get_class() returns it, has the path and line of
its file in it. In a bundle it is another name.

See that no key of a cache, and nothing that is serialized, is made of it.",
    ),
    (
        "T-ASSERT",
        "\
The message of a failed assert() without one of its own is its code, with the paths that
__DIR__ and __FILE__ stand for. In a bundle these are expressions, and so is the message.

Give the assertion a message, as its second argument, or build with --paths absolute.",
    ),
    (
        "T-BLANK",
        "\
Blanks and line breaks before `<?php`, or after the one that belongs to `?>`, are
output like any text. ThinkPHP trims the file, so that the cache does not print them:
the first request, which runs from the source, differs from the second.

Remove these blanks; leave out a `?>` at the end of a file.",
    ),
    (
        "T-BOM",
        "\
The file begins with a byte order mark. In a bundle it would be printed before
anything else, so that headers can no longer be sent. ThinkPHP cuts the first
five bytes of a file without looking at them: these are then the mark and `<?`,
and `php` stays in the cache as code.

Save the file as UTF-8 without a byte order mark.",
    ),
    (
        "T-BUDGET",
        "\
An output is larger than the `budget` that tilde.toml or the command line gives it. The
message names the sources that are the largest in it, and those that grew.

Leave out of it what it need not have, choose a tighter `style`, or raise the budget.",
    ),
    (
        "T-CHANGED",
        "\
The tokens of the cache are not those of the files that are compiled into it,
and none of the other findings says why. The bytes are what ThinkPHP itself
would have written; the program is another than the sources'.

Build with --safe, and report the file that is shown.",
    ),
    (
        "T-CLOSE-TAG",
        "\
`?>` ends a statement as `;` does. ThinkPHP cuts the tag off at the end of a
file, so that the last statement runs on into the next file.

Write a `;` before the tag, or leave the tag out.",
    ),
    (
        "T-COMMENT",
        "\
The last line of the file is a `//` or `#` comment. ThinkPHP trims the line break
behind it, so that the comment goes on in the code that follows, up to the next
line break. The framework's own `alias_import(…)` is a usual victim.

End the file with a line of code, or make it a `/* … */` comment.",
    ),
    (
        "T-COMPLAINT",
        "\
PHP complains about some code when it compiles it: about a parameter that may be left
out before one that may not (8.0), `\"${a}\"` (8.2), `A $a = null` (8.4), and an import
without effect. A bundle is compiled before anything of it runs: the complaint would
come first, whatever an earlier file does about complaints, and also if nothing ever
asks for the file. The same goes for what it refuses, as an abstract method in a class
that is not abstract: nothing of the bundle would be there.

Correct the code, or leave the file out.",
    ),
    (
        "T-COMPOSER",
        "\
composer.json cannot be read as one, asks for no PHP that tilde knows, or what Composer
generates beside the packages is missing or is not as Composer writes it; or Symfony has
not written its container yet, which may include files of classes. As a note: several
files declare one class, or code includes once what only the running program knows; what
that concerns stays as it is. From `tilde trace`: nothing was recorded. From
`tilde bench`: a copy of the project cannot be measured, or answers differently.

Correct the line that is shown, name the PHP with --php VERSION, or run
`composer install`. docs/composer.md says what a project can declare.",
    ),
    (
        "T-CONFIG",
        "\
A line of tilde.toml is none that tilde understands: a key that it does not know, a value
of another kind, or two that contradict each other.

Correct the line that is shown. docs/configuration.md has all keys and their values.",
    ),
    (
        "T-CONSTANT",
        "\
ThinkPHP writes constants into its caches in a form that does not keep all of
them: `\"` and NUL get a backslash that single quotes do not take away again,
names are put in capitals, and a constant that is null or an array gets no
definition at all, while the condition in front of it stays and holds for the
next one.

Choose another value or name, or build with --safe.",
    ),
    (
        "T-CONSTANTS",
        "\
A constant that ThinkPHP needs is not there: neither the entry script, nor the
framework's own files, nor the file of --constants defines it.

Define it in the entry script as ThinkPHP's own files do, or add it to the file of
--constants as `[\"NAME\", \"value\"]`.",
    ),
    (
        "T-DEBUG",
        "\
With APP_DEBUG on, ThinkPHP reads the sources at each request and writes no
cache of the application, and neither does tilde.

Turn it off for a build: with --define APP_DEBUG=false (3.x), which is there
before the entry script defines it, or in the configuration (2.x).",
    ),
    (
        "T-DECLARATIONS",
        "\
A file declares more than 200,000 classes, functions, constants and namespaces. PHP
takes more for them than its ordinary limit of memory, and nobody writes such a file
by hand.

Write it in several files, or leave it out of the bundle.",
    ),
    (
        "T-DECLARE",
        "\
A `declare` in a member would hold for all that follows in the bundle, and
`strict_types` must be the first statement of a file.

Give the files with the `declare` a [[bundle]] of their own, or leave them out with
`exclude`.",
    ),
    (
        "T-DECLARED",
        "\
All constants, functions or classes are listed here, or what loads classes. A bundle has
functions and a constant of its own, whose names begin with tilde_ or TILDE_, and an
autoloader, and may declare what its members do in another order.

See that nothing depends on it; leave out such names where the list is shown.",
    ),
    (
        "T-DIFF",
        "\
The code of two compiled files differs: not only their blanks and comments. The message
names the class or the function.

Nothing has to be done. This is what the command diff was asked for.",
    ),
    (
        "T-DOCKER",
        "\
The files of an image cannot be written for this project: there is no recipe for an
extension that it needs, no image of its PHP, no script to run, or the Dockerfile that
is there has no line with the options by which tilde wrote it.

Use the option of the command docker that the message names.",
    ),
    (
        "T-DUP",
        "\
Two members declare the same function, class or constant. In a bundle the second
declaration is a fatal error. Of two files on demand with one class, the one whose path
ends as the name of the class does is taken, as autoloaders do; here neither does, or
both.

Leave one of the files out of the bundle.",
    ),
    (
        "T-EARLY",
        "\
PHP declares the functions and plain classes of a file before its first statement
runs. A bundle is one file, so those of a later member exist while an earlier one
runs. Here that could be told: by a question such as function_exists(), by a call
that PHP looks for in the namespace first, or by code above a class whose parent is
declared only where it stands.

Put the file that declares before the one that asks, or leave one of both out of the
bundle.",
    ),
    (
        "T-ENGINE",
        "\
ENGINE_NAME chooses an engine of ThinkPHP 3.1 (SAE, cluster), which keeps the
cache somewhere else than in a file.

Build what an ordinary host gets: leave ENGINE_NAME out of the entry script, or, for
the simulator of SAE, let IS_SAE be false among the constants.",
    ),
    (
        "T-ENTRY",
        "\
The entry script, from which ThinkPHP's constants are derived, is not there, or it ends
before ThinkPHP starts: in 2.x nothing calls App::run().

Name it with --entry, relative to the root; it is index.php by default.",
    ),
    (
        "T-EVAL",
        "\
ThinkPHP's caches hold the values of configuration files. tilde computes these
without PHP, and refuses what depends on a request, a clock, a database or an
unknown function, rather than guess.

Give what is asked for: --server NAME=VALUE for entries of $_SERVER, --constants
FILE for constants, [thinkphp.known] in tilde.toml for what functions give. Or set
eval = \"php\" in [thinkphp], and PHP evaluates the files that tilde refuses.",
    ),
    (
        "T-FOLDER",
        "\
The code goes through the files of a folder beside its own file. It finds what is
there when the bundle runs: the bundle holds the code of its members, not their
names.

Leave these files where they are beside the bundle, members too.",
    ),
    (
        "T-FRAMEWORK",
        "\
The folder of THINK_PATH has no ThinkPHP of a known layout: Lib/Think/Core (2.x),
Lib/Core (3.0, 3.1) or Library/Think (3.2).

Name the script that includes ThinkPHP.php with --entry, or say where the framework
lies here with --map-path DEPLOYED=LOCAL. ThinkPHP 5 and later have no such cache:
make a [[bundle]] of the files that each request needs.",
    ),
    (
        "T-GIT",
        "\
git was asked what a compiled file was in a revision, and could not tell: it is not
there, the file is in no repository, or the revision is none.

Name a commit, a branch or a tag, or compare two files.",
    ),
    (
        "T-GLOBALS",
        "\
PHP makes the variables of a whole file when it runs, in the order in which they first
stand in it. With several files in one, their order may be another: that of
get_defined_vars() and of $GLOBALS in a loop, and that in which the objects that are
left at the end of the program are destroyed.

See that nothing depends on it.",
    ),
    (
        "T-GLUE",
        "\
ThinkPHP removes comments and puts nothing in their place. Where a comment was all
that kept two tokens apart, they become one: `echo/**/1` is `echo1` in the cache.
Up to PHP 7.4 the line break behind `//` belongs to the comment, too, so that a
word at the end of such a line meets the next line.

Put a blank beside the comment, or build with --safe.",
    ),
    (
        "T-GROWTH",
        "\
An output would be larger than the file on disk by more than its `budget` allows. The
message names the sources that grew most.

See that the growth is meant: allow the code once, or raise the budget in tilde.toml.",
    ),
    (
        "T-GUARD",
        "\
`if (!class_exists('A')) { class A {} }` asks the autoloaders that are registered
then. A bundle that is loaded before they are finds another answer than the file did.

Load the bundle after the same autoloaders as the files, or write
`class_exists('A', false)`.",
    ),
    (
        "T-HALT",
        "\
`__halt_compiler` ends the code of a file. In a bundle or a cache it cuts off all
the files that follow.

Leave the file out of the bundle or of the list, or put the data that follows
`__halt_compiler();` into a file of its own.",
    ),
    (
        "T-HEAD",
        "\
ThinkPHP cuts the first five bytes of a file, which should be `<?php`. Here they
are something else, and what is left is taken for code.

Begin the file with `<?php`, or leave it out of the list.",
    ),
    (
        "T-HEREDOC-INDENT",
        "\
From PHP 7.3 on, the indentation of a heredoc's end is taken off its lines.
ThinkPHP writes a label of its own without indentation, so that the lines in the
cache keep theirs: the string is another.

Write the end at the beginning of its line, or build with --safe.",
    ),
    (
        "T-HEREDOC-LABEL",
        "\
ThinkPHP 2.0 and 2.1 know nothing of heredocs. The line break behind the end of
one becomes a blank, so that the label is not alone on its line: before 7.3 PHP
refuses the cache.

Write the string with quotes, or build with --safe.",
    ),
    (
        "T-HEREDOC-TAIL",
        "\
From 2.2 on ThinkPHP removes all from the end of a heredoc to the next `;`: the
other arguments of a call, the rest of an array, what is joined to the string. Where
`?>` comes first, the rest stays, after a `;` that ThinkPHP puts there.

Assign the heredoc to a variable first, or build with --safe.",
    ),
    (
        "T-HEREDOC-THINK",
        "\
From 2.2 on ThinkPHP calls every heredoc THINK. A line of the text that begins with
this word ends the string.

Put a blank before the word, or write the string with quotes, or build with --safe.",
    ),
    (
        "T-HTML",
        "\
The file ends outside of PHP, behind a `?>`. The code of the next file is printed
instead of run.

Remove what stands behind the last `?>`.",
    ),
    (
        "T-IMPORT",
        "\
A member imports a name that another member declares in the same namespace, which
PHP refuses in one file.

Write the full name `\\A\\B` in the place of the import, or give it an alias that nobody
declares: `use A\\B as C;`.",
    ),
    (
        "T-INCLIST",
        "\
get_included_files() lists the bundle instead of its members.

See that nothing is looked up in that list.",
    ),
    (
        "T-INCLUDE",
        "\
A member includes another one as a file. That file would run a second time, and
what it declares be declared twice. `require_once` of a member that stands before
becomes `true`, as PHP returns it; everything else is refused.

Put the included file first and use require_once, or leave it out of the bundle.",
    ),
    (
        "T-INCREL",
        "\
PHP looks for a relative path in the include path, and at last beside the file that
includes it. In a bundle that is another folder.

Write the path with __DIR__, which a bundle keeps, or leave the file out.",
    ),
    (
        "T-LABEL",
        "\
Labels for `goto` that two members share get new names in a bundle. A label with one
of these names is there already.

Rename it.",
    ),
    (
        "T-LINES",
        "\
The file on disk is not what a build would write, and its code is: only lines moved, or
only blanks or comments differ. It behaves the same, but errors and stack traces name
other lines than the sources have now.

Build again and commit the file, or use --allow T-LINES where lines do not matter.",
    ),
    (
        "T-LIST",
        "\
A file that should return a list of files returns something else.

End that file with `return array('first.php', 'second.php');`.",
    ),
    (
        "T-LOOP",
        "\
A link leads to itself, or to a folder that it lies in, so that going through the folder
would never end.

Remove the link, or leave it out: `exclude` in tilde.toml, --exclude for an archive.",
    ),
    (
        "T-MAGIC",
        "\
`__FILE__` and `__DIR__` are the path of the file that they are in. A bundle for PHP
7.0 or later keeps them, as a path from its own place. That needs a bundle that goes
into a file, and a folder above it and its members; in the case of an enum only a
literal may stand. In a cache of ThinkPHP they are the path of the cache.

Write the path without them, or leave the file out.",
    ),
    (
        "T-MAP",
        "\
`tilde where` reads the map beside a compiled file: all.php.map beside all.php. It is
written with the file when a build is asked for it, and means that very file and no
other. In a style that joins lines, a line alone does not tell the place.

Build with --map, or with `map = true` in [[bundle]], and in the style `lines`.",
    ),
    (
        "T-MARKER",
        "\
ThinkPHP cuts out what stands between `//[RUNTIME]` and `//[/RUNTIME]`. It looks for
these very bytes, also in strings. A marker that is written otherwise or has no
other one is an ordinary comment. 3.2 looks for markers when comments are gone
already, so that its blocks always stay.

Write the markers as comments alone in their lines, in pairs, and leave them out of
strings. For 3.2 put code that a cache should not have into a file that is in no list.",
    ),
    (
        "T-MISSING",
        "\
A list names a file that is not there. PHP warns, and the cache lacks its code.

Add the file, or take its name out of the list. If it lies elsewhere on this machine,
say where: --map-path DEPLOYED=LOCAL.",
    ),
    (
        "T-MODULE",
        "\
A module package, or the folder of one, is not what the format asks for.

Correct the file that is shown; docs/modules.md says what a package holds.",
    ),
    (
        "T-NAMESPACE",
        "\
ThinkPHP 3.2 puts the code of each file into the braces of a namespace: the first
`namespace …;` gets a brace, and a file that does not begin with one goes into
`namespace { }`. Files with several namespaces, with braces of their own or with a
`declare` are no longer valid.

Give each namespace a file of its own, or build with --safe.",
    ),
    (
        "T-NO-CORE",
        "\
With RUNTIME_ALLINONE a mode of ThinkPHP 2.1 looks for the core's cache under the
name ~runtime.php. Its own is called otherwise, so that ~allinone.php has no core.

Take RUNTIME_ALLINONE out of the entry script, or build with --safe, which puts the
core in.",
    ),
    (
        "T-NOMATCH",
        "\
A pattern or a folder stands for no file.

Correct the pattern, or take it out. Patterns are relative to the folder of tilde.toml,
and never yield hidden files, pipes and devices.",
    ),
    (
        "T-NOWDOC",
        "\
From 2.2 on ThinkPHP makes a heredoc of every nowdoc. Variables and backslashes in
the text are then read.

Write the string with single quotes, or build with --safe.",
    ),
    (
        "T-OBJECT",
        "\
A setting holds a closure, or an object before PHP 7.3. ThinkPHP prints it into the
cache as `Closure::__set_state(array())` or `stdClass::__set_state(…)`, methods that
do not exist: the request that writes the cache works, and the next one is fatal.

Write the name of a function, or an array, in its place. --safe does not write such
a cache.",
    ),
    (
        "T-ORDER",
        "\
A class, interface or trait is needed before the member that declares it. A file that
only declares is put ahead by itself; this one does more.

Put that file first in the list.",
    ),
    (
        "T-OUTPUT",
        "\
Two outputs would be the same file, or an output would replace a file that it is made
of, or an input that another build reads. A pipe or a device is written to only where -o
or --metafile names it, and cannot be compared with.

Give each output a name of its own: `output` in [[bundle]], --out for a folder, --metafile
for the account.",
    ),
    (
        "T-OUTSIDE",
        "\
tilde.toml, or the application itself, names an output outside of its own folder. A
project that was only checked out must not write elsewhere.

Name the folder with --out, or, if you trust the project, give --allow T-OUTSIDE on the
command line.",
    ),
    (
        "T-PATH",
        "\
Constants such as THINK_PATH hold the folder that the entry script lies in, and so do
the caches: they are right on this machine, and wrong where the application lies in
another folder.

Say where the web root lies there: --map-path /srv/www/app=public, or under
[thinkphp.map-path] in tilde.toml. If the application runs here, all is well.",
    ),
    (
        "T-PATTERN",
        "\
A pattern cannot be read as one, such as `[a` without its end, or is too large.

Write `*` for a part of a name, `**` for folders, `{a,b}` for a choice and `[ab]` for a
letter; a `[` of a name is `[[]`.",
    ),
    (
        "T-PHAR",
        "\
An archive is damaged, larger than it may be, or no PHAR; or a file cannot be packed.

Check the file with `tilde phar verify`, raise the limit with --limit if you trust it, or
leave a file out with --exclude.",
    ),
    (
        "T-PHP",
        "\
PHP was asked to evaluate a file that tilde cannot, and gave no answer; or the
configuration asks for PHP, and nobody has allowed it to run code of the project.

Give --allow-php if you trust the project, and see that php-binary in [thinkphp] names
a PHP that runs the file.",
    ),
    (
        "T-RANGE",
        "\
Several versions of PHP will run the code, as composer.json or --php says, and an old
one reads something else in it than a new one. Up to PHP 7.4, `#[A]` is a comment that
goes on to the end of its line, with all code behind it; a heredoc ends at its first
label at the start of a line.

Put an attribute on a line of its own. Or name the one PHP that runs the code, with
--php or `php` under [target] in tilde.toml.",
    ),
    (
        "T-READ",
        "\
A file cannot be read, or it has changed while it was compiled.

Check the path and its permissions, and build again when nothing writes to the file.
For a path of the deployed machine say where it lies here: --map-path DEPLOYED=LOCAL.",
    ),
    (
        "T-REFLFILE",
        "\
ReflectionClass::getFileName() returns the path of the bundle, not of the member.
Frameworks look for files beside a class in this way.

Leave such classes out of the bundle, or give the folder by other means.",
    ),
    (
        "T-REFLLINE",
        "\
The code reads the lines of a class or function by reflection. The style `tight`
moves lines; `lines` keeps them apart as they were, but counts those of the bundle.

Choose the style `lines`, and see that nothing depends on the number.",
    ),
    (
        "T-RETURN",
        "\
`return` at the top level ends a file, and in a bundle or a cache all files that
follow. A bundle turns it into a jump to the end of its file. That is not possible in
PHP 5.2, in a `finally`, and in a file whose namespaces have braces.

Turn the condition around, make the file the last one, or leave it out.",
    ),
    (
        "T-REVIEW",
        "\
Pending changes of outputs wait beside them, as files that end in .new. They cannot be
gone through without a terminal, not written in CI, and not accepted where there are none.

Build with --review, and go through them with the command review, or take all of them
with the command accept.",
    ),
    (
        "T-RUNTIME",
        "\
`//[RUNTIME]` and `//[/RUNTIME]` mark code that must not reach a bundle. They must
come in pairs, and do not nest.

Add the marker that is missing, or keep all the code with `runtime-blocks = \"keep\"` in
[[bundle]].",
    ),
    (
        "T-SCOPE",
        "\
The code outside of functions reads `$this`, func_get_args() or get_defined_vars().
In a file of its own these are of whoever loads the file; in a bundle they would be
of a function of the bundle.

Let the file run at once, or leave it out.",
    ),
    (
        "T-SECRET",
        "\
A constant or a setting that looks like a password or a key is written into the
cache in plain text. The cache does what it should; take care who can read it, and
do not commit it.

Keep the folder of caches out of the repository and closed to the web server's
visitors, then say that you know it: --allow T-SECRET, or `allow = [\"T-SECRET\"]` in
tilde.toml. Or read the value at run time, where it is used, with getenv().",
    ),
    (
        "T-SHAPE",
        "\
A file that runs on demand, or that has variables of its own, becomes a function of
the bundle. Imports have to stand before all other code then, and code that runs has
to be in one namespace.

Let the file run at once, write it in that way, or leave it out.",
    ),
    (
        "T-SHEBANG",
        "\
A member begins with `#!`, which a bundle would print: the line is left out. It is an
error where the line has no end: from 8.0 PHP skips all of such a file.

End the line with LF.",
    ),
    (
        "T-SHORT-TAG",
        "\
The file begins with the short tag `<?`. ThinkPHP cuts five bytes where only two are
the tag, so that the code loses its beginning.

Write `<?php`.",
    ),
    (
        "T-STALE",
        "\
The file on disk is not what a build would write: a source has changed since, or the
file was edited, or it was built with other options.

Build again and commit the file, or go through the changes one by one: build --review
writes them beside the files, and the command review asks about each.",
    ),
    (
        "T-STATE-BLOCK",
        "\
A worker of Swoole or of an event loop answers many requests at once, in one process.
sleep(), a flock() that waits and the like stop all of them.

Use what the worker has for it, such as a sleep of its coroutines or LOCK_NB, or say that
it is no harm: `// tilde-allow T-STATE-BLOCK REASON`.",
    ),
    (
        "T-STATE-CONSTANT",
        "\
A constant that define() makes while a request is answered is there for all requests
after it. The second one that defines it gets a warning, and the value of the first.

Define it while the application starts, or keep the value in an object of the request.",
    ),
    (
        "T-STATE-CONTAINER",
        "\
A container keeps what this closure makes, and the closure holds on to an application, a
container or something of a request: the first one, for all requests after it.

Take what is of a request where it is used, bind it as scoped, or give a closure that asks
for the current one.",
    ),
    (
        "T-STATE-EXIT",
        "\
exit and die end the worker, and with it all requests that it is answering. In the
command line they end a command, which is right.

Let the function return, or throw an exception that becomes a response.",
    ),
    (
        "T-STATE-GLOBAL",
        "\
A global variable that functions use by `global` or `$GLOBALS` keeps its value for the
next request. Variables outside of functions are listed where such a function is.

Assign it anew where a request begins, put it back after each request, or hand the value
on as an argument.",
    ),
    (
        "T-STATE-HEADER",
        "\
header(), setcookie(), session_start() and their kind speak with the web server of PHP's
own. A worker sends a response object, and these functions do nothing there, or fail.

Use the response and the session of the framework or of the worker.",
    ),
    (
        "T-STATE-INPUT",
        "\
$_GET, $_SERVER and the others hold a request. What a file reads of them while it is
loaded is the first request's for ever; what is written to them may be there in the next
one.

Read them where a request is answered, from the request of the framework.",
    ),
    (
        "T-STATE-KEPT",
        "\
`state = \"instrument\"` lets a worker put `static` variables of functions back, and this
one stays as PHP has it: beside it nothing could be noted that nobody sees, or what is
noted could be another value than the one at the start.

Write it as the message says, or allow it: it is then as it would be without the bundle.",
    ),
    (
        "T-STATE-OUTPUT",
        "\
echo, print, text outside of PHP and their kind print to the terminal of the worker and
not into a response, unless something catches the output: ob_start() in the same
function, or the worker itself.

Let the function return the text, or say that somebody catches it:
`// tilde-allow T-STATE-OUTPUT REASON`.",
    ),
    (
        "T-STATE-PROCESS",
        "\
A setting of the whole process, such as a time zone, a locale, an error handler or a
value of php.ini, stays for all requests after the one that set it. What a handler
registers is there once more after each request.

Put it back in the same function, or set it while the application starts.",
    ),
    (
        "T-STATE-PROPERTY",
        "\
A static property keeps its value for the next request. The message says what is written
to it, and why that is a leak or is none. In a trait each class that uses it has its own.

Keep the value in an object of the request, put it back after each request, or say why it
may stay: `// tilde-allow T-STATE-PROPERTY REASON`.",
    ),
    (
        "T-STATE-SINGLETON",
        "\
A static property or variable holds the one object of a class for all requests. What the
object keeps of one request it has in the next one.

See that the object keeps nothing of a request, or put the property back after each.",
    ),
    (
        "T-STATE-SNAPSHOT",
        "\
The state of the application is not what the committed list of it says: there is a new
piece, one is gone, or what happens to it is another.

See that what is new may stay in a worker, and write the list again with --snapshot.",
    ),
    (
        "T-STATE-UNKNOWN",
        "\
What is written shows only when the code runs: `$class::$name`, `$GLOBALS[$name]` and the
like. So all properties of that name may be written here.

Name the class or the variable where there are few, or see that none of them is of a
request.",
    ),
    (
        "T-STATE-VARIABLE",
        "\
A `static` variable of a function keeps its value for the next request. Nothing outside
of the function can put it back, unless it is in a bundle with `state = \"instrument\"`.

Keep the value in a property of an object of the request, or in a static property, which
can be put back.",
    ),
    (
        "T-STATIC",
        "\
A `static` variable outside of functions belongs to its file. All members of a bundle
are one file, in which PHP has one variable of a name.

Rename one of the variables, or leave one of the files out.",
    ),
    (
        "T-STOPPED",
        "\
ThinkPHP 2.0 and 2.1 write the cache of the core before they read the application's
configuration. Here PHP itself ends after that: a file is missing, or the program says
`exit`. So there is a cache of the core, by ThinkPHP and by tilde, and none of the
application; each request ends in the same way.

Mend what is shown, as its message says; if the application is to stay as it is, give
--allow T-STOPPED.",
    ),
    (
        "T-STRICT",
        "\
Files with and without `declare(strict_types=1)` cannot share a bundle: the
declaration holds for a whole file.

Add the declaration to all of the files, or make two [[bundle]]s of them.",
    ),
    (
        "T-STYLE",
        "\
The styles `php`, `thinkphp-2.0` and `thinkphp-2.2` change what this code means.

Use `lines` or `tight`.",
    ),
    (
        "T-SYNTAX",
        "\
A file is not what the chosen version of PHP accepts: `tilde lint` says the same.
Nothing was written. As a warning it is about a file that ThinkPHP compiles without
running it: what it leaves open runs on into the next file of the cache.

Correct the file, or choose the version with --php or in tilde.toml.",
    ),
    (
        "T-TRACE",
        "\
Exceptions and traces have the path and lines of the bundle. With the style `lines`
each statement has a line of its own there.

See that nothing depends on these places but messages for people. Build with --map,
and `tilde where --log` puts the places of the sources into a trace or a log.",
    ),
    (
        "T-UNASKED",
        "\
A file that runs on demand runs when something asks for a class of it, or includes
it. This one declares no class, and no file of the bundle includes it.

List it among the files that run at once, if the bundle is to run it. Otherwise it is
left where it is, and whoever includes it there finds it.",
    ),
    (
        "T-UNBUILT",
        "\
A bundle or a cache is declared, and the file that it would be in is not there.

Build it and commit the file, or take it out of tilde.toml.",
    ),
    (
        "T-UNTERM",
        "\
A comment, string or heredoc of a member has no end, and would run on into the next
file of the bundle, or of ThinkPHP's cache.

End it: with */ for a comment, with its label on a line of its own for a heredoc.",
    ),
    (
        "T-USAGE",
        "\
The words of the command line contradict each other, or one is missing.

Read `tilde COMMAND --help`, which names what each option takes.",
    ),
    (
        "T-VERIFY",
        "\
Every bundle is lexed again and compared with its members before it is written.
This one differs, which is a bug in tilde. Nothing was written; please report it.

Report the file that is shown with the version of `tilde --version`; until then leave it
out, or try another --style.",
    ),
    (
        "T-VERSION",
        "\
Nothing names the PHP of a ThinkPHP application, so that the newest one was taken that
runs its release: 5.6 up to ThinkPHP 3.1, whose templates need `/e` of preg_replace(),
and 8.0 for 3.2; of a range, as composer.json has, the newest of these. One PHP makes a
cache: it decides how values are printed, and what may stand in the files.

Name the PHP of the server with --php VERSION, as `php` in [target] of tilde.toml, or
in composer.json.",
    ),
    (
        "T-WATCH",
        "\
The system cannot tell when files change, as on some network folders.

Ask it again and again instead: `tilde watch --poll`.",
    ),
    (
        "T-WRITE",
        "\
A file cannot be written. Nothing else was changed: what was there is as it was.

Check the permissions of its folder and the space of the disk, or write to another
folder with --out.",
    ),
    (
        "T-XDEBUG",
        "\
Xdebug maps lines by itself from 3.5 on, by .xdebug/*.map, but takes one source for
each file that PHP runs: it rejects the map of a bundle of several. It also rejects
lines of 2,048 bytes or more, and paths with `=` in them.

Debug with the files apart, which a bundle behaves like, and let `tilde where` find
places in the bundle. A bundle of one file can be debugged.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order() {
        assert!(codes().is_sorted());
        assert!(explain("T-GLUE").is_some_and(|text| text.contains("echo1")));
        assert_eq!(explain("T-OTHER"), None);
    }
}
