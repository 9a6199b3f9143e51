<?php
abstract function f() { }
