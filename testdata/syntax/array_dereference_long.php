<?php
$a = array(1, 2)[0];
