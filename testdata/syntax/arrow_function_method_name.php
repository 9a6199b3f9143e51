<?php
class A { function fn() { } const FN = 1; }
