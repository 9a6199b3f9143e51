<?php $f = function () { return 'b'; } ?>
