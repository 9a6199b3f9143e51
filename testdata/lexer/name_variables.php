<?php
$a $_ $1 $$a $ a ${a} $this $class