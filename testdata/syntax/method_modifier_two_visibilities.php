<?php
class A { public private function b() { } }
