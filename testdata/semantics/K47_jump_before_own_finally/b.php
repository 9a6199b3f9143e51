<?php
try {
    echo UNKNOWN, "\n";
} catch (Error $e) {
    echo $e->getMessage(), "\n";
}
