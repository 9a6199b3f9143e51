<?php
"{$a[__halt_compiler()]} b" . 1;