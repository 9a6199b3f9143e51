<?php
foreach ($a as [$b, 'c' => [$d]]) { }
