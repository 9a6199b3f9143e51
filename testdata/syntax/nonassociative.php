<?php $a == $b
 == $c;
