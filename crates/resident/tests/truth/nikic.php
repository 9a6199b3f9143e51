<?php
// Prints the state of many files, by nikic's PHP-Parser 4.15 and what PHP says of its own
// functions:
//
//     php nikic.php PHPPARSER LIST
//
// PHPPARSER is the folder of that package's classes (usr/share/php/PhpParser of Debian's
// php-parser), LIST a file with a path a line. For each file a line `# PATH`, and then, with
// tabs between:
//
//     property CLASS NAME OFFSET         a static property
//     variable NAME OFFSET               a variable of a `static` statement
//     write property|variable|global NAME OFFSET
//
// OFFSET is where the written expression begins; NAME is `?` where it shows only when it runs.
namespace Tilde;

use PhpParser\Lexer;
use PhpParser\Node;
use PhpParser\Node\Expr;
use PhpParser\Node\Name;
use PhpParser\Node\Scalar;
use PhpParser\Node\Stmt;
use PhpParser\NodeTraverser;
use PhpParser\NodeVisitor\NameResolver;
use PhpParser\NodeVisitorAbstract;
use PhpParser\Parser\Php7;

ini_set('memory_limit', '-1');
ini_set('display_errors', 'stderr');
[, $folder, $list] = $argv;
spl_autoload_register(function ($class) use ($folder) {
    require $folder . strtr(substr($class, strlen('PhpParser')), '\\', '/') . '.php';
});

/** What the files declare that takes references, for calls from any of them. */
class Declarations
{
    /** @var array<string, array<int|string, true>> */
    public $functions = [];
    /** @var array<string, array{parent: ?string, traits: string[], methods: array}[]> */
    public $classes = [];

    public function of(array $nodes): void
    {
        foreach ($nodes as $node) {
            if ($node instanceof Stmt\Function_) {
                $this->functions[strtolower($node->namespacedName)][] = self::references($node);
            } elseif ($node instanceof Stmt\ClassLike) {
                $this->classLike($node);
            }
            foreach ($node->getSubNodeNames() as $name) {
                $below = $node->$name;
                $below = is_array($below) ? $below : [$below];
                $this->of(array_filter($below, fn ($it) => $it instanceof Node));
            }
        }
    }

    private function classLike(Stmt\ClassLike $node): void
    {
        if ($node->name === null) {
            return;
        }
        $class = ['parent' => null, 'traits' => [], 'methods' => []];
        if ($node instanceof Stmt\Class_ && $node->extends) {
            $class['parent'] = strtolower($node->extends);
        }
        foreach ($node->stmts as $member) {
            if ($member instanceof Stmt\TraitUse) {
                foreach ($member->traits as $trait) {
                    $class['traits'][] = strtolower($trait);
                }
            } elseif ($member instanceof Stmt\ClassMethod) {
                $class['methods'][$member->name->toLowerString()] = self::references($member);
            }
        }
        $this->classes[strtolower($node->namespacedName)][] = $class;
    }

    private static function references(Node\FunctionLike $function): array
    {
        $places = [];
        foreach ($function->getParams() as $place => $param) {
            if ($param->byRef) {
                $places[$place] = $param->variadic;
            }
        }
        return $places;
    }

    public static function takes(array $places, int $position): bool
    {
        foreach ($places as $place => $isVariadic) {
            if ($place === $position || $isVariadic && $position > $place) {
                return true;
            }
        }
        return false;
    }

    public function method(string $class, string $method, int $position, array $seen = []): bool
    {
        if (isset($seen[$class])) {
            return false;
        }
        $seen[$class] = true;
        foreach ($this->classes[$class] ?? [] as $declaration) {
            if (isset($declaration['methods'][$method])) {
                if (self::takes($declaration['methods'][$method], $position)) {
                    return true;
                }
                continue;
            }
            foreach ([...$declaration['traits'], $declaration['parent']] as $above) {
                if ($above !== null && $this->method($above, $method, $position, $seen)) {
                    return true;
                }
            }
        }
        return false;
    }
}

/** A function, and what its variables are bound to. */
class Frame
{
    public $bound = [];
    public $class;
    public $byRef;

    public function __construct($class, bool $byRef)
    {
        $this->class = $class;
        $this->byRef = $byRef;
    }
}

class State extends NodeVisitorAbstract
{
    /** Functions that take an array by reference and leave it as it is. */
    private const READERS = ['reset', 'end', 'next', 'prev', 'current', 'key', 'each', 'extract'];
    private const SUPERGLOBALS = ['_GET', '_POST', '_COOKIE', '_FILES', '_REQUEST', '_SESSION',
        '_SERVER', '_ENV'];

