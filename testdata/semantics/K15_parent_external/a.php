<?php
require __DIR__ . '/x_p.php';
