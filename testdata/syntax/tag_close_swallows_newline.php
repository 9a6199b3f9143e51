<?php echo 1 ?>

<?php echo 2;
