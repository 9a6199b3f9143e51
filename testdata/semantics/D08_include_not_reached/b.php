<?php
if (getenv('NO_SUCH_VARIABLE')) {
    include __DIR__ . '/x_extra.php';
}
echo 'plain';
