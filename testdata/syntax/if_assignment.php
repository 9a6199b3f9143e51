<?php
if ($a = 1 and $b) { }
