<?php
if ($a): echo 1; elseif ($b): echo 2; else: echo 3; endif;
while ($a): echo 1; endwhile;
for ($i = 0; $i < 3; $i++): echo $i; endfor;
foreach ($a as $b): echo $b; endforeach;
switch ($a): case 1: echo 1; default: echo 2; endswitch;
declare(ticks=1): echo 1; enddeclare;
