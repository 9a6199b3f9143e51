<?php
interface Rings { }
var_dump(class_exists('Bell', false));
class Bell implements Rings { }
var_dump(class_exists('Bell', false));
