<?php
$f = static function () { };
