<?php
$a->list(); $a->class(); A::new(); A::for();
