<?php for (;;) break; for ($i = 0, $j = 1; $i, $j; $i++, $j--); for ($i = 0 ?><?php ; $i < 1 ?> <?php ) {}
