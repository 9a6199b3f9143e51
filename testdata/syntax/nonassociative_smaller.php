<?php $a < $b
 > $c;
