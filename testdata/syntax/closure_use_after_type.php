<?php
$f = function (): int use ($a) { };
