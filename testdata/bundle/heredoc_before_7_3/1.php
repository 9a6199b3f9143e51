<?php
$s = <<<X
text
X;
