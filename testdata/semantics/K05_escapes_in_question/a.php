<?php
var_dump(function_exists("lat\x65r"));
