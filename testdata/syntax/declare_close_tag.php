<?php declare(ticks=1) ?>
text
