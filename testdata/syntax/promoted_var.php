<?php
class A { function __construct(var $a) { } }
