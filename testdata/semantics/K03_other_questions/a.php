<?php
var_dump(method_exists('Later', 'm'), is_subclass_of('Later', 'Base'), defined('Later::X'), @class_parents('Later'));
var_dump(get_class(unserialize('O:5:"Later":0:{}')));
