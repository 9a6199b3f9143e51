<?php
declare(ticks=1) echo 1;
