<?php

// Reads and writes 200 documents, some of them wrong.

use Symfony\Component\Yaml\{Exception\ExceptionInterface, Tag\TaggedValue, Yaml};

$documents = ["a: 1\nb: [1, 2, {c: d}]\n", "- x\n- - y\n  - z: ~\n", "a: &x {b: 1}\nc: *x\n", "a: b: c", "\tbad", "x: !php/const PHP_INT_MAX", "e: !!float 1\n", "t: 2001-12-14t21:59:43.10-05:00\nf: 1.5e3\ns: |\n  l1\n  l2\nz: >\n  f1\n  f2\n", "n: 0o17\nh: 0xFF\ni: .inf\nj: .nan\n", "k: !tag {a: 1}", "b: !!binary aGVsbG8=", "? a\n: b", "a: *unknown", "\"\\u00e9\": 'it''s'", "", "~", "---\na: 1\n...\n", "a: 'open"];
for ($i = count($documents); $i < 200; $i++) {
    $documents[] = "k$i: [" . implode(', ', range(1, $i % 40 + 1)) . "]\nn: {a: 'x$i', b: \"\\u00e9\"}\ntext: |\n  one $i\n\n  two\n";
}
foreach ($documents as $document) {
    try {
        $value = Yaml::parse($document, Yaml::PARSE_CONSTANT | Yaml::PARSE_CUSTOM_TAGS | Yaml::PARSE_DATETIME);
        ob_start();
        var_dump($value);
        // The numbers of objects depend on who has loaded the classes.
        echo preg_replace('/#\d+ /', '', ob_get_clean());
        echo Yaml::dump($value, 2, 4, Yaml::DUMP_MULTI_LINE_LITERAL_BLOCK), "\n";
    } catch (ExceptionInterface $error) {
        echo get_class($error), ' ', $error->getMessage(), "\n";
    }
}
var_dump(Yaml::dump(new TaggedValue('t', ['a' => new ArrayObject([1])]), 1));
