<?php
while (1) { break 2; continue(1); break $x; }
