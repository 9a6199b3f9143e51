<?php
foreach ($a as list($b, list($c))) { }