    public $lines = [];
    private $declarations;
    private $frames;
    private $classes = [];
    private $anonymous = 0;

    public function __construct(Declarations $declarations)
    {
        $this->declarations = $declarations;
        $this->frames = [new Frame(null, false)];
    }

    public function enterNode(Node $node)
    {
        if ($node instanceof Stmt\ClassLike) {
            $this->classLike($node);
        } elseif ($node instanceof Node\FunctionLike) {
            $this->functionLike($node);
        } elseif ($node instanceof Stmt\Property && $node->isStatic()) {
            $class = end($this->classes)[0];
            foreach ($node->props as $prop) {
                $this->line('property', $class, $prop->name, $prop->getStartFilePos());
            }
        } elseif ($node instanceof Stmt\StaticVar) {
            $this->line('variable', $node->var->name, $node->getStartFilePos());
            $this->frame()->bound[$node->var->name] = 'variable';
        } elseif ($node instanceof Stmt\Global_) {
            // Outside of functions it binds nothing: there all variables are global.
            foreach ($node->vars as $var) {
                if (is_string($var->name) && count($this->frames) > 1) {
                    $this->frame()->bound[$var->name] = 'global';
                }
            }
        } else {
            $this->writes($node);
        }
    }

    public function leaveNode(Node $node)
    {
        if ($node instanceof Stmt\ClassLike) {
            array_pop($this->classes);
        } elseif ($node instanceof Node\FunctionLike) {
            array_pop($this->frames);
        }
    }

    private function frame(): Frame
    {
        return end($this->frames);
    }

    private function line(...$columns): void
    {
        $this->lines[] = implode("\t", $columns);
    }

    private function classLike(Stmt\ClassLike $node): void
    {
        $isAnonymous = $node->name === null;
        $number = $isAnonymous ? ++$this->anonymous : 0;
        $name = $isAnonymous ? 'class@anonymous' . ($number > 1 ? "#$number" : '')
            : (string) $node->namespacedName;
        $parent = $node instanceof Stmt\Class_ && $node->extends ? (string) $node->extends : null;
        $this->classes[] = [$name, $parent];
    }

    private function functionLike(Node\FunctionLike $node): void
    {
        $around = $this->frame();
        $class = match (true) {
            $node instanceof Stmt\ClassMethod => end($this->classes),
            $node instanceof Stmt\Function_ => null,
            default => $around->class,
        };
        $frame = new Frame($class, $node->returnsByRef());
        if ($node instanceof Expr\Closure) {
            foreach ($node->uses as $use) {
                if ($use->byRef && isset($around->bound[$use->var->name])) {
                    $frame->bound[$use->var->name] = $around->bound[$use->var->name];
                }
            }
        }
        $this->frames[] = $frame;
    }

    private function writes(Node $node): void
    {
        switch (true) {
            case $node instanceof Expr\Assign:
                $this->assign($node->var);
                break;
            case $node instanceof Expr\AssignOp:
                $this->write($node->var);
                break;
            case $node instanceof Expr\PreInc || $node instanceof Expr\PreDec
                || $node instanceof Expr\PostInc || $node instanceof Expr\PostDec:
                $this->write($node->var);
                break;
            case $node instanceof Expr\AssignRef:
                $this->write($node->expr);
                $this->rebind($node->var);
                break;
            case $node instanceof Stmt\Foreach_:
                if ($node->byRef) {
                    $this->write($node->expr);
                    $this->rebind($node->valueVar);
                } else {
                    $this->assign($node->valueVar);
                }
                if ($node->keyVar) {
                    $this->assign($node->keyVar);
                }
                break;
            case $node instanceof Stmt\Unset_:
                foreach ($node->vars as $var) {
                    if (!$var instanceof Expr\Variable) {
                        $this->write($var);
                    }
                }
                break;
            case $node instanceof Stmt\Catch_:
                if ($node->var) {
                    $this->write($node->var);
                }
                break;
            case $node instanceof Expr\Array_:
                foreach ($node->items as $item) {
                    if ($item !== null && $item->byRef) {
                        $this->write($item->value);
                    }
                }
                break;
            case $node instanceof Stmt\Return_:
                if ($node->expr && $this->frame()->byRef) {
                    $this->write($node->expr);
                }
                break;
            case $node instanceof Expr\FuncCall || $node instanceof Expr\StaticCall:
                $this->call($node);
                break;
        }
    }

