<?php
if (class_exists('Missing', false)) {
    return;
}
try {
    if (true) {
        echo "if\n";
    }
} finally {
    echo "last\n";
}
