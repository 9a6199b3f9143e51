<?php
function f(A) { }
