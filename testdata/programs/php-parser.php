<?php

// Prints the tree of 500 files, and the code that is printed from it.

use PhpParser\{Error, NodeDumper, NodeTraverser, NodeVisitor\NameResolver, ParserFactory, PrettyPrinter};

$parser = (new ParserFactory())->create(ParserFactory::PREFER_PHP7);
$dumper = new NodeDumper(['dumpComments' => true, 'dumpPositions' => true]);
$printer = new PrettyPrinter\Standard();
$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator(CORPUS . '/packages/wordpress/usr/share/wordpress'));
$files = array_map('strval', iterator_to_array(new RegexIterator($files, '/\.php$/'), false));
sort($files);
foreach (array_slice($files, 0, 500) as $file) {
    try {
        $traverser = new NodeTraverser();
        $traverser->addVisitor(new NameResolver());
        $tree = $traverser->traverse($parser->parse(file_get_contents($file)));
        echo basename($file), ' ', md5($dumper->dump($tree)), ' ', md5($printer->prettyPrintFile($tree)), "\n";
    } catch (Error $error) {
        echo $error->getMessage(), "\n";
    }
}
foreach (['<?php class { }', '<?php f(', '<?php echo 1 + $x;'] as $code) {
    try {
        echo json_encode($parser->parse($code)), "\n";
    } catch (Error $error) {
        echo $error->getMessage(), "\n";
    }
}
