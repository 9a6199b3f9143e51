<?php
use ArrayObject as Box;
echo get_class(new Box), ' ';