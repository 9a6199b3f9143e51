<?php
namespace A { function f() { return 1; } } ?>
