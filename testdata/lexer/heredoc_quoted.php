<?php
<<<"A"
$a
A;
<<< 	"A"
A;
1