<?php
$a = __FILE__[0];
