<?php
abstract class A { abstract public $b; }
