<?php
class Parser { }
var_dump(class_exists('PARSER', false), class_exists('\parser', false), class_exists('Parse', false));
