<?php echo 1; // done ?>
x <?php echo 2 /* no end
