<?php
$self = fopen(__FILE__, 'r');
fseek($self, __COMPILER_HALT_OFFSET__);
echo stream_get_contents($self, 7), ', ';
__halt_compiler();payload
