<?php
$a = echo 1;
