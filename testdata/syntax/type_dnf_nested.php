<?php
function f((A|B)&C $a) { }
