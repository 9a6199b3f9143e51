<?php
namespace App { class Edge { public $length = 5; } echo (new Edge)->length; }
