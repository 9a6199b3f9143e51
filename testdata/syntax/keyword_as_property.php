<?php
$a->list = $b->class; $a::$for; $c->{'x'};
