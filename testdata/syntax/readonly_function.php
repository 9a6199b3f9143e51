<?php
function readonly() { } readonly(); $a = readonly(1);
