<?php
// Lets PHP write archives: write.php FOLDER SEED COUNT [PRIVATE_KEY]
//
// Prints, for each, the lines of describe.php without those of `main`.
error_reporting(-1);
ini_set('display_errors', 'stderr');
list(, $folder, $seed, $count) = $argv;
$key = isset($argv[4]) ? file_get_contents($argv[4]) : null;
$state = $seed;

for ($index = 0; $index < $count; $index++) {
    $path = "$folder/php$seed-$index.phar";
    write($path, "alias$seed$index", $key);
}

function write($path, $alias, $key)
{
    $phar = new Phar($path);
    $phar->startBuffering();
    if (chance(3)) $phar->setAlias($alias);
    if (chance(3)) $phar->setMetadata(array('version' => '1.' . next_number(9), 'n' => next_number(1000)));
    $names = array('m.php', 'a.txt', 'lib/b.php', 'lib/deep/er/c.php', "with space", '.hidden', "\xc3\xa4.php", 'z');
    foreach ($names as $name) {
        if ($name !== 'm.php' && chance(3)) continue;
        $phar[$name] = $contents = contents();
        if (chance(4)) $phar[$name]->setMetadata('of an entry');
        if (chance(4)) $phar[$name]->chmod(0755);
        // What PHP 7.4 writes for an empty file that is compressed it cannot read.
        if ($contents !== '' && chance(2)) $phar[$name]->compress(Phar::GZ);
    }
    if (chance(3)) $phar->addEmptyDir('empty/dir');
    $stubs = array(
        $phar->getStub(),
        "<?php __HALT_COMPILER();",
        "#!/usr/bin/env php\n<?php echo 1; __HALT_COMPILER(); ?>\r\n",
        "<?php Phar::mapPhar(); __HALT_COMPILER(); ?>",
    );
    $phar->setStub($stubs[next_number(4)]);
    $kinds = array(Phar::MD5, Phar::SHA1, Phar::SHA256, Phar::SHA512);
    if ($key) {
        $kinds = array(Phar::OPENSSL);
        if (defined('Phar::OPENSSL_SHA256')) array_push($kinds, Phar::OPENSSL_SHA256, Phar::OPENSSL_SHA512);
    }
    $kind = $kinds[next_number(count($kinds))];
    $key ? $phar->setSignatureAlgorithm($kind, $key) : $phar->setSignatureAlgorithm($kind);
    $phar->stopBuffering();
}

function contents()
{
    $length = array(0, 1, 20, 4000, 70000);
    $length = $length[next_number(5)];
    $text = '';
    for ($at = 0; $at < 20; $at++) $text .= chr(32 + next_number(90));
    return substr(str_repeat($text, 1 + (int) ($length / 20)), 0, $length);
}

function chance($of)
{
    return next_number($of) === 0;
}

// The same numbers in every version, also with integers of 32 bits.
function next_number($below)
{
    global $state;
    $state = ($state * 171 + 11) % 30269;
    return $state % $below;
}
