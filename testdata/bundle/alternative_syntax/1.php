<?php switch (2): ?>
<?php case 2: ?>
two
<?php endswitch; if (0): ?>no
<?php else: ?>
yes
<?php endif ?>
