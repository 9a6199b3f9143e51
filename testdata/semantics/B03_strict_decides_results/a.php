<?php
declare(strict_types=1);
try {
    echo str_repeat(7, 3);
} catch (TypeError $error) {
    echo 'refused';
}
