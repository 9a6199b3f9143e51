<?php
namespace N;

use const M\K;

const K = 1;

class E
{
}
