<?php class A { use B { c as list; d as final for; static as x; B::new as y; } }
