<?php $a \B; use \C; return \D;
