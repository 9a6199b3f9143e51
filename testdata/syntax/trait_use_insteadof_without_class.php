<?php
class A { use B { f insteadof C; } }
