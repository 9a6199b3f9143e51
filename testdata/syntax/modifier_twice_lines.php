<?php
class A { public
private

$b; }
