<?php
abstract class A { abstract function b() { } }
