<?php
namespace N;
use Other\Foo;