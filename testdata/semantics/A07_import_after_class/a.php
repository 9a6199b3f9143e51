<?php
namespace App;
class Node {}
echo Node::class, ' and ';
