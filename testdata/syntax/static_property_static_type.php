<?php
class A { public static static $a; }
