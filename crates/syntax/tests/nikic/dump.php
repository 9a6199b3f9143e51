<?php
// Prints the syntax trees of many files as docs/tree-dump.md describes them,
// from the trees of nikic's PHP-Parser 4.15:
//
//     php dump.php PHPPARSER LIST
//
// PHPPARSER is the folder of that package's classes (usr/share/php/PhpParser
// of Debian's php-parser), LIST a file with a path a line. It needs PHP 8.2,
// whose tokens PHP-Parser reads.
namespace Tilde;

use PhpParser\Error;
use PhpParser\Lexer;
use PhpParser\Node;
use PhpParser\Node\Expr;
use PhpParser\Node\Name;
use PhpParser\Node\Scalar;
use PhpParser\Node\Stmt;
use PhpParser\Parser\Php7;

ini_set('memory_limit', '-1');
ini_set('xdebug.max_nesting_level', '-1');
// What PHP-Parser makes PHP warn about must not stand in the dump.
ini_set('display_errors', 'stderr');

[, $folder, $list] = $argv;
spl_autoload_register(function ($class) use ($folder) {
    require $folder . strtr(substr($class, strlen('PhpParser')), '\\', '/') . '.php';
});

/** Keeps the parts of heredocs, which PHP-Parser drops where they come out empty. */
class Parser extends Php7
{
    protected function parseDocString(
        string $startToken, $contents, string $endToken,
        array $attributes, array $endTokenAttributes, bool $parseUnicodeEscape
    ) {
        if (is_array($contents)) {
            $attributes['parts'] = $contents;
        }
        return parent::parseDocString($startToken, $contents, $endToken,
            $attributes, $endTokenAttributes, $parseUnicodeEscape);
    }
}

