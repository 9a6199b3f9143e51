<?php
echo $s; echo <<<'Y'
raw
Y;
