<?php
class A { public static $b { get => 1; } }
