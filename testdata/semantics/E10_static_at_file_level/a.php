<?php
static $calls = 5;
echo ++$calls, ' ';
