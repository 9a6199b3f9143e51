<?php
class A { use B { f as list; c as public for; list as g; } }
