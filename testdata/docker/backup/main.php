<?php
require __DIR__ . '/src/Archive.php';
$archive = new Acme\Backup\Archive;
echo $archive->open(sys_get_temp_dir() . '/none.zip') ? 'open' : 'closed';
echo strlen(\bzcompress('a')) > 0, "\n";
