<?php
echo "first\n";
set_error_handler(function ($number, $text) { echo "handled\n"; return true; });
