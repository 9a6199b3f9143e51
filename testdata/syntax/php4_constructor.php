<?php
class A { var $b = 'c', $d; function A() { } }
