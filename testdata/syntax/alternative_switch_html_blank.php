<?php switch ($a): ?>
  <?php case 1: ?>
text
<?php endswitch ?>
