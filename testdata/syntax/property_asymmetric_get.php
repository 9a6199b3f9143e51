<?php
class A { public private(get) int $b; }
