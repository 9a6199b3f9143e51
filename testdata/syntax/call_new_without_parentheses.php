<?php
new A()->b(); $x = new A()::C; $y = new A()(); $z = new A()['a'];
