<?php
foreach (array(1, 2) as $a) { } foreach (f() as $a) { }
