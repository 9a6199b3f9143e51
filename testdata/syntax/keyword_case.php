<?php
ECHO 1; Function F() { Return; } IF (1): ENDIF; CLASS A Extends B { PUBLIC Static $x; }
