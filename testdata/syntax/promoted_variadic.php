<?php
class A { function __construct(public ...$a) { } }
