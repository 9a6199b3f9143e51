<?php
function in_call($a)
{
    $b = strtoupper(<<<X
x
X
);
    return array('k' => <<<Y
y
Y
, 'z' => $a); // what is left of this is no PHP
}
function joined() { return <<<Z
z
Z
 . 'lost'; }
function tag() { ?><?php echo <<<T
t
T
?> after <?php }
