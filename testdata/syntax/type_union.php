<?php
function f(int|string|null $a, A|\B $b): static|false { }
