<?php
echo 1, 2, $a;
