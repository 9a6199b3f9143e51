<?php
function f(public $a) { }
