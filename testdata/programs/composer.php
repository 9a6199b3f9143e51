<?php

// Composer in a project of ours.

use Composer\Console\Application;
use Symfony\Component\Console\{Input\ArgvInput, Output\BufferedOutput};

foreach (['HOME' => getcwd(), 'ALLOW_SUPERUSER' => '1', 'NO_INTERACTION' => '1', 'DISABLE_NETWORK' => '1'] as $name => $value) {
    putenv("COMPOSER_$name=$value");
}
mkdir('project/src', 0777, true);
chdir('project');
file_put_contents('composer.json', '{"name": "a/b", "description": "d", "license": "MIT", "autoload": {"psr-4": {"A\\\\": "src/"}, "classmap": ["src/"], "files": ["src/f.php"]}}');
file_put_contents('src/X.php', '<?php namespace A; class X {}');
file_put_contents('src/f.php', '<?php');
$commands = [['list'], ['validate'], ['dump-autoload', '-o'], ['show', '--self'], ['help', 'install'], ['nope'], ['diagnose', '--help'], ['licenses'], ['config', '--list'], ['init', '--name=c/d', '--help']];
foreach ($commands as $command) {
    $application = new Application();
    $application->setAutoExit(false);
    $output = new BufferedOutput();
    $status = $application->run(new ArgvInput(['composer', ...$command]), $output);
    echo implode(' ', $command), ': ', $status, "\n", $output->fetch(), "\n";
}
foreach (glob('vendor/composer/autoload_*.php') as $file) {
    echo $file, ' ', preg_replace('/[0-9a-f]{32}/', '', file_get_contents($file)), "\n";
}
