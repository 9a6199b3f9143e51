<?php
$a = &new A;
$b =& new A(1);
