<?php
$a = clone($b, ['c' => 1]);
