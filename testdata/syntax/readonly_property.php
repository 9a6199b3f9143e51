<?php class A { public readonly int $a; readonly protected ?B $b; }
