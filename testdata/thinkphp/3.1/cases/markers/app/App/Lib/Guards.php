<?php
defined('THINK_PATH') or exit();
defined('THINK_PATH') or  exit();
defined("THINK_PATH") or exit();
function guards() { return "defined('THINK_PATH') or exit();" . <<<TEXT
one //[RUNTIME]
two //[/RUNTIME]
three
TEXT;
}
