<?php
class A { function __construct(final $a) { } }
