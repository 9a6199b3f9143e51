<?php
while ($a): endwhile
$b;
