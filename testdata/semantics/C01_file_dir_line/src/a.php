<?php

echo basename(__FILE__), ' line ', __LINE__, ' in ', basename(__DIR__), "\n";
