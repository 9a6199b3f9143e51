<?php echo 'b'; ?>

