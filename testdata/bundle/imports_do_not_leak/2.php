<?php
use SplStack as Box;
echo get_class(new Box);