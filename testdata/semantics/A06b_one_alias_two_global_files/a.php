<?php
use SplQueue as Queue;
echo get_class(new Queue), "\n";
