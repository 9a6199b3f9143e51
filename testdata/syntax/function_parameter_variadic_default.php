<?php
function f(...$a = []) { }
