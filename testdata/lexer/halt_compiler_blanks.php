<?php
__HALT_COMPILER /* a */ (
) // b
 ; c