<?php switch ('b'): ?>
<?php case 'a': ?>
first
<?php break; case 'b': ?>
second
<?php endswitch; if (false): ?>no
<?php else: ?>
else
<?php endif ?>