class Dump
{
    /** What each node is called and, in order, the parts it is printed with. */
    private const NODES = [
        'Arg' => 'Arg name value',
        'Attribute' => 'Attribute name args',
        'AttributeGroup' => 'AttributeGroup attrs',
        'Const' => 'ConstItem name value',
        'Expr_Array' => 'Array items',
        'Expr_ArrayDimFetch' => 'ArrayDimFetch var dim',
        'Expr_ArrayItem' => 'ArrayItem key value',
        'Expr_ArrowFunction' => 'ArrowFunction attrGroups params returnType expr',
        'Expr_Assign' => 'Assign var expr',
        'Expr_AssignRef' => 'AssignRef var expr',
        'Expr_BitwiseNot' => 'Unary expr',
        'Expr_BooleanNot' => 'Unary expr',
        'Expr_ClassConstFetch' => 'ClassConstFetch class name',
        'Expr_Clone' => 'Clone expr',
        'Expr_Closure' => 'Closure attrGroups params uses returnType stmts',
        'Expr_ClosureUse' => 'ClosureUse var',
        'Expr_ConstFetch' => 'ConstFetch name',
        'Expr_Empty' => 'Empty expr',
        'Expr_ErrorSuppress' => 'Unary expr',
        'Expr_Eval' => 'Eval expr',
        'Expr_Exit' => 'Exit expr',
        'Expr_FuncCall' => 'FuncCall name args',
        'Expr_Include' => 'Include expr',
        'Expr_Instanceof' => 'Instanceof expr class',
        'Expr_Isset' => 'Isset vars',
        'Expr_List' => 'List items',
        'Expr_Match' => 'Match cond arms',
        'Expr_MethodCall' => 'MethodCall var name args',
        'Expr_New' => 'New class args',
        'Expr_NullsafeMethodCall' => 'NullsafeMethodCall var name args',
        'Expr_NullsafePropertyFetch' => 'NullsafePropertyFetch var name',
        'Expr_PostDec' => 'PostDec var',
        'Expr_PostInc' => 'PostInc var',
        'Expr_PreDec' => 'PreDec var',
        'Expr_PreInc' => 'PreInc var',
        'Expr_Print' => 'Print expr',
        'Expr_PropertyFetch' => 'PropertyFetch var name',
        'Expr_ShellExec' => 'ShellExec parts',
        'Expr_StaticCall' => 'StaticCall class name args',
        'Expr_StaticPropertyFetch' => 'StaticPropertyFetch class name',
        'Expr_Ternary' => 'Ternary cond if else',
        'Expr_Throw' => 'Throw expr',
        'Expr_UnaryMinus' => 'Unary expr',
        'Expr_UnaryPlus' => 'Unary expr',
        'Expr_Variable' => 'Variable name',
        'Expr_Yield' => 'Yield key value',
        'Expr_YieldFrom' => 'YieldFrom expr',
        'Identifier' => 'Identifier',
        'IntersectionType' => 'IntersectionType types',
        'MatchArm' => 'MatchArm conds body',
        'Name' => 'Name',
        'Name_FullyQualified' => 'Name',
        'Name_Relative' => 'Name',
        'NullableType' => 'NullableType type',
        'Param' => 'Param attrGroups type var default',
        'Scalar_DNumber' => 'Float',
        'Scalar_Encapsed' => 'Encapsed parts',
        'Scalar_EncapsedStringPart' => 'EncapsedStringPart',
        'Scalar_LNumber' => 'Int',
        'Scalar_String' => 'String',
        'Stmt_Break' => 'Break num',
        'Stmt_Case' => 'Case cond stmts',
        'Stmt_Catch' => 'Catch types var stmts',
        'Stmt_Class' => 'Class attrGroups name extends implements stmts',
        'Stmt_ClassConst' => 'ClassConst attrGroups consts',
        'Stmt_ClassMethod' => 'ClassMethod attrGroups name params returnType stmts',
        'Stmt_Const' => 'Const consts',
        'Stmt_Continue' => 'Continue num',
        'Stmt_Declare' => 'Declare declares stmts',
        'Stmt_DeclareDeclare' => 'DeclareItem key value',
        'Stmt_Do' => 'Do stmts cond',
        'Stmt_Echo' => 'Echo exprs',
        'Stmt_Else' => 'Else stmts',
        'Stmt_ElseIf' => 'ElseIf cond stmts',
        'Stmt_Enum' => 'Enum attrGroups name scalarType implements stmts',
        'Stmt_EnumCase' => 'EnumCase attrGroups name expr',
        'Stmt_Expression' => 'Expression expr',
        'Stmt_Finally' => 'Finally stmts',
        'Stmt_For' => 'For init cond loop stmts',
        'Stmt_Foreach' => 'Foreach expr keyVar valueVar stmts',
        'Stmt_Function' => 'Function attrGroups name params returnType stmts',
        'Stmt_Global' => 'Global vars',
        'Stmt_Goto' => 'Goto name',
        'Stmt_GroupUse' => 'GroupUse prefix uses',
        'Stmt_HaltCompiler' => 'HaltCompiler',
        'Stmt_If' => 'If cond stmts elseifs else',
        'Stmt_InlineHTML' => 'InlineHtml',
        'Stmt_Interface' => 'Interface attrGroups name extends stmts',
        'Stmt_Label' => 'Label name',
        'Stmt_Namespace' => 'Namespace name stmts',
        'Stmt_Property' => 'Property attrGroups type props',
        'Stmt_PropertyProperty' => 'PropertyItem name default',
        'Stmt_Return' => 'Return expr',
        'Stmt_Static' => 'Static vars',
        'Stmt_StaticVar' => 'StaticVar var default',
        'Stmt_Switch' => 'Switch cond cases',
        'Stmt_Trait' => 'Trait attrGroups name stmts',
        'Stmt_TraitUse' => 'TraitUse traits adaptations',
        'Stmt_TraitUseAdaptation_Alias' => 'Alias trait method newName',
        'Stmt_TraitUseAdaptation_Precedence' => 'Precedence trait method insteadof',
        'Stmt_TryCatch' => 'TryCatch stmts catches finally',
        'Stmt_Unset' => 'Unset vars',
        'Stmt_Use' => 'Use uses',
        'Stmt_UseUse' => 'UseItem name alias',
        'Stmt_While' => 'While cond stmts',
        'UnionType' => 'UnionType types',
        'VarLikeIdentifier' => 'Identifier',
        'VariadicPlaceholder' => 'VariadicPlaceholder',
    ];

    /** @var array<class-string, array{string, string[]}> */
    private array $shapes = [];
    private string $code;
    /** @var \PhpToken[] PHP's own, for their lines */
    private array $tokens;
    private string $output;
    private Parser $parser;

    public function __construct()
    {
        $attributes = ['startLine', 'endLine', 'startTokenPos', 'startFilePos', 'endFilePos'];
        $this->parser = new Parser(new Lexer(['usedAttributes' => $attributes]));
    }

