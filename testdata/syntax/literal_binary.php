<?php
$a = 0b101;
