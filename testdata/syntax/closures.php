<?php $a = function &($b, $c = 1) use ($d, &$e): int { return 1; }; (function () {})();
