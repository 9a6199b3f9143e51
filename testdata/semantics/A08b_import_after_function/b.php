<?php
namespace App;
use function Lib\trace;
echo trace();
