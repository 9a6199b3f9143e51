<?php
function f($a = new A) { }
