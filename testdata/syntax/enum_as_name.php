<?php
function enum() { } $a = enum(); const enum = 1; $b = enum; $c->enum = 1;
