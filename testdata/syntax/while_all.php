<?php
while ($a) { } while ($a) echo 1; while ($a);
