<?php echo class_exists('Box') ? 1 : 0; ?>
