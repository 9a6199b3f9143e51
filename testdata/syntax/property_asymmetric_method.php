<?php
class A { private(set) function f() { } }
