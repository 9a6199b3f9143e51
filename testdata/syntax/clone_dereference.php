<?php
$a = clone($b)->c;
