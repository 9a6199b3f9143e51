<?php
$has = function_exists('render');
