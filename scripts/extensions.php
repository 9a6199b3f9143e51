<?php
// Prints what each loaded extension has: a line `[NAME]`, then lines `functions`,
// `classes` and `constants` with the names, sorted, those of functions and classes in
// lower case.
$names = array_fill_keys(array_map('strtolower', get_loaded_extensions()), null);
foreach (array_keys($names) as $name) {
    $names[$name] = new ReflectionExtension($name);
}
// The name by which composer.json knows it has no blank.
unset($names['zend opcache']);
$names['opcache'] = new ReflectionExtension('Zend OPcache');
ksort($names);
foreach ($names as $name => $extension) {
    $lists = [
        'functions' => array_map('strtolower', array_keys($extension->getFunctions())),
        'classes' => array_map('strtolower', $extension->getClassNames()),
        'constants' => array_keys($extension->getConstants()),
    ];
    echo '[', $name, "]\n";
    foreach ($lists as $list => $entries) {
        $entries = array_unique($entries);
        sort($entries, SORT_STRING);
        if ($entries !== []) {
            echo $list, ' ', implode(' ', $entries), "\n";
        }
    }
}
