<?php
use SplPriorityQueue as Queue;
echo get_class(new Queue), "\n";
