<?php
if ($a) echo 1; if ($a) { } else { } if ($a) ; else ;
