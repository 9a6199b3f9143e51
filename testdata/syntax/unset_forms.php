<?php unset($a, $b->c['d'], A::$e);
