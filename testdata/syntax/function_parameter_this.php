<?php
function f($this) { }
