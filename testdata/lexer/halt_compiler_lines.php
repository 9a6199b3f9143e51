<?php
1;
__halt_compiler();

a
b