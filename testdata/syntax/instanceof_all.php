<?php
$a instanceof B; $a instanceof $b; !$a instanceof B; $a instanceof $b->c; $a instanceof static;
