<?php
class A { function f() { use B; } }
