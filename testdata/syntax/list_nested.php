<?php
list($a, list($b, list($c))) = $d;
