<?php
class A { public public function b() { } }
