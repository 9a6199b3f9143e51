<?php
__halt_compiler $a + 1; echo "a";