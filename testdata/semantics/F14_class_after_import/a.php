<?php
use SplObjectStorage as Box;
echo get_class(new Box), ', ';
