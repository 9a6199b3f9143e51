<?php
do echo 1; while ($a);
do { } while ($a);
