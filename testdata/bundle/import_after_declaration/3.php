<?php
namespace N;
use Other\Foo;
use function Other\dump;
use const Other\{V, W};
use N\{Foo as Bar};