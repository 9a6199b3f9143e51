<?php
new A; new A(); new A(1, 2); new $a; new $a->b; new $a['b']; new A::$b; new static; new self;
