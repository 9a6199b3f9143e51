<?php class A { const CLASS_ = 1, FOR = 2, NEW = 3; function list() {} function class() {} } A::FOR; $a->list(); $a->class; A::new(); A::default;
