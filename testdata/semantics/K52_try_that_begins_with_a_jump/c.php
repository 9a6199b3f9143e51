<?php
if (class_exists('Missing', false)) {
    return;
}
try {
    while (mt_rand(1, 1) === 2) {
        echo "never\n";
    }
} finally {
    echo "while\n";
}
