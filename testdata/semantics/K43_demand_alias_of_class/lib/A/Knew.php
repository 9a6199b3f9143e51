<?php
namespace A;
echo 'new ';
class Knew {}
class_alias(Knew::class, 'A\Old');
