<?php if ($a) function b() {}
