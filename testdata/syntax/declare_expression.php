<?php
declare(ticks=1 + 1);
