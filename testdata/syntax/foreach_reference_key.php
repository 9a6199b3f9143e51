<?php
foreach ($a as &$k => $b) { }
