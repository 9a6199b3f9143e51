<?php
if (PHP_VERSION_ID >= 80100) {
    require __DIR__ . '/x_enum.php';
} else {
    echo 'no enum';
}
