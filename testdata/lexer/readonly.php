<?php
readonly class A {} readonly int $a; readonly(1); readonly (2); READONLY
(3); readonly/**/(4); function readonly() {}