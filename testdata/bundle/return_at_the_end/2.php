<?php
if (1) { echo 2; return; }
echo 3;