<?php
namespace Lib { class Edge { public $length = 3; } }
