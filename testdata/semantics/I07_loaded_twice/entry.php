<?php
LOAD; require __DIR__ . '/a.php';
