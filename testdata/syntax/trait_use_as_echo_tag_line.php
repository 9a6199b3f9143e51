<?php class C { use T { x as y?>
<?= as z; } }