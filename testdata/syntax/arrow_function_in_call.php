<?php
f(fn() => yield 1, fn() => throw $e);