    public function file(string $code): string
    {
        $this->code = $code;
        $this->output = '';
        try {
            $statements = $this->parser->parse($code);
            $this->tokens = \PhpToken::tokenize($code);
            $this->each($statements, 'stmts', 0);
        } catch (Error $error) {
            $message = strtr($error->getRawMessage(), "\r\n", '  ');
            $this->output = "error {$error->getStartLine()} $message\n";
        }
        return $this->output;
    }

    private function each(array $nodes, string $role, int $depth): void
    {
        foreach ($nodes as $node) {
            $this->node($node, $role, $depth);
        }
    }

    private function node(?Node $node, string $role, int $depth): void
    {
        $indent = str_repeat(' ', $depth);
        if ($node === null) {
            $this->output .= "$indent$role -\n";
            return;
        }
        if ($node instanceof Stmt\Throw_) {
            $this->throwStatement($node, $role, $depth);
            return;
        }
        [$kind, $parts] = $this->shapes[$node::class] ??= $this->shape($node);
        if (in_array($role, ['type', 'types', 'returnType', 'scalarType'], true) && $kind === 'Identifier') {
            $kind = 'Name';
        } elseif ($this->isOffset($node)) {
            $kind = 'Offset';
        }
        $line = $this->tokens[$node->getStartTokenPos()]->line;
        $this->output .= "$indent$role $kind $line{$this->words($node)}{$this->text($node)}\n";
        $flat = $node instanceof Stmt\Namespace_ && $node->getAttribute('kind') === Stmt\Namespace_::KIND_SEMICOLON;
        foreach ($parts as $part) {
            $value = $part === 'parts' ? $node->getAttribute('parts', $node->$part) : $node->$part;
            if (is_array($value)) {
                if ($node instanceof Expr\List_ && end($value) === null) {
                    // A comma at the end makes a hole here, though neither in arrays nor in PHP.
                    array_pop($value);
                }
                $this->each($value, $part, $flat ? $depth : $depth + 1);
            } elseif ($value instanceof Node) {
                $this->node($value, $part, $depth + 1);
            }
        }
    }

    /** PHP-Parser makes a statement of its own of what is an expression since PHP 8.0. */
    private function throwStatement(Stmt\Throw_ $node, string $role, int $depth): void
    {
        $position = $node->getStartTokenPos();
        $line = $this->tokens[$position]->line;
        while (!$this->tokens[$position]->is(T_THROW)) {
            $position++;
        }
        $indent = str_repeat(' ', $depth);
        $this->output .= "$indent$role Expression $line\n$indent expr Throw {$this->tokens[$position]->line}\n";
        $this->node($node->expr, 'expr', $depth + 2);
    }

    /** @return array{string, string[]} */
    private function shape(Node $node): array
    {
        if ($node instanceof Expr\BinaryOp) {
            return ['Binary', ['left', 'right']];
        } elseif ($node instanceof Expr\AssignOp) {
            return ['AssignOp', ['var', 'expr']];
        } elseif ($node instanceof Expr\Cast) {
            return ['Cast', ['expr']];
        } elseif ($node instanceof Scalar\MagicConst) {
            return ['MagicConst', []];
        }
        $words = explode(' ', self::NODES[$node->getType()]);
        return [array_shift($words), $words];
    }

    /** Whether this is the name or number in the brackets of "$a[0]". */
    private function isOffset(Node $node): bool
    {
        return $node instanceof Scalar
            && ($node instanceof Scalar\String_ || $node instanceof Scalar\LNumber)
            && $this->tokens[$node->getStartTokenPos()]->is(['-', T_NUM_STRING, T_STRING]);
    }

