<?php
var_dump(array_map('class_exists', ['Later']), call_user_func('class_exists', 'Later'));
