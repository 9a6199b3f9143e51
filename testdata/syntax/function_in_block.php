<?php
if ($a) { function f() { } }
