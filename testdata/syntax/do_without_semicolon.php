<?php
do { } while ($a)
echo 1;
