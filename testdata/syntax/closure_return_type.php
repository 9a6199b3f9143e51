<?php
$g = static function () use ($y): int { };
