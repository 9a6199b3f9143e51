<?php echo $f(); ?>
