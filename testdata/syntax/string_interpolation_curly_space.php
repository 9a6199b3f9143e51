<?php
$a = "{ $b}";
