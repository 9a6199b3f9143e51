<?php
declare(ticks=1) { $y = 1; }
declare(encoding='UTF-8');