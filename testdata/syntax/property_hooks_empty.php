<?php
class A { public $b { } }
