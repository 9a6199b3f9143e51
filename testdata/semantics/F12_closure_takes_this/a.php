<?php
$read = function () { return isset($this) ? $this->secret : 'no object'; };
echo $read();
