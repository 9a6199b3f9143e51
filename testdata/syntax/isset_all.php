<?php
isset($a, $b['c'], $d->e); isset($a,);
