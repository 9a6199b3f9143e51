<?php
echo/**/PHP_EOL;