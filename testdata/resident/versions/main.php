<?php
// An application is started, its state noted, changed as a request does, and put back, three
// times, by the resetter of which the path is given:
//
//     php main.php RESETTER
//
// Each file `since-….php` needs that PHP and is there from it on. Prints a line for each piece of
// state that changes and is not what it was, or that does not change, and `done`.

error_reporting(-1);
ini_set('display_errors', '1');
ini_set('html_errors', '0');
$application = [];
foreach (['7.2', '7.4', '8.0', '8.1', '8.2', '8.4', '8.5'] as $version) {
    if (version_compare(PHP_VERSION, $version, '>=')) {
        $application[] = require __DIR__ . "/since-$version.php";
    }
}
require $argv[1];

function told(): array
{
    global $application;
    $told = [];
    foreach ($application as list($tell)) {
        $told += array_map('json_encode', $tell());
    }
    return $told;
}

$resetter = new Resetter(['Since72\Objects::$copied', 'Since81\Objects::$readonly',
    'Since81\Objects::$copiedEnum', 'Since82\Objects::$readonly', 'Since84\Objects::$hooked']);
$resetter->record();
$start = told();
foreach ([1, 2, 3] as $round) {
    foreach ($application as list(, $dirty)) {
        $dirty($round);
    }
    $dirtied = told();
    $resetter->reset();
    $now = told();
    foreach ($start as $name => $value) {
        if ($dirtied[$name] === $value) {
            echo "$round unchanged $name\n";
        } elseif ($now[$name] !== $value) {
            echo "$round left $name\n";
        }
    }
}
echo "done\n";
