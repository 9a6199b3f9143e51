<?php <<<f
$a;