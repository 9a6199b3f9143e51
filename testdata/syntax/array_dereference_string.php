<?php
$a = 'abc'[0];
