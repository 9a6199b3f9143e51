<?php
echo @file_get_contents('data.txt', true);
var_dump(@fopen('data.txt', 'r', true) !== false);
var_dump(basename((string) stream_resolve_include_path('data.txt')));
