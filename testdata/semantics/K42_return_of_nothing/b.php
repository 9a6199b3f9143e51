<?php
echo "b";
if (true) return ($a ? $none : $nothing) ?>
not