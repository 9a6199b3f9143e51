<?php
foreach ($a as $b) { } foreach ($a as $k => $b) { } foreach ($a as &$b) { } foreach ($a as $k => &$b) { }
foreach ($a as $b['x']) { } foreach ($a as $this_->b => $c) { }
