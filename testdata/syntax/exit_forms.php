<?php exit; exit(); exit(1); die('a') or 1; exit + 1;
