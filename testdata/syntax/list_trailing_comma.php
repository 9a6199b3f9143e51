<?php
list($a, ) = $b; [$a, ] = $b;
