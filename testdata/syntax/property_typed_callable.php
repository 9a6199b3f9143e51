<?php
class A { public callable $a; }
