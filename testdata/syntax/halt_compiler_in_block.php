<?php
if ($a) { __halt_compiler(); }
