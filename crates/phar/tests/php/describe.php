<?php
// Prints what PHP makes of archives: describe.php FOLDER NAME...
//
// Each is opened, included, and extracted to FOLDER/NAME.d; the lines are those
// of `support/mod.rs`.
error_reporting(-1);
ini_set('display_errors', 'stderr');
list(, $folder, $list) = $argv;

foreach (explode(',', $list) as $name) {
    $path = "$folder/$name";
    try {
        print(describe($name, $path, new Phar($path)));
    } catch (Exception $error) {
        print("archive\t$name\nerror\t" . str_replace("\n", ' ', $error->getMessage()) . "\n");
    }
}

function describe($name, $path, $phar)
{
    $signature = $phar->getSignature();
    $alias = $phar->getAlias();
    $lines = array(
        "archive\t$name",
        'format' . "\t" . ($phar->isFileFormat(Phar::PHAR) ? 'phar' : 'other') . "\t" . $phar->getVersion(),
        "alias\t" . ($alias === null || $alias === $path ? '' : $alias),
        "metadata\t" . ($phar->hasMetadata() ? bin2hex(serialize($phar->getMetadata())) : ''),
        "signature\t$signature[hash_type]\t" . strtolower($signature['hash']),
        "stub\t" . md5($phar->getStub()),
    );
    $entries = entries($path, $phar);
    $phar->extractTo("$path.d", null, true);
    foreach ($entries as $entry => $line) {
        // PHP 8.5 extracts no empty directories; PHP 5.6 loses the permissions
        // of an entry that it compresses, and then cannot read what it extracts.
        if (substr($entry, -1) !== '/') {
            chmod("$path.d/$entry", 0644);
            if (md5_file("$path.d/$entry") !== md5_file("phar://$path/$entry")) $line .= "\tdiffers";
        }
        $lines[] = $line;
    }
    if (isset($phar['main.php'])) {
        $direct = include "phar://$path/main.php";
        ob_start();
        $through = include $path;
        $printed = trim(ob_get_clean());
        $lines[] = "main\t$direct\t" . ($printed === '' ? $through : "printed $printed");
    }
    return implode("\n", $lines) . "\n";
}

function entries($path, $phar)
{
    $entries = array();
    $all = new RecursiveIteratorIterator($phar, RecursiveIteratorIterator::SELF_FIRST);
    foreach ($all as $file) {
        $name = substr($file->getPathname(), strlen("phar://$path/"));
        if ($file->isDir()) {
            if (count(scandir($file->getPathname())) > 0) continue;
            $entries["$name/"] = "directory\t$name/";
            continue;
        }
        $entries[$name] = implode("\t", array(
            'entry',
            $name,
            $file->getSize(),
            $file->getCompressedSize(),
            sprintf('%08x', $file->getCRC32()),
            sprintf('%o', $file->getPerms() & 0777),
            $file->getMTime(),
            $file->isCompressed(Phar::GZ) ? 'gz' : ($file->isCompressed(Phar::BZ2) ? 'bz2' : 'none'),
            md5_file($file->getPathname()),
            $file->hasMetadata() ? bin2hex(serialize($file->getMetadata())) : '',
        ));
    }
    ksort($entries, SORT_STRING);
    return $entries;
}
