<?php
class A { use B { f as abstract; } }
