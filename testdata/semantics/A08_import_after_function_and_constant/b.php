<?php
namespace App;
use function Lib\trace;
use const Lib\LEVEL;
echo trace(), ' ', LEVEL, "\n";
