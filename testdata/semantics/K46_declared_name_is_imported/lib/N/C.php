<?php
namespace N;

use function M\ucfirst;

class C
{
}

function ucfirst()
{
}
