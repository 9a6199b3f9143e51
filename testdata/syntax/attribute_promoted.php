<?php
class A { function __construct(#[B] private int $c) { } }
