<?php
class A { public private(set) static int $b; }
