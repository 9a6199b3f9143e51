<?php do echo 1; while ($a); do { echo 2; } while ($b) ?>
