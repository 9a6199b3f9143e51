<?php
if (class_exists('Missing', false)) {
    exit;
}
try {
    try {
        ;
        do {
            break;
        } while (mt_rand(1, 1) === 1);
    } finally {
        echo "inner\n";
    }
} finally {
    echo "outer\n";
}
