<?php
function f(namespace\A $a): namespace\B { }
