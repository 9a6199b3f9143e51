<?php namespace A\B; use C\D, E as F, \G; use function H\i; use const J\K; namespace\l(); \m(); N\o(); new \P; const Q = 1; namespace R; s();
