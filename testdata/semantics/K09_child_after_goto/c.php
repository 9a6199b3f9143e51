<?php
var_dump(class_exists('C', false));
