<?php
$a = clone(object: $b);
