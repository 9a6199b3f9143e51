<?php
$a = $b ?? throw new A; f(throw $e); fn() => throw $e; $a and throw $e;
