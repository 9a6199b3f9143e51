<?php
while (1) break 1 + 1;
