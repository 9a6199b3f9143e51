<?php
foreach ([1] as $a):
echo $a;
endforeach;