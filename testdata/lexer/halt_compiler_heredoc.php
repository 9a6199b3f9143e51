<?php
__halt_compiler <<<A
a
A;
b