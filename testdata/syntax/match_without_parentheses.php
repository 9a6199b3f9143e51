<?php
$a = match $b { };
