<?php
foreach ($a as list($b) => $c) { }
