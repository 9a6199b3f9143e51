<?php
if (isset($unknown)) {
    include_once __DIR__ . "/b.php";
}
