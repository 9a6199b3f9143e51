<?php
class Leaf extends Stem {}
class Stem extends Root {}
class Root {}
echo 'never';
