<?php
$a->match(); A::match; class A { const match = 1; }
