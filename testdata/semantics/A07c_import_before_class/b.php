<?php
namespace App;
use Lib\Node;
echo get_class(new Node), ', ';
