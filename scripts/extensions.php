<?php
// Prints what each loaded extension has: a line `[NAME]`, then lines `functions`,
// `classes` and `constants` with the names, sorted, those of functions and classes in
// lower case. Dependencies that have to be loaded first are in the line `requires`.
$names = array_map('strtolower', get_loaded_extensions());
$names[] = 'zend opcache';
sort($names);
foreach (array_unique($names) as $name) {
    $extension = new ReflectionExtension($name);
    $required = array_keys(array_filter(
        $extension->getDependencies(),
        fn ($kind) => str_starts_with($kind, 'Required')
    ));
    $lists = [
        'requires' => array_map('strtolower', $required),
        'functions' => array_map('strtolower', array_keys($extension->getFunctions())),
        'classes' => array_map('strtolower', $extension->getClassNames()),
        'constants' => array_keys($extension->getConstants()),
    ];
    echo '[', $name === 'zend opcache' ? 'opcache' : $name, "]\n";
    foreach ($lists as $list => $entries) {
        $entries = array_unique($entries);
        sort($entries, SORT_STRING);
        if ($entries !== []) {
            echo $list, ' ', implode(' ', $entries), "\n";
        }
    }
}
