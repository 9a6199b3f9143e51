<?php
function f() { return; return 1; return ($a); return [1]; } return;
