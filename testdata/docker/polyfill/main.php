<?php
require __DIR__ . '/src/polyfill.php';
echo bcadd('1', '2'), IMG_FLIP_BOTH, get_class(new Collator('de')), "\n";
