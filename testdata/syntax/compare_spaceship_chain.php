<?php
$a <=> $b <=> $c;
