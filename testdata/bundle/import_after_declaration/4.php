<?php
namespace N;
use N\Foo;