<?php
/** The licence. */
namespace Licensed;
class Work {}
var_dump((new \ReflectionClass(Work::class))->getDocComment());
