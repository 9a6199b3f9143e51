<?php
interface A extends B, \C { const D = 1; function e(); static function f($x); }
