<?php namespace A\B; use C\D, E as F, \G; namespace\l(); \m(); N\o(); new \P; const Q = 1;
