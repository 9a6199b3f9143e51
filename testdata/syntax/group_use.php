<?php
use A\{B, C as D, E\F};
use function A\{b};
use const A\{C};
use A\{function b, const C, D};
