<?php
namespace Jobs;
use SplQueue as Queue;
echo get_class(new Queue), "\n";
