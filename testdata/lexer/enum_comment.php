<?php
enum/**/A {} enum /* a */ B {} enum // a
C {} enum # a
D {} enum/**/extends A; enum // a
implements B;