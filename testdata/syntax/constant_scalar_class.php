<?php
const A = B::class; function f($x = static::C) { }
