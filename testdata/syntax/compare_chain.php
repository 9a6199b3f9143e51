<?php
$a < $b < $c;
