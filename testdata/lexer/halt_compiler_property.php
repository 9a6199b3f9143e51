<?php
$a->__halt_compiler(); __halt_compiler;;; a