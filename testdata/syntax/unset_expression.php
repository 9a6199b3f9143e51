<?php
$a = unset($b);
