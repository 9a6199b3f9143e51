<?php
$a = `ls $b {$c}`; $d = ``;
