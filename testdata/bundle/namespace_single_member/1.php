<?php
declare(strict_types=1);
namespace A;
use ArrayObject as B;
echo B::class;