<?php
foreach (glob(__DIR__ . '/x_*.php') as $file) { include $file; }
