<?php
$a instanceof ('B' . 'C');
