<?php
function digits($n) { return strlen(12345) . $n; }
