<?php while ($a) ?>
html
<?php echo 1;
