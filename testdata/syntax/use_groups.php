<?php use A\{B, C as D, E\F}; use function G\{h, i,}; use \J\{function k, const L, M}; use const N\{O as P};
