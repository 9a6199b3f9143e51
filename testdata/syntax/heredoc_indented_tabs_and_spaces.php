<?php
$a = <<<A
	 one
	 A;
