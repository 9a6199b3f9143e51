<?php // text ?> html <?php echo 1;