    private function assign(Expr $target): void
    {
        if (!$target instanceof Expr\List_ && !$target instanceof Expr\Array_) {
            $this->write($target);
            return;
        }
        foreach ($target->items as $item) {
            if ($item !== null) {
                $item->byRef ? $this->rebind($item->value) : $this->assign($item->value);
            }
        }
    }

    /** A reference in place of a variable that is bound only lets go of it. */
    private function rebind(Expr $target): void
    {
        $isBound = $target instanceof Expr\Variable && is_string($target->name)
            && isset($this->frame()->bound[$target->name]);
        if (!$isBound) {
            $this->write($target);
        }
    }

    private function call(Expr $call): void
    {
        foreach ($call->args as $position => $arg) {
            if ($arg instanceof Node\VariadicPlaceholder || $arg->unpack || $arg->name) {
                continue;
            }
            if ($this->takesReference($call, $position)) {
                $this->write($arg->value);
            }
        }
    }

    private function takesReference(Expr $call, int $position): bool
    {
        if ($call instanceof Expr\StaticCall) {
            if (!$call->name instanceof Node\Identifier || !$call->class instanceof Name) {
                return false;
            }
            $own = $this->frame()->class;
            $class = match ($call->class->toLowerString()) {
                'self', 'static' => $own[0] ?? '',
                'parent' => $own[1] ?? '',
                default => (string) $call->class,
            };
            $method = $call->name->toLowerString();
            return $this->declarations->method(strtolower($class), $method, $position);
        }
        if (!$call->name instanceof Name) {
            return false;
        }
        $names = [$call->name->getAttribute('namespacedName'), $call->name];
        foreach (array_filter($names) as $name) {
            $name = strtolower($name);
            if (isset($this->declarations->functions[$name]) && !$this->isInternal($name)) {
                foreach ($this->declarations->functions[$name] as $places) {
                    if (Declarations::takes($places, $position)) {
                        return true;
                    }
                }
                return false;
            }
        }
        $name = $call->name->toLowerString();
        if (in_array($name, self::READERS) || !$this->isInternal($name)) {
            return false;
        }
        $parameters = (new \ReflectionFunction($name))->getParameters();
        $last = end($parameters);
        $parameter = $parameters[$position] ?? ($last && $last->isVariadic() ? $last : null);
        return $parameter !== null && $parameter->isPassedByReference();
    }

    private function isInternal(string $name): bool
    {
        return function_exists($name) && (new \ReflectionFunction($name))->isInternal();
    }

    private function write(Expr $target): void
    {
        $keys = [];
        for ($root = $target;; $root = $root->var) {
            if ($root instanceof Expr\ArrayDimFetch) {
                $keys[] = $root->dim;
            } elseif ($root instanceof Expr\PropertyFetch
                || $root instanceof Expr\NullsafePropertyFetch) {
                $keys[] = null;
            } else {
                break;
            }
        }
        $at = $target->getStartFilePos();
        if ($root instanceof Expr\StaticPropertyFetch) {
            $name = $root->name instanceof Node\VarLikeIdentifier ? (string) $root->name : '?';
            $this->line('write', 'property', $name, $at);
        } elseif ($root instanceof Expr\Variable && is_string($root->name)) {
            $this->variable($root->name, $keys, $at);
        }
    }

    private function variable(string $name, array $keys, int $at): void
    {
        if ($name === 'GLOBALS') {
            if ($keys) {
                $key = end($keys);
                $this->line('write', 'global',
                    $key instanceof Scalar\String_ ? $key->value : '?', $at);
            }
        } elseif (isset($this->frame()->bound[$name]) && !in_array($name, self::SUPERGLOBALS)) {
            $this->line('write', $this->frame()->bound[$name], $name, $at);
        }
    }
}

$paths = file($list, FILE_IGNORE_NEW_LINES);
$lexer = new Lexer(['usedAttributes' => ['startFilePos']]);
$parse = function (string $path) use ($lexer) {
    $nodes = (new Php7($lexer))->parse(file_get_contents($path));
    $traverser = new NodeTraverser();
    $traverser->addVisitor(new NameResolver());
    return $traverser->traverse($nodes);
};
$declarations = new Declarations();
foreach ($paths as $path) {
    $declarations->of($parse($path));
}
foreach ($paths as $path) {
    $state = new State($declarations);
    $traverser = new NodeTraverser();
    $traverser->addVisitor($state);
    $traverser->traverse($parse($path));
    echo "# $path\n";
    foreach (array_unique($state->lines) as $line) {
        echo "$line\n";
    }
}
