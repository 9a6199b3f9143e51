<?php
class A { private(set) protected(set) int $b; }
