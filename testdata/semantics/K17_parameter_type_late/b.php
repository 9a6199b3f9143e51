<?php
echo get_class(new B);
class B extends A { public function m(Q $x) {} }
