<?php
exit; exit(); exit(1); die; die('x'); $a or exit; $b = exit(1) + 1;
