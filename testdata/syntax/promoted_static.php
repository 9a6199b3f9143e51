<?php
class A { function __construct(static $a) { } }
