<?php
static $a = 1; static::$b; static::C; static();
