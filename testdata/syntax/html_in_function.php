<?php function f() { ?> text <?php } ?>
