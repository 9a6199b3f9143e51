<?php
foreach ($a as $k => list($b)) { }
