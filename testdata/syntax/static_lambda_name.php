<?php
static function f() { }
