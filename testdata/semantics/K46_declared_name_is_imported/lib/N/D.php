<?php
namespace N;

class D
{
}

use M\D;
