<?php
use SplQueue as Queue;
$first = get_class(new Queue);
