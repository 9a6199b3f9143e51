<?php
require __DIR__ . '/x_f.php';
