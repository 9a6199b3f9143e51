<?php
$a = array(); clone $a; try { throw $b; } catch (C $d) { }
