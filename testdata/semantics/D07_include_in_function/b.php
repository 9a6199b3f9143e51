<?php
function mode() { include __DIR__ . '/a.php'; return $mode; }
echo mode(), ' ', isset($mode) ? 'leaked' : 'kept';
