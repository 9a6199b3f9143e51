<?php
if ($a): elseif ($b): else: endif;
while ($a): endwhile;
for (;;): endfor;
foreach ($a as $b): endforeach;
switch ($a): endswitch;
declare(ticks=1): enddeclare;
