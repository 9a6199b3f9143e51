<?php
if (class_exists('Missing', false)) {
    return;
}
try {
    return 1;
} finally {
    echo "constant\n";
}
