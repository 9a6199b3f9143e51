<?php
class A { public function list ( ) { yield /* */ 1; yield   from [ 2 ]; } }
foreach ((new A) -> /* */ list ( ) as $x) echo $x , "{$b } " ;
#[Attr]
function g ( $x , ... $y ) { }
echo <<<X
a
X . 'b';