<?php
f
(
$a
)
;