    /** What is true of a node, each with a blank in front. */
    private function words(Node $node): string
    {
        $words = [];
        if (isset($node->flags)) {
            $words = $this->modifiers($node->flags);
        } elseif ($node instanceof Stmt\TraitUseAdaptation\Alias) {
            $words = $this->modifiers((int) $node->newModifier);
        } elseif ($node instanceof Stmt\Use_ || $node instanceof Stmt\UseUse || $node instanceof Stmt\GroupUse) {
            $words[] = [2 => 'function', 3 => 'const'][$node->type] ?? '';
        } elseif ($node instanceof Expr\Array_) {
            $words[] = $node->getAttribute('kind') === Expr\Array_::KIND_SHORT ? 'short' : '';
        }
        $words[] = ($node->static ?? false) ? 'static' : '';
        $words[] = ($node->byRef ?? false) ? 'byref' : '';
        $words[] = ($node->variadic ?? false) ? 'variadic' : '';
        $words[] = ($node->unpack ?? false) ? 'unpack' : '';
        if ($node instanceof Stmt\ClassMethod && $node->stmts !== null
            || $node instanceof Stmt\Declare_ && $node->stmts !== null
            || $node instanceof Stmt\Namespace_ && $node->getAttribute('kind') === Stmt\Namespace_::KIND_BRACED) {
            $words[] = 'body';
        }
        return implode('', array_map(fn ($word) => " $word", array_filter($words)));
    }

    /** @return string[] */
    private function modifiers(int $flags): array
    {
        return array_filter([
            $flags & Stmt\Class_::MODIFIER_PUBLIC ? 'public' : '',
            $flags & Stmt\Class_::MODIFIER_PROTECTED ? 'protected' : '',
            $flags & Stmt\Class_::MODIFIER_PRIVATE ? 'private' : '',
            $flags & Stmt\Class_::MODIFIER_STATIC ? 'static' : '',
            $flags & Stmt\Class_::MODIFIER_ABSTRACT ? 'abstract' : '',
            $flags & Stmt\Class_::MODIFIER_FINAL ? 'final' : '',
            $flags & Stmt\Class_::MODIFIER_READONLY ? 'readonly' : '',
        ]);
    }

    /** The text of a node in quotes, with a blank in front, or nothing. */
    private function text(Node $node): string
    {
        $text = match (true) {
            $node instanceof Expr\BinaryOp => $node->getOperatorSigil(),
            $node instanceof Expr\AssignOp => self::assignment($node),
            $node instanceof Expr\Cast => self::lastWord($node, ['double' => 'float']),
            $node instanceof Expr\UnaryPlus => '+',
            $node instanceof Expr\UnaryMinus => '-',
            $node instanceof Expr\BooleanNot => '!',
            $node instanceof Expr\BitwiseNot => '~',
            $node instanceof Expr\ErrorSuppress => '@',
            $node instanceof Expr\Include_ => [1 => 'include', 'include_once', 'require', 'require_once'][$node->type],
            $node instanceof Expr\Exit_ => $node->getAttribute('kind') === Expr\Exit_::KIND_EXIT ? 'exit' : 'die',
            $node instanceof Expr\Variable => is_string($node->name) ? $node->name : null,
            $node instanceof Scalar\Encapsed => $this->tokens[$node->getStartTokenPos()]->text,
            $node instanceof Stmt\HaltCompiler => (string) strlen($node->remaining),
            $node instanceof Name, $node instanceof Node\Identifier, $node instanceof Stmt\InlineHTML,
            $node instanceof Scalar => $this->source($node),
            default => null,
        };
        return $text === null ? '' : ' "' . self::escape($text) . '"';
    }

    private static function assignment(Expr\AssignOp $node): string
    {
        $binary = str_replace('AssignOp', 'BinaryOp', $node::class);
        $operand = new Scalar\LNumber(0);
        return (new $binary($operand, $operand))->getOperatorSigil() . '=';
    }

    private static function lastWord(Node $node, array $names): string
    {
        $word = strtolower(substr(strrchr($node->getType(), '_'), 1));
        return $names[$word] ?? $word;
    }

    private function source(Node $node): string
    {
        $start = $node->getStartFilePos();
        return substr($this->code, $start, $node->getEndFilePos() + 1 - $start);
    }

    /** Leaves printable ASCII but quotes and backslashes. */
    private static function escape(string $text): string
    {
        return preg_replace_callback('/[^ !#-\[\]-~]/', fn ($match) => match ($match[0]) {
            '"' => '\"',
            '\\' => '\\\\',
            "\n" => '\n',
            "\r" => '\r',
            "\t" => '\t',
            default => sprintf('\x%02x', ord($match[0])),
        }, $text);
    }
}

$dump = new Dump();
foreach (file($list, FILE_IGNORE_NEW_LINES) as $path) {
    echo "# $path\n", $dump->file(file_get_contents($path));
}
