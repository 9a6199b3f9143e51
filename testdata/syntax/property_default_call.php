<?php
class A { public $a = f(); }
