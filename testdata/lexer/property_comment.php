<?php
$a->/* c */b; $a-> // d
class; $a-># e
list;