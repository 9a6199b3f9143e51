<?php
try {
    LOAD;
} catch (Error $e) {
    echo $e->getMessage(), "\n";
}
