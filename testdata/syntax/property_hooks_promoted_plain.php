<?php
class A { function __construct($b { get => 1; }) { } }
