<?php
$thing = new class {};
echo preg_replace('~[^@a-z.]+~', ' ', basename(get_class($thing)));
