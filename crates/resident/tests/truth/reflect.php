<?php
// Prints the state that PHP itself says classes and functions have once they are loaded:
//
//     php reflect.php PHPPARSER LIST
//
// Arguments as for nikic.php. Each file of the list that only declares is loaded in a process of
// its own, with an autoloader that knows what the other files declare. Then, with tabs between:
//
//     class NAME                  it was loaded from one of the files
//     property CLASS NAME         a static property of it, or of a trait that it uses
//     function NAME()             the same for a function, and A::b() for a method
//     variable NAME() NAME        a static variable of it
namespace Tilde;

use PhpParser\Lexer;
use PhpParser\Node\Stmt;
use PhpParser\NodeTraverser;
use PhpParser\NodeVisitor\NameResolver;
use PhpParser\Parser\Php7;

ini_set('memory_limit', '-1');
// Else who waits for the survey gives up after a minute.
ini_set('default_socket_timeout', '-1');
ini_set('display_errors', '0');
ini_set('log_errors', '0');
error_reporting(0);
[, $folder, $list] = $argv;

// What the packages ask for before they declare anything.
foreach (['ABSPATH', 'DOKU_INC', 'MEDIAWIKI', 'PHPMYADMIN', 'ROOT_PATH'] as $constant) {
    define($constant, '/nonexistent/');
}
define('WPINC', 'wp-includes');

/** All statements, also those in namespaces, conditions and blocks. */
function flattened(array $statements): iterable
{
    foreach ($statements as $statement) {
        yield $statement;
        if ($statement instanceof Stmt\Namespace_) {
            yield from flattened($statement->stmts);
        }
    }
}

/** Whether to load a file does nothing but declare. */
function onlyDeclares(array $statements): bool
{
    foreach (flattened($statements) as $statement) {
        $isDeclaration = $statement instanceof Stmt\ClassLike
            || $statement instanceof Stmt\Function_ || $statement instanceof Stmt\Namespace_
            || $statement instanceof Stmt\Use_ || $statement instanceof Stmt\GroupUse
            || $statement instanceof Stmt\Declare_ || $statement instanceof Stmt\Nop
            || $statement instanceof Stmt\Const_;
        if (!$isDeclaration) {
            return false;
        }
    }
    return true;
}

/** @return array{array<string, string>, string[]} classes with their files, files to load */
function survey(string $folder, array $paths): array
{
    spl_autoload_register($load = function ($class) use ($folder) {
        require $folder . strtr(substr($class, strlen('PhpParser')), '\\', '/') . '.php';
    });
    $map = [];
    $files = [];
    foreach ($paths as $path) {
        $nodes = (new Php7(new Lexer()))->parse(file_get_contents($path));
        $traverser = new NodeTraverser();
        $traverser->addVisitor(new NameResolver());
        $nodes = $traverser->traverse($nodes);
        foreach (flattened($nodes) as $node) {
            if ($node instanceof Stmt\ClassLike) {
                $map[strtolower($node->namespacedName)] ??= $path;
            }
        }
        if (onlyDeclares($nodes)) {
            $files[] = $path;
        }
    }
    spl_autoload_unregister($load);
    return [$map, $files];
}

function reflect(string $path): void
{
    $names = get_declared_classes();
    $names = array_merge($names, get_declared_traits(), get_declared_interfaces());
    foreach ($names as $name) {
        $class = new \ReflectionClass($name);
        if ($class->getFileName() !== $path || $class->isAnonymous()) {
            continue;
        }
        echo "class\t$name\n";
        foreach ($class->getProperties(\ReflectionProperty::IS_STATIC) as $property) {
            if ($property->getDeclaringClass()->name === $name) {
                echo "property\t$name\t$property->name\n";
            }
        }
        foreach ($class->getMethods() as $method) {
            $isOfClass = $method->getDeclaringClass()->name === $name
                && $method->getFileName() === $path
                && $method->getStartLine() >= $class->getStartLine()
                && $method->getEndLine() <= $class->getEndLine();
            if ($isOfClass) {
                variables("$name::$method->name()", $method);
            }
        }
    }
    foreach (get_defined_functions()['user'] as $name) {
        $function = new \ReflectionFunction($name);
        if ($function->getFileName() === $path) {
            variables("{$function->name}()", $function);
        }
    }
}

function variables(string $label, \ReflectionFunctionAbstract $function): void
{
    try {
        $names = array_keys($function->getStaticVariables());
    } catch (\Error $error) {
        // A first value needs a constant of an extension that is not there.
        return;
    }
    echo "function\t$label\n";
    foreach ($names as $name) {
        echo "variable\t$label\t$name\n";
    }
}

// In a process of its own, as all those below start with a copy of the memory of this one.
[$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
if (pcntl_fork() === 0) {
    fclose($ours);
    fwrite($theirs, serialize(survey($folder, file($list, FILE_IGNORE_NEW_LINES))));
    exit(0);
}
fclose($theirs);
[$map, $files] = unserialize(stream_get_contents($ours));
spl_autoload_register(function ($class) use ($map) {
    $path = $map[strtolower($class)] ?? null;
    if ($path !== null) {
        require_once $path;
    }
});
fflush(STDOUT);
foreach ($files as $path) {
    $child = pcntl_fork();
    if ($child === 0) {
        // What cannot be loaded ends this process alone, and is not told of.
        ob_start();
        require_once $path;
        ob_end_clean();
        reflect($path);
        exit(0);
    }
    pcntl_waitpid($child, $status);
}
