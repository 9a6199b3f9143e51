<?php
// What the framework does with packages, written from the notes of the format:
//
//     php module_loader.php load FOLDER CODE     loads all packages, then runs CODE
//     php module_loader.php unpack PHAR PROJECT  writes what is in one
//
// Unlike the framework it honours `allow-hotload` and `depends`.

function packages($folder)
{
    $packages = array();
    $files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS));
    foreach ($files as $file) {
        $path = $file->getPathname();
        if (substr($path, -5) !== '.phar' || !is_file("phar://$path/module_entry.php")) {
            continue;
        }
        $plugin = json_decode(file_get_contents("phar://$path/zmplugin.json"), true);
        $manifest = json_decode(file_get_contents("phar://$path/{$plugin['module-root-path']}/zm.json"), true);
        if (isset($manifest['name'])) {
            $packages[$manifest['name']] = array($path, $plugin, $manifest);
        }
    }
    ksort($packages);
    return $packages;
}

function load($name, $packages, &$loaded)
{
    if (isset($loaded[$name]) || !isset($packages[$name])) {
        return;
    }
    $loaded[$name] = true;
    list($path, $plugin, $manifest) = $packages[$name];
    foreach (array_keys(isset($manifest['depends']) ? $manifest['depends'] : array()) as $needed) {
        load($needed, $packages, $loaded);
    }
    if ($plugin['allow-hotload']) {
        $returned = require_once $path;
        if ($returned !== $plugin) {
            echo "$name: the stub returns something else\n";
        }
        call_user_func('loader' . $plugin['generated-id']);
    }
}

function unpack_to($path, $project)
{
    $plugin = json_decode(file_get_contents("phar://$path/zmplugin.json"), true);
    $entries = new RecursiveIteratorIterator(new Phar($path));
    foreach ($entries as $entry) {
        $name = substr($entry->getPathname(), strlen("phar://$path/"));
        if (strpos($name, $plugin['module-root-path'] . '/') === 0 || strpos($name, 'zm_data/') === 0) {
            @mkdir(dirname("$project/$name"), 0777, true);
            copy($entry->getPathname(), "$project/$name");
        }
    }
}

error_reporting(-1);
ini_set('display_errors', '1');
if ($argv[1] === 'load') {
    $packages = packages($argv[2]);
    $loaded = array();
    foreach (array_keys($packages) as $name) {
        load($name, $packages, $loaded);
    }
    eval($argv[3]);
} else {
    unpack_to(realpath($argv[2]), $argv[3]);
}
