<?php
class A { use B { f as final; f as final g; } }
