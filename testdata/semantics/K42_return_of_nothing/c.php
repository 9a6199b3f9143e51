<?php
echo "c";
foreach ([1] as $i) switch ($i) { case 1: return new stdClass; }
