<?php echo 'a'; ?>

