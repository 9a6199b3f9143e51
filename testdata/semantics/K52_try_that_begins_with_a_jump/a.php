<?php
try {
    echo str_repeat([], 2), "\n";
} catch (TypeError $e) {
    echo "caught\n";
}
