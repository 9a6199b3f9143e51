<?php
declare(ticks=1, strict_types=1);
