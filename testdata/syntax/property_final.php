<?php
class A { final public $b; }
