<?php
echo "before\n";
var_dump(class_exists('C', false));
class C extends P
{
}
